// SPDX-License-Identifier: Apache-2.0
#include "source/recording.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.h"
#include "record_builder.h"
#include "state/temp_folder.h"

namespace saker::source {
namespace {

using test::Record;
using test::RecordBuilder;

constexpr std::size_t kHeader = 32;  // bytes before the first record

struct Files {
    test::TempFolder folder;
    std::string path = folder.path("records");

    void record(const std::vector<Record>& records) const {
        auto writer = RecordingWriter::create(path);
        REQUIRE(writer);
        for (const Record& record : records) REQUIRE(writer->write(record));
        REQUIRE(writer->close());
    }
    std::string content() const {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void replace(std::string_view content) const { folder.write("records", content); }

    std::string error() const {
        const auto recording = Recording::read(path);
        return recording ? "read" : recording.error().message;
    }
    std::string foreign() const { return path + " was not recorded by this version of Saker"; }
};

// Of sizes that need each padding.
std::vector<Record> some_records() {
    std::vector<Record> records;
    for (std::size_t size = 0; size < 20; ++size) {
        records.push_back(
            RecordBuilder("openat").sequence(size).text(2, std::string(size, 'x')).build());
    }
    return records;
}

TEST_CASE_METHOD(Files, "Records come back as they were written") {
    const std::vector<Record> written = some_records();
    record(written);
    const auto recording = Recording::read(path);
    REQUIRE(recording);
    REQUIRE(recording->records().size() == written.size());
    for (std::size_t i = 0; i < written.size(); ++i) {
        CAPTURE(i);
        CHECK(std::ranges::equal(recording->records()[i], written[i].bytes()));
        const auto event = event::Event::parse(recording->records()[i]);
        REQUIRE(event);
        CHECK(event->header().sequence == i);
    }
}

TEST_CASE_METHOD(Files, "The bytes stay where they are when a recording is moved") {
    record(some_records());
    auto recording = Recording::read(path);
    REQUIRE(recording);
    const Recording moved = std::move(*recording);
    CHECK(event::Event::parse(moved.records()[3])->header().sequence == 3);
}

TEST_CASE_METHOD(Files, "A recording of nothing is empty") {
    record({});
    const auto recording = Recording::read(path);
    REQUIRE(recording);
    CHECK(recording->records().empty());
}

TEST_CASE_METHOD(Files, "A recording that was cut is an error, but for a cut between records") {
    const std::vector<Record> records = some_records();
    record(records);
    const std::string whole = content();
    std::set<std::size_t> borders = {kHeader};
    std::size_t end = kHeader;
    for (const Record& record : records) borders.insert(end += (record.bytes().size() + 7) / 8 * 8);
    REQUIRE(end == whole.size());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        replace(whole.substr(0, size));
        CAPTURE(size);
        const std::string message = error();
        if (size < kHeader) {
            CHECK(message == foreign());
        } else if (borders.contains(size)) {
            CHECK(message == "read");
        } else {
            CHECK(message.starts_with(path + ": record is "));
        }
    }
}

TEST_CASE_METHOD(Files, "A file of another version or another kind is refused") {
    record(some_records());
    const std::string whole = content();
    // Every byte of the header counts: the magic, the sizes, the number of events.
    for (std::size_t i = 0; i < kHeader; ++i) {
        std::string other = whole;
        other[i] = static_cast<char>(other[i] + 1);
        replace(other);
        CAPTURE(i);
        CHECK(error() == foreign());
    }
    for (const std::string& other : {std::string(), std::string("- rule: x\n"),
                                     std::string(1000, '\0'), std::string(1000, 's')}) {
        replace(other);
        CHECK(error() == foreign());
    }
}

TEST_CASE_METHOD(Files, "Sizes inside the records are not believed") {
    record(some_records());
    const std::string whole = content();
    const auto broken = [&](std::size_t offset, auto value) {
        std::string other = whole;
        std::memcpy(other.data() + kHeader + offset, &value, sizeof value);
        replace(other);
        return error();
    };
    const std::size_t size = offsetof(saker_record, size);
    const std::size_t lengths = offsetof(saker_record, lengths);
    CHECK(broken(size, std::uint32_t{0}).starts_with(path + ": "));
    CHECK(broken(size, std::uint32_t{0xffffffff}) == path + ": record is cut off");
    CHECK(broken(size, std::uint32_t{8}).starts_with(path + ": "));
    CHECK(broken(lengths, std::uint32_t{0xffffffff}) ==
          path + ": record whose captures do not add up to its size");
    CHECK(broken(offsetof(saker_record, event), std::uint16_t{SAKER_EVENT_COUNT}) ==
          path + ": record of an unknown event");
}

TEST_CASE_METHOD(Files, "What is no file cannot be read, and does not hang or throw") {
    CHECK(error() == "cannot open " + path + ": No such file or directory");
    const auto folder_read = Recording::read(folder.path());
    REQUIRE_FALSE(folder_read);
    // Zeros without end, whose size is not known beforehand.
    CHECK(Recording::read("/dev/zero").error().message ==
          "/dev/zero was not recorded by this version of Saker");
    CHECK_FALSE(Recording::read("/dev/null"));
}

TEST_CASE_METHOD(Files, "A pipe that carries a recording is refused: its size cannot be known") {
    record(some_records());
    const std::string whole = content();
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    REQUIRE(write(ends[1], whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()));
    close(ends[1]);
    const auto recording = Recording::read("/proc/self/fd/" + std::to_string(ends[0]));
    close(ends[0]);
    REQUIRE_FALSE(recording);
    CHECK(recording.error().message.find("is no regular file") != std::string::npos);
}

TEST_CASE_METHOD(Files, "What cannot be written is an error") {
    const auto missing = RecordingWriter::create(folder.path("none/records"));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message ==
          "cannot create " + folder.path("none/records") + ": No such file or directory");
    auto full = RecordingWriter::create("/dev/full");
    if (full) {
        const Record record = RecordBuilder("openat").build();
        const bool written = full->write(record).has_value();
        const auto closed = full->close();
        CHECK_FALSE((written && closed));
    }
}

}  // namespace
}  // namespace saker::source
