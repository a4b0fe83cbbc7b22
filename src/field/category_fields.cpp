// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "event/fd.h"
#include "field/by_type.h"
#include "field/event_file.h"
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"

// evt.category, and what is counted by it.
namespace saker::field {

namespace {

using event::EventType;

constexpr std::string_view kFile = "file";
constexpr std::string_view kNetwork = "net";
constexpr std::string_view kIpc = "ipc";
constexpr std::string_view kMemory = "memory";
constexpr std::string_view kUnknown = "unknown";

// In the order of Category; empty: what the descriptor is decides.
constexpr std::array<std::string_view, 16> kCategories = {
    kFile,   kNetwork, "IPC",  kMemory, "process", "system", "signal", "user",
    "sleep", "time",   "wait", "other", "",        "",       "",       "internal"};

// What reading, writing and the like are about, by the kind of the descriptor, as existing rule
// files expect: what only waits or controls (an eventpoll, a bpf map) is neither of the three.
// Packet sockets and those of rare families are network: whoever asks for it means them too.
std::string_view category_of(const event::Event::Fd& fd) {
    if (fd.facts.type == SAKER_FD_PACKET || fd.facts.type == SAKER_FD_SOCKET) return kNetwork;
    switch (event::fd_kind(fd)) {
        case event::FdKind::kFile:
        case event::FdKind::kDirectory:
        case event::FdKind::kMemfd:
            return kFile;
        case event::FdKind::kIpv4:
        case event::FdKind::kIpv6:
            return kNetwork;
        case event::FdKind::kPipe:
        case event::FdKind::kUnix:
        case event::FdKind::kEventfd:
        case event::FdKind::kSignalfd:
        case event::FdKind::kInotify:
        case event::FdKind::kUserfaultfd:
            return kIpc;
        default:
            return kUnknown;
    }
}

std::string_view fixed_category(EventType type) {
    return kCategories[static_cast<std::size_t>(event::info(type).category)];
}

Value is_wait(EventType type) {
    return Value::of_bool(event::info(type).has(event::kWaits));
}

std::string_view category_of(const Context& context) {
    const std::string_view fixed = fixed_category(context.event->type());
    if (!fixed.empty()) return fixed;
    const auto& fd = context.fd;
    return fd ? category_of(*fd) : kUnknown;
}

Value category_value(EventType type) {
    return Value::of(fixed_category(type));
}
Values category(const FieldUse& /*use*/, const Context& context) {
    return text(context, category_of(context));
}
std::optional<Values> fold_category(const FieldUse& use, EventType type) {
    if (fixed_category(type).empty()) return std::nullopt;
    return by_type<category_value>(use, type);
}

Value one(EventType /*type*/) {
    return Value::of_uint(1);
}

Values error_count(const FieldUse& /*use*/, const Context& context) {
    if (!is_syscall(context.event->type())) return none();
    return unsigned_number(context, context.event->ret() < 0 ? 1 : 0);
}

// evt.count.error.*: of events of one category (kUnknown: of all others) 1 or 0.
template <const std::string_view& wanted>
Values error_count_of(const FieldUse& use, const Context& context) {
    const std::string_view found = category_of(context);
    const bool known = found == kFile || found == kNetwork || found == kMemory;
    return (known ? found : kUnknown) == wanted ? error_count(use, context) : none();
}

using namespace row;

// clang-format off
const FieldInfo kRows[] = {
    {"evt.category", kStr, kNone, kOne, kFewValues, category, fold_category, "What kind of event it is: file, net, IPC, memory, process, ..."},
    {"evt.is_wait", kBool, kNone, kOne, 0, from_type<is_wait>, by_type<is_wait>, "The call is one for waiting: poll, select, epoll_wait, nanosleep and their siblings."},
    {"evt.count", kUint, kNone, kOne, 0, from_type<one>, by_type<one>, "Always 1."},
    {"evt.count.error", kUint, kNone, kOne, 0, error_count, syscalls_only, "1 if the call failed, else 0."},
    {"evt.count.error.file", kUint, kNone, kOne, 0, error_count_of<kFile>, syscalls_only, "evt.count.error of calls about files."},
    {"evt.count.error.net", kUint, kNone, kOne, 0, error_count_of<kNetwork>, syscalls_only, "evt.count.error of calls about IP sockets."},
    {"evt.count.error.memory", kUint, kNone, kOne, 0, error_count_of<kMemory>, syscalls_only, "evt.count.error of calls about memory."},
    {"evt.count.error.other", kUint, kNone, kOne, 0, error_count_of<kUnknown>, syscalls_only, "evt.count.error of all other calls."},
    {"evt.count.exit", kUint, kNone, kOne, 0, from_type<one>, by_type<one>, "Always 1: events are taken when a call returns."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> category_fields() {
    return kRows;
}

}  // namespace saker::field
