// SPDX-License-Identifier: Apache-2.0
#include "event/variant.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>

#include "event/raw.h"

namespace saker::event {
namespace {

// A type and what it is made of; both are asked for, at different times.
struct Variant {
    ParamType type;
    RawValue value;
};

Variant unsigned_variant(ParamType type, std::uint64_t number) {
    return {type, {RawValue::Kind::kUnsigned, number, {}}};
}

Variant signed_variant(ParamType type, std::int64_t number) {
    return {type, {RawValue::Kind::kSigned, static_cast<std::uint64_t>(number), {}}};
}

Variant bytes_variant(Bytes bytes) {
    if (bytes.empty()) return {ParamType::kBytes, {}};
    return {ParamType::kBytes, {RawValue::Kind::kBytes, 0, as_text(bytes)}};
}

// --- options of sockets ---

struct Option {
    int level;
    int name;
    ParamType type;
};

// Options that are not what their size says: a number where it is 4, else bytes. Those that
// <sys/socket.h> may not have yet by their numbers (asm-generic/socket.h).
constexpr int kReceiveTimeoutNew = 66;
constexpr int kSendTimeoutNew = 67;
constexpr int kCookie = 57;
constexpr int kNamespaceCookie = 71;
constexpr Option kOptions[] = {
    {SOL_SOCKET, SO_ERROR, ParamType::kErrno},
    {SOL_SOCKET, SO_RCVTIMEO, ParamType::kReltime},
    {SOL_SOCKET, SO_SNDTIMEO, ParamType::kReltime},
    {SOL_SOCKET, kReceiveTimeoutNew, ParamType::kReltime},
    {SOL_SOCKET, kSendTimeoutNew, ParamType::kReltime},
    {SOL_SOCKET, kCookie, ParamType::kU64},
    {SOL_SOCKET, kNamespaceCookie, ParamType::kU64},
    {SOL_SOCKET, SO_BINDTODEVICE, ParamType::kBytes},
    {IPPROTO_TCP, TCP_CONGESTION, ParamType::kBytes},
    {IPPROTO_TCP, TCP_ULP, ParamType::kBytes},
};

ParamType option_type(int level, int name, std::size_t size) {
    const auto* found = std::ranges::find_if(kOptions, [&](const Option& option) {
        return option.level == level && option.name == name;
    });
    if (found != std::end(kOptions)) return found->type;
    return size == sizeof(std::uint32_t) ? ParamType::kU32 : ParamType::kBytes;
}

Variant option_value(const Event& event, const ParamInfo& param) {
    const Bytes bytes = event.capture(param.source.a);
    const auto& args = event.header().args;
    const auto type =
        option_type(static_cast<int>(args[1]), static_cast<int>(args[2]), bytes.size());
    if (type == ParamType::kErrno && bytes.size() >= sizeof(std::int32_t)) {
        return signed_variant(type, -std::int64_t{read_struct<std::int32_t>(bytes)});
    }
    if (type == ParamType::kU32) return unsigned_variant(type, read_struct<std::uint32_t>(bytes));
    if (type == ParamType::kU64 && bytes.size() >= sizeof(std::uint64_t)) {
        return unsigned_variant(type, read_struct<std::uint64_t>(bytes));
    }
    const auto time = type == ParamType::kReltime ? timeval_at(bytes, 0) : std::nullopt;
    return time ? unsigned_variant(type, *time) : bytes_variant(bytes);
}

// --- ptrace ---

// What is told to the process when it goes on: a signal.
bool resumes(std::uint64_t request) {
    return request == PTRACE_CONT || request == PTRACE_SINGLESTEP || request == PTRACE_DETACH ||
           request == PTRACE_SYSCALL;
}

// The word that was read, where one was; else the argument.
Variant ptrace_data(const Event& event, const ParamInfo& param) {
    const auto& args = event.header().args;
    const Bytes word = event.capture(param.source.a);
    if (resumes(args[0])) {
        return signed_variant(ParamType::kSignal, static_cast<std::int32_t>(args[3]));
    }
    const bool read = word.size() >= sizeof(std::uint64_t);
    return unsigned_variant(ParamType::kU64, read ? read_struct<std::uint64_t>(word) : args[3]);
}

// --- keyctl ---

Variant text_or_argument(const Event& event, const ParamInfo& param) {
    if (event.capture(param.source.a).empty()) {
        return unsigned_variant(ParamType::kU64, event.header().args[param.source.b]);
    }
    return {ParamType::kString, {RawValue::Kind::kText, 0, event.text(param.source.a)}};
}

Variant variant(const Event& event, const ParamInfo& param) {
    switch (param.source.kind) {
        case SourceKind::kSockopt:
            return option_value(event, param);
        case SourceKind::kPtraceData:
            return ptrace_data(event, param);
        case SourceKind::kTextOrArg:
            return text_or_argument(event, param);
        default:
            return {ParamType::kBytes, {}};
    }
}

}  // namespace

ParamType variant_type(const Event& event, const ParamInfo& param) {
    return variant(event, param).type;
}

RawValue variant_value(const Event& event, const ParamInfo& param) {
    return variant(event, param).value;
}

}  // namespace saker::event
