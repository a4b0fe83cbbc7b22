// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace saker::container {

// A container as far as the name of its cgroup tells. Ids of 64 hexadecimal digits have a short
// form of 12; others are their own short form. A process of no container has "host" as all three.
struct ContainerId {
    std::string id;       // short
    std::string full_id;
    std::string runtime;  // docker, podman, cri-o, containerd, lxc, host, ...
};

// The container that a cgroup path (as /proc/PID/cgroup shows it, either hierarchy) belongs to:
// patterns of docker, podman, CRI-O, containerd (CRI and others), nerdctl, Kubernetes, lxc, with
// systemd and cgroupfs drivers. "host" where nothing matches.
ContainerId container_of_cgroup(std::string_view path);

// Cgroup id -> container, learnt from process records and cgroup_mkdir. An entry outlives its
// cgroup (ids are not used again before reboot); the table is bounded. One thread.
class ContainerIds {
public:
    static constexpr std::size_t kLimit = 16384;

    // Learns a cgroup. Cheap where it is known already.
    const ContainerId& learn(std::uint64_t cgroup, std::string_view path);
    // nullptr: never heard of that cgroup. Pointers are valid until the next learn().
    const ContainerId* find(std::uint64_t cgroup) const;
    static const ContainerId& host();

private:
    absl::flat_hash_map<std::uint64_t, ContainerId> by_cgroup_;
};

}  // namespace saker::container
