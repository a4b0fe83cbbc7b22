// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "container/service.h"
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

// Asks, and waits for the answer's message, of at most kMaxAnswerBytes. HTTP/2 is nghttp2's.
ServiceStatus grpc_call(const RootFolder& root, const GrpcCall& call, std::string& answer);

}  // namespace saker::container
