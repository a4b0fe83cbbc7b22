// SPDX-License-Identifier: Apache-2.0
#pragma once

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
    kOpens = 1u << 5,        // open, openat, openat2, creat, open_by_handle_at
    kTracepoint = 1u << 6,   // not from sys_exit
    kGenericCall = 1u << 7,  // no parameters in the table
    kNeverSeen = 1u << 8,    // a name for conditions only
    kMeta = 1u << 9,         // made in user space: no call's and no tracepoint's
};

enum class ParamType : std::uint8_t {
    kU8,
    kU32,
    kU64,
    kI32,
    kI64,
    kPid,
    kUid,
    kGid,
    kErrno,  // a return value: an errno's name where it is negative
    kFd,
    kSignal,
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
    kSockaddr,
    kTuple,  // addresses of a socket
};

// Where a parameter's value stands in a record; see syscalls.def.
enum class SourceKind : std::uint8_t {
    kRet,
    kArg,   // a: argument
    kSlot,  // a: capture
    kWord,  // a: capture, b: offset, c: bytes
    kDev,   // a: capture (likewise for all below, but the last two)
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
