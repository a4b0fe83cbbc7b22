// SPDX-License-Identifier: Apache-2.0
#include "event/fd.h"

#include <netinet/in.h>

#include <vector>

#include "catch.h"
#include "event/name.h"
#include "record_builder.h"

namespace saker::event {
namespace {

using namespace std::string_view_literals;
using test::Descriptor;
using test::Record;
using test::RecordBuilder;

// fchdir has a descriptor in its first slot and nothing to say about it.
Record record_of(const Descriptor& fd) {
    return RecordBuilder("fchdir").fd(0, fd).build();
}

std::string name_of(const Descriptor& fd) {
    std::string name;
    append_fd_name(record_of(fd).event(), 0, name);
    return name;
}

std::string marked(const Descriptor& fd) {
    std::string name;
    append_marked_fd_name(record_of(fd).event(), 0, name);
    return name;
}

FdKind kind_of(const Descriptor& fd) {
    return fd_kind(*record_of(fd).event().fd(0));
}

TEST_CASE("kinds follow the type of the descriptor") {
    struct Case {
        std::uint8_t type;
        std::string_view name;
        char letter;
    };
    const std::vector<Case> cases = {
        {SAKER_FD_FILE, "file", 'f'},
        {SAKER_FD_DIRECTORY, "directory", 'd'},
        {SAKER_FD_CHAR, "file", 'f'},
        {SAKER_FD_BLOCK, "file", 'f'},
        {SAKER_FD_FIFO, "pipe", 'p'},
        {SAKER_FD_INET4, "ipv4", '4'},
        {SAKER_FD_INET6, "ipv6", '6'},
        {SAKER_FD_UNIX, "unix", 'u'},
        {SAKER_FD_NETLINK, "netlink", 'n'},
        {SAKER_FD_PACKET, "", 'o'},
        {SAKER_FD_SOCKET, "", 'o'},
        {SAKER_FD_MEMFD, "memfd", 'm'},
        {200, "", 'o'},
    };
    for (const Case& c : cases) {
        CAPTURE(int(c.type));
        const FdKind kind = kind_of(Descriptor::file(3, c.type, ""));
        CHECK(type_name(kind) == c.name);
        CHECK(type_char(kind) == c.letter);
    }
}

TEST_CASE("anonymous inodes are told by their name") {
    struct Case {
        std::string_view inode, name;
        char letter;
    };
    const std::vector<Case> cases = {
        {"[eventpoll]", "eventpoll", 'l'},
        {"[eventfd]", "event", 'e'},
        {"[signalfd]", "signalfd", 's'},
        {"[timerfd]", "timerfd", 't'},
        {"inotify", "inotify", 'i'},
        {"bpf-map", "bpf", 'b'},
        {"bpf-prog", "bpf", 'b'},
        {"bpf_link", "bpf", 'b'},
        {"[userfaultfd]", "userfaultfd", 'u'},
        {"[io_uring]", "io_uring", 'r'},
        {"[pidfd]", "pidfd", 'P'},
        {"[fanotify]", "", 'o'},
        {"", "", 'o'},
    };
    for (const Case& c : cases) {
        CAPTURE(c.inode);
        const FdKind kind = kind_of(Descriptor::named(3, SAKER_FD_ANON, c.inode));
        CHECK(type_name(kind) == c.name);
        CHECK(type_char(kind) == c.letter);
    }
}

TEST_CASE("an IPv6 socket between IPv4 addresses is IPv4") {
    CHECK(kind_of(Descriptor::inet(3, {"::ffff:1.1.1.1", 1}, {"::ffff:2.2.2.2", 2})) ==
          FdKind::kIpv4);
    CHECK(kind_of(Descriptor::inet(3, {"::1", 1}, {"::1", 2})) == FdKind::kIpv6);
}

TEST_CASE("descriptors have the names that /proc shows") {
    CHECK(name_of(Descriptor::file(3, SAKER_FD_FILE, "/etc/passwd")) == "/etc/passwd");
    CHECK(name_of(Descriptor::file(3, SAKER_FD_DIRECTORY, "/")) == "/");
    CHECK(name_of(Descriptor::file(3, SAKER_FD_FILE, "/deep/er", SAKER_FD_CUT)) == "deep/er");
    CHECK(name_of(Descriptor::file(3, SAKER_FD_FIFO, "/run/fifo")) == "/run/fifo");
    CHECK(name_of(Descriptor::file(3, SAKER_FD_FIFO, "")) == "pipe:[4242]");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_FIFO, "")) == "pipe:[4242]");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_MEMFD, "memfd:x")) == "memfd:x");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_ANON, "[eventpoll]")) == "anon_inode:[eventpoll]");
    CHECK(name_of(Descriptor::inet(3, {"1.1.1.1", 40000}, {"2.2.2.2", 2})) ==
          "1.1.1.1:40000->2.2.2.2:2");
    CHECK(name_of(Descriptor::unix_socket(3, "/run/x")) == "/run/x");
    CHECK(name_of(Descriptor::unix_socket(3, "\0x"sv)) == "@x");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_ANON, "[pidfd]")) == "anon_inode:[pidfd]");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_ANON, "[pidfd]\0\x39\x30\0"sv)) == "pid:12345");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_ANON, "[pidfd]\0\x39"sv)) == "anon_inode:[pidfd]");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_ANON, "bpf-map")) == "anon_inode:bpf-map");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_ANON, "bpf-map\0\0\0"sv)) == "anon_inode:bpf-map");
    CHECK(name_of(Descriptor::named(3, SAKER_FD_ANON, "bpf-prog\0watch"sv)) == "bpf-prog:watch");
    Descriptor netlink = Descriptor::file(3, SAKER_FD_NETLINK, "");
    CHECK(name_of(netlink) == "netlink:route");
    netlink.facts.protocol = 17;
    CHECK(name_of(netlink) == "netlink:17");
    netlink.facts.protocol = 4242;
    CHECK(name_of(netlink) == "netlink:4242");
    CHECK(name_of(Descriptor::file(3, SAKER_FD_NONE, "")) == "");
}

