// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "catch.h"
#include "state/temp_folder.h"

namespace saker::container::test {

using saker::test::TempFolder;

// A socket in a folder, with room for one connection that nobody accepts.
class Listener {
public:
    Listener(const TempFolder& folder, const std::string& socket) {
        folder.write(socket + ".beside", "");
        fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        folder.path(socket).copy(address.sun_path, sizeof address.sun_path - 1);
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

// False where the other side is gone.
inline bool say(int connection, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = send(connection, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

// All that came until an empty line, or the end.
inline std::string hear(int connection) {
    std::string heard;
    char one = 0;
    while (!heard.ends_with("\r\n\r\n") && recv(connection, &one, 1, 0) == 1) heard += one;
    return heard;
}

// True if the other side has gone by then.
inline bool is_gone(int connection, int within_ms) {
    pollfd wait{connection, POLLRDHUP, 0};
    return poll(&wait, 1, within_ms) > 0;
}

// A service that treats each connection in its own way, one after the other, until its end.
class Service {
public:
    using Talk = std::function<void(int connection)>;

    Service(const TempFolder& folder, const std::string& socket, Talk talk)
        : listener_(folder, socket), thread_([this, talk = std::move(talk)] { serve(talk); }) {}
    ~Service() {
        shutdown(listener_.fd(), SHUT_RDWR);
        thread_.join();
    }

private:
    void serve(const Talk& talk) {
        for (;;) {
            const int connection = accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) return;
            talk(connection);
            close(connection);
        }
    }

    Listener listener_;
    std::thread thread_;
};

}  // namespace saker::container::test
