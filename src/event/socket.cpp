// SPDX-License-Identifier: Apache-2.0
#include "event/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace saker::event {
namespace {

constexpr std::uint16_t kFirstEphemeralPort = 32768;
constexpr int kL2tp = 115;  // IPPROTO_L2TP of linux/in.h, which does not go with netinet/in.h
constexpr std::size_t kMappedPrefix = 12;
constexpr std::array<std::uint8_t, kMappedPrefix> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

IpAddress address_v4(const void* four_bytes) {
    IpAddress address;
    std::ranges::copy(kMapped, address.bytes.begin());
    std::memcpy(address.bytes.data() + kMappedPrefix, four_bytes, 4);
    return address;
}

IpAddress address_v6(const void* sixteen_bytes) {
    IpAddress address;
    std::memcpy(address.bytes.data(), sixteen_bytes, address.bytes.size());
    address.v6 = true;
    return address;
}

bool is_mapped(const IpAddress& address) {
    return std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin());
}

bool is_any(const IpAddress& address) {
    const std::size_t begin = is_mapped(address) ? kMappedPrefix : 0;
    return std::all_of(address.bytes.begin() + begin, address.bytes.end(),
                       [](std::uint8_t byte) { return byte == 0; });
}

IpAddress any_v4() {
    const std::uint32_t any = 0;
    return address_v4(&any);
}

// Makes both ends IPv4 if the connection is IPv4 in truth.
void unmap(Connection& connection) {
    const Endpoint& deciding = connection.remote.is_unset() ? connection.local : connection.remote;
    if (!is_mapped(deciding.address)) return;
    for (IpAddress* address : {&connection.local.address, &connection.remote.address}) {
        if (is_mapped(*address)) {
            address->v6 = false;
        } else if (is_any(*address)) {
            *address = any_v4();
        }
    }
}

// AF_UNSPEC where there is none.
sa_family_t family_of(Bytes sockaddr) {
    return sockaddr.size() < sizeof(sa_family_t) ? sa_family_t{AF_UNSPEC}
                                                 : read_struct<sa_family_t>(sockaddr);
}

// Reads a sockaddr as one of that family, whatever it says itself.
std::optional<Endpoint> address_of_family(sa_family_t family, Bytes sockaddr) {
    if (family == AF_INET && sockaddr.size() >= offsetof(sockaddr_in, sin_zero)) {
        const auto in4 = read_struct<sockaddr_in>(sockaddr);
        return Endpoint{address_v4(&in4.sin_addr), ntohs(in4.sin_port)};
    }
    // The scope id at the end may be left out (SIN6_LEN_RFC2133 in the kernel).
    if (family == AF_INET6 && sockaddr.size() >= offsetof(sockaddr_in6, sin6_scope_id)) {
        const auto in6 = read_struct<sockaddr_in6>(sockaddr);
        Endpoint endpoint{address_v6(&in6.sin6_addr), ntohs(in6.sin6_port)};
        if (is_mapped(endpoint.address)) endpoint.address.v6 = false;
        return endpoint;
    }
    return std::nullopt;
}

// The sockaddr among an event's captures.
Bytes captured_sockaddr(const Event& event) {
    const auto captures = event.info().captures;
    for (std::size_t slot = 0; slot < captures.size(); ++slot) {
        const auto kind = captures[slot].kind;
        if (kind == SAKER_CAPTURE_SOCKADDR || kind == SAKER_CAPTURE_MSGNAME) {
            return event.capture(slot);
        }
    }
    return {};
}

// A datagram goes where the call says, whatever the socket is connected to (udp_sendmsg() in the
// kernel's net/ipv4/udp.c); a stream goes to its peer, whatever the call says.
bool call_decides_peer(const Event& event, const saker_fd& socket) {
    const bool sends = event.type() == SAKER_EVENT_sendto || event.type() == SAKER_EVENT_sendmsg ||
                       event.type() == SAKER_EVENT_sendmmsg;
    return sends && socket.socket_type != SOCK_STREAM;
}

// The sockaddr is the local end, which the kernel has told already.
bool names_local_end(const Event& event) {
    return event.type() == SAKER_EVENT_bind || event.type() == SAKER_EVENT_getsockname;
}

// What the kernel takes a destination without a family for: udp_sendmsg() and raw_sendmsg() for
// IPv4, rawv6_sendmsg() and l2tp_ip6_sendmsg() for IPv6; udpv6_sendmsg() for no destination.
sa_family_t family_of_unspecified(const saker_fd& socket) {
    if (socket.type == SAKER_FD_INET4) return AF_INET;
    const bool udp = socket.socket_type == SOCK_DGRAM && socket.protocol != kL2tp;
    return udp ? AF_UNSPEC : AF_INET6;
}

