// SPDX-License-Identifier: Apache-2.0
#include "container/resolver.h"

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
    {"libvirt_lxc", read_lxc}, {"", read_pod_logs},     {"", read_users},
};

// Whom to ask when the files left something open.
constexpr Source kSockets[] = {
    {"containerd", read_containerd},
    {"cri-o", read_crio},
};

// What everybody wants to read in an alert.
bool is_complete(const Facts& facts) {
    const bool pod_is_known = !facts.pod.labels.empty() && !facts.pod.ip.empty();
    return !facts.name.empty() && !facts.image.empty() && (!facts.pod.is_known() || pod_is_known);
}

template <std::size_t count>
void ask(const Source (&sources)[count], Inquiry& inquiry) {
    const std::string& runtime = inquiry.request.id.runtime;
    for (const Source& source : sources) {
        if (source.runtime.empty() || source.runtime == runtime) source.read(inquiry);
    }
}

}  // namespace

std::string Inquiry::read(std::string_view path, std::size_t limit) {
    std::string text;
    if (root.read(path, limit, text) == ReadStatus::kDenied) facts.denied = true;
    return text;
}

void read_lxc(Inquiry& inquiry) {
    if (inquiry.facts.name.empty()) inquiry.facts.name = inquiry.request.id.id;
}

Resolver::Resolver(ResolverOptions options)
    : options_(std::move(options)),
      root_(options_.host_root),
      sockets_(options_.socket_timeout_ms) {}

Facts Resolver::resolve(const Request& request) {
    Facts facts;
    Inquiry inquiry(request, root_, sockets_, facts);
    ask(kFiles, inquiry);
    if (options_.sockets && !is_complete(facts)) ask(kSockets, inquiry);
    // Nobody gave it a name of its own.
    if (facts.is_sandbox && facts.name.empty()) facts.name = facts.pod.name;
    tidy_labels(facts.labels, options_.label_max_len);
    tidy_labels(facts.pod.labels, options_.label_max_len);
    return facts;
}

}  // namespace saker::container
