// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "container/service.h"
#include "util/root_folder.h"

namespace saker::container {

// One question to an HTTP service behind a unix socket.
struct HttpGet {
    std::string_view socket;  // path below the root
    std::string_view target;  // "/containers/ID/json": no blanks, no line ends
    int timeout_ms = 0;       // for all of it
};

// Asks, and waits for the body of the answer. HTTP/1.0 (RFC 1945), whose answer ends with the
// connection: no chunks, no compression, one limit for all bytes and one for all time, which
// libraries for HTTP clients set for single lines and reads at best.
ServiceStatus http_get(const RootFolder& root, const HttpGet& get, std::string& body);

}  // namespace saker::container
