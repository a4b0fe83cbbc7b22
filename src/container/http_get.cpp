// SPDX-License-Identifier: Apache-2.0
#include "container/http_get.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "fmt/core.h"

namespace saker::container {

namespace {

bool is_ready(int fd, short events, const Deadline& deadline) {
    pollfd wait{fd, events, 0};
    int ready = 0;
    do {
        const int left = deadline.left();
        if (left == 0) return false;
        ready = poll(&wait, 1, left);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

bool would_block() {
    return errno == EAGAIN || errno == EINTR;
}

ServiceStatus send_all(int fd, std::string_view text, const Deadline& deadline) {
    while (!text.empty()) {
        if (!is_ready(fd, POLLOUT, deadline)) return ServiceStatus::kLate;
        const ssize_t sent = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0 && !would_block()) return ServiceStatus::kAbsent;
        if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return ServiceStatus::kDone;
}

// Until the service closes the connection.
ServiceStatus receive_all(int fd, std::string& text, const Deadline& deadline) {
    std::array<char, 16384> buffer;
    while (text.size() <= kMaxAnswerBytes) {
        if (!is_ready(fd, POLLIN, deadline)) return ServiceStatus::kLate;
        const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
        if (got == 0) return ServiceStatus::kDone;
        if (got < 0 && !would_block()) return ServiceStatus::kAbsent;
        if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return ServiceStatus::kAbsent;
}

// "HTTP/1.1 200 OK": the three digits; empty where it is no answer of HTTP.
std::string_view status_of(std::string_view answer) {
    constexpr std::size_t kCode = sizeof "HTTP/1.x " - 1;
    if (!answer.starts_with("HTTP/1.") || answer.size() < kCode + 3) return {};
    return answer.substr(kCode, 3);
}

// Leaves the body alone; the headers say nothing that is of use.
ServiceStatus take_body(std::string& answer) {
    constexpr std::string_view kEmptyLine = "\r\n\r\n";
    const std::string_view status = status_of(answer);
    const auto end = answer.find(kEmptyLine);
    if (status.empty() || end == answer.npos) return ServiceStatus::kAbsent;
    if (status != "200") return ServiceStatus::kError;
    answer.erase(0, end + kEmptyLine.size());
    return ServiceStatus::kDone;
}

ServiceStatus ask(const RootFolder& root, const HttpGet& get, std::string& body) {
    const Deadline deadline(get.timeout_ms);
    const ServiceConnection connection(root, get.socket);
    ServiceStatus status = connection.status();
    if (status != ServiceStatus::kDone) return status;
    const std::string request =
        fmt::format("GET {} HTTP/1.0\r\nHost: localhost\r\nUser-Agent: saker\r\n\r\n", get.target);
    status = send_all(connection.fd(), request, deadline);
    if (status == ServiceStatus::kDone) status = receive_all(connection.fd(), body, deadline);
    return status == ServiceStatus::kDone ? take_body(body) : status;
}

}  // namespace

ServiceStatus http_get(const RootFolder& root, const HttpGet& get, std::string& body) {
    body.clear();
    const ServiceStatus status = ask(root, get, body);
    if (status != ServiceStatus::kDone) body.clear();
    return status;
}

}  // namespace saker::container
