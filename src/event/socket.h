// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/event.h"

// Addresses of sockets, from what the kernel side captures (record.h: struct saker_inet, raw
// sockaddr), and their text in the form that rules and outputs use.
namespace saker::event {

// An IPv4 address is held as ::ffff:a.b.c.d; `v6` tells the families apart.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};
    bool v6 = false;
    friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    // Neither an address nor a port: the other end of a socket that is not connected.
    bool is_unset() const;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// Both ends of an IP socket. IPv6 that carries IPv4 (::ffff:a.b.c.d) is IPv4.
struct Connection {
    Endpoint local;
    Endpoint remote;  // unset: there is none
    bool local_is_server = false;

    bool v6() const { return local.address.v6; }
    const Endpoint& client() const { return local_is_server ? remote : local; }
    const Endpoint& server() const { return local_is_server ? local : remote; }
};

// The ends of the IP socket in a capture; nullopt where it holds no IP socket.
//
// The remote end is the kernel's, or, where the socket has none or the call names another one
// (sendto, sendmsg, a connect that failed, recvfrom), that of the call's sockaddr.
//
// The local end is the server if the socket listens, was accepted (it inherits its listener's
// queue), or is bound without a peer; the client if the event is a connect. Else it is guessed: the
// server has a port below the ephemeral ones (32768), of datagrams the smaller one of two such.
std::optional<Connection> connection(const Event& event, std::size_t slot);

// The same of a descriptor alone, where no call tells more (a process's standard input).
std::optional<Connection> connection(const Event::Fd& fd);

// The address in a raw sockaddr of AF_INET or AF_INET6; nullopt in any other.
std::optional<Endpoint> inet_address(Bytes sockaddr);

// "1.2.3.4", "::1".
void append_ip(const IpAddress& address, std::string& out);

// "1.2.3.4:80", "::1:80" (no brackets: rules compare it so).
void append_endpoint(const Endpoint& endpoint, std::string& out);

// "1.2.3.4:5->6.7.8.9:80", the client first. A socket without a peer: its own end, if it is bound.
void append_tuple(const Connection& connection, std::string& out);

// A unix address, as it follows the family in a sockaddr_un. A path ends at its first NUL. An
// abstract name begins with NUL, may hold others, and is printed with `@` in their place, as
// /proc/net/unix does: without that, an abstract name could pass for any path. NULs at its end are
// padding to most programs and left out.
void append_unix_address(Bytes address, std::string& out);

// A raw sockaddr: as above for AF_INET, AF_INET6 and AF_UNIX, else the family's number. Nothing for
// one that is too short for its family.
void append_sockaddr(Bytes sockaddr, std::string& out);

}  // namespace saker::event
