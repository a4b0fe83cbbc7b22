// SPDX-License-Identifier: Apache-2.0
#include "container/grpc_call.h"

#include <nghttp2/nghttp2.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace saker::container {

namespace {

constexpr std::size_t kPrefix = 5;  // of a message: compressed or not, and its length

// What the callbacks of a session work on.
struct Exchange {
    int fd = -1;
    std::string request;  // message with prefix
    std::size_t sent = 0;
    std::string answer;  // likewise
    std::string status;  // grpc-status
    bool closed = false;
};

Exchange& of(void* user) {
    return *static_cast<Exchange*>(user);
}

ssize_t on_send(nghttp2_session* /*session*/, const std::uint8_t* data, std::size_t size,
                int /*flags*/, void* user) {
    const ssize_t done = send(of(user).fd, data, size, MSG_NOSIGNAL);
    if (done >= 0) return done;
    return errno == EAGAIN || errno == EINTR ? NGHTTP2_ERR_WOULDBLOCK
                                             : NGHTTP2_ERR_CALLBACK_FAILURE;
}

ssize_t on_read_request(nghttp2_session* /*session*/, std::int32_t /*stream*/, std::uint8_t* buffer,
                        std::size_t size, std::uint32_t* flags, nghttp2_data_source* /*source*/,
                        void* user) {
    Exchange& exchange = of(user);
    const std::size_t count =
        exchange.request.copy(reinterpret_cast<char*>(buffer), size, exchange.sent);
    exchange.sent += count;
    if (exchange.sent == exchange.request.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(count);
}

int on_data(nghttp2_session* /*session*/, std::uint8_t /*flags*/, std::int32_t /*stream*/,
            const std::uint8_t* data, std::size_t size, void* user) {
    Exchange& exchange = of(user);
    if (exchange.answer.size() + size > kMaxAnswerBytes) return NGHTTP2_ERR_CALLBACK_FAILURE;
    exchange.answer.append(reinterpret_cast<const char*>(data), size);
    return 0;
}

int on_header(nghttp2_session* /*session*/, const nghttp2_frame* /*frame*/,
              const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
              std::size_t value_size, std::uint8_t /*flags*/, void* user) {
    constexpr std::string_view kStatus = "grpc-status";
    if (std::string_view(reinterpret_cast<const char*>(name), name_size) == kStatus) {
        of(user).status.assign(reinterpret_cast<const char*>(value), value_size);
    }
    return 0;
}

int on_close(nghttp2_session* /*session*/, std::int32_t /*stream*/, std::uint32_t /*error*/,
             void* user) {
    of(user).closed = true;
    return 0;
}

using Session = std::unique_ptr<nghttp2_session, void (*)(nghttp2_session*)>;

Session open_session(Exchange& exchange) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session* session = nullptr;
    if (nghttp2_session_callbacks_new(&callbacks) == 0) {
        nghttp2_session_callbacks_set_send_callback(callbacks, on_send);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
        nghttp2_session_client_new(&session, callbacks, &exchange);
        nghttp2_session_callbacks_del(callbacks);
    }
    return {session, nghttp2_session_del};
}

nghttp2_nv header(std::string_view name, std::string_view value) {
    // nghttp2 copies both, and changes neither.
    const auto bytes = [](std::string_view text) {
        return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

bool submit(nghttp2_session* session, const GrpcCall& call) {
    std::vector<nghttp2_nv> headers = {
        header(":method", "POST"),     header(":scheme", "http"),
        header(":path", call.method),  header(":authority", "localhost"),
        header("te", "trailers"),      header("content-type", "application/grpc"),
        header("user-agent", "saker"),
    };
    if (!call.metadata_name.empty()) {
        headers.push_back(header(call.metadata_name, call.metadata_value));
    }
    nghttp2_data_provider provider{};
    provider.read_callback = on_read_request;
    return nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, nullptr, 0) == 0 &&
           nghttp2_submit_request(session, nullptr, headers.data(), headers.size(), &provider,
                                  nullptr) > 0;
}

std::string with_prefix(std::string_view message) {
    std::string framed(1, '\0');
    for (int shift = 24; shift >= 0; shift -= 8) {
        framed += static_cast<char>(message.size() >> shift & 0xff);
    }
    return framed.append(message);
}

// Takes what has come; false at the end of the connection, or if it makes no sense.
bool receive(nghttp2_session* session, int fd) {
    std::array<std::uint8_t, 16384> buffer;
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    return nghttp2_session_mem_recv(session, buffer.data(), static_cast<std::size_t>(got)) >= 0;
}

// Sends and receives until the stream is closed; false if the time is over before.
bool talk(nghttp2_session* session, Exchange& exchange, const Deadline& deadline) {
    while (!exchange.closed && nghttp2_session_send(session) == 0) {
        const int left = deadline.left();
        if (left == 0) return false;
        pollfd wait{exchange.fd, POLLIN, 0};
        if (nghttp2_session_want_write(session) != 0) wait.events |= POLLOUT;
        if (poll(&wait, 1, left) < 0 && errno != EINTR) return true;
        if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive(session, exchange.fd)) {
            return true;
        }
    }
    return true;
}

}  // namespace

ServiceStatus grpc_call(const RootFolder& root, const GrpcCall& call, std::string& answer) {
    answer.clear();
    const Deadline deadline(call.timeout_ms);
    const ServiceConnection connection(root, call.socket);
    if (connection.status() != ServiceStatus::kDone) return connection.status();

    Exchange exchange;
    exchange.fd = connection.fd();
    exchange.request = with_prefix(call.message);
    const Session session = open_session(exchange);
    if (session == nullptr || !submit(session.get(), call)) return ServiceStatus::kAbsent;
    if (!talk(session.get(), exchange, deadline)) return ServiceStatus::kLate;
    if (exchange.status.empty()) return ServiceStatus::kAbsent;
    // One message, not compressed: nothing else was asked for.
    const bool is_plain = exchange.answer.size() >= kPrefix && exchange.answer[0] == '\0';
    if (exchange.status != "0" || !is_plain) return ServiceStatus::kError;
    answer = exchange.answer.substr(kPrefix);
    return ServiceStatus::kDone;
}

}  // namespace saker::container
