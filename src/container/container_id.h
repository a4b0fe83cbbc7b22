// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace saker::container {

// A container as far as the name of its cgroup tells. Ids of 64 hexadecimal digits have a short
// form of 12; others are their own short form. A process of no container has "host" as all three.
struct ContainerId {
    std::string id;  // short
    std::string full_id;
    std::string runtime;  // docker, podman, cri-o, containerd, buildkit, lxc, libvirt_lxc, host
};

// The container that a cgroup path (as /proc/PID/cgroup shows it, either hierarchy) belongs to:
// patterns of docker, podman, CRI-O, containerd (CRI and others), nerdctl, Kubernetes, lxc, with
// systemd and cgroupfs drivers. "host" where nothing matches. Of nested containers the innermost.
ContainerId container_of_cgroup(std::string_view path);

// Cgroup id -> container, learnt from process records and cgroup_mkdir. An entry outlives its
// cgroup (ids are not used again before reboot). Bounded: of more than kLimit cgroups, at least
// the kLimit / 2 that were learnt last are known. One thread.
class ContainerIds {
public:
    static constexpr std::size_t kLimit = 16384;

    // Learns a cgroup. Cheap where it is known already; of an empty path nothing is learnt.
    const ContainerId& learn(std::uint64_t cgroup, std::string_view path);
    // nullptr: never heard of that cgroup. Pointers are valid until the next learn().
    const ContainerId* find(std::uint64_t cgroup) const;
    static const ContainerId& host();

    std::size_t size() const { return recent_.size() + older_.size(); }

private:
    using Map = absl::flat_hash_map<std::uint64_t, ContainerId>;
    // Two generations: a full one becomes the older one, whose predecessor is forgotten.
    Map recent_;
    Map older_;
    // Found last: events come in runs.
    mutable std::uint64_t last_cgroup_ = 0;
    mutable const ContainerId* last_ = nullptr;
};

}  // namespace saker::container
