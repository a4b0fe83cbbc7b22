// SPDX-License-Identifier: Apache-2.0
#include "event/event.h"

#include <fcntl.h>

#include <cstring>
#include <random>
#include <vector>

#include "catch.h"
#include "record_builder.h"

namespace saker::event {
namespace {

using test::Record;
using test::RecordBuilder;

Record openat_record() {
    return RecordBuilder("openat")
        .ret(3)
        .arg(2, O_RDONLY)
        .pid(77)
        .ptgid(7)
        .comm("cat")
        .path(0, "shadow", "/etc")
        .fd(1, 3, SAKER_FD_FILE, "/etc/shadow", SAKER_FD_LOWER)
        .build();
}

std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

saker_record& header_of(Record& record) {
    return *reinterpret_cast<saker_record*>(record.writable().data());
}

TEST_CASE("a record is read back as it was built") {
    const Record record = openat_record();
    const Event event = record.event();
    CHECK(event.info().name == "openat");
    CHECK(event.ret() == 3);
    CHECK(event.comm() == "cat");
    CHECK(event.header().tgid == 77);
    CHECK(event.header().ptgid == 7);

    const auto path = event.path(0);
    REQUIRE(path);
    CHECK(path->asked == "shadow");
    CHECK(as_text(path->base) == std::string_view("etc\0", 4));
    CHECK_FALSE(path->cut);

    const auto fd = event.fd(1);
    REQUIRE(fd);
    CHECK(fd->facts.number == 3);
    CHECK(fd->facts.type == SAKER_FD_FILE);
    CHECK(fd->facts.flags == SAKER_FD_LOWER);
    CHECK(as_text(fd->rest) == std::string_view("shadow\0etc\0", 11));
}

TEST_CASE("captures that were not taken are empty") {
    const Record record = RecordBuilder("openat").build();
    const Event event = record.event();
    for (std::size_t slot = 0; slot < SAKER_MAX_CAPTURES; ++slot) {
        CAPTURE(slot);
        CHECK(event.capture(slot).empty());
        CHECK(event.text(slot).empty());
        CHECK_FALSE(event.fd(slot));
        CHECK_FALSE(event.path(slot));
    }
}

TEST_CASE("a comm of full length has no NUL") {
    Record record = openat_record();
    std::memcpy(header_of(record).comm, "0123456789abcdef", 16);
    CHECK(record.event().comm() == "0123456789abcdef");
}

TEST_CASE("text ends at its first NUL or with its capture") {
    CHECK(RecordBuilder("delete_module").text(0, "dummy").build().event().text(0) == "dummy");
    CHECK(RecordBuilder("delete_module").bytes(0, "dummy").build().event().text(0) == "dummy");
}

TEST_CASE("records that lie about their size are refused") {
    Record record = openat_record();
    const std::size_t size = record.bytes().size();

    SECTION("shorter than a header") {
        for (std::size_t length = 0; length < sizeof(saker_record); ++length) {
            CHECK_FALSE(Event::parse(record.bytes().first(length)));
        }
    }
    SECTION("cut off") {
        for (std::size_t length = sizeof(saker_record); length < size; ++length) {
            CHECK_FALSE(Event::parse(record.bytes().first(length)));
        }
    }
    SECTION("a length that is too large") {
        header_of(record).lengths[0] += 1;
        CHECK_FALSE(Event::parse(record));
    }
    SECTION("a length that is too small") {
        header_of(record).lengths[1] -= 1;
        CHECK_FALSE(Event::parse(record));
    }
    SECTION("the largest lengths") {
        for (auto& length : header_of(record).lengths) length = 0xffffffff;
        CHECK_FALSE(Event::parse(record));
    }
    SECTION("a size below the header's") {
        header_of(record).size = 8;
        CHECK_FALSE(Event::parse(record));
    }
    SECTION("an event that does not exist") {
        header_of(record).event = SAKER_EVENT_COUNT;
        CHECK_FALSE(Event::parse(record));
    }
    SECTION("unaligned") {
        std::vector<std::uint64_t> words(size / 8 + 2);
        auto* shifted = reinterpret_cast<std::byte*>(words.data()) + 4;
        std::memcpy(shifted, record.bytes().data(), size);
        CHECK_FALSE(Event::parse({shifted, size}));
    }
}

TEST_CASE("a record may be followed by other bytes") {
    const Record record = openat_record();
    std::vector<std::uint64_t> words(record.bytes().size() / 8 + 4);
    std::memcpy(words.data(), record.bytes().data(), record.bytes().size());
    CHECK(Event::parse(std::as_bytes(std::span(words))));
}

TEST_CASE("a capture can be longer than 64 KiB, and those behind it are found") {
    const std::string args = std::string(100'000, 'x') + '\0';
    const Record record = RecordBuilder("execve").bytes(5, args).text(6, "A=1").build();
    CHECK(record.event().capture(5).size() == args.size());
    CHECK(record.event().text(6) == "A=1");
}

TEST_CASE("a path whose lengths exceed its capture is no path") {
    saker_path sizes{};
    sizes.asked = 3;
    sizes.base = 2;
    const std::string good = test::struct_bytes(sizes) + std::string("ab\0c\0", 5);
    CHECK(RecordBuilder("openat").bytes(0, good).build().event().path(0));
    for (std::size_t length = 0; length < good.size(); ++length) {
        CAPTURE(length);
        const Record record = RecordBuilder("openat").bytes(0, good.substr(0, length)).build();
        CHECK_FALSE(record.event().path(0));
    }
}

TEST_CASE("a path that could not be read is no path, an empty one is") {
    CHECK_FALSE(RecordBuilder("openat").structure(0, saker_path{}).build().event().path(0));
    const Record empty = RecordBuilder("openat").path(0, "").build();
    REQUIRE(empty.event().path(0));
    CHECK(empty.event().path(0)->asked.empty());
}

TEST_CASE("a path below a directory whose walk was cut says so") {
    const Record record = RecordBuilder("openat").path_below_cut(0, "a", "b").build();
    CHECK(record.event().path(0)->cut);
}

TEST_CASE("a descriptor that does not exist is none") {
    CHECK_FALSE(RecordBuilder("openat").fd(1, -1, SAKER_FD_NONE, "").build().event().fd(1));
}

TEST_CASE("records of forks and of execs that succeeded are process records") {
    CHECK(RecordBuilder("execve").build().event().is_process_record());
    CHECK(RecordBuilder("execveat").build().event().is_process_record());
    CHECK(RecordBuilder("sched_fork").ret(5).build().event().is_process_record());
    CHECK_FALSE(RecordBuilder("execve").ret(-2).build().event().is_process_record());
    CHECK_FALSE(RecordBuilder("clone").ret(5).build().event().is_process_record());
}

TEST_CASE("the captures of a process record stand in their slots") {
    const Record record =
        RecordBuilder("execve")
            .pid(42)
            .comm("sh")
            .process({.exe = "/bin/busybox",
                      .filename = "./sh",
                      .args = {"sh", "-c", "id"},
                      .cwd = "/tmp",
                      .stdio = {test::Descriptor::file(0, SAKER_FD_CHAR, "/dev/pts/0")}})
            .build();
    const Event event = record.event();
    const auto facts = read_struct<saker_process>(event.capture(SAKER_PROCESS_FACTS));
    CHECK(facts.tgid == 42);
    CHECK(facts.args_size == 9);
    CHECK(std::string_view(facts.comm) == "sh");
    CHECK(event.text(SAKER_PROCESS_FILENAME) == "./sh");
    CHECK(as_text(event.capture(SAKER_PROCESS_EXE)) == std::string_view("busybox\0bin\0", 12));
    CHECK(as_text(event.capture(SAKER_PROCESS_ARGS)) == std::string_view("sh\0-c\0id\0", 9));
    CHECK(event.fd(SAKER_PROCESS_STDIN)->facts.type == SAKER_FD_CHAR);
    CHECK_FALSE(event.fd(SAKER_PROCESS_STDOUT));
}

TEST_CASE("a struct that is cut off is read as far as it goes") {
    const std::array<std::byte, 4> bytes{std::byte{1}, std::byte{2}, std::byte{0}, std::byte{0}};
    CHECK(read_struct<std::uint64_t>(bytes) == 0x0201);
    CHECK(read_struct<std::uint64_t>(Bytes{}) == 0);
}

// Every accessor, so that the sanitizers see each read.
std::size_t touch(const Event& event) {
    std::size_t sum = event.comm().size();
    for (std::size_t slot = 0; slot < SAKER_MAX_CAPTURES; ++slot) {
        sum += event.text(slot).size();
        for (const std::byte byte : event.capture(slot)) sum += std::to_integer<unsigned>(byte);
        if (const auto fd = event.fd(slot)) sum += fd->rest.size();
        if (const auto path = event.path(slot)) sum += path->asked.size() + path->base.size();
    }
    return sum;
}

TEST_CASE("damaged records are refused or read within their bounds") {
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        Record record = openat_record();
        auto bytes = record.writable();
        for (int i = 0; i < 4; ++i) {
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        }
        // Exactly as many bytes as the record has, so that a read beyond them is seen.
        std::vector<std::byte> exact(bytes.begin(), bytes.end());
        if (const auto event = Event::parse(exact)) CHECK(touch(*event) > 0);
    }
}

}  // namespace
}  // namespace saker::event
