// SPDX-License-Identifier: Apache-2.0
#include "event/calls.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

#include "event/table.h"

namespace saker::event {
namespace {

using Place = std::uint8_t;

// The words that compat.def uses for places.
// NOLINTBEGIN(readability-identifier-naming)
template <unsigned form>
constexpr auto kInForm =
    [](unsigned word) consteval { return static_cast<Place>(form << SAKER_FROM_FORM | word); };
constexpr auto R = kInForm<SAKER_FROM_UNSIGNED>;
constexpr auto M = [](unsigned word) consteval { return R(SAKER_FROM_MEMORY + word); };
constexpr auto SIGNED = kInForm<SAKER_FROM_SIGNED>;
constexpr auto LOW_HIGH = kInForm<SAKER_FROM_LOW_HIGH>;
constexpr auto HIGH_LOW = kInForm<SAKER_FROM_HIGH_LOW>;
constexpr auto PAGES = kInForm<SAKER_FROM_PAGES>;
constexpr auto ID16 = kInForm<SAKER_FROM_SHORT_ID>;
constexpr auto LONGS = kInForm<SAKER_FROM_TO_LONGS>;
constexpr Place NONE = R(SAKER_FROM_NOWHERE);
// NOLINTEND(readability-identifier-naming)

using Places = std::array<Place, std::size(saker_syscall{}.from)>;

constexpr Places kRegisters = {R(0), R(1), R(2), R(3), R(4), R(5)};
constexpr Places kMemory = {M(0), M(1), M(2), M(3), M(4), M(5)};

consteval Places places(std::initializer_list<Place> given) {
    if (given.size() == 0) return kRegisters;
    Places all;
    all.fill(NONE);
    std::ranges::copy(given, all.begin());
    return all;
}

// One line of compat.def.
struct Row {
    saker_abi abi;
    std::uint16_t number;
    std::uint16_t index;
    EventType event;
    Places from{};
    std::uint8_t words = 0;    // in memory
    std::uint8_t pointer = 0;  // the register that points to them
    std::uint16_t parts = 0;
};

constexpr Row kRows[] = {
#define IA32(number, event, ...)                                               \
    {SAKER_ABI_IA32, number, SAKER_CALLS_IA32 + (number), SAKER_EVENT_##event, \
     places({__VA_ARGS__})},
#define IA32_IN_MEMORY(number, event, words) \
    {SAKER_ABI_IA32, number, SAKER_CALLS_IA32 + (number), SAKER_EVENT_##event, kMemory, words},
#define IA32_PARTS(number, event, parts)                                                         \
    {SAKER_ABI_IA32, number, SAKER_CALLS_IA32 + (number), SAKER_EVENT_##event, kRegisters, 0, 0, \
     parts},
#define SOCKETCALL(part, event, words) \
    {SAKER_ABI_IA32, part, SAKER_CALLS_SOCKETCALL + (part), SAKER_EVENT_##event, kMemory, words, 1},
#define IPC(part, event, ...) \
    {SAKER_ABI_IA32, part, SAKER_CALLS_IPC + (part), SAKER_EVENT_##event, places({__VA_ARGS__})},
#define IPC_IN_MEMORY(part, event, words, ...)                                                   \
    {SAKER_ABI_IA32, part, SAKER_CALLS_IPC + (part), SAKER_EVENT_##event, places({__VA_ARGS__}), \
     words,          4},
#define X32(number, event) {SAKER_ABI_X32, number, SAKER_CALLS_X32 + (number), SAKER_EVENT_##event},
#include "saker/compat.def"
};

// The kernel side reads so many words, to behind the registers.
static_assert(std::ranges::all_of(kRows, [](const Row& row) {
    return row.words <= SAKER_FROM_NOWHERE - SAKER_FROM_MEMORY && row.index < SAKER_CALLS;
}));

// Nearly all calls that open files: the kernel side takes these two captures in one go.
bool opens_path(std::span<const saker_capture> captures) {
    const auto is = [&](std::size_t i, saker_capture_kind kind) {
        return captures[i].kind == kind && captures[i].when.values == 0;
    };
    return captures.size() >= 2 && is(0, SAKER_CAPTURE_PATH) && is(1, SAKER_CAPTURE_FD) &&
           captures[1].arg == SAKER_ARG_RET;
}

Call plain_call(EventType type) {
    const EventInfo& info = event::info(type);
    saker_syscall descriptor{};
    descriptor.event = type;
    descriptor.syscall = info.syscall;
    descriptor.ring = static_cast<std::uint8_t>(info.ring);
    descriptor.captures = static_cast<std::uint8_t>(info.captures.size());
    std::ranges::copy(info.captures, std::begin(descriptor.capture));
    descriptor.opens = opens_path(info.captures) ? 1 : 0;
    if (info.has(kEachMessage)) descriptor.each = SAKER_EACH_MESSAGE;
    if (info.has(kEachRequest)) descriptor.each = SAKER_EACH_REQUEST;
    return {SAKER_ABI_64, info.syscall, info.syscall, descriptor};
}

// A struct of longs is half as long for a 32-bit program, and is made wide again.
void mark_longs(saker_syscall& descriptor) {
    for (saker_capture& capture : descriptor.capture) {
        const bool points_to_longs =
            capture.arg < std::size(descriptor.from) &&
            descriptor.from[capture.arg] >> SAKER_FROM_FORM == SAKER_FROM_TO_LONGS;
        if (capture.kind == SAKER_CAPTURE_STRUCT && points_to_longs) {
            capture.kind = SAKER_CAPTURE_LONGS;
        }
    }
}

Call compat_call(const Row& row) {
    Call call = plain_call(row.event);
    call.abi = row.abi;
    call.number = row.number;
    call.index = row.index;
    std::ranges::copy(row.from, std::begin(call.descriptor.from));
    call.descriptor.words = row.words;
    call.descriptor.pointer = row.pointer;
    call.descriptor.parts = row.parts;
    if (row.abi == SAKER_ABI_IA32) mark_longs(call.descriptor);
    return call;
}

std::vector<Call> make_calls() {
    std::vector<Call> all;
    for (EventType type = 0; type < events().size(); ++type) {
        if (info(type).syscall == SAKER_NO_SYSCALL) continue;
        all.push_back(plain_call(type));
        all.push_back(all.back());
        all.back().abi = SAKER_ABI_X32;
        all.back().index += SAKER_CALLS_X32;
    }
    for (const Row& row : kRows) all.push_back(compat_call(row));
    std::ranges::sort(all, {}, &Call::index);
    return all;
}

}  // namespace

std::span<const Call> calls() {
    static const std::vector<Call> all = make_calls();
    return all;
}

}  // namespace saker::event
