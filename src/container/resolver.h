// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "container/request.h"
#include "container/sockets.h"
#include "util/root_folder.h"

namespace saker::container {

struct ResolverOptions {
    std::string host_root;  // prefix of all paths (HOST_ROOT)
    bool sockets = true;    // ask the runtimes where files do not tell enough
    // Labels with longer values are dropped, in bytes.
    std::size_t label_max_len = 100;
    // For one question to a runtime: shorter than events wait, so that others are not held up.
    int socket_timeout_ms = 150;
};

// Finds out what there is to know of a container: from files first, then, where these left
// something open that the runtime may know, from its socket. Blocks; one thread at a time.
class Resolver {
public:
    explicit Resolver(ResolverOptions options);
    Facts resolve(const Request& request);

private:
    ResolverOptions options_;
    RootFolder root_;
    Sockets sockets_;
};

}  // namespace saker::container
