// SPDX-License-Identifier: Apache-2.0
#include "field/make.h"
#include "field/native.h"

// container.* and k8s.*. The id comes from the cgroup; what only the container's runtime knows has
// no value yet, but on the host, where names are "host".
namespace saker::field {

namespace {

using container::ContainerId;

template <std::string ContainerId::* member>
Values of_id(const FieldUse& /*use*/, const Context& context) {
    return context.container == nullptr ? none() : text(context, context.container->*member);
}

// Of a process of the host: "host". Of a container: not known.
Values host_only(const FieldUse& /*use*/, const Context& context) {
    const bool host = context.container != nullptr && context.container->id == "host";
    return host ? text(context, "host") : none();
}

Values unknown(const FieldUse& /*use*/, const Context& /*context*/) {
    return none();
}

bool in_container(const Context& context) {
    return context.container != nullptr && context.container->id != "host";
}

// The start of the container is that of the first process in its pid namespace.
Values start(const FieldUse& /*use*/, const Context& context) {
    const std::uint64_t boot = context.process->facts.pidns_start_time;
    if (!in_container(context) || boot == 0) return none();
    return unsigned_number(context, boot + context.epoch_offset_ns);
}

Values duration(const FieldUse& /*use*/, const Context& context) {
    const std::uint64_t boot = context.process->facts.pidns_start_time;
    if (!in_container(context) || boot == 0 || context.event->time() < boot) return none();
    return unsigned_number(context, context.event->time() - boot);
}

constexpr auto kStr = ValueType::kString;
constexpr auto kBool = ValueType::kBool;
constexpr auto kNone = Argument::kNone;
constexpr auto kKey = Argument::kKeyRequired;
constexpr auto kMount = Argument::kIndexOrKeyOptional;
constexpr auto kOne = Several::kOne;

#define UNKNOWN(name, type, argument, description) \
    {name, type, argument, kOne, 0, unknown, nullptr, description}
#define RETIRED(name, argument) \
    {name, kStr, argument, kOne, kDeprecated, unknown, nullptr, "Never has a value."}

// clang-format off
const FieldInfo kRows[] = {
    {"container.id", kStr, kNone, kOne, 0, of_id<&ContainerId::id>, nullptr, "Id of the container, its first 12 digits; host for a process of the host."},
    {"container.full_id", kStr, kNone, kOne, 0, of_id<&ContainerId::full_id>, nullptr, "Whole id of the container; host for a process of the host."},
    {"container.type", kStr, kNone, kOne, 0, of_id<&ContainerId::runtime>, nullptr, "The runtime: docker, podman, cri-o, containerd, lxc, ...; host for a process of the host."},
    {"container.name", kStr, kNone, kOne, 0, host_only, nullptr, "Name of the container."},
    {"container.start_ts", ValueType::kAbstime, kNone, kOne, 0, start, nullptr, "Start of the container, ns since the epoch."},
    {"container.duration", ValueType::kReltime, kNone, kOne, 0, duration, nullptr, "Time since the start of the container, ns."},
    UNKNOWN("container.image", kStr, kNone, "Image of the container, as it was asked for."),
    UNKNOWN("container.image.id", kStr, kNone, "Id of the image."),
    UNKNOWN("container.image.repository", kStr, kNone, "Image without tag and digest."),
    UNKNOWN("container.image.tag", kStr, kNone, "Tag of the image."),
    UNKNOWN("container.image.digest", kStr, kNone, "Digest of the image."),
    UNKNOWN("container.privileged", kBool, kNone, "The container runs privileged."),
    UNKNOWN("container.mounts", kStr, kNone, "Mounts, as source:destination:mode:writable:propagation, joined by commas."),
    UNKNOWN("container.mount", kStr, kMount, "One mount, by index or source."),
    UNKNOWN("container.mount.source", kStr, kMount, "Source of a mount, by index or destination."),
    UNKNOWN("container.mount.dest", kStr, kMount, "Destination of a mount, by index or source."),
    UNKNOWN("container.mount.mode", kStr, kMount, "Mode of a mount, by index or source."),
    UNKNOWN("container.mount.rdwr", kStr, kMount, "Whether a mount is writable, by index or source."),
    UNKNOWN("container.mount.propagation", kStr, kMount, "Propagation of a mount, by index or source."),
    UNKNOWN("container.ip", kStr, kNone, "Address of the container."),
    UNKNOWN("container.cni.json", kStr, kNone, "Result of the network plugins."),
    UNKNOWN("container.host_pid", kBool, kNone, "The container shares the host's pid namespace."),
    UNKNOWN("container.host_network", kBool, kNone, "The container shares the host's network."),
    UNKNOWN("container.host_ipc", kBool, kNone, "The container shares the host's IPC namespace."),
    UNKNOWN("container.label", kStr, kKey, "One label of the container."),
    UNKNOWN("container.labels", kStr, kNone, "Labels of the container, key:value joined by commas."),
    UNKNOWN("k8s.pod.name", kStr, kNone, "Name of the pod."),
    UNKNOWN("k8s.ns.name", kStr, kNone, "Namespace of the pod."),
    UNKNOWN("k8s.pod.id", kStr, kNone, "Unique id of the pod; an old name of k8s.pod.uid."),
    UNKNOWN("k8s.pod.uid", kStr, kNone, "Unique id of the pod."),
    UNKNOWN("k8s.pod.sandbox_id", kStr, kNone, "Id of the pod's sandbox, its first 12 digits."),
    UNKNOWN("k8s.pod.full_sandbox_id", kStr, kNone, "Whole id of the pod's sandbox."),
    UNKNOWN("k8s.pod.label", kStr, kKey, "One label of the pod."),
    UNKNOWN("k8s.pod.labels", kStr, kNone, "Labels of the pod, key:value joined by commas."),
    UNKNOWN("k8s.pod.ip", kStr, kNone, "Address of the pod."),
    UNKNOWN("k8s.pod.cni.json", kStr, kNone, "Result of the pod's network plugins."),
    RETIRED("container.healthcheck", kNone),
    RETIRED("container.liveness_probe", kNone),
    RETIRED("container.readiness_probe", kNone),
    {"proc.is_container_healthcheck", kBool, kNone, kOne, kDeprecated, unknown, nullptr, "Never has a value."},
    {"proc.is_container_liveness_probe", kBool, kNone, kOne, kDeprecated, unknown, nullptr, "Never has a value."},
    {"proc.is_container_readiness_probe", kBool, kNone, kOne, kDeprecated, unknown, nullptr, "Never has a value."},
    RETIRED("k8s.rc.name", kNone),
    RETIRED("k8s.rc.id", kNone),
    RETIRED("k8s.rc.label", kKey),
    RETIRED("k8s.rc.labels", kNone),
    RETIRED("k8s.svc.name", kNone),
    RETIRED("k8s.svc.id", kNone),
    RETIRED("k8s.svc.label", kKey),
    RETIRED("k8s.svc.labels", kNone),
    RETIRED("k8s.rs.name", kNone),
    RETIRED("k8s.rs.id", kNone),
    RETIRED("k8s.rs.label", kKey),
    RETIRED("k8s.rs.labels", kNone),
    RETIRED("k8s.deployment.name", kNone),
    RETIRED("k8s.deployment.id", kNone),
    RETIRED("k8s.deployment.label", kKey),
    RETIRED("k8s.deployment.labels", kNone),
    RETIRED("k8s.ns.id", kNone),
    RETIRED("k8s.ns.label", kKey),
    RETIRED("k8s.ns.labels", kNone),
};
// clang-format on

#undef UNKNOWN
#undef RETIRED

}  // namespace

std::span<const FieldInfo> container_fields() {
    return kRows;
}

}  // namespace saker::field
