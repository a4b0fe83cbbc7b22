// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace saker::container {

// A container as far as the name of its cgroup tells. Ids of 64 hexadecimal digits have a short
// form of 12; others are their own short form. A process of no container has "host" as all three.
struct ContainerId {
    std::string id;  // short
    std::string full_id;
    std::string runtime;  // docker, podman, cri-o, containerd, buildkit, lxc, libvirt-lxc, host
};

// The container that a cgroup path (as /proc/PID/cgroup shows it, either hierarchy) belongs to:
// patterns of docker, podman, CRI-O, containerd (CRI and others), nerdctl, Kubernetes, lxc, with
// systemd and cgroupfs drivers. "host" where nothing matches. Of nested containers the innermost.
ContainerId container_of_cgroup(std::string_view path);

// The container that a process of none is said to be in.
const ContainerId& host_id();

// True if the last element of the path is the one that names the container: the cgroup that its
// runtime made for it, and not one below.
bool is_own_cgroup(std::string_view path);

}  // namespace saker::container
