// SPDX-License-Identifier: Apache-2.0
#include "event/open_call.h"

#include <fcntl.h>

#include <cerrno>

#include "catch.h"
#include "record_builder.h"

namespace saker::event {
namespace {

using test::RecordBuilder;

struct OpenHow {
    std::uint64_t flags, mode, resolve;
};

TEST_CASE("flags are found in every call that opens") {
    const auto flags_of = [](const RecordBuilder& builder) {
        return open_flags(builder.build().event());
    };
    CHECK(flags_of(RecordBuilder("open").arg(1, O_RDWR)) == O_RDWR);
    CHECK(flags_of(RecordBuilder("openat").arg(2, O_RDWR)) == O_RDWR);
    CHECK(flags_of(RecordBuilder("openat2").structure(2, OpenHow{O_RDWR, 0, 0})) == O_RDWR);
    CHECK(flags_of(RecordBuilder("openat2")) == 0);
    CHECK(flags_of(RecordBuilder("open_by_handle_at").arg(2, O_RDWR)) == O_RDWR);
    CHECK(flags_of(RecordBuilder("creat").arg(1, 0644)) == (O_CREAT | O_WRONLY | O_TRUNC));
    CHECK(flags_of(RecordBuilder("dup3").arg(2, O_CLOEXEC)) == 0);
    // The kernel looks at 32 bits of the register.
    CHECK(flags_of(RecordBuilder("open").arg(1, 0xabcd'0000'0001)) == O_WRONLY);
}

TEST_CASE("a file that was opened says what with") {
    using test::Descriptor;
    const Descriptor written = Descriptor::opened(3, "/tmp/x", O_WRONLY);
    const Descriptor looked_at = Descriptor::opened(3, "/tmp/x", O_PATH);
    const Descriptor unknown = Descriptor::opened(0, "", 0);  // in the place of an opened file
    const auto flags_of = [](const RecordBuilder& builder) {
        return opened_flags(builder.build().event());
    };
    const OpenHow reading{O_RDONLY, 0, 0};
    CHECK(flags_of(RecordBuilder("openat2").ret(3).fd(1, written).structure(2, reading)) ==
          O_WRONLY);
    CHECK(flags_of(RecordBuilder("open_by_handle_at").ret(3).fd(0, written)) == O_WRONLY);
    CHECK(flags_of(RecordBuilder("creat").ret(3).fd(1, written)) == O_WRONLY);
    CHECK(flags_of(RecordBuilder("open").arg(1, O_PATH | O_WRONLY).ret(3).fd(1, looked_at)) ==
          O_PATH);
    // What was asked counts where the call failed, its end has not come, or the file is gone.
    CHECK(flags_of(RecordBuilder("open").arg(1, O_RDWR).ret(-EACCES).fd(1, written)) == O_RDWR);
    CHECK(flags_of(RecordBuilder("openat").arg(2, O_RDWR).flags(SAKER_NO_RESULT).fd(1, unknown)) ==
          O_RDWR);
    CHECK(flags_of(RecordBuilder("open").arg(1, O_RDWR).ret(3)) == O_RDWR);
    CHECK(flags_of(RecordBuilder("dup3").ret(3).fd(0, written)) == 0);
}

TEST_CASE("the access mode is a number, not two flags") {
    CHECK(opens_for_reading(O_RDONLY));
    CHECK_FALSE(opens_for_writing(O_RDONLY));
    CHECK_FALSE(opens_for_reading(O_WRONLY | O_CREAT));
    CHECK(opens_for_writing(O_WRONLY | O_CREAT));
    CHECK(opens_for_reading(O_RDWR));
    CHECK(opens_for_writing(O_RDWR));
    CHECK_FALSE(opens_for_reading(O_ACCMODE));
    CHECK_FALSE(opens_for_writing(O_ACCMODE));
}

TEST_CASE("the mode counts only where a file may be created") {
    const auto mode_of = [](const RecordBuilder& builder) {
        return open_mode(builder.build().event());
    };
    CHECK(mode_of(RecordBuilder("openat").arg(2, O_RDONLY).arg(3, 0xdead0000 | 0777)) == 0);
    CHECK(mode_of(RecordBuilder("openat").arg(2, O_CREAT).arg(3, 0xdead0000 | 0644)) == 0644);
    CHECK(mode_of(RecordBuilder("openat").arg(2, O_TMPFILE | O_RDWR).arg(3, 0600)) == 0600);
    CHECK(mode_of(RecordBuilder("openat").arg(2, O_DIRECTORY).arg(3, 0600)) == 0);
    CHECK(mode_of(RecordBuilder("openat2").structure(2, OpenHow{O_CREAT, 0700, 0})) == 0700);
    CHECK(mode_of(RecordBuilder("creat").arg(1, 0755)) == 0755);
}

}  // namespace
}  // namespace saker::event