// Of a connection that was refused the kernel keeps the address and drops the port.
void apply_named_peer(const Event& event, const saker_fd& socket, Connection& connection) {
    if (names_local_end(event) || event.is_process_record()) return;
    const bool decides = call_decides_peer(event, socket);
    if (!decides && connection.remote.port != 0) return;
    const Bytes sockaddr = captured_sockaddr(event);
    sa_family_t family = family_of(sockaddr);
    // Elsewhere it is no address: connect() then ends a connection.
    if (family == AF_UNSPEC && decides) family = family_of_unspecified(socket);
    if (const auto peer = address_of_family(family, sockaddr)) connection.remote = *peer;
}

// The ends as the kernel has them.
std::optional<Connection> kernel_ends(const Event::Fd& fd) {
    const bool v4 = fd.facts.type == SAKER_FD_INET4;
    if (!v4 && fd.facts.type != SAKER_FD_INET6) return std::nullopt;
    if (fd.rest.size() < sizeof(saker_inet)) return std::nullopt;

    const auto inet = read_struct<saker_inet>(fd.rest);
    const auto address = v4 ? address_v4 : address_v6;
    Connection connection;
    connection.local = {address(inet.local), inet.local_port};
    connection.remote = {address(inet.remote), inet.remote_port};
    return connection;
}

// What accept() returns is a copy of the socket that listened (sk_clone_lock() in the kernel's
// net/core/sock.c), with the greatest length of its queue; a socket that connects has no queue.
bool was_accepted(const Event::Fd& fd) {
    return read_struct<saker_inet>(fd.rest).queue_max != 0;
}

// A stream that was not accepted has connected, unless its listener's queue had no room at all: it
// takes more than the smaller port to call it a server.
bool has_server_port(const saker_fd& socket, const Connection& connection) {
    if (connection.local.port >= kFirstEphemeralPort) return false;
    if (connection.remote.port >= kFirstEphemeralPort) return true;
    return socket.socket_type != SOCK_STREAM && connection.local.port < connection.remote.port;
}

bool looks_like_server(const Event::Fd& fd, const Connection& connection) {
    if ((fd.facts.flags & SAKER_FD_LISTENING) != 0) return true;
    if (connection.remote.is_unset()) return connection.local.port != 0;
    return was_accepted(fd) || has_server_port(fd.facts, connection);
}

bool accepts(EventType type) {
    return type == SAKER_EVENT_accept || type == SAKER_EVENT_accept4;
}

void append_number(unsigned number, std::string& out) {
    std::array<char, 10> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end);
}

}  // namespace

bool Endpoint::is_unset() const {
    return port == 0 && is_any(address);
}

std::optional<Connection> connection(const Event& event, std::size_t slot) {
    const auto fd = event.fd(slot);
    auto ends = fd ? kernel_ends(*fd) : std::nullopt;
    if (!ends) return std::nullopt;
    apply_named_peer(event, fd->facts, *ends);
    unmap(*ends);
    ends->local_is_server = accepts(event.type()) ||
                            (event.type() != SAKER_EVENT_connect && looks_like_server(*fd, *ends));
    return ends;
}

std::optional<Connection> connection(const Event::Fd& fd) {
    auto ends = kernel_ends(fd);
    if (!ends) return std::nullopt;
    unmap(*ends);
    ends->local_is_server = looks_like_server(fd, *ends);
    return ends;
}

std::optional<Endpoint> inet_address(Bytes sockaddr) {
    return address_of_family(family_of(sockaddr), sockaddr);
}

void append_ip(const IpAddress& address, std::string& out) {
    if (address.v6) {
        std::array<char, INET6_ADDRSTRLEN> text;
        inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
        out += text.data();
        return;
    }
    for (std::size_t i = kMappedPrefix; i < address.bytes.size(); ++i) {
        if (i != kMappedPrefix) out += '.';
        append_number(address.bytes[i], out);
    }
}

void append_endpoint(const Endpoint& endpoint, std::string& out) {
    append_ip(endpoint.address, out);
    out += ':';
    append_number(endpoint.port, out);
}

void append_tuple(const Connection& connection, std::string& out) {
    if (connection.remote.is_unset()) {
        if (!connection.local.is_unset()) append_endpoint(connection.local, out);
        return;
    }
    append_endpoint(connection.client(), out);
    out += "->";
    append_endpoint(connection.server(), out);
}

void append_unix_address(Bytes address, std::string& out) {
    std::string_view name = as_text(address);
    if (!name.starts_with('\0')) {
        out += name.substr(0, name.find('\0'));
        return;
    }
    name = name.substr(0, name.find_last_not_of('\0') + 1);
    for (const char byte : name) out += byte == '\0' ? '@' : byte;
}

void append_sockaddr(Bytes sockaddr, std::string& out) {
    if (sockaddr.size() < sizeof(sa_family_t)) return;
    const auto family = read_struct<sa_family_t>(sockaddr);
    if (const auto endpoint = inet_address(sockaddr)) {
        append_endpoint(*endpoint, out);
    } else if (family == AF_UNIX) {
        append_unix_address(sockaddr.subspan(sizeof(sa_family_t)), out);
    } else if (family != AF_INET && family != AF_INET6) {
        append_number(family, out);
    }
}

}  // namespace saker::event
