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
    : options_(std::move(options)), root_(options_.host_root) {}

Facts Resolver::resolve(const Request& request) const {
    Facts facts;
    Inquiry inquiry(request, root_, facts);
    for (const Source& source : kFiles) {
        if (source.runtime.empty() || source.runtime == request.id.runtime) source.read(inquiry);
    }
    tidy_labels(facts.labels, options_.label_max_len);
    tidy_labels(facts.pod.labels, options_.label_max_len);
    return facts;
}

}  // namespace saker::container
