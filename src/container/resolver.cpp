// SPDX-License-Identifier: Apache-2.0
#include "container/resolver.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "container/sources.h"

namespace saker::container {

namespace {

using Read = void (*)(Inquiry& inquiry);

// Which sources know a runtime's containers, in the order in which they are asked. A row without
// a runtime is for all. (A container of a kubelet that uses Docker looks like one of containerd.)
struct Source {
    std::string_view runtime;
    Read read;
};

constexpr Source kFiles[] = {
    {"", read_bundle},         {"docker", read_docker}, {"containerd", read_docker},
    {"podman", read_storage},  {"cri-o", read_storage}, {"lxc", read_lxc},
    {"libvirt-lxc", read_lxc}, {"", read_pod_logs},     {"", read_users},
};

// What everybody wants to read in an alert.
bool is_complete(const Facts& facts) {
    const bool pod_is_known = !facts.pod.labels.empty() && !facts.pod.ip.empty();
    return !facts.name.empty() && !facts.image.empty() && (!facts.pod.is_known() || pod_is_known);
}

bool has_labels(const Facts& facts) {
    return is_complete(facts) && !facts.labels.empty();
}

// Whom to ask when the files left something open that the service may know.
struct Service {
    std::string_view runtime;
    bool (*is_enough)(const Facts& facts);
    Read read;
};

constexpr Service kServices[] = {
    {"containerd", is_complete, read_containerd},
    {"cri-o", is_complete, read_crio},
    {"docker", is_complete, read_docker_service},
    {"podman", has_labels, read_podman_service},
};

void ask_files(Inquiry& inquiry) {
    const std::string& runtime = inquiry.request.id.runtime;
    for (const Source& source : kFiles) {
        if (source.runtime.empty() || source.runtime == runtime) source.read(inquiry);
    }
}

// Who is to be asked for more; nullptr: nobody.
const Service* service_for(const Inquiry& inquiry) {
    const auto* service =
        std::ranges::find(kServices, inquiry.request.id.runtime, &Service::runtime);
    if (service == std::end(kServices) || service->is_enough(inquiry.facts)) return nullptr;
    return service;
}

}  // namespace

std::string Inquiry::read(std::string_view path, std::size_t limit) {
    std::string text;
    if (root.read(path, limit, text) == ReadStatus::kDenied) facts.denied = true;
    return text;
}

bool Inquiry::may_ask(const std::string& socket) {
    const bool may = !sockets.is_resting(socket);
    if (!may) facts.unanswered = true;
    return may;
}

void Inquiry::note(const std::string& socket, ServiceStatus status) {
    if (status == ServiceStatus::kDenied) facts.denied = true;
    if (status != ServiceStatus::kLate) return;
    facts.unanswered = true;
    sockets.rest(socket);
}

void read_lxc(Inquiry& inquiry) {
    if (inquiry.facts.name.empty()) inquiry.facts.name = inquiry.request.id.id;
}

Resolver::Resolver(ResolverOptions options)
    : options_(std::move(options)),
      root_(options_.host_root),
      sockets_(options_.socket_timeout_ms) {}

Facts Resolver::resolve(const Request& request, const Handler& from_files) {
    Facts facts;
    Inquiry inquiry(request, root_, sockets_, facts);
    ask_files(inquiry);
    const Service* service = options_.sockets ? service_for(inquiry) : nullptr;
    if (service != nullptr) {
        if (from_files) {
            Facts so_far = facts;
            tidy(so_far);
            from_files(so_far);
        }
        service->read(inquiry);
    }
    tidy(facts);
    return facts;
}

void Resolver::tidy(Facts& facts) const {
    // Nobody gave it a name of its own.
    if (facts.is_sandbox && facts.name.empty()) facts.name = facts.pod.name;
    // A container of a pod shares the pod's network.
    if (facts.ip.empty()) facts.ip = facts.pod.ip;
    if (facts.cni_json.empty()) facts.cni_json = facts.pod.cni_json;
    tidy_labels(facts.labels, options_.label_max_len);
    tidy_labels(facts.pod.labels, options_.label_max_len);
}

}  // namespace saker::container
