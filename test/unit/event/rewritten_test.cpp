// SPDX-License-Identifier: Apache-2.0
#include "event/rewritten.h"

#include <fcntl.h>

#include <cerrno>
#include <string>
#include <vector>

#include "catch.h"
#include "record_builder.h"

namespace saker::event {
namespace {

using test::RecordBuilder;

bool rewritten(const RecordBuilder& record) {
    const auto made = record.build();
    return is_rewritten(made.event());
}

RecordBuilder unlinked(std::string_view asked, std::string_view real) {
    return RecordBuilder("unlink").path(0, asked, "/home").real(0, real);
}

TEST_CASE("a path is compared by its last part, as far as links cannot change it") {
    CHECK_FALSE(rewritten(unlinked("/tmp/link/a", "/var/log/a")));
    CHECK_FALSE(rewritten(unlinked("a", "/var/log/a")));
    CHECK_FALSE(rewritten(RecordBuilder("mkdir").path(0, "/tmp/a//").real(0, "/tmp/a")));
    CHECK(rewritten(unlinked("/tmp/link/b", "/var/log/a")));
    CHECK(rewritten(unlinked("/tmp/link/aa", "/var/log/a")));
    CHECK(rewritten(unlinked("", "/var/log/a")));
    CHECK(rewritten(unlinked("/", "/var/log/a")));
}

TEST_CASE("both names of a call count") {
    const auto rename = [](std::string_view old_name, std::string_view new_name) {
        return RecordBuilder("renameat2")
            .path(0, old_name)
            .path(1, new_name)
            .real(0, "/d/old")
            .real(1, "/d/new");
    };
    CHECK_FALSE(rewritten(rename("/d/old", "/d/new")));
    CHECK(rewritten(rename("/d/x", "/d/new")));
    CHECK(rewritten(rename("/d/old", "/d/x")));
}

TEST_CASE("where a call follows a link at the end, names may differ") {
    for (const char* call : {"chmod", "chown", "fchmodat", "umount2", "chroot"}) {
        CAPTURE(call);
        CHECK_FALSE(rewritten(RecordBuilder(call).path(0, "/tmp/link").real(0, "/etc/shadow")));
    }
    const auto link = [](std::uint64_t flags) {
        return RecordBuilder("linkat")
            .arg(4, flags)
            .path(0, "/proc/self/fd/3")
            .path(1, "/tmp/new")
            .real(0, "/etc/shadow")
            .real(1, "/tmp/new");
    };
    CHECK(rewritten(link(0)));
    CHECK_FALSE(rewritten(link(AT_SYMLINK_FOLLOW)));
    CHECK_FALSE(rewritten(link(AT_EMPTY_PATH)));
}

TEST_CASE("the target of a symbolic link and the device of a mount are compared as texts") {
    const auto symlink = [](std::string_view asked, std::string_view real) {
        return RecordBuilder("symlink")
            .text(0, asked)
            .path(1, "/tmp/l")
            .real_text(0, real)
            .real(1, "/tmp/l");
    };
    CHECK_FALSE(rewritten(symlink("/etc/shadow", "/etc/shadow")));
    CHECK(rewritten(symlink("/etc/hosts", "/etc/shadow")));
    CHECK(rewritten(symlink("/etc/shadow-", "/etc/shadow")));
    CHECK_FALSE(rewritten(
        symlink("/etc/shadow-", "/etc/shadow").flags(SAKER_REAL_NAMES | SAKER_TRUNCATED)));
    CHECK(rewritten(RecordBuilder("mount")
                        .text(0, "none")
                        .path(1, "/mnt")
                        .real_text(0, "/dev/sda")
                        .real(1, "/mnt")));
}

TEST_CASE("a difference is claimed only where both are known") {
    const auto gone = RecordBuilder("unlink").real(0, "/var/log/a");
    CHECK_FALSE(rewritten(gone));
    CHECK_FALSE(rewritten(RecordBuilder("unlink").path(0, "/var/log/a")));
    CHECK_FALSE(rewritten(unlinked("/tmp/b", "/var/log/a").ret(-ENOENT)));
    CHECK_FALSE(
        rewritten(unlinked("/tmp/B", "/tmp/b").flags(SAKER_REAL_NAMES | SAKER_LOOSE_NAMES)));
}

TEST_CASE("connect's address is compared with the socket's peer") {
    const auto connect = [](const test::Peer& asked, const test::Peer& real, std::int64_t ret = 0) {
        const test::Peer local{real.address.find(':') == std::string::npos ? "10.0.0.1" : "::2",
                               40000};
        return rewritten(
            RecordBuilder("connect").ret(ret).inet(0, 3, local, real).sockaddr(1, asked));
    };
    CHECK_FALSE(connect({"10.0.0.2", 80}, {"10.0.0.2", 80}));
    CHECK(connect({"10.0.0.3", 80}, {"10.0.0.2", 80}));
    CHECK(connect({"10.0.0.2", 81}, {"10.0.0.2", 80}));
    CHECK(connect({"10.0.0.3", 80}, {"10.0.0.2", 80}, -EINPROGRESS));
    CHECK_FALSE(connect({"10.0.0.3", 80}, {"10.0.0.2", 80}, -ECONNREFUSED));
    CHECK_FALSE(connect({"0.0.0.0", 80}, {"127.0.0.1", 80}));
    CHECK_FALSE(connect({"::", 80}, {"::1", 80}));
    CHECK_FALSE(connect({"10.0.0.2", 80}, {"::ffff:10.0.0.2", 80}));
    CHECK(connect({"::3", 80}, {"::4", 80}));
    // A socket without a peer tells nothing.
    CHECK_FALSE(connect({"10.0.0.3", 80}, {"0.0.0.0", 0}));
}

}  // namespace
}  // namespace saker::event
