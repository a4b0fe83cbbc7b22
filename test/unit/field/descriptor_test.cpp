// SPDX-License-Identifier: Apache-2.0
#include <netinet/in.h>

#include <string>
#include <vector>

#include "catch.h"
#include "world.h"

// fd.*: kinds, sockets and their ends.
namespace saker::field {
namespace {

using test::by_cat;
using test::Descriptor;
using test::kNothing;
using test::Record;
using test::World;

Record with_fd(std::string_view event, const Descriptor& fd) {
    return by_cat(event).fd(0, fd).build();
}

TEST_CASE("kinds that have no name show <NA> and o") {
    World world;
    const Record packet = with_fd("listen", Descriptor::file(3, SAKER_FD_PACKET, ""));
    CHECK(world.show("fd.type", packet) == "<NA>");
    CHECK(world.show("fd.typechar", packet) == "o");
    CHECK(world.show("fd.l4proto", packet) == "<NA>");
    CHECK(world.show("fd.sockfamily", packet) == kNothing);
    CHECK(world.show("fd.connected", packet) == "false");
    CHECK(world.show("fd.name", packet) == kNothing);
}

TEST_CASE("descriptors without a place in the tree have a name and no directory") {
    World world;
    const Record memfd = with_fd("fchmod", Descriptor::named(3, SAKER_FD_MEMFD, "memfd:x"));
    CHECK(world.show("fd.type", memfd) == "memfd");
    CHECK(world.show("fd.name", memfd) == "memfd:x");
    CHECK(world.show("fd.directory", memfd) == kNothing);
    CHECK(world.show("fd.filename", memfd) == kNothing);
    CHECK(world.show("fd.realpath", memfd) == kNothing);
}

TEST_CASE("a unix socket has a family and a path, and no addresses") {
    World world;
    const Record record = with_fd("listen", Descriptor::unix_socket(3, "/run/app"));
    CHECK(world.show("fd.sockfamily", record) == "unix");
    CHECK(world.show("fd.name", record) == "/run/app");
    CHECK(world.show("fd.directory", record) == kNothing);
    CHECK(world.show("fd.is_server", record) == "false");
    CHECK(world.show("fd.ip", record) == kNothing);
}

TEST_CASE("client and server change sides with the call") {
    World world;
    const Descriptor socket = Descriptor::inet(3, {"10.0.0.1", 22}, {"10.0.0.2", 50000});
    const Record server = with_fd("accept", socket);
    CHECK(world.show("fd.cip", server) == "10.0.0.2");
    CHECK(world.show("fd.sip", server) == "10.0.0.1");
    CHECK(world.show("fd.is_server", server) == "true");
    CHECK(world.show("fd.port", server) == "50000 | 22");
    const Record client = with_fd("connect", socket);
    CHECK(world.show("fd.cip", client) == "10.0.0.1");
    CHECK(world.show("fd.sip", client) == "10.0.0.2");
    CHECK(world.show("fd.is_server", client) == "false");
    // Local and remote do not.
    for (const Record& record : {server, client}) {
        CHECK(world.show("fd.lip", record) == "10.0.0.1");
        CHECK(world.show("fd.lport", record) == "22");
        CHECK(world.show("fd.rip", record) == "10.0.0.2");
        CHECK(world.show("fd.rport", record) == "50000");
    }
}

TEST_CASE("a socket that listens has one end") {
    World world;
    const Record record = with_fd("listen", Descriptor::listening(3, {"0.0.0.0", 8080}, 0, 5));
    CHECK(world.show("fd.ip", record) == "0.0.0.0");
    CHECK(world.show("fd.port", record) == "8080");
    CHECK(world.show("fd.sport", record) == "8080");
    CHECK(world.show("fd.cip", record) == kNothing);
    CHECK(world.show("fd.cport", record) == kNothing);
    CHECK(world.show("fd.rip", record) == kNothing);
    CHECK(world.show("fd.rproto", record) == kNothing);
    CHECK(world.show("fd.is_server", record) == "true");
}

TEST_CASE("a socket that is neither bound nor connected has no ends") {
    World world;
    const Record record = with_fd("socket", Descriptor::inet(3, {"0.0.0.0", 0}, {"0.0.0.0", 0}));
    for (const char* field : {"fd.ip", "fd.port", "fd.net", "fd.cip", "fd.sip", "fd.lip", "fd.rip",
                              "fd.lport", "fd.sproto", "fd.name"}) {
        CAPTURE(field);
        CHECK(world.show(field, record) == kNothing);
    }
    CHECK(world.show("fd.type", record) == "ipv4");
    CHECK(world.show("fd.is_server", record) == "false");
}

TEST_CASE("a message to a named peer has both ends and changes the name") {
    World world;
    const auto sent = [](const char* connected_to) {
        return by_cat("sendto")
            .inet(0, 3, {"10.0.0.1", 5000}, {connected_to, 53}, IPPROTO_UDP)
            .sockaddr(1, {"10.0.0.9", 53})
            .build();
    };
    CHECK(world.show("fd.rip", sent("0.0.0.0")) == "10.0.0.9");
    CHECK(world.show("fd.rport", sent("0.0.0.0")) == "53");
    CHECK(world.show("fd.l4proto", sent("0.0.0.0")) == "udp");
    CHECK(world.show("fd.name_changed", sent("0.0.0.0")) == "true");
    CHECK(world.show("fd.name_changed", sent("10.0.0.8")) == "true");
    CHECK(world.show("fd.rip", sent("10.0.0.8")) == "10.0.0.9");
    CHECK(world.show("fd.name_changed", sent("10.0.0.9")) == "false");
    const Record unnamed =
        by_cat("sendto").inet(0, 3, {"10.0.0.1", 5000}, {"10.0.0.2", 53}, IPPROTO_UDP).build();
    CHECK(world.show("fd.name_changed", unnamed) == "false");
    // The payload of a write is no address.
    const Record write =
        by_cat("write").inet(0, 3, {"10.0.0.1", 5000}, {"10.0.0.2", 53}).bytes(1, "hello").build();
    CHECK(world.show("fd.name_changed", write) == "false");
}

TEST_CASE("an IPv6 socket between IPv4 addresses is IPv4") {
    World world;
    const Record record = with_fd(
        "connect", Descriptor::inet(3, {"::ffff:10.0.0.1", 40000}, {"::ffff:10.0.0.2", 443}));
    CHECK(world.show("fd.type", record) == "ipv4");
    CHECK(world.show("fd.sip", record) == "10.0.0.2");
    CHECK(world.show("fd.sockfamily", record) == "ip");
}

TEST_CASE("the descriptors that poll waits for") {
    World world;
    const auto entry = [](const Descriptor& fd) {
        const std::string bytes = fd.bytes();
        const saker_poll poll{fd.facts.number, 1, 1, static_cast<std::uint32_t>(bytes.size())};
        return test::struct_bytes(poll) + bytes;
    };
    const Record record =
        by_cat("ppoll")
            .bytes(0, entry(Descriptor::file(3, SAKER_FD_FILE, "/etc/passwd")) +
                          entry(Descriptor::inet(4, {"10.0.0.1", 40000}, {"10.0.0.2", 80})) +
                          test::struct_bytes(saker_poll{9, 1, 0x20, 0}))
            .build();
    CHECK(world.show("fdlist.nums", record) == "3,4,9");
    CHECK(world.show("fdlist.names", record) == "/etc/passwd,10.0.0.1:40000->10.0.0.2:80,<NA>");
    CHECK(world.show("fdlist.cips", record) == "10.0.0.1");
    CHECK(world.show("fdlist.sips", record) == "10.0.0.2");
    CHECK(world.show("fdlist.cports", record) == "40000");
    CHECK(world.show("fdlist.sports", record) == "80");
    CHECK(world.show("fdlist.nums", by_cat("poll").build()) == kNothing);
    CHECK(world.show("fdlist.nums", by_cat("select").build()) == kNothing);
}

TEST_CASE("a request of asynchronous I/O is about its file") {
    World world;
    const Record record = with_fd("io_submit", Descriptor::file(3, SAKER_FD_FILE, "/etc/shadow"));
    CHECK(world.show("fd.name", record) == "/etc/shadow");
    CHECK(world.show("fd.num", record) == "3");
}

}  // namespace
}  // namespace saker::field
