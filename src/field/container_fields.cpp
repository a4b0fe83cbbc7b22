// SPDX-License-Identifier: Apache-2.0
#include <fnmatch.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "field/make.h"
#include "field/native.h"
#include "field/row.h"

// container.* and k8s.*. The id comes from the cgroup, all else from the container's runtime: what
// that has not told has no value. On the host, names are "host".
namespace saker::field {

namespace {

using container::ContainerId;
using container::Facts;
using container::Labels;
using container::Mount;
using container::Pod;

constexpr std::size_t kShortIdLength = 12;

// nullptr where nothing is known.
const Facts* facts_of(const Context& context) {
    return context.container == nullptr ? nullptr : context.container->facts.get();
}

Values text_or_none(const Context& context, std::string_view value) {
    return value.empty() ? none() : text(context, value);
}

template <std::string ContainerId::* member>
Values of_id(const FieldUse& /*use*/, const Context& context) {
    return context.container == nullptr ? none() : text(context, context.container->*member);
}

template <std::string Facts::* member>
Values fact(const FieldUse& /*use*/, const Context& context) {
    const Facts* facts = facts_of(context);
    return facts == nullptr ? none() : text_or_none(context, facts->*member);
}

template <std::string Pod::* member>
Values of_pod(const FieldUse& /*use*/, const Context& context) {
    const Facts* facts = facts_of(context);
    return facts == nullptr ? none() : text_or_none(context, facts->pod.*member);
}

template <std::optional<bool> Facts::* member>
Values is_so(const FieldUse& /*use*/, const Context& context) {
    const Facts* facts = facts_of(context);
    if (facts == nullptr) return none();
    const std::optional<bool> known = facts->*member;
    return known ? truth(context, *known) : none();
}

// Of a process of the host: "host".
Values name(const FieldUse& use, const Context& context) {
    const bool host = context.container != nullptr && context.container->is_host();
    return host ? text(context, "host") : fact<&Facts::name>(use, context);
}

// A container of a pod has the pod's address.
Values address(const FieldUse& /*use*/, const Context& context) {
    const Facts* facts = facts_of(context);
    if (facts == nullptr) return none();
    return text_or_none(context, facts->ip.empty() ? facts->pod.ip : facts->ip);
}

Values sandbox_id(const FieldUse& /*use*/, const Context& context) {
    const Facts* facts = facts_of(context);
    if (facts == nullptr) return none();
    return text_or_none(context, std::string_view(facts->pod.sandbox_id).substr(0, kShortIdLength));
}

// --- labels ---

const Labels* container_labels(const Context& context) {
    const Facts* facts = facts_of(context);
    return facts == nullptr ? nullptr : &facts->labels;
}

const Labels* pod_labels(const Context& context) {
    const Facts* facts = facts_of(context);
    return facts == nullptr ? nullptr : &facts->pod.labels;
}

template <const Labels* (*labels_of)(const Context&)>
Values label(const FieldUse& use, const Context& context) {
    const Labels* labels = labels_of(context);
    const std::string* value =
        labels == nullptr ? nullptr : container::find_label(*labels, use.argument);
    return value == nullptr ? none() : text(context, *value);
}

// What Kubernetes and its runtimes note for themselves is not shown among the labels.
bool is_users_own(std::string_view key) {
    return !key.starts_with("io.kubernetes.") && !key.starts_with("annotation.");
}

template <const Labels* (*labels_of)(const Context&)>
Values all_labels(const FieldUse& /*use*/, const Context& context) {
    const Labels* labels = labels_of(context);
    if (labels == nullptr) return none();
    std::string joined;
    for (const auto& [key, value] : *labels) {
        if (!is_users_own(key)) continue;
        if (!joined.empty()) joined += ", ";
        ((joined += key) += ':') += value;
    }
    return joined.empty() ? none() : text_copy(context, joined);
}

// --- mounts ---

const std::vector<Mount>* mounts_of(const Context& context) {
    const Facts* facts = facts_of(context);
    return facts == nullptr || !facts->mounts ? nullptr : &*facts->mounts;
}

Values all_mounts(const FieldUse& /*use*/, const Context& context) {
    const auto* mounts = mounts_of(context);
    if (mounts == nullptr) return none();
    std::string joined;
    for (const Mount& mount : *mounts) {
        if (!joined.empty()) joined += ',';
        joined += mount.text();
    }
    return text_copy(context, joined);
}

// The mount with that index, or the first whose `key` fits the pattern (as fnmatch(3) has it; a
// star also takes slashes). Without an argument the first.
const Mount* find_mount(const FieldUse& use, const Context& context, std::string Mount::* key) {
    const auto* mounts = mounts_of(context);
    if (mounts == nullptr) return nullptr;
    if (use.index || use.argument.empty()) {
        const std::size_t index = use.index.value_or(0);
        return index < mounts->size() ? &(*mounts)[index] : nullptr;
    }
    const auto found = std::ranges::find_if(*mounts, [&](const Mount& mount) {
        return fnmatch(use.argument.c_str(), (mount.*key).c_str(), 0) == 0;
    });
    return found == mounts->end() ? nullptr : &*found;
}

template <std::string Mount::* member, std::string Mount::* key>
Values of_mount(const FieldUse& use, const Context& context) {
    const Mount* mount = find_mount(use, context, key);
    return mount == nullptr ? none() : text(context, mount->*member);
}

Values mount_text(const FieldUse& use, const Context& context) {
    const Mount* mount = find_mount(use, context, &Mount::source);
    return mount == nullptr ? none() : text_copy(context, mount->text());
}

Values mount_writable(const FieldUse& use, const Context& context) {
    const Mount* mount = find_mount(use, context, &Mount::source);
    return mount == nullptr ? none() : text(context, mount->writable ? "true" : "false");
}

// --- times ---

Values unknown(const FieldUse& /*use*/, const Context& /*context*/) {
    return none();
}

bool in_container(const Context& context) {
    return context.container != nullptr && !context.container->is_host();
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

using namespace row;

constexpr auto kMount = Argument::kIndexOrKeyOptional;

#define RETIRED(name, argument) \
    {name, kStr, argument, kOne, kDeprecated, unknown, nullptr, "Never has a value."}

// clang-format off
const FieldInfo kRows[] = {
    {"container.id", kStr, kNone, kOne, kFewValues, of_id<&ContainerId::id>, nullptr, "Id of the container, its first 12 digits; host for a process of the host."},
    {"container.full_id", kStr, kNone, kOne, 0, of_id<&ContainerId::full_id>, nullptr, "Whole id of the container; host for a process of the host."},
    {"container.type", kStr, kNone, kOne, 0, of_id<&ContainerId::runtime>, nullptr, "The runtime: docker, podman, cri-o, containerd, lxc, ...; host for a process of the host."},
    {"container.name", kStr, kNone, kOne, 0, name, nullptr, "Name of the container."},
    {"container.start_ts", ValueType::kAbstime, kNone, kOne, 0, start, nullptr, "Start of the container, ns since the epoch."},
    {"container.duration", ValueType::kReltime, kNone, kOne, 0, duration, nullptr, "Time since the start of the container, ns."},
    {"container.image", kStr, kNone, kOne, 0, fact<&Facts::image>, nullptr, "Image of the container, as it was asked for."},
    {"container.image.id", kStr, kNone, kOne, 0, fact<&Facts::image_id>, nullptr, "Id of the image."},
    {"container.image.repository", kStr, kNone, kOne, 0, fact<&Facts::repository>, nullptr, "Image without tag and digest."},
    {"container.image.tag", kStr, kNone, kOne, 0, fact<&Facts::tag>, nullptr, "Tag of the image."},
    {"container.image.digest", kStr, kNone, kOne, 0, fact<&Facts::digest>, nullptr, "Digest of the image."},
    {"container.privileged", kBool, kNone, kOne, 0, is_so<&Facts::privileged>, nullptr, "The container runs privileged."},
    {"container.mounts", kStr, kNone, kOne, 0, all_mounts, nullptr, "Mounts, as source:destination:mode:writable:propagation, joined by commas."},
    {"container.mount", kStr, kMount, kOne, 0, mount_text, nullptr, "One mount, by index or source."},
    {"container.mount.source", kStr, kMount, kOne, 0, of_mount<&Mount::source, &Mount::destination>, nullptr, "Source of a mount, by index or destination."},
    {"container.mount.dest", kStr, kMount, kOne, 0, of_mount<&Mount::destination, &Mount::source>, nullptr, "Destination of a mount, by index or source."},
    {"container.mount.mode", kStr, kMount, kOne, 0, of_mount<&Mount::mode, &Mount::source>, nullptr, "Mode of a mount, by index or source."},
    {"container.mount.rdwr", kStr, kMount, kOne, 0, mount_writable, nullptr, "Whether a mount is writable, by index or source."},
    {"container.mount.propagation", kStr, kMount, kOne, 0, of_mount<&Mount::propagation, &Mount::source>, nullptr, "Propagation of a mount, by index or source."},
    {"container.ip", kStr, kNone, kOne, 0, address, nullptr, "Address of the container."},
    {"container.cni.json", kStr, kNone, kOne, 0, fact<&Facts::cni_json>, nullptr, "Result of the network plugins."},
    {"container.host_pid", kBool, kNone, kOne, 0, is_so<&Facts::host_pid>, nullptr, "The container shares the host's pid namespace."},
    {"container.host_network", kBool, kNone, kOne, 0, is_so<&Facts::host_network>, nullptr, "The container shares the host's network."},
    {"container.host_ipc", kBool, kNone, kOne, 0, is_so<&Facts::host_ipc>, nullptr, "The container shares the host's IPC namespace."},
    {"container.label", kStr, kKey, kOne, 0, label<container_labels>, nullptr, "One label of the container."},
    {"container.labels", kStr, kNone, kOne, 0, all_labels<container_labels>, nullptr, "Labels of the container, key:value joined by commas."},
    {"k8s.pod.name", kStr, kNone, kOne, 0, of_pod<&Pod::name>, nullptr, "Name of the pod."},
    {"k8s.ns.name", kStr, kNone, kOne, 0, of_pod<&Pod::name_space>, nullptr, "Namespace of the pod."},
    {"k8s.pod.id", kStr, kNone, kOne, 0, of_pod<&Pod::uid>, nullptr, "Unique id of the pod; an old name of k8s.pod.uid."},
    {"k8s.pod.uid", kStr, kNone, kOne, 0, of_pod<&Pod::uid>, nullptr, "Unique id of the pod."},
    {"k8s.pod.sandbox_id", kStr, kNone, kOne, 0, sandbox_id, nullptr, "Id of the pod's sandbox, its first 12 digits."},
    {"k8s.pod.full_sandbox_id", kStr, kNone, kOne, 0, of_pod<&Pod::sandbox_id>, nullptr, "Whole id of the pod's sandbox."},
    {"k8s.pod.label", kStr, kKey, kOne, 0, label<pod_labels>, nullptr, "One label of the pod."},
    {"k8s.pod.labels", kStr, kNone, kOne, 0, all_labels<pod_labels>, nullptr, "Labels of the pod, key:value joined by commas."},
    {"k8s.pod.ip", kStr, kNone, kOne, 0, of_pod<&Pod::ip>, nullptr, "Address of the pod."},
    {"k8s.pod.cni.json", kStr, kNone, kOne, 0, of_pod<&Pod::cni_json>, nullptr, "Result of the pod's network plugins."},
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

#undef RETIRED

}  // namespace

std::span<const FieldInfo> container_fields() {
    return kRows;
}

}  // namespace saker::field
