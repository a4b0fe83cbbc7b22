// SPDX-License-Identifier: Apache-2.0
#include "event/table.h"

#include <algorithm>
#include <initializer_list>

#include "catch.h"
#include "event/flags.h"
#include "saker/syscall_numbers.h"

namespace saker::event {
namespace {

bool is_one_of(std::uint8_t kind, std::initializer_list<saker_capture_kind> kinds) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

bool is_number(ParamType type) {
    switch (type) {
        case ParamType::kString:
        case ParamType::kPath:
        case ParamType::kRelpath:
        case ParamType::kBytes:
        case ParamType::kArgs:
        case ParamType::kSockaddr:
        case ParamType::kTuple:
        case ParamType::kFdlist:
        case ParamType::kDyn:
            return false;
        default:
            return true;
    }
}

// Whether a capture of that kind, as it is, can be a value of that type.
bool capture_gives(std::uint8_t kind, ParamType type) {
    switch (type) {
        case ParamType::kPath:
        case ParamType::kRelpath:
            return kind == SAKER_CAPTURE_PATH;
        case ParamType::kString:
            return is_one_of(kind, {SAKER_CAPTURE_PATH, SAKER_CAPTURE_STRING, SAKER_CAPTURE_BYTES});
        case ParamType::kBytes:
            return is_one_of(kind, {SAKER_CAPTURE_BYTES, SAKER_CAPTURE_IOVEC, SAKER_CAPTURE_MSGHDR,
                                    SAKER_CAPTURE_MSGCONTROL});
        case ParamType::kArgs:
            return kind == SAKER_CAPTURE_ARGV;
        case ParamType::kSockaddr:
            return is_one_of(kind, {SAKER_CAPTURE_SOCKADDR, SAKER_CAPTURE_MSGNAME});
        case ParamType::kFdlist:
            return kind == SAKER_CAPTURE_POLL;
        default:
            return false;
    }
}

bool is_fd(std::uint8_t kind) {
    return is_one_of(kind, {SAKER_CAPTURE_FD, SAKER_CAPTURE_FD_AT, SAKER_CAPTURE_MAPPED_FD,
                            SAKER_CAPTURE_IOCB_FD});
}

std::size_t struct_size(const saker_capture& capture) {
    if (capture.kind == SAKER_CAPTURE_ARRAY) return 2 * std::size_t{capture.aux};
    if (is_one_of(capture.kind, {SAKER_CAPTURE_STRUCT, SAKER_CAPTURE_POINTED})) return capture.aux;
    if (capture.kind == SAKER_CAPTURE_CAPS) return 2 * sizeof(saker_caps);
    return capture.kind == SAKER_CAPTURE_MEMORY ? sizeof(saker_memory) : 0;
}

bool is_time(ParamType type) {
    return type == ParamType::kAbstime || type == ParamType::kReltime;
}

bool is_sane(const EventInfo& event, const ParamInfo& param) {
    const auto& [kind, a, b, c] = param.source;
    const auto capture = [&] { return event.captures[a]; };
    switch (kind) {
        case SourceKind::kRet:
            return is_number(param.type);
        case SourceKind::kArg:
            return a < 6 && is_number(param.type);
        case SourceKind::kSlot:
            return capture_gives(capture().kind, param.type);
        case SourceKind::kWord:
            return is_number(param.type) && c <= 8 && b + c <= struct_size(capture());
        case SourceKind::kArgBits:
            return a < 6 && is_number(param.type) && b + c <= 64;
        case SourceKind::kArgFrom:
            return a < 6 && is_number(param.type) && b < 32;
        case SourceKind::kTimespec:
        case SourceKind::kTimeval:
            return is_time(param.type) && std::size_t{b} + 16 <= struct_size(capture());
        case SourceKind::kSeconds:
            return is_time(param.type) && std::size_t{b} + 8 <= struct_size(capture());
        case SourceKind::kTextOrArg:
            return capture().kind == SAKER_CAPTURE_STRING && b < 6 && param.type == ParamType::kDyn;
        case SourceKind::kSockopt:
            return capture().kind == SAKER_CAPTURE_BYTES && param.type == ParamType::kDyn;
        case SourceKind::kPtraceData:
            return struct_size(capture()) == 8 && param.type == ParamType::kDyn;
        case SourceKind::kTuple:
            return is_fd(capture().kind) && param.type == ParamType::kTuple;
        case SourceKind::kRealPath:
            return is_fd(capture().kind) && param.type == ParamType::kPath;
        case SourceKind::kProc:
        case SourceKind::kAbsent:
            return true;
        default:
            return is_fd(capture().kind) && is_number(param.type);
    }
}

TEST_CASE("every parameter has a source that can give its type") {
    for (const EventInfo& event : events()) {
        for (const ParamInfo& param : event.params) {
            CAPTURE(event.name, param.name);
            CHECK(is_sane(event, param));
        }
    }
}

TEST_CASE("flags and enumerations have names, other parameters have none") {
    for (const EventInfo& event : events()) {
        for (const ParamInfo& param : event.params) {
            CAPTURE(event.name, param.name);
            const bool named = param.type == ParamType::kFlags ||
                               param.type == ParamType::kOpenFlags ||
                               param.type == ParamType::kEnum || param.type == ParamType::kMode;
            REQUIRE((param.values != nullptr) == named);
            if (!named) continue;
            const bool is_enum = param.values->kind == FlagTable::Kind::kEnum;
            CHECK(is_enum == (param.type == ParamType::kEnum));
        }
    }
}

TEST_CASE("captures name arguments that exist") {
    for (const EventInfo& event : events()) {
        for (const saker_capture& capture : event.captures) {
            CAPTURE(event.name, int(capture.kind));
            CHECK(capture.kind > SAKER_CAPTURE_NONE);
            CHECK(capture.kind < SAKER_CAPTURE_KINDS);
            CHECK(capture.arg <= SAKER_ARG_RET);
            CHECK(capture.when.arg <= SAKER_ARG_RET);
            CHECK(capture.when.shift < 64);
            if (capture.kind == SAKER_CAPTURE_PATH) {
                CHECK((capture.aux < 6 || capture.aux == SAKER_ARG_CWD));
            }
        }
    }
}

TEST_CASE("events of descriptors capture one") {
    for (const EventInfo& event : events()) {
        if ((event.traits & (kUsesFd | kCreatesFd)) == 0) continue;
        CAPTURE(event.name);
        CHECK(std::ranges::any_of(event.captures, is_fd, &saker_capture::kind));
    }
}

TEST_CASE("a row of the table is what it says") {
    const EventInfo& openat = info(SAKER_EVENT_openat);
    CHECK(openat.name == "openat");
    CHECK(openat.syscall == __NR_openat);
    CHECK(openat.category == Category::kFile);
    CHECK(openat.ring == SAKER_RING_BULK);
    CHECK(openat.has(kOpens));
    CHECK_FALSE(openat.has(kUsesFd));
    REQUIRE(openat.captures.size() == 2);
    CHECK(openat.captures[0].kind == SAKER_CAPTURE_PATH);
    CHECK(openat.captures[0].arg == 1);
    CHECK(openat.captures[1].arg == SAKER_ARG_RET);
    REQUIRE(openat.params.size() == 7);
    CHECK(openat.params[3].name == "flags");
    CHECK(openat.params[3].type == ParamType::kOpenFlags);
    CHECK(openat.params[3].source.kind == SourceKind::kArg);
    CHECK(openat.params[3].source.a == 2);
    CHECK(openat.params[3].values == &flag_tables::open_flags);
}

TEST_CASE("a condition of the table is one of the call's arguments") {
    const EventInfo& prctl = info(SAKER_EVENT_prctl);
    REQUIRE(prctl.captures.size() == 1);
    CHECK(prctl.captures[0].when.values == 1u << 15);  // PR_SET_NAME
    CHECK(prctl.captures[0].when.arg == 0);
    CHECK(info(SAKER_EVENT_openat).captures[0].when.values == 0);
}

TEST_CASE("every call of the 163 that rules know has parameters") {
    for (const char* name : {"close", "ioctl", "poll", "brk", "getsockopt", "keyctl", "mknodat"}) {
        CAPTURE(name);
        const auto type = find_event(name);
        REQUIRE(type);
        CHECK_FALSE(info(*type).params.empty());
        CHECK_FALSE(info(*type).has(kGenericCall));
    }
}

TEST_CASE("names differ from the syscall's where rules use another one") {
    CHECK(info(SAKER_EVENT_pread).syscall == __NR_pread64);
    CHECK(info(SAKER_EVENT_prlimit).syscall == __NR_prlimit64);
    CHECK(info(SAKER_EVENT_procexit).syscall == SAKER_NO_SYSCALL);
}

TEST_CASE("every event is found by its name, and nothing else is") {
    for (std::size_t i = 0; i < events().size(); ++i) {
        CAPTURE(events()[i].name);
        CHECK(find_event(events()[i].name) == static_cast<EventType>(i));
    }
    CHECK_FALSE(find_event(""));
    CHECK_FALSE(find_event("opena"));
    CHECK_FALSE(find_event("openatt"));
    CHECK_FALSE(find_event("zzz"));
}

TEST_CASE("every parameter is found by its name, and nothing else is") {
    for (const EventInfo& event : events()) {
        for (std::size_t i = 0; i < event.params.size(); ++i) {
            CAPTURE(event.name, event.params[i].name);
            CHECK(find_param(event, event.params[i].name) == static_cast<std::uint8_t>(i));
            CHECK(is_param_name(event.params[i].name));
        }
    }
    CHECK_FALSE(find_param(info(SAKER_EVENT_openat), "oldpath"));
    CHECK_FALSE(find_param(info(SAKER_EVENT_getpid), "res"));
    CHECK_FALSE(is_param_name("flag"));
    CHECK_FALSE(is_param_name(""));
}

}  // namespace
}  // namespace saker::event
