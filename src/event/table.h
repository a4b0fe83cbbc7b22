// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "saker/record.h"

// The table of events (include/saker/syscalls.def) as data: constant, built at compile time, free
// to be read by any thread.
namespace saker::event {

// A position in the table; the same numbers as enum saker_event.
using EventType = std::uint16_t;

enum class Category : std::uint8_t {
    kFile,
    kNet,
    kIpc,
    kMemory,
    kProcess,
    kSystem,
    kSignal,
    kUser,
    kSleep,
    kTime,
    kWait,
    kOther,
    kIoRead,   // reported as file, net, ipc or other: by the kind of the descriptor
    kIoWrite,  // likewise
    kIoOther,  // likewise
    kInternal,
};

// Bits of EventInfo::traits.
enum Trait : std::uint32_t {
    kNoTrait = 0,
    kModifiesState = 1u << 0,
    kUsesFd = 1u << 1,
    kCreatesFd = 1u << 2,
    kReadsFd = 1u << 3,
    kWritesFd = 1u << 4,
    kOpens = 1u << 5,         // open, openat, openat2, creat, open_by_handle_at
    kTracepoint = 1u << 6,    // not from sys_exit
    kGenericCall = 1u << 7,   // no parameters in the table
    kNeverSeen = 1u << 8,     // a name for conditions only
    kMeta = 1u << 9,          // made in user space: no call's and no tracepoint's
    kEachMessage = 1u << 10,  // sendmmsg, recvmmsg: one event for each message
    kEachRequest = 1u << 11,  // io_submit: one event for each request
    kWaits = 1u << 12,        // for waiting: poll, nanosleep, ...
};

enum class ParamType : std::uint8_t {
    kU8,
    kU16,
    kU32,
    kU64,
    kI16,
    kI32,
    kI64,
    kPid,
    kUid,
    kGid,
    kErrno,  // a return value: an errno's name where it is negative
    kFd,
    kSignal,
    kSigset,  // a set of signals: bit n is signal n + 1
    kString,
    kPath,     // made absolute with the working directory
    kRelpath,  // made absolute with a dirfd
    kBytes,
    kArgs,  // NUL-separated strings
    kFlags,
    kOpenFlags,  // open's flags, with the layer flags of the opened file
    kEnum,
    kMode,
    kCaps,     // a capability set
    kAbstime,  // ns since the epoch
    kReltime,  // ns
    kSockaddr,
    kTuple,   // addresses of a socket
    kFdlist,  // the descriptors that poll waits for
    kDyn,     // of a type that other arguments tell (event/variant.h)
};
inline constexpr std::size_t kParamTypes = static_cast<std::size_t>(ParamType::kDyn) + 1;

// Where a parameter's value stands in a record; see syscalls.def.
enum class SourceKind : std::uint8_t {
    kRet,
    kArg,         // a: argument
    kArgBits,     // a: argument, b: the lowest bit, c: how many
    kArgFrom,     // a: argument, b: the lowest bit that counts of its 32
    kSlot,        // a: capture
    kWord,        // a: capture, b: offset, c: bytes
    kTimespec,    // a: capture, b: offset of a struct timespec; in ns
    kTimeval,     // a: capture, b: offset of a struct timeval; in ns
    kSeconds,     // a: capture, b: offset of a 64-bit number of seconds; in ns
    kTextOrArg,   // a: capture with a text, b: the argument that stands for it where it was not
                  // taken
    kSockopt,     // a: capture with the value of a socket's option
    kPtraceData,  // a: capture with the word that PTRACE_PEEK* read
    kDev,         // a: capture (likewise for all below, but the last two)
    kIno,
    kNumber,
    kTuple,
    kQueuePercent,
    kQueueLength,
    kQueueMax,
    kLayer,  // upper or lower layer, as flags
    kRealPath,
    kProc,  // a property of the process
    kAbsent,
};

struct Source {
    SourceKind kind;
    std::uint8_t a = 0;
    std::uint8_t b = 0;
    std::uint8_t c = 0;
};

struct FlagTable;  // event/flags.h

struct ParamInfo {
    std::string_view name;
    ParamType type;
    Source source;
    const FlagTable* values;  // nullptr: none
    saker_condition when;     // absent in calls of which it does not hold
};

struct EventInfo {
    std::string_view name;
    std::uint16_t syscall;  // number, or SAKER_NO_SYSCALL
    Category category;
    saker_ring ring;
    std::uint32_t traits;
    std::span<const saker_capture> captures;
    std::span<const ParamInfo> params;

    bool has(Trait trait) const { return (traits & trait) != 0; }
};

// All events, indexed by EventType.
std::span<const EventInfo> events();

inline const EventInfo& info(EventType type) {
    return events()[type];
}

// The event of that name.
std::optional<EventType> find_event(std::string_view name);

// The index of a parameter in an event.
std::optional<std::uint8_t> find_param(const EventInfo& event, std::string_view name);

// True if any event has a parameter of that name.
bool is_param_name(std::string_view name);

}  // namespace saker::event
