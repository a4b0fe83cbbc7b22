// SPDX-License-Identifier: Apache-2.0
#include "container/grpc_call.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "catch.h"
#include "container/resolver.h"
#include "state/temp_folder.h"

// Services that do not answer as they should. What real ones answer, the end-to-end cases see.
namespace saker::container {
namespace {

constexpr const char* kSocket = "run/containerd/containerd.sock";

// A socket in a folder, with room for one connection that nobody accepts.
class Listener {
public:
    explicit Listener(const test::TempFolder& folder) {
        folder.write(std::string(kSocket) + ".beside", "");
        fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        folder.path(kSocket).copy(address.sun_path, sizeof address.sun_path - 1);
        REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(listen(fd_, 1) == 0);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { close(fd_); }
    int fd() const { return fd_; }

private:
    int fd_ = -1;
};

GrpcStatus ask(const test::TempFolder& folder, int timeout_ms) {
    std::string answer;
    const RootFolder root(folder.path());
    return grpc_call(
        root, {.socket = kSocket, .method = "/x.Y/Z", .message = "", .timeout_ms = timeout_ms},
        answer);
}

TEST_CASE("Where there is no service there is no answer") {
    const test::TempFolder folder;
    CHECK(ask(folder, 1000) == GrpcStatus::kAbsent);
    folder.write(kSocket, "a file");
    CHECK(ask(folder, 1000) == GrpcStatus::kAbsent);
}

TEST_CASE("A service that hangs is waited for no longer than asked") {
    const test::TempFolder folder;
    const Listener listener(folder);
    CHECK(ask(folder, 20) == GrpcStatus::kLate);
}

TEST_CASE("A service that closes, or talks another language, gives no answer") {
    const test::TempFolder folder;
    const Listener listener(folder);
    const std::string said = GENERATE("", "HTTP/1.1 400 Bad Request\r\n\r\n", "\xff\xff\xff\xff");
    std::thread server([&] {
        const int connection = accept(listener.fd(), nullptr, nullptr);
        [[maybe_unused]] const ssize_t sent =
            send(connection, said.data(), said.size(), MSG_NOSIGNAL);
        close(connection);
    });
    CHECK(ask(folder, 60'000) == GrpcStatus::kAbsent);
    server.join();
}

TEST_CASE("A service that hangs costs one wait, not one for each container") {
    const test::TempFolder folder;
    const Listener listener(folder);
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
