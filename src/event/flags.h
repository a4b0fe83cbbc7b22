// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "saker/record.h"

// Names of numbers (include/saker/flags.def): flags, enumerations, errnos, signals, capabilities.
// All of it is constant; any thread may read it.
namespace saker::event {

struct FlagName {
    std::string_view name;
    std::uint64_t value;
};

struct FlagTable {
    enum class Kind : std::uint8_t {
        kFlags,  // a sum of bits
        kEnum,   // one of the values
    };

    std::string_view name;
    Kind kind;
    std::span<const FlagName> names;
};

// The `value` of a name that stands for all numbers of an enumeration that have none.
inline constexpr std::uint64_t kOtherwise = ~0ull;

namespace flag_tables {

// NOLINTBEGIN(readability-identifier-naming): the names of the tables
#define TABLE(name, kind) extern const FlagTable name;
#include "saker/flags.def"
// NOLINTEND(readability-identifier-naming)

// For the column `values` of syscalls.def: a table's address, or nullptr for `none`.
inline constexpr std::nullptr_t none = nullptr;  // NOLINT(readability-identifier-naming)
constexpr const FlagTable* pointer(const FlagTable& table) {
    return &table;
}
constexpr const FlagTable* pointer(std::nullptr_t /*none*/) {
    return nullptr;
}

}  // namespace flag_tables

// Appends the value's names, joined by `|`, and returns whether there are any.
//
// Flags: in the table's order, each name takes its bits away, so that O_SYNC does not also print
// O_DSYNC; bits without a name are not shown; a name of value 0 stands if no other does.
// Enumerations: every name of exactly that value (AF_LOCAL|AF_UNIX), or the one of kOtherwise.
bool append_names(const FlagTable& table, std::uint64_t value, std::string& out);

// What the table open_flags has in place of the kernel's access mode (two bits that are a number,
// not flags), and for what only the opened file tells. Above all bits that open can have.
inline constexpr std::uint64_t kOpenRead = 1ull << 48;
inline constexpr std::uint64_t kOpenWrite = 1ull << 49;
inline constexpr std::uint64_t kOpenCreated = 1ull << 50;
inline constexpr std::uint64_t kOpenUpperLayer = 1ull << 51;
inline constexpr std::uint64_t kOpenLowerLayer = 1ull << 52;

// What the table futex_operations has in place of the operation 0, beside flags that are no 0.
inline constexpr std::uint64_t kFutexWait = 1ull << 53;

// The bits to look up in open_flags for the flags of an open call and for the `flags` of the
// struct saker_fd that it opened (0 if it opened none).
std::uint64_t open_flag_bits(std::uint64_t flags, std::uint8_t fd_flags);

// "ENOENT" for 2; empty if there is no such errno. Knows the kernel's own ones (ERESTARTSYS), which
// a tracepoint may see.
std::string_view errno_name(std::uint64_t number);

// "SIGKILL" for 9; empty for 0, for real-time signals and for what is no signal.
std::string_view signal_name(std::uint64_t number);

// "CAP_CHOWN" for 0; empty where there is no such capability.
std::string_view capability_name(std::uint64_t number);

// Appends the names of a capability set, joined by blanks, the lowest bit first.
void append_capabilities(std::uint64_t set, std::string& out);

// A device number as the kernel holds it (major << 20 | minor, saker_fd.dev) and as 32-bit user
// space sees it (st_dev: the low 8 bits of the minor stand below the major, the others above).
constexpr std::uint32_t device_major(std::uint32_t kernel) {
    return kernel >> 20;
}
constexpr std::uint32_t device_minor(std::uint32_t kernel) {
    return kernel & 0xfffff;
}
constexpr std::uint32_t user_device(std::uint32_t kernel) {
    const std::uint32_t minor = device_minor(kernel);
    return (minor & 0xff) | (device_major(kernel) << 8) | ((minor & ~0xffu) << 12);
}

}  // namespace saker::event
