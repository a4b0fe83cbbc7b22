// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "util/root_folder.h"

namespace saker::container {

// One question to a gRPC service behind a unix socket (github.com/grpc/grpc/blob/master/doc/
// PROTOCOL-HTTP2.md).
struct GrpcCall {
    std::string_view socket;           // path below the root
    std::string_view method;           // "/package.Service/Method"
    std::string_view metadata_name{};  // a header of its own; empty: none
    std::string_view metadata_value{};
    std::string_view message;
    int timeout_ms = 0;  // for all of it
};

enum class GrpcStatus : std::uint8_t {
    kDone,
    kAbsent,  // no such socket, nobody listens, or no answer that makes sense
    kLate,    // no answer in time
    kDenied,  // the socket may not be used
    kError,   // the service answered with an error
};

// Asks, and waits for the answer's message, of at most 4 MiB. HTTP/2 is nghttp2's.
GrpcStatus grpc_call(const RootFolder& root, const GrpcCall& call, std::string& answer);

}  // namespace saker::container