TEST_CASE("a descriptor alone has the same name") {
    const Record record = record_of(Descriptor::inet(0, {"1.1.1.1", 80}, {"2.2.2.2", 40000}));
    CHECK(fd_name(*record.event().fd(0)) == "2.2.2.2:40000->1.1.1.1:80");
    CHECK(fd_type_name(*record.event().fd(0)) == "ipv4");
}

TEST_CASE("names are marked with kind and protocol") {
    CHECK(marked(Descriptor::file(3, SAKER_FD_FILE, "/etc/passwd")) == "<f>/etc/passwd");
    CHECK(marked(Descriptor::inet(3, {"1.1.1.1", 40000}, {"2.2.2.2", 2})) ==
          "<4t>1.1.1.1:40000->2.2.2.2:2");
    CHECK(marked(Descriptor::inet(3, {"::1", 2}, {"::1", 1}, IPPROTO_UDP)) == "<6u>::1:2->::1:1");
    CHECK(marked(Descriptor::inet(3, {"1.1.1.1", 0}, {"2.2.2.2", 0}, IPPROTO_ICMP)) ==
          "<4i>1.1.1.1:0->2.2.2.2:0");
    CHECK(marked(Descriptor::inet(3, {"1.1.1.1", 0}, {"2.2.2.2", 0}, IPPROTO_RAW)) ==
          "<4r>1.1.1.1:0->2.2.2.2:0");
    CHECK(marked(Descriptor::file(3, SAKER_FD_NONE, "")) == "");
}

TEST_CASE("only what has a place in the tree has a real path") {
    std::vector<char> buffer(64);
    const auto path_of = [&](const Descriptor& fd) {
        const Record record = record_of(fd);
        const auto path = real_path(*record.event().fd(0), buffer.data());
        return path ? std::string(*path) : "none";
    };
    CHECK(path_of(Descriptor::file(3, SAKER_FD_CHAR, "/dev/video0")) == "/dev/video0");
    CHECK(path_of(Descriptor::file(3, SAKER_FD_FIFO, "")) == "none");
    CHECK(path_of(Descriptor::named(3, SAKER_FD_MEMFD, "memfd:x")) == "none");
    CHECK(path_of(Descriptor::unix_socket(3, "/run/x")) == "none");
}

}  // namespace
}  // namespace saker::event
