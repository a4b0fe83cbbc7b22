// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "container/container_id.h"
#include "container/facts.h"

namespace saker::container {

// Where to look, as far as the processes around a container tell: the runtime's own command lines
// name its folders, wherever an administrator has put them. Only of processes of the host.
struct Hint {
    std::string bundle;             // folder of the OCI bundle
    std::string containerd_socket;  // address of the containerd that started it
    std::string containerd_namespace;

    bool empty() const { return bundle.empty() && containerd_socket.empty(); }
};

// Whose facts are wanted.
struct Request {
    ContainerId id;
    std::string cgroup;     // its path
    std::uint32_t pid = 0;  // of a process in it; 0: none is known
    Hint hint;
};

struct Answer {
    ContainerId id;
    Facts facts;
    bool is_last = true;  // false: there may be more to know, which another answer will tell
};

}  // namespace saker::container
