// SPDX-License-Identifier: Apache-2.0
#include "container/grpc_call.h"

#include <chrono>
#include <string>

#include "container/resolver.h"
#include "service.h"

// Services that do not answer as they should. What real ones answer, the end-to-end cases see.
namespace saker::container {
namespace {

using test::Listener;
using test::Service;
using test::TempFolder;

constexpr const char* kSocket = "run/containerd/containerd.sock";

ServiceStatus ask(const TempFolder& folder, int timeout_ms) {
    std::string answer;
    const RootFolder root(folder.path());
    return grpc_call(
        root, {.socket = kSocket, .method = "/x.Y/Z", .message = "", .timeout_ms = timeout_ms},
        answer);
}

TEST_CASE("Where there is no service there is no answer") {
    const TempFolder folder;
    CHECK(ask(folder, 1000) == ServiceStatus::kAbsent);
    folder.write(kSocket, "a file");
    CHECK(ask(folder, 1000) == ServiceStatus::kAbsent);
}

TEST_CASE("A service that hangs is waited for no longer than asked") {
    const TempFolder folder;
    const Listener listener(folder, kSocket);
    CHECK(ask(folder, 20) == ServiceStatus::kLate);
}

TEST_CASE("A service that closes, or talks another language, gives no answer") {
    const TempFolder folder;
    const std::string said = GENERATE("", "HTTP/1.1 400 Bad Request\r\n\r\n", "\xff\xff\xff\xff");
    const Service service(folder, kSocket, [&](int connection) { test::say(connection, said); });
    CHECK(ask(folder, 60'000) == ServiceStatus::kAbsent);
}

TEST_CASE("A service that hangs costs one wait, not one for each container") {
    const TempFolder folder;
    const Listener listener(folder, kSocket);
    ResolverOptions options;
    options.host_root = folder.path();
    options.socket_timeout_ms = 200;
    Resolver resolver(options);
    Request request;
    request.id = {"basket", "basket", "containerd"};
    request.cgroup = "/default/basket";
    const auto start = std::chrono::steady_clock::now();
    constexpr int kMany = 50;
    for (int i = 0; i < kMany; ++i) CHECK(resolver.resolve(request).image.empty());
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(200) * (kMany / 2));
}

}  // namespace
}  // namespace saker::container
