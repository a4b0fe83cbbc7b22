// SPDX-License-Identifier: Apache-2.0
#include "event/operations.h"

#include "catch.h"
#include "event/real_name.h"
#include "record_builder.h"

namespace saker::event {
namespace {

bool takes_a_name(const saker_capture& capture) {
    return capture.kind == SAKER_CAPTURE_PATH || capture.kind == SAKER_CAPTURE_STRING;
}

TEST_CASE("a call that touches names of files has captures for them") {
    int calls = 0;
    for (EventType type = 0; type < events().size(); ++type) {
        if (operations(type) == 0) continue;
        const EventInfo& event = info(type);
        CAPTURE(event.name);
        ++calls;
        CHECK(event.syscall != SAKER_NO_SYSCALL);
        // A process record's captures would be in the way.
        CHECK(event.captures.size() <= SAKER_REAL);
        REQUIRE(!event.captures.empty());
        CHECK(takes_a_name(event.captures[0]));
        const bool two =
            (operations(type) & (bit(SAKER_OPERATION_link) | bit(SAKER_OPERATION_rename) |
                                 bit(SAKER_OPERATION_symlink) | bit(SAKER_OPERATION_mount))) != 0;
        if (!two) continue;
        REQUIRE(event.captures.size() >= 2);
        CHECK(event.captures[1].kind == SAKER_CAPTURE_PATH);
    }
    CHECK(calls >= 22);
}

TEST_CASE("calls in one family end in the same operation") {
    CHECK(operations(SAKER_EVENT_rename) == bit(SAKER_OPERATION_rename));
    CHECK(operations(SAKER_EVENT_renameat2) == operations(SAKER_EVENT_rename));
    CHECK(operations(SAKER_EVENT_unlinkat) ==
          (bit(SAKER_OPERATION_unlink) | bit(SAKER_OPERATION_rmdir)));
    CHECK(operations(SAKER_EVENT_openat) == 0);
    CHECK(operations(SAKER_EVENT_fchmod) == 0);
    CHECK(info(SAKER_OPERATION_rename).function == "security_path_rename");
}

TEST_CASE("a real name is a walk, or the text that the kernel had") {
    char buffer[64];
    const auto symlink = test::RecordBuilder("symlink")
                             .text(0, "forged")
                             .path(1, "/tmp/forged")
                             .real_text(0, "../shadow")
                             .real(1, "/etc/x")
                             .build();
    CHECK(real_name(symlink.event(), 0, buffer) == "../shadow");
    CHECK(real_name(symlink.event(), 1, buffer) == "/etc/x");
    const auto chroot = test::RecordBuilder("chroot").path(0, "/tmp/link").real(0, "/").build();
    CHECK(real_name(chroot.event(), 0, buffer) == "/");
    const auto cut =
        test::RecordBuilder("unlink").path(0, "x").real(0, "").bytes(SAKER_REAL, "x\0deep").build();
    CHECK(real_name(cut.event(), 0, buffer) == "x");
    const auto untold = test::RecordBuilder("unlink").path(0, "x").bytes(SAKER_REAL, "x").build();
    CHECK_FALSE(real_name(untold.event(), 0, buffer));
}

TEST_CASE("a walk that was cut gives a name that no prefix matches") {
    char buffer[64];
    const std::string walk("x\0deep", 6);
    const auto cut =
        test::RecordBuilder("unlink").path(0, "x").real(0, "/").bytes(SAKER_REAL, walk).build();
    CHECK(real_name(cut.event(), 0, buffer) == "deep/x");
}

}  // namespace
}  // namespace saker::event
