// SPDX-License-Identifier: Apache-2.0
#include "event/raw.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "event/flags.h"

namespace saker::event {
namespace {

using Number = std::optional<std::uint64_t>;

std::uint64_t sign_extend(std::uint64_t value) {
    return static_cast<std::uint64_t>(
        static_cast<std::int64_t>(static_cast<std::int32_t>(static_cast<std::uint32_t>(value))));
}

// Registers have 64 bits, of which the kernel looks at as many as the argument's C type has.
std::uint64_t narrow(std::uint64_t value, const ParamInfo& param) {
    switch (param.type) {
        case ParamType::kU8:
            return value & 0xff;
        case ParamType::kU16:
            return value & 0xffff;
        case ParamType::kI16:
            return static_cast<std::uint64_t>(
                std::int64_t{static_cast<std::int16_t>(static_cast<std::uint16_t>(value))});
        case ParamType::kU32:
        case ParamType::kUid:
        case ParamType::kGid:
            return value & 0xffffffff;
        case ParamType::kI32:
        case ParamType::kPid:
        case ParamType::kFd:
        case ParamType::kSignal:
            return sign_extend(value);
        case ParamType::kFlags:
        case ParamType::kOpenFlags:
        case ParamType::kEnum:
        case ParamType::kMode:
            return param.source.kind == SourceKind::kArg ? value & 0xffffffff : value;
        default:
            return value;
    }
}

Number word(Bytes capture, std::size_t offset, std::size_t size) {
    std::uint64_t value = 0;
    if (size > sizeof value || capture.size() < offset + size) return std::nullopt;
    std::memcpy(&value, capture.data() + offset, size);
    return value;
}

Number from_word(const Event& event, const ParamInfo& param) {
    const auto& [kind, slot, offset, size] = param.source;
    const Bytes capture = event.capture(slot);
    const Number value = word(capture, offset, size);
    if (!value || param.type != ParamType::kCaps) return value;
    // saker_caps[2]: the low words of all three sets, then the high ones.
    return *value | word(capture, offset + sizeof(saker_caps), size).value_or(0) << 32;
}

// Seconds and a fraction of which there are `per_second`, as ns; nullopt where it is no time, or
// one that 64 bits of ns cannot hold (the year 2262).
Number time_at(Bytes bytes, std::size_t offset, std::uint64_t per_second) {
    constexpr std::uint64_t kNanoseconds = 1'000'000'000;
    const Number seconds = word(bytes, offset, sizeof(std::uint64_t));
    const Number fraction = word(bytes, offset + sizeof(std::uint64_t), sizeof(std::uint64_t));
    if (!seconds || !fraction || *fraction >= per_second) return std::nullopt;
    if (*seconds >= INT64_MAX / kNanoseconds) return std::nullopt;
    return *seconds * kNanoseconds + *fraction * (kNanoseconds / per_second);
}

Number from_timespec(const Event& event, const ParamInfo& param) {
    return time_at(event.capture(param.source.a), param.source.b, 1'000'000'000);
}
Number from_timeval(const Event& event, const ParamInfo& param) {
    return timeval_at(event.capture(param.source.a), param.source.b);
}
Number from_seconds(const Event& event, const ParamInfo& param) {
    constexpr std::uint64_t kNanoseconds = 1'000'000'000;
    const Number seconds =
        word(event.capture(param.source.a), param.source.b, sizeof(std::uint64_t));
    if (!seconds || *seconds >= INT64_MAX / kNanoseconds) return std::nullopt;
    return *seconds * kNanoseconds;
}

// A fact of the descriptor in the source's capture.
template <auto fact>
Number from_fd(const Event& event, const ParamInfo& param) {
    const auto fd = event.fd(param.source.a);
    return fd ? Number(fact(fd->facts)) : std::nullopt;
}

std::uint64_t device(const saker_fd& fd) {
    return user_device(fd.dev);
}
std::uint64_t inode(const saker_fd& fd) {
    return fd.ino;
}
std::uint64_t number(const saker_fd& fd) {
    return static_cast<std::uint64_t>(fd.number);
}
std::uint64_t layer(const saker_fd& fd) {
    return fd.flags & (SAKER_FD_UPPER | SAKER_FD_LOWER);
}

// A fact of the IP socket in the source's capture.
template <auto fact>
Number from_inet(const Event& event, const ParamInfo& param) {
    const auto fd = event.fd(param.source.a);
    if (!fd || (fd->facts.type != SAKER_FD_INET4 && fd->facts.type != SAKER_FD_INET6)) {
        return std::nullopt;
    }
    return fact(read_struct<saker_inet>(fd->rest));
}

std::uint64_t queue_length(const saker_inet& inet) {
    return inet.queue_length;
}
std::uint64_t queue_max(const saker_inet& inet) {
    return inet.queue_max;
}
std::uint64_t queue_percent(const saker_inet& inet) {
    return inet.queue_max == 0 ? 0 : std::uint64_t{inet.queue_length} * 100 / inet.queue_max;
}

Number from_ret(const Event& event, const ParamInfo& /*param*/) {
    return static_cast<std::uint64_t>(event.ret());
}

Number from_arg(const Event& event, const ParamInfo& param) {
    return event.header().args[param.source.a];
}

Number from_arg_bits(const Event& event, const ParamInfo& param) {
    const auto& [kind, argument, lowest, count] = param.source;
    return event.header().args[argument] >> lowest & ((1ull << count) - 1);
}

Number from_arg_from(const Event& event, const ParamInfo& param) {
    const auto& [kind, argument, lowest, unused] = param.source;
    return static_cast<std::uint32_t>(event.header().args[argument]) >> lowest << lowest;
}

using Read = Number (*)(const Event&, const ParamInfo&);

struct Reader {
    SourceKind kind;
    Read read;  // nullptr: no number, or none that the record has
};

// In the order of SourceKind.
constexpr std::array kReaders = {
    Reader{SourceKind::kRet, from_ret},
    Reader{SourceKind::kArg, from_arg},
    Reader{SourceKind::kArgBits, from_arg_bits},
    Reader{SourceKind::kArgFrom, from_arg_from},
    Reader{SourceKind::kSlot, nullptr},
    Reader{SourceKind::kWord, from_word},
    Reader{SourceKind::kTimespec, from_timespec},
    Reader{SourceKind::kTimeval, from_timeval},
    Reader{SourceKind::kSeconds, from_seconds},
    Reader{SourceKind::kTextOrArg, nullptr},
    Reader{SourceKind::kSockopt, nullptr},
    Reader{SourceKind::kPtraceData, nullptr},
    Reader{SourceKind::kDev, from_fd<device>},
    Reader{SourceKind::kIno, from_fd<inode>},
    Reader{SourceKind::kNumber, from_fd<number>},
    Reader{SourceKind::kTuple, nullptr},
    Reader{SourceKind::kQueuePercent, from_inet<queue_percent>},
    Reader{SourceKind::kQueueLength, from_inet<queue_length>},
    Reader{SourceKind::kQueueMax, from_inet<queue_max>},
    Reader{SourceKind::kLayer, from_fd<layer>},
    Reader{SourceKind::kRealPath, nullptr},
    Reader{SourceKind::kProc, nullptr},
    Reader{SourceKind::kAbsent, nullptr},
};

constexpr bool readers_are_in_order() {
    for (std::size_t i = 0; i < kReaders.size(); ++i) {
        if (static_cast<std::size_t>(kReaders[i].kind) != i) return false;
    }
    return kReaders.size() == static_cast<std::size_t>(SourceKind::kAbsent) + 1;
}
static_assert(readers_are_in_order());

template <typename Matches>
std::optional<std::size_t> find_capture(const EventInfo& event, Matches matches) {
    const auto found = std::ranges::find_if(event.captures, matches);
    if (found == event.captures.end()) return std::nullopt;
    return static_cast<std::size_t>(found - event.captures.begin());
}

std::optional<std::size_t> slot_of_fd(const EventInfo& event, std::uint8_t argument) {
    return find_capture(event, [argument](const saker_capture& capture) {
        return (capture.kind == SAKER_CAPTURE_FD || capture.kind == SAKER_CAPTURE_MAPPED_FD) &&
               capture.arg == argument;
    });
}

}  // namespace

std::optional<std::uint64_t> raw_number(const Event& event, const ParamInfo& param) {
    const Read read = kReaders[static_cast<std::size_t>(param.source.kind)].read;
    if (read == nullptr || !holds(event, param.when)) return std::nullopt;
    const Number value = read(event, param);
    return value ? Number(narrow(*value, param)) : std::nullopt;
}

// As the kernel side does (bpf/capture.h).
bool holds(const Event& event, const saker_condition& when) {
    if (when.values == 0) return true;
    const bool returned = when.arg == SAKER_ARG_RET;
    const std::uint64_t value = returned
                                    ? static_cast<std::uint64_t>(event.ret())
                                    : static_cast<std::uint32_t>(event.header().args[when.arg]);
    const std::uint64_t index = (value >> when.shift) - when.first;
    return index < 32 && (when.values >> index & 1) != 0;
}

std::optional<std::uint64_t> timeval_at(Bytes bytes, std::size_t offset) {
    return time_at(bytes, offset, 1'000'000);
}

std::optional<Event::Path> raw_path(const Event& event, const ParamInfo& param) {
    const std::size_t slot = param.source.a;
    if (param.source.kind != SourceKind::kSlot) return std::nullopt;
    if (event.info().captures[slot].kind != SAKER_CAPTURE_PATH) return std::nullopt;
    if (!event.is_process_record()) return event.path(slot);

    const std::string_view name = event.text(SAKER_PROCESS_FILENAME);
    if (name.empty()) return std::nullopt;
    const Bytes cwd = event.capture(SAKER_PROCESS_CWD);
    return Event::Path{name, cwd, event.is_cut(cwd)};
}

std::optional<std::size_t> fd_slot(const EventInfo& event, const ParamInfo& param) {
    switch (param.source.kind) {
        case SourceKind::kNumber:
            return param.source.a;
        case SourceKind::kArg:
            return slot_of_fd(event, param.source.a);
        case SourceKind::kRet:
            return returned_fd_slot(event);
        default:
            return std::nullopt;
    }
}

std::optional<std::size_t> returned_fd_slot(const EventInfo& event) {
    return slot_of_fd(event, SAKER_ARG_RET);
}

std::optional<std::size_t> base_slot(const EventInfo& event, const ParamInfo& param) {
    if (param.source.kind != SourceKind::kArg) return std::nullopt;
    return find_capture(event, [&](const saker_capture& capture) {
        return capture.kind == SAKER_CAPTURE_PATH && capture.aux == param.source.a;
    });
}

}  // namespace saker::event
