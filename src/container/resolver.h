// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
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
    using Handler = std::function<void(const Facts&)>;

    explicit Resolver(ResolverOptions options);
    // `from_files`, if there is one, gets what the files told before a runtime is asked for more.
    Facts resolve(const Request& request, const Handler& from_files = {});

private:
    void tidy(Facts& facts) const;

    ResolverOptions options_;
    RootFolder root_;
    Sockets sockets_;
};

}  // namespace saker::container
