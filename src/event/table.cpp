// SPDX-License-Identifier: Apache-2.0
#include "event/table.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "event/flags.h"
#include "saker/syscall_numbers.h"

namespace saker::event {
namespace {

// The words that syscalls.def uses, each kind in a namespace of its own: a type and a source may
// have the same name. Spelt as there.
// NOLINTBEGIN(readability-identifier-naming)
namespace categories {
constexpr auto FILE = Category::kFile;
constexpr auto NET = Category::kNet;
constexpr auto IPC = Category::kIpc;
constexpr auto MEMORY = Category::kMemory;
constexpr auto PROCESS = Category::kProcess;
constexpr auto SIGNAL = Category::kSignal;
constexpr auto USER = Category::kUser;
constexpr auto SYSTEM = Category::kSystem;
constexpr auto SLEEP = Category::kSleep;
constexpr auto TIME = Category::kTime;
constexpr auto WAIT = Category::kWait;
constexpr auto OTHER = Category::kOther;
constexpr auto IO_READ = Category::kIoRead;
constexpr auto IO_WRITE = Category::kIoWrite;
constexpr auto IO_OTHER = Category::kIoOther;
constexpr auto INTERNAL = Category::kInternal;
}  // namespace categories

namespace types {
constexpr auto U8 = ParamType::kU8;
constexpr auto U16 = ParamType::kU16;
constexpr auto U32 = ParamType::kU32;
constexpr auto U64 = ParamType::kU64;
constexpr auto I16 = ParamType::kI16;
constexpr auto I32 = ParamType::kI32;
constexpr auto I64 = ParamType::kI64;
constexpr auto PID = ParamType::kPid;
constexpr auto UID = ParamType::kUid;
constexpr auto GID = ParamType::kGid;
constexpr auto ERRNO = ParamType::kErrno;
constexpr auto FD = ParamType::kFd;
constexpr auto SIGNAL = ParamType::kSignal;
constexpr auto SIGSET = ParamType::kSigset;
constexpr auto STRING = ParamType::kString;
constexpr auto PATH = ParamType::kPath;
constexpr auto RELPATH = ParamType::kRelpath;
constexpr auto BYTES = ParamType::kBytes;
constexpr auto ARGS = ParamType::kArgs;
constexpr auto FLAGS = ParamType::kFlags;
constexpr auto OPEN_FLAGS = ParamType::kOpenFlags;
constexpr auto ENUM = ParamType::kEnum;
constexpr auto MODE = ParamType::kMode;
constexpr auto CAPS = ParamType::kCaps;
constexpr auto ABSTIME = ParamType::kAbstime;
constexpr auto RELTIME = ParamType::kReltime;
constexpr auto SOCKADDR = ParamType::kSockaddr;
constexpr auto TUPLE = ParamType::kTuple;
constexpr auto FDLIST = ParamType::kFdlist;
constexpr auto DYN = ParamType::kDyn;
}  // namespace types

namespace sources {
using Number = std::uint8_t;
constexpr Source RET{SourceKind::kRet};
constexpr Source PROC{SourceKind::kProc};
constexpr Source ABSENT{SourceKind::kAbsent};
consteval Source ARG(Number argument) {
    return {SourceKind::kArg, argument};
}
consteval Source ARG_BITS(Number argument, Number lowest, Number count) {
    return {SourceKind::kArgBits, argument, lowest, count};
}
consteval Source ARG_FROM(Number argument, Number lowest) {
    return {SourceKind::kArgFrom, argument, lowest};
}
consteval Source SLOT(Number slot) {
    return {SourceKind::kSlot, slot};
}
consteval Source WORD(Number slot, Number offset, Number bytes) {
    return {SourceKind::kWord, slot, offset, bytes};
}
consteval Source TIMESPEC(Number slot, Number offset) {
    return {SourceKind::kTimespec, slot, offset};
}
consteval Source TIMEVAL(Number slot, Number offset) {
    return {SourceKind::kTimeval, slot, offset};
}
consteval Source SECONDS(Number slot, Number offset) {
    return {SourceKind::kSeconds, slot, offset};
}
consteval Source TEXT_OR_ARG(Number slot, Number argument) {
    return {SourceKind::kTextOrArg, slot, argument};
}
consteval Source SOCKOPT(Number slot) {
    return {SourceKind::kSockopt, slot};
}
consteval Source PTRACE_DATA(Number slot) {
    return {SourceKind::kPtraceData, slot};
}
consteval Source DEV(Number slot) {
    return {SourceKind::kDev, slot};
}
consteval Source INO(Number slot) {
    return {SourceKind::kIno, slot};
}
consteval Source NUMBER(Number slot) {
    return {SourceKind::kNumber, slot};
}
consteval Source TUPLE(Number slot) {
    return {SourceKind::kTuple, slot};
}
consteval Source QUEUE_PERCENT(Number slot) {
    return {SourceKind::kQueuePercent, slot};
}
consteval Source QUEUE_LENGTH(Number slot) {
    return {SourceKind::kQueueLength, slot};
}
consteval Source QUEUE_MAX(Number slot) {
    return {SourceKind::kQueueMax, slot};
}
consteval Source LAYER(Number slot) {
    return {SourceKind::kLayer, slot};
}
consteval Source REALPATH(Number slot) {
    return {SourceKind::kRealPath, slot};
}
}  // namespace sources

namespace conditions {
using Number = std::uint8_t;
constexpr saker_condition ALWAYS{};
// The call did not fail: the sign bit is not set.
constexpr saker_condition SUCCEEDED{
    .values = 1, .first = 0, .arg = SAKER_ARG_RET, .shift = 63, .reserved = 0};

template <typename... Values>
consteval saker_condition ARG_IS(Number argument, Values... values) {
    return {
        .values = ((1u << values) | ...), .first = 0, .arg = argument, .shift = 0, .reserved = 0};
}
// quotactl's command is a number from Q_SYNC (0x800001) on, above the 8 bits of the quota's type.
template <typename... Values>
consteval saker_condition QUOTA_IS(Number argument, Values... values) {
    return {.values = ((1u << values) | ...),
            .first = 0x800000,
            .arg = argument,
            .shift = 8,
            .reserved = 0};
}
}  // namespace conditions

constexpr std::uint32_t MODIFIES_STATE = kModifiesState;
constexpr std::uint32_t USES_FD = kUsesFd;
constexpr std::uint32_t CREATES_FD = kCreatesFd;
constexpr std::uint32_t READS_FD = kReadsFd;
constexpr std::uint32_t WRITES_FD = kWritesFd;
constexpr std::uint32_t OPENS = kOpens;
constexpr std::uint32_t TRACEPOINT = kTracepoint;
constexpr std::uint32_t GENERIC_CALL = kGenericCall;
constexpr std::uint32_t NEVER_SEEN = kNeverSeen;
constexpr std::uint32_t META = kMeta;
constexpr std::uint32_t WAITS = kWaits;
constexpr std::uint32_t EACH_MESSAGE = kEachMessage;
constexpr std::uint32_t EACH_REQUEST = kEachRequest;
// NOLINTEND(readability-identifier-naming)

// One line of syscalls.def.
struct Row {
    enum class Kind : std::uint8_t { kEvent, kCapture, kParam };
    Kind kind{};
    EventInfo event{};
    saker_capture capture{};
    ParamInfo param{};
};

consteval Row event_row(const EventInfo& event) {
    return {.kind = Row::Kind::kEvent, .event = event};
}
consteval Row capture_row(const saker_capture& capture) {
    return {.kind = Row::Kind::kCapture, .capture = capture};
}
consteval Row param_row(const ParamInfo& param) {
    return {.kind = Row::Kind::kParam, .param = param};
}

constexpr Row kRows[] = {
#define EVENT(name, number, category, ring, traits) \
    event_row({#name, number, categories::category, SAKER_RING_##ring, traits, {}, {}}),
#define CAPTURE_IF(kind, arg, aux, condition) \
    capture_row({SAKER_CAPTURE_##kind, arg, aux, 0, conditions::condition}),
#define PARAM_IF(name, type, source, values, condition)                                        \
    param_row({#name, types::type, sources::source, flag_tables::pointer(flag_tables::values), \
               conditions::condition}),
#include "saker/syscalls.def"
};

consteval std::size_t count(Row::Kind kind) {
    return static_cast<std::size_t>(std::ranges::count(kRows, kind, &Row::kind));
}

// All captures, and all parameters, back to back in the order of the table.
constexpr auto kCaptures = [] {
    std::array<saker_capture, count(Row::Kind::kCapture)> captures{};
    std::size_t used = 0;
    for (const Row& row : kRows) {
        if (row.kind == Row::Kind::kCapture) captures[used++] = row.capture;
    }
    return captures;
}();

constexpr auto kParams = [] {
    std::array<ParamInfo, count(Row::Kind::kParam)> params{};
    std::size_t used = 0;
    for (const Row& row : kRows) {
        if (row.kind == Row::Kind::kParam) params[used++] = row.param;
    }
    return params;
}();

// An event's captures and parameters are the rows between its own and the next event's.
constexpr auto kEvents = [] {
    std::array<EventInfo, count(Row::Kind::kEvent)> events{};
    std::size_t used = 0;
    std::size_t captures = 0;
    std::size_t params = 0;
    for (const Row& row : kRows) {
        switch (row.kind) {
            case Row::Kind::kEvent:
                events[used] = row.event;
                events[used].captures = std::span(kCaptures).subspan(captures, 0);
                events[used++].params = std::span(kParams).subspan(params, 0);
                break;
            case Row::Kind::kCapture: {
                auto& slots = events[used - 1].captures;
                slots = {slots.data(), slots.size() + 1};
                ++captures;
                break;
            }
            case Row::Kind::kParam: {
                auto& list = events[used - 1].params;
                list = {list.data(), list.size() + 1};
                ++params;
                break;
            }
        }
    }
    return events;
}();

constexpr auto kByName = [] {
    std::array<EventType, kEvents.size()> types{};
    for (std::size_t i = 0; i < types.size(); ++i) types[i] = static_cast<EventType>(i);
    std::ranges::sort(types, {}, [](EventType type) { return kEvents[type].name; });
    return types;
}();

// What the kernel side and the decoder rely on.
constexpr std::size_t kSyscallCaptures = std::size(saker_syscall{}.capture);
constexpr std::size_t kArguments = std::size(saker_record{}.args);

constexpr bool names_an_argument(SourceKind kind) {
    return kind == SourceKind::kArg || kind == SourceKind::kArgBits || kind == SourceKind::kArgFrom;
}

constexpr bool names_a_capture(SourceKind kind) {
    return kind != SourceKind::kRet && !names_an_argument(kind) && kind != SourceKind::kProc &&
           kind != SourceKind::kAbsent;
}

constexpr bool sources_exist(const EventInfo& event) {
    return std::ranges::all_of(event.params, [&](const ParamInfo& param) {
        const Source& source = param.source;
        if (names_an_argument(source.kind)) return source.a < kArguments;
        return !names_a_capture(source.kind) || source.a < event.captures.size();
    });
}

constexpr bool names_are_unique() {
    return std::ranges::adjacent_find(kByName, [](EventType a, EventType b) {
               return kEvents[a].name == kEvents[b].name;
           }) == kByName.end();
}

constexpr bool numbers_are_unique() {
    std::array<bool, SAKER_MAX_SYSCALLS> seen{};
    for (const EventInfo& event : kEvents) {
        if (event.syscall == SAKER_NO_SYSCALL) continue;
        if (event.syscall >= SAKER_MAX_SYSCALLS || seen[event.syscall]) return false;
        seen[event.syscall] = true;
    }
    return true;
}

static_assert(kEvents.size() == SAKER_EVENT_COUNT);
static_assert(kSyscallCaptures <= SAKER_MAX_CAPTURES);
static_assert(std::ranges::all_of(kEvents, [](const EventInfo& event) {
    return event.captures.size() <= kSyscallCaptures;
}));
static_assert(std::ranges::all_of(kEvents, sources_exist));
static_assert(names_are_unique());
static_assert(numbers_are_unique());

}  // namespace

std::span<const EventInfo> events() {
    return kEvents;
}

std::optional<EventType> find_event(std::string_view name) {
    const auto found = std::ranges::lower_bound(kByName, name, {},
                                                [](EventType type) { return kEvents[type].name; });
    if (found == kByName.end() || kEvents[*found].name != name) return std::nullopt;
    return *found;
}

// At most about thirty short names, most of them of different lengths: no index is faster.
std::optional<std::uint8_t> find_param(const EventInfo& event, std::string_view name) {
    for (std::size_t i = 0; i < event.params.size(); ++i) {
        if (event.params[i].name == name) return static_cast<std::uint8_t>(i);
    }
    return std::nullopt;
}

// Sorted when first asked for: it takes more steps than Clang evaluates in a constant.
bool is_param_name(std::string_view name) {
    static const auto names = [] {
        std::array<std::string_view, kParams.size()> sorted{};
        std::ranges::transform(kParams, sorted.begin(), &ParamInfo::name);
        std::ranges::sort(sorted);
        return sorted;
    }();
    return std::ranges::binary_search(names, name);
}

}  // namespace saker::event
