// SPDX-License-Identifier: Apache-2.0
#include "event/flags.h"

#include <fcntl.h>

#include <algorithm>
#include <bit>

namespace saker::event {
namespace {

// One array for each table of flags.def.
// NOLINTBEGIN(readability-identifier-naming)
#define TABLE(name, kind) constexpr FlagName k_##name[] = {
#define VALUE(name, value) {#name, value},
#define END() \
    }         \
    ;
#include "saker/flags.def"
// NOLINTEND(readability-identifier-naming)

// The tables that a number is looked up in by itself are sorted by value.
static_assert(std::ranges::is_sorted(k_errno_names, {}, &FlagName::value));
static_assert(std::ranges::is_sorted(k_signal_names, {}, &FlagName::value));
static_assert(std::ranges::is_sorted(k_capability_names, {}, &FlagName::value));

std::string_view search(std::span<const FlagName> sorted, std::uint64_t number) {
    const auto found = std::ranges::lower_bound(sorted, number, {}, &FlagName::value);
    return found != sorted.end() && found->value == number ? found->name : std::string_view();
}

// Puts a `|` before every name but the first.
class Joiner {
public:
    explicit Joiner(std::string& out) : out_(out) {}

    void add(std::string_view name) {
        if (any_) out_ += '|';
        out_ += name;
        any_ = true;
    }
    bool any() const { return any_; }

private:
    std::string& out_;
    bool any_ = false;
};

bool append_flags(const FlagTable& table, std::uint64_t value, std::string& out) {
    Joiner joined(out);
    std::string_view zero;
    for (const FlagName& flag : table.names) {
        if (flag.value == 0) {
            zero = flag.name;
        } else if ((value & flag.value) == flag.value) {
            joined.add(flag.name);
            value &= ~flag.value;
        }
    }
    if (!joined.any() && !zero.empty()) joined.add(zero);
    return joined.any();
}

bool append_exact(const FlagTable& table, std::uint64_t value, std::string& out) {
    Joiner joined(out);
    for (const FlagName& entry : table.names) {
        if (entry.value == value) joined.add(entry.name);
    }
    return joined.any();
}

bool append_enum(const FlagTable& table, std::uint64_t value, std::string& out) {
    return append_exact(table, value, out) || append_exact(table, kOtherwise, out);
}

}  // namespace

namespace flag_tables {

// Named as the tables are.
// NOLINTBEGIN(readability-identifier-naming)
#define TABLE(name, kind) constinit const FlagTable name{#name, FlagTable::Kind::kind, k_##name};
#include "saker/flags.def"
// NOLINTEND(readability-identifier-naming)

}  // namespace flag_tables

bool append_names(const FlagTable& table, std::uint64_t value, std::string& out) {
    return table.kind == FlagTable::Kind::kEnum ? append_enum(table, value, out)
                                                : append_flags(table, value, out);
}

std::uint64_t open_flag_bits(std::uint64_t flags, std::uint8_t fd_flags) {
    constexpr std::uint64_t kAccess = O_ACCMODE;
    std::uint64_t bits = flags & ~kAccess;
    switch (flags & kAccess) {
        case O_WRONLY:
            bits |= kOpenWrite;
            break;
        case O_RDWR:
            bits |= kOpenRead | kOpenWrite;
            break;
        default:
            bits |= kOpenRead;
            break;  // also 3, which gives neither right, only ioctl
    }
    if ((fd_flags & SAKER_FD_CREATED) != 0) bits |= kOpenCreated;
    if ((fd_flags & SAKER_FD_UPPER) != 0) bits |= kOpenUpperLayer;
    if ((fd_flags & SAKER_FD_LOWER) != 0) bits |= kOpenLowerLayer;
    return bits;
}

std::string_view errno_name(std::uint64_t number) {
    return search(k_errno_names, number);
}

std::string_view signal_name(std::uint64_t number) {
    return search(k_signal_names, number);
}

std::string_view capability_name(std::uint64_t number) {
    return search(k_capability_names, number);
}

void append_capabilities(std::uint64_t set, std::string& out) {
    std::string_view separator;
    for (; set != 0; set &= set - 1) {
        const std::string_view name = capability_name(static_cast<unsigned>(std::countr_zero(set)));
        if (name.empty()) continue;
        out += separator;
        out += name;
        separator = " ";
    }
}

}  // namespace saker::event
