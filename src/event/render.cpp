// SPDX-License-Identifier: Apache-2.0
#include "event/render.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <iterator>

#include "event/fd.h"
#include "event/flags.h"
#include "event/name.h"
#include "event/raw.h"
#include "event/variant.h"

namespace saker::event {
namespace {

constexpr std::string_view kNotAvailable = "<NA>";
constexpr std::string_view kNone = "<NONE>";
constexpr std::uint32_t kNoId = 0xffffffff;  // uid and gid -1: leave it as it is, or not set

// One question: which parameter of which event.
struct Query {
    const Event& event;
    const ParamInfo& param;
    Resolver* resolver;

    bool is(SourceKind kind) const { return param.source.kind == kind; }

    RawValue value(std::string& storage) const {
        return raw_value(event, param, resolver, storage);
    }
};

// Absent values of these types are missing for a condition; of the others they are "<NA>".
bool is_missing_when_absent(ParamType type) {
    return type == ParamType::kBytes || type == ParamType::kArgs || type == ParamType::kTuple ||
           type == ParamType::kFdlist || type == ParamType::kDyn;
}

bool is_octal(const ParamInfo& param) {
    return param.type == ParamType::kMode ||
           (param.type == ParamType::kU32 && param.name == "mode");
}

template <typename T>
void append_number(T number, int base, std::string& out) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    out.append(digits.data(), end);
}

void append_octal(std::uint64_t number, std::string& out) {
    if (number != 0) out += '0';
    append_number(number, 8, out);
}

void append_hex(std::uint64_t number, std::string& out) {
    const std::size_t begin = out.size();
    append_number(number, 16, out);
    for (std::size_t i = begin; i < out.size(); ++i) {
        if (out[i] >= 'a') out[i] = static_cast<char>(out[i] - 'a' + 'A');
    }
}

// The names of a set of signals, joined by blanks: bit n stands for signal n + 1.
void append_signals(std::uint64_t set, std::string& out) {
    std::string_view separator;
    for (; set != 0; set &= set - 1) {
        const std::string_view name = signal_name(static_cast<unsigned>(std::countr_zero(set)) + 1);
        if (name.empty()) continue;
        (out += separator) += name;
        separator = " ";
    }
}

void append_unsigned(const ParamInfo& param, std::uint64_t number, std::string& out) {
    const bool is_id = param.type == ParamType::kUid || param.type == ParamType::kGid;
    if (param.type == ParamType::kSigset) {
        append_signals(number, out);
    } else if (is_octal(param)) {
        append_octal(number, out);
    } else if (param.source.kind == SourceKind::kDev) {
        append_hex(number, out);
    } else if (is_id && number == kNoId) {
        out += "-1";
    } else {
        append_number(number, 10, out);
    }
}

bool append_value(const ParamInfo& param, const RawValue& value, std::string& out) {
    switch (value.kind) {
        case RawValue::Kind::kAbsent:
            return false;
        case RawValue::Kind::kSigned:
            append_number(static_cast<std::int64_t>(value.number), 10, out);
            break;
        case RawValue::Kind::kUnsigned:
            append_unsigned(param, value.number, out);
            break;
        case RawValue::Kind::kText:
            out += value.text;
            break;
        case RawValue::Kind::kBytes:
            append_printable(value.text, out);
            break;
    }
    return true;
}

bool append_if_any(std::string_view text, std::string& out) {
    out += text;
    return !text.empty();
}

// The functions below append the resolved text of one type of parameter.
using Resolve = bool (*)(const Query& query, const RawValue& value, std::string& out);

bool resolve_errno(const Query& /*query*/, const RawValue& value, std::string& out) {
    const auto number = static_cast<std::int64_t>(value.number);
    return number < 0 && append_if_any(errno_name(0 - value.number), out);
}

// What a relative path starts at, or what stands for a path: the kernel side has walked it.
bool resolve_base(const Query& query, std::string& out) {
    const auto slot = base_slot(query.event.info(), query.param);
    if (!slot || query.event.is_process_record()) return false;
    const auto path = query.event.path(*slot);
    if (!path || path->asked.starts_with('/')) return false;
    if (path->empty) {
        append_marked_fd_name(*path->empty, out);
        return true;
    }
    // These two say that a descriptor is no directory, or that there is none (its walk is then that
    // of the root). Which kind it is instead, the record does not tell.
    const std::int64_t result = query.event.ret();
    if (result == -EBADF && path->base.empty()) return false;
    if (result != -ENOTDIR && result != -EBADF) out += "<d>";
    append_walked_name(path->base, path->cut, out);
    return true;
}

bool resolve_fd(const Query& query, const RawValue& value, std::string& out) {
    const auto number = static_cast<std::int64_t>(value.number);
    if (number == AT_FDCWD && !query.is(SourceKind::kRet)) return append_if_any("AT_FDCWD", out);
    if (number < 0) return resolve_errno(query, value, out);
    auto slot = fd_slot(query.event.info(), query.param);
    // The descriptor that a call was told to return: dup2's new one.
    if (!slot && number == query.event.ret()) slot = returned_fd_slot(query.event.info());
    if (!slot) return resolve_base(query, out);
    const std::size_t begin = out.size();
    append_marked_fd_name(query.event, *slot, out);
    return out.size() != begin;
}

bool resolve_pid(const Query& query, const RawValue& value, std::string& out) {
    const auto pid = static_cast<std::int64_t>(value.number);
    if (pid < 0 && query.is(SourceKind::kRet)) return resolve_errno(query, value, out);
    if (pid <= 0 || query.resolver == nullptr) return false;
    return append_if_any(query.resolver->comm(pid), out);
}

bool append_id_name(std::string_view name, std::string& out) {
    return append_if_any(name.empty() ? kNotAvailable : name, out);
}

bool resolve_uid(const Query& query, const RawValue& value, std::string& out) {
    const auto uid = static_cast<std::uint32_t>(value.number);
    if (uid == kNoId) return append_if_any(kNone, out);
    return query.resolver != nullptr && append_id_name(query.resolver->user(uid), out);
}

bool resolve_gid(const Query& query, const RawValue& value, std::string& out) {
    const auto gid = static_cast<std::uint32_t>(value.number);
    if (gid == kNoId) return append_if_any(kNone, out);
    return query.resolver != nullptr && append_id_name(query.resolver->group(gid), out);
}

bool resolve_signal(const Query& /*query*/, const RawValue& value, std::string& out) {
    return append_if_any(signal_name(value.number), out);
}

// Old programs put a magic number into the upper half of mount's flags; the kernel drops it.
std::uint64_t without_mount_magic(const Event& /*event*/, std::uint64_t flags) {
    return (flags & MS_MGC_MSK) == MS_MGC_VAL ? flags & ~std::uint64_t{MS_MGC_MSK} : flags;
}

// FUTEX_WAIT is 0, and still has a name beside FUTEX_PRIVATE_FLAG.
std::uint64_t with_futex_wait(const Event& /*event*/, std::uint64_t operation) {
    constexpr std::uint64_t kOptions = 0x180;
    return (operation & ~kOptions) == 0 ? operation | kFutexWait : operation;
}

// The names of options are those of the level SOL_SOCKET: other levels use the same numbers.
std::uint64_t option_of_socket(const Event& event, std::uint64_t option) {
    return static_cast<std::int32_t>(event.header().args[1]) == SOL_SOCKET ? option : kOtherwise;
}

// Tables whose numbers are not quite those of the call.
struct Preparation {
    const FlagTable* table;
    std::uint64_t (*prepare)(const Event& event, std::uint64_t value);
};
constexpr Preparation kPreparations[] = {
    {&flag_tables::mount_flags, without_mount_magic},
    {&flag_tables::futex_operations, with_futex_wait},
    {&flag_tables::sockopt_options, option_of_socket},
};

bool resolve_names(const Query& query, const RawValue& value, std::string& out) {
    const FlagTable* table = query.param.values;
    if (table == nullptr) return false;
    const auto* found = std::ranges::find(kPreparations, table, &Preparation::table);
    const bool prepared = found != std::end(kPreparations);
    return append_names(*table, prepared ? found->prepare(query.event, value.number) : value.number,
                        out);
}

// "0.5s".
bool resolve_reltime(const Query& /*query*/, const RawValue& value, std::string& out) {
    constexpr double kNanoseconds = 1e9;
    std::array<char, 32> text;
    const int size = std::snprintf(text.data(), text.size(), "%gs",
                                   static_cast<double>(value.number) / kNanoseconds);
    return append_if_any({text.data(), static_cast<std::size_t>(size)}, out);
}

// dup3 and its like take a few of open's flags, but have no access mode.
bool resolve_open_flags(const Query& query, const RawValue& value, std::string& out) {
    const FlagTable* table = query.param.values;
    if (table == nullptr) return false;
    if (!query.event.info().has(kOpens)) {
        return append_names(*table, value.number & ~std::uint64_t{O_ACCMODE}, out);
    }
    const auto slot = returned_fd_slot(query.event.info());
    const auto fd = slot ? query.event.fd(*slot) : std::nullopt;
    const std::uint8_t fd_flags = fd ? fd->facts.flags : 0;
    return append_names(*table, open_flag_bits(value.number, fd_flags), out);
}

bool resolve_path(const Query& query, const RawValue& /*value*/, std::string& out) {
    const auto path = raw_path(query.event, query.param);
    if (!path || path->asked.starts_with('/')) return false;
    if (path->empty) {
        append_fd_name(*path->empty, out);
    } else {
        append_asked_name(*path, out);
    }
    return true;
}

struct Resolution {
    ParamType type;
    Resolve resolve;  // nullptr: the raw text says it all
};

// In the order of ParamType.
constexpr std::array kResolutions = {
    Resolution{ParamType::kU8, nullptr},
    Resolution{ParamType::kU16, nullptr},
    Resolution{ParamType::kU32, nullptr},
    Resolution{ParamType::kU64, nullptr},
    Resolution{ParamType::kI16, nullptr},
    Resolution{ParamType::kI32, nullptr},
    Resolution{ParamType::kI64, nullptr},
    Resolution{ParamType::kPid, resolve_pid},
    Resolution{ParamType::kUid, resolve_uid},
    Resolution{ParamType::kGid, resolve_gid},
    Resolution{ParamType::kErrno, resolve_errno},
    Resolution{ParamType::kFd, resolve_fd},
    Resolution{ParamType::kSignal, resolve_signal},
    Resolution{ParamType::kSigset, nullptr},
    Resolution{ParamType::kString, nullptr},
    Resolution{ParamType::kPath, resolve_path},
    Resolution{ParamType::kRelpath, resolve_path},
    Resolution{ParamType::kBytes, nullptr},
    Resolution{ParamType::kArgs, nullptr},
    Resolution{ParamType::kFlags, resolve_names},
    Resolution{ParamType::kOpenFlags, resolve_open_flags},
    Resolution{ParamType::kEnum, resolve_names},
    Resolution{ParamType::kMode, resolve_names},
    Resolution{ParamType::kCaps, nullptr},
    Resolution{ParamType::kAbstime, nullptr},
    Resolution{ParamType::kReltime, resolve_reltime},
    Resolution{ParamType::kSockaddr, nullptr},
    Resolution{ParamType::kTuple, nullptr},
    Resolution{ParamType::kFdlist, nullptr},
    Resolution{ParamType::kDyn, nullptr},  // as the type that it has in the event
};

constexpr bool resolutions_are_in_order() {
    for (std::size_t i = 0; i < kResolutions.size(); ++i) {
        if (static_cast<std::size_t>(kResolutions[i].type) != i) return false;
    }
    return kResolutions.size() == kParamTypes;
}
static_assert(resolutions_are_in_order());

// Resolves a value that is there; a resolver may have given text where a number is expected.
bool resolve(const Query& query, const RawValue& value, std::string& out) {
    if (value.kind == RawValue::Kind::kAbsent) return false;
    const ParamType type = query.param.type == ParamType::kDyn
                               ? variant_type(query.event, query.param)
                               : query.param.type;
    const Resolve resolve = kResolutions[static_cast<std::size_t>(type)].resolve;
    if (resolve == nullptr) return false;
    const bool text = value.kind == RawValue::Kind::kText || value.kind == RawValue::Kind::kBytes;
    if (text && resolve != resolve_path) return false;
    return resolve(query, value, out);
}

}  // namespace

