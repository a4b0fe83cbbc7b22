// SPDX-License-Identifier: Apache-2.0
#include "event/socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "catch.h"
#include "record_builder.h"

namespace saker::event {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using test::Peer;
using test::Record;
using test::RecordBuilder;

const Peer kLow{"10.0.0.1", 80};
const Peer kHigh{"10.0.0.2", 40000};
const Peer kUnset{"0.0.0.0", 0};

std::string tuple(const Record& record, std::size_t slot = 0) {
    std::string text;
    const auto ends = connection(record.event(), slot);
    REQUIRE(ends);
    append_tuple(*ends, text);
    return text;
}

// What accept() returns: it has inherited the greatest length of its listener's queue.
test::Descriptor accepted_socket(const Peer& local, const Peer& remote) {
    test::Descriptor fd = test::Descriptor::inet(3, local, remote);
    saker_inet inet{};
    std::memcpy(&inet, fd.rest.data(), sizeof inet);
    inet.queue_max = 128;
    fd.rest = test::struct_bytes(inet);
    return fd;
}

std::string sockaddr_text(std::string_view bytes) {
    std::string text;
    append_sockaddr(std::as_bytes(std::span(bytes)), text);
    return text;
}

std::string unix_text(std::string_view bytes) {
    std::string text;
    append_unix_address(std::as_bytes(std::span(bytes)), text);
    return text;
}

TEST_CASE("the client stands first in a tuple") {
    SECTION("connect: the local end, whatever the ports") {
        CHECK(tuple(RecordBuilder("connect").inet(0, 3, kLow, kHigh).build()) ==
              "10.0.0.1:80->10.0.0.2:40000");
    }
    SECTION("accept: the remote end, whatever the ports") {
        CHECK(tuple(RecordBuilder("accept").inet(0, 3, kHigh, kLow).build()) ==
              "10.0.0.1:80->10.0.0.2:40000");
        CHECK(tuple(RecordBuilder("accept4").inet(0, 3, kHigh, kLow).build()) ==
              "10.0.0.1:80->10.0.0.2:40000");
    }
    SECTION("otherwise by the ports") {
        CHECK(tuple(RecordBuilder("write").inet(0, 3, kLow, kHigh).build()) ==
              "10.0.0.2:40000->10.0.0.1:80");
        CHECK(tuple(RecordBuilder("write").inet(0, 3, kHigh, kLow).build()) ==
              "10.0.0.2:40000->10.0.0.1:80");
        CHECK(tuple(RecordBuilder("write").inet(0, 3, {"1.1.1.1", 50}, {"2.2.2.2", 60}).build()) ==
              "1.1.1.1:50->2.2.2.2:60");
        CHECK(tuple(RecordBuilder("write")
                        .inet(0, 3, {"1.1.1.1", 50000}, {"2.2.2.2", 60000})
                        .build()) == "1.1.1.1:50000->2.2.2.2:60000");
    }
}

TEST_CASE("an accepted connection stays the server's end, whatever the ports") {
    const Peer peers[] = {{"10.0.0.2", 20000}, {"10.0.0.2", 40000}, {"10.0.0.2", 22}};
    const Peer own[] = {{"10.0.0.1", 8080}, {"10.0.0.1", 50000}};
    for (const char* const call : {"recvfrom", "sendto", "dup2", "close"}) {
        for (const Peer& local : own) {
            for (const Peer& remote : peers) {
                CAPTURE(call, local.port, remote.port);
                const auto accepted = accepted_socket(local, remote);
                const Record record = RecordBuilder(call).fd(0, accepted).build();
                CHECK(connection(record.event(), 0)->local_is_server);
                CHECK(connection(*record.event().fd(0))->local_is_server);
            }
        }
    }
    const Record connects = RecordBuilder("connect").fd(0, accepted_socket(kLow, kHigh)).build();
    CHECK_FALSE(connection(connects.event(), 0)->local_is_server);
}

struct PortsCase {
    std::uint8_t protocol;
    std::uint16_t local;
    std::uint16_t remote;
    bool local_is_server;
};

TEST_CASE("a socket that does not tell is judged by its ports") {
    constexpr PortsCase kCases[] = {
        {IPPROTO_TCP, 20000, 8080, false},  {IPPROTO_TCP, 8080, 20000, false},
        {IPPROTO_TCP, 32767, 32768, true},  {IPPROTO_TCP, 32768, 32767, false},
        {IPPROTO_TCP, 1023, 2049, false},   {IPPROTO_UDP, 20000, 8080, false},
        {IPPROTO_UDP, 8080, 20000, true},   {IPPROTO_UDP, 32767, 32768, true},
        {IPPROTO_UDP, 40000, 50000, false}, {IPPROTO_UDP, 50000, 40000, false},
        {IPPROTO_UDP, 123, 123, false},
    };
    for (const auto& [protocol, local, remote, local_is_server] : kCases) {
        CAPTURE(protocol, local, remote);
        const Record record = RecordBuilder("write")
                                  .inet(0, 3, {"10.0.0.1", local}, {"10.0.0.2", remote}, protocol)
                                  .build();
        CHECK(connection(record.event(), 0)->local_is_server == local_is_server);
    }
}

TEST_CASE("IPv6 addresses have no brackets") {
    CHECK(tuple(RecordBuilder("connect").inet(0, 3, {"::1", 40}, {"::1", 80}).build()) ==
          "::1:40->::1:80");
    CHECK(tuple(RecordBuilder("connect")
                    .inet(0, 3, {"2001:db8::1", 40}, {"fe80::ff", 65535})
                    .build()) == "2001:db8::1:40->fe80::ff:65535");
}

TEST_CASE("IPv6 that carries IPv4 is IPv4") {
    const Record record = RecordBuilder("connect")
                              .inet(0, 3, {"::ffff:10.0.0.2", 40000}, {"::ffff:10.0.0.1", 80})
                              .build();
    CHECK(tuple(record) == "10.0.0.2:40000->10.0.0.1:80");
    CHECK_FALSE(connection(record.event(), 0)->v6());
    CHECK_FALSE(connection(*record.event().fd(0))->v6());
    // A socket that is bound to no address of its own.
    CHECK(
        tuple(RecordBuilder("sendto").inet(0, 3, {"::", 53}, {"::ffff:1.2.3.4", 50000}).build()) ==
        "1.2.3.4:50000->0.0.0.0:53");
    CHECK(
        connection(RecordBuilder("connect").inet(0, 3, {"::1", 40}, {"::1", 80}).build().event(), 0)
            ->v6());
}

TEST_CASE("a socket without a peer is its own end") {
    const Record listening =
        RecordBuilder("listen").fd(0, test::Descriptor::listening(3, kLow, 0, 128)).build();
    CHECK(tuple(listening) == "10.0.0.1:80");
    CHECK(connection(listening.event(), 0)->local_is_server);
    const Record bound = RecordBuilder("bind").inet(0, 3, kLow, kUnset).build();
    CHECK(tuple(bound) == "10.0.0.1:80");
    CHECK(connection(bound.event(), 0)->local_is_server);
    CHECK(tuple(RecordBuilder("socket").inet(0, 3, kUnset, kUnset).build()) == "");
    CHECK(tuple(RecordBuilder("socket").inet(0, 3, {"::", 0}, {"::", 0}).build()) == "");
}

TEST_CASE("the call's address stands where the socket has none") {
    const Peer dns{"9.9.9.9", 53};
    CHECK(tuple(RecordBuilder("connect")
                    .ret(-111)
                    .inet(0, 3, kHigh, kUnset)
                    .sockaddr(1, dns)
                    .build()) == "10.0.0.2:40000->9.9.9.9:53");
    // A socket whose connection was refused: what the kernel leaves of the peer has no port.
    CHECK(tuple(RecordBuilder("connect")
                    .ret(-111)
                    .inet(0, 3, kHigh, {"9.9.9.9", 0})
                    .sockaddr(1, dns)
                    .build()) == "10.0.0.2:40000->9.9.9.9:53");
    CHECK(tuple(RecordBuilder("sendto")
                    .inet(0, 3, kHigh, kUnset, IPPROTO_UDP)
                    .sockaddr(1, dns)
                    .build()) == "10.0.0.2:40000->9.9.9.9:53");
    CHECK(tuple(RecordBuilder("recvmsg")
                    .inet(0, 3, {"10.0.0.1", 53}, kUnset, IPPROTO_UDP)
                    .sockaddr(1, kHigh)
                    .build()) == "10.0.0.2:40000->10.0.0.1:53");
}

TEST_CASE("a stream goes to the socket's peer, a datagram where the call says") {
    const Peer named{"6.6.6.6", 666};
    for (const char* const call : {"sendto", "sendmsg", "sendmmsg"}) {
        const auto sent = [&](std::uint8_t protocol) {
            return tuple(
                RecordBuilder(call).inet(0, 3, kHigh, kLow, protocol).sockaddr(1, named).build());
        };
        CHECK(sent(IPPROTO_TCP) == "10.0.0.2:40000->10.0.0.1:80");
        CHECK(sent(IPPROTO_UDP) == "10.0.0.2:40000->6.6.6.6:666");
    }
}

TEST_CASE("a destination without a family is what the kernel takes it for") {
    using test::Descriptor;
    const std::string v4 = "\0\0\x02\x9a\x06\x06\x06\x06\0\0\0\0\0\0\0\0"s;
    const std::string v6 =
        "\0\0\x02\x9a\0\0\0\0"
        "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x06\0\0\0\0"s;
    const Peer high6{"::1", 40000};
    const Peer low6{"::1", 80};
    struct Case {
        Descriptor socket;
        std::string address;
        const char* tuple;
    };
    const Case cases[] = {
        {Descriptor::inet(3, kHigh, kUnset, IPPROTO_UDP), v4, "10.0.0.2:40000->6.6.6.6:666"},
        {Descriptor::inet(3, kHigh, kLow, IPPROTO_UDP), v4, "10.0.0.2:40000->6.6.6.6:666"},
        {Descriptor::inet(3, kHigh, kUnset, IPPROTO_RAW), v4, "10.0.0.2:40000->6.6.6.6:666"},
        {Descriptor::inet(3, kHigh, kLow, IPPROTO_UDP), v4.substr(0, 7),
         "10.0.0.2:40000->10.0.0.1:80"},
        {Descriptor::inet(3, high6, low6, IPPROTO_UDP), v6, "::1:40000->::1:80"},
        {Descriptor::inet(3, high6, low6, IPPROTO_RAW), v6, "::1:40000->2001:db8::6:666"},
        {Descriptor::inet(3, kHigh, kLow, IPPROTO_TCP), v4, "10.0.0.2:40000->10.0.0.1:80"},
        {Descriptor::inet(3, kHigh, kUnset, IPPROTO_TCP), v4, "10.0.0.2:40000"},
    };
    for (const Case& test : cases) {
        for (const char* const call : {"sendto", "sendmsg", "sendmmsg"}) {
            CAPTURE(call, test.tuple, test.socket.facts.protocol);
            CHECK(tuple(RecordBuilder(call).fd(0, test.socket).bytes(1, test.address).build()) ==
                  test.tuple);
        }
    }
    // What ends a connection names no peer.
    const Descriptor ended = Descriptor::inet(3, kHigh, kUnset, IPPROTO_UDP);
    CHECK(tuple(RecordBuilder("connect").fd(0, ended).bytes(1, v4).build()) == "10.0.0.2:40000");
}

TEST_CASE("the address of a socket itself is no peer") {
    for (const char* const call : {"bind", "getsockname"}) {
        const Record record =
            RecordBuilder(call).inet(0, 3, kLow, kUnset).sockaddr(1, kLow).build();
        CHECK(connection(record.event(), 0)->remote.is_unset());
    }
}

TEST_CASE("what is no IP socket has no ends") {
    CHECK_FALSE(connection(RecordBuilder("connect").build().event(), 0));
    CHECK_FALSE(connection(RecordBuilder("connect").unix_socket(0, 3, "/x").build().event(), 0));
    test::Descriptor cut = test::Descriptor::inet(3, kLow, kHigh);
    cut.rest.pop_back();
    CHECK_FALSE(connection(RecordBuilder("connect").fd(0, cut).build().event(), 0));
}

TEST_CASE("addresses of calls are read by their family") {
    CHECK(sockaddr_text("") == "");
    CHECK(sockaddr_text("\x02"sv) == "");
    CHECK(sockaddr_text("\x02\0\0\x50\x7f\0\0\x01"sv) == "127.0.0.1:80");
    CHECK(sockaddr_text("\x02\0\0\x50\x7f\0\0"sv) == "");
    CHECK(sockaddr_text("\x0a\0\0\x50\0\0\0\0"
                        "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"sv) == "2001:db8::1:80");
    CHECK(sockaddr_text("\x0a\0\0\x50\0\0\0\0"
                        "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0"sv) == "");
    CHECK(sockaddr_text("\x0a\0\0\x50\0\0\0\0"
                        "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\x01\0\0\0\0"sv) == "127.0.0.1:80");
    CHECK(sockaddr_text("\x01\0/run/docker.sock\0junk"sv) == "/run/docker.sock");
    CHECK(sockaddr_text("\x10\0\0\0"sv) == "16");
}

TEST_CASE("abstract names cannot pass for paths") {
    CHECK(unix_text("/run/x\0\0"sv) == "/run/x");
    CHECK(unix_text("\0/run/x"sv) == "@/run/x");
    CHECK(unix_text("\0a\0b\0\0"sv) == "@a@b");
    CHECK(unix_text("\0\0\0"sv) == "");
    CHECK(unix_text(""sv) == "");
}

}  // namespace
}  // namespace saker::event
