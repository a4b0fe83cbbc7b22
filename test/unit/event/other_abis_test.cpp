// SPDX-License-Identifier: Apache-2.0
#include "event/calls.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "catch.h"
#include "event/table.h"

using namespace saker;
using namespace saker::event;

namespace {

const Call* find_call(std::uint16_t index) {
    const auto found = std::ranges::find(calls(), index, &Call::index);
    return found == calls().end() ? nullptr : &*found;
}

const Call* ia32(std::uint16_t number) {
    return find_call(SAKER_CALLS_IA32 + number);
}

std::string_view name_of(const Call* call) {
    return call == nullptr ? "none" : info(call->descriptor.event).name;
}

// The numbers and names of one of the system's headers: `#define __NR_read 3`, or, for x32,
// `#define __NR_readv (__X32_SYSCALL_BIT + 515)`.
std::map<std::uint16_t, std::string> numbers_in(const std::string& header) {
    std::map<std::uint16_t, std::string> numbers;
    std::ifstream file("/usr/include/x86_64-linux-gnu/asm/" + header);
    constexpr std::string_view kStart = "#define __NR_";
    for (std::string line; std::getline(file, line);) {
        const auto space = line.find(' ', kStart.size());
        const auto digits = line.find_last_of(' ') + 1;
        if (!line.starts_with(kStart) || space == line.npos) continue;
        const std::string_view number = std::string_view(line).substr(digits);
        if (number.find_first_of("0123456789") != 0 && line.find("BIT +") == line.npos) continue;
        numbers[static_cast<std::uint16_t>(std::stoul(line.substr(digits)))] =
            line.substr(kStart.size(), space - kStart.size());
    }
    return numbers;
}

// Calls that are others under an older or wider name.
const std::map<std::string_view, std::string_view> kAlso = {{"waitpid", "wait4"},
                                                            {"oldstat", "stat"},
                                                            {"oldfstat", "fstat"},
                                                            {"oldlstat", "lstat"},
                                                            {"umount", "umount2"},
                                                            {"oldolduname", "uname"},
                                                            {"olduname", "uname"},
                                                            {"_llseek", "llseek"},
                                                            {"_newselect", "select"},
                                                            {"pread64", "pread"},
                                                            {"pwrite64", "pwrite"},
                                                            {"ugetrlimit", "getrlimit"},
                                                            {"mmap2", "mmap"},
                                                            {"fadvise64_64", "fadvise64"},
                                                            {"fstatat64", "newfstatat"},
                                                            {"prlimit64", "prlimit"},
                                                            {"sendfile64", "sendfile"},
                                                            {"truncate64", "truncate"},
                                                            {"ftruncate64", "ftruncate"},
                                                            {"stat64", "stat"},
                                                            {"lstat64", "lstat"},
                                                            {"fstat64", "fstat"},
                                                            {"fcntl64", "fcntl"},
                                                            {"statfs64", "statfs"},
                                                            {"fstatfs64", "fstatfs"}};

// setuid32 is setuid; clock_gettime64 and futex_time64 are clock_gettime and futex.
std::string plain_name(std::string name) {
    if (const auto also = kAlso.find(name); also != kAlso.end()) return std::string(also->second);
    for (const std::string_view suffix : {"_time64", "32"}) {
        if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
    }
    if (name.starts_with("clock_") || name.starts_with("timer")) {
        if (name.ends_with("64")) return name.substr(0, name.size() - 2);
    }
    return name;
}

}  // namespace

TEST_CASE("every ia32 number is an event, under the name of its call") {
    const auto numbers = numbers_in("unistd_32.h");
    REQUIRE(numbers.size() > 400);
    for (const auto& [number, name] : numbers) {
        INFO(number << " " << name);
        CHECK(name_of(ia32(number)) == plain_name(name));
    }
}

TEST_CASE("from 424 on, ia32's numbers are those of x86-64") {
    for (EventType type = 0; type < events().size(); ++type) {
        const std::uint16_t number = info(type).syscall;
        if (number < 424 || number == SAKER_NO_SYSCALL) continue;
        CHECK(name_of(ia32(number)) == info(type).name);
    }
}

TEST_CASE("x32 has x86-64's numbers and some of its own") {
    const auto numbers = numbers_in("unistd_x32.h");
    REQUIRE(numbers.size() > 300);
    for (const auto& [number, name] : numbers) {
        INFO(number << " " << name);
        const Call* call = find_call(SAKER_CALLS_X32 + number);
        CHECK(name_of(call) == plain_name(name));
        CHECK((call != nullptr && call->abi == SAKER_ABI_X32));
    }
}

TEST_CASE("no two calls have the same place, and each keeps its event's ring and number") {
    for (std::size_t i = 0; i < calls().size(); ++i) {
        const Call& call = calls()[i];
        const EventInfo& event = info(call.descriptor.event);
        CHECK(call.descriptor.ring == event.ring);
        CHECK(call.descriptor.syscall == event.syscall);
        CHECK(call.descriptor.captures == event.captures.size());
        if (i > 0) CHECK(calls()[i - 1].index < call.index);
    }
}

TEST_CASE("arguments of ia32 are where its calling convention has them") {
    constexpr auto kForm = [](unsigned form, unsigned word) { return form << 4 | word; };
    using From = std::array<unsigned, 6>;
    constexpr unsigned kNone = 15;
    const auto from = [](const Call* call) {
        From all{};
        std::ranges::copy(call->descriptor.from, all.begin());
        return all;
    };
    CHECK(from(ia32(5)) == From{0, 1, 2, 3, 4, 5});
    CHECK(from(ia32(120)) == From{0, 1, 2, 4, 3, kNone});  // clone: its last two are swapped
    CHECK(from(ia32(180)) == From{0, 1, 2, kForm(SAKER_FROM_LOW_HIGH, 3), kNone, kNone});
    CHECK(from(ia32(192)) == From{0, 1, 2, 3, 4, kForm(SAKER_FROM_PAGES, 5)});
    CHECK(from(ia32(23))[0] == kForm(SAKER_FROM_SHORT_ID, 0));  // setuid, of 16 bits
    CHECK(from(ia32(213))[0] == 0);                             // setuid32
    CHECK(from(ia32(19))[1] == kForm(SAKER_FROM_SIGNED, 1));    // lseek
}

TEST_CASE("socketcall and ipc are taken apart") {
    const Call* connect = find_call(SAKER_CALLS_SOCKETCALL + 3);
    CHECK(ia32(102)->descriptor.parts == SAKER_CALLS_SOCKETCALL);
    CHECK(name_of(connect) == "connect");
    CHECK(connect->is_part());
    CHECK(connect->descriptor.words == 3);
    CHECK(connect->descriptor.pointer == 1);
    CHECK(connect->descriptor.from[0] == SAKER_FROM_MEMORY);
    CHECK(ia32(117)->descriptor.parts == SAKER_CALLS_IPC);
    CHECK(name_of(find_call(SAKER_CALLS_IPC + 1)) == "semop");
    CHECK(name_of(find_call(SAKER_CALLS_IPC + 24)) == "shmctl");
    CHECK(name_of(find_call(SAKER_CALLS_IPC + 5)) == "none");
    CHECK_FALSE(ia32(102)->is_part());
}