bool append_raw(const Event& event, const ParamInfo& param, Resolver* resolver, std::string& out) {
    std::string storage;
    return append_value(param, raw_value(event, param, resolver, storage), out);
}

bool append_resolved(const Event& event, const ParamInfo& param, Resolver* resolver,
                     std::string& out) {
    std::string storage;
    const Query query{event, param, resolver};
    return resolve(query, query.value(storage), out);
}

bool append_arg(const Event& event, const ParamInfo& param, Resolver* resolver, std::string& out) {
    std::string storage;
    const Query query{event, param, resolver};
    const RawValue value = query.value(storage);
    if (resolve(query, value, out) || append_value(param, value, out)) return true;
    if (is_missing_when_absent(param.type)) return false;
    out += kNotAvailable;
    return true;
}

void append_args(const Event& event, Resolver* resolver, std::string& out) {
    std::string storage;
    std::string resolved;
    std::string_view separator;
    for (const ParamInfo& param : event.info().params) {
        const Query query{event, param, resolver};
        const RawValue value = query.value(storage);
        out += separator;
        out += param.name;
        out += '=';
        if (!append_value(param, value, out)) out += kNotAvailable;
        resolved.clear();
        if (resolve(query, value, resolved)) ((out += '(') += resolved) += ')';
        separator = " ";
    }
}

void append_printable(std::string_view bytes, std::string& out) {
    for (const char byte : bytes) out += byte >= ' ' && byte <= '~' ? byte : '.';
}

}  // namespace saker::event
