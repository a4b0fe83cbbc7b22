// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <ctime>
#include <string>

#include "field/make.h"
#include "field/native.h"
#include "field/row.h"
#include "util/timestamp.h"

// evt.*time: when the event was, as text, as a number, and beside other events.
namespace saker::field {

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMillisecond = 1'000'000;

std::uint64_t epoch(const Context& context) {
    return context.event->time() + context.epoch_offset_ns;
}

// Text forms of the event's time.
using TimeFormat = void (*)(std::string& out, std::uint64_t epoch_ns);

void append_iso(std::string& out, std::uint64_t epoch_ns) {
    timestamp::append_iso8601(out, epoch_ns, "+0000");
}

// As strftime(3) has it, in the local time zone.
template <const char* format>
void append_local(std::string& out, std::uint64_t epoch_ns) {
    const auto seconds = static_cast<time_t>(epoch_ns / 1'000'000'000);
    tm local{};
    localtime_r(&seconds, &local);
    char line[64];
    out.append(line, std::strftime(line, sizeof(line), format, &local));
}

constexpr char kClock[] = "%H:%M:%S";
constexpr char kDate[] = "%Y-%m-%d ";
constexpr char kDateAndClock[] = "%Y-%m-%d %H:%M:%S";

void append_datetime(std::string& out, std::uint64_t epoch_ns) {
    append_local<kDate>(out, epoch_ns);
    timestamp::append_clock(out, epoch_ns);
}

template <TimeFormat append>
Values formatted_time(const FieldUse& /*use*/, const Context& context) {
    std::string formatted;
    append(formatted, epoch(context));
    return text_copy(context, formatted);
}

// What a time shows: all of it, its seconds, or what is left of the second.
using Part = std::uint64_t (*)(std::uint64_t ns);

std::uint64_t whole(std::uint64_t ns) {
    return ns;
}
std::uint64_t seconds(std::uint64_t ns) {
    return ns / kSecond;
}
std::uint64_t nanoseconds(std::uint64_t ns) {
    return ns % kSecond;
}

template <Part part>
Values raw_time(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, part(epoch(context)));
}

// The time since another event: records of different threads may come a little out of order, then
// it is 0.
template <std::uint64_t Context::* other, Part part>
Values since(const FieldUse& /*use*/, const Context& context) {
    const std::uint64_t then = context.*other;
    if (then == 0) return none();
    const std::uint64_t now = context.event->time();
    return unsigned_number(context, part(now > then ? now - then : 0));
}

// How far the event is from the time in the argument, in ms, rounded up: within D ms is `<= D`.
Values distance(const FieldUse& use, const Context& context) {
    std::uint64_t other = 0;
    std::from_chars(use.argument.data(), use.argument.data() + use.argument.size(), other);
    const std::uint64_t now = epoch(context);
    const std::uint64_t ns = now > other ? now - other : other - now;
    return unsigned_number(context, ns / kMillisecond + (ns % kMillisecond != 0 ? 1 : 0));
}

using namespace row;

constexpr auto kTime = Argument::kTime;
constexpr auto kFirst = &Context::first_time;
constexpr auto kPrevious = &Context::previous_time;

// clang-format off
const FieldInfo kRows[] = {
    {"evt.time", kStr, kNone, kOne, 0, formatted_time<timestamp::append_clock>, nullptr, "Local time, HH:MM:SS.nnnnnnnnn."},
    {"evt.time.s", kStr, kNone, kOne, 0, formatted_time<append_local<kClock>>, nullptr, "Local time, HH:MM:SS."},
    {"evt.time.iso8601", kStr, kNone, kOne, 0, formatted_time<append_iso>, nullptr, "UTC, YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000."},
    {"evt.datetime", kStr, kNone, kOne, 0, formatted_time<append_datetime>, nullptr, "Local date and time with nanoseconds."},
    {"evt.datetime.s", kStr, kNone, kOne, 0, formatted_time<append_local<kDateAndClock>>, nullptr, "Local date and time."},
    {"evt.rawtime", kAbs, kNone, kOne, 0, raw_time<whole>, nullptr, "Time, ns since the epoch."},
    {"evt.rawtime.s", kAbs, kNone, kOne, 0, raw_time<seconds>, nullptr, "Time, seconds since the epoch."},
    {"evt.rawtime.ns", kAbs, kNone, kOne, kNineDigits, raw_time<nanoseconds>, nullptr, "The nanoseconds of the time."},
    {"evt.reltime", kRel, kNone, kOne, 0, since<kFirst, whole>, nullptr, "Time since the first event, ns."},
    {"evt.reltime.s", kRel, kNone, kOne, 0, since<kFirst, seconds>, nullptr, "The whole seconds of evt.reltime."},
    {"evt.reltime.ns", kRel, kNone, kOne, kNineDigits, since<kFirst, nanoseconds>, nullptr, "The nanoseconds of evt.reltime."},
    {"evt.deltatime", kRel, kNone, kOne, 0, since<kPrevious, whole>, nullptr, "Time since the event before, ns."},
    {"evt.deltatime.s", kRel, kNone, kOne, 0, since<kPrevious, seconds>, nullptr, "The whole seconds of evt.deltatime."},
    {"evt.deltatime.ns", kRel, kNone, kOne, kNineDigits, since<kPrevious, nanoseconds>, nullptr, "The nanoseconds of evt.deltatime."},
    {"evt.outputtime", kStr, kNone, kOne, kPrintOnly, formatted_time<timestamp::append_clock>, nullptr, "The same as evt.time."},
    {"evt.around", kUint, kTime, kOne, kFilterOnly | kDistance, distance, nullptr, "evt.around[T]=D holds within D ms of the time T, which is in ns since the epoch."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> time_fields() {
    return kRows;
}

}  // namespace saker::field
