// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include <array>
#include <ctime>
#include <vector>

#include "event/flags.h"
#include "event/open_call.h"
#include "field/event_file.h"
#include "field/make.h"
#include "field/native.h"
#include "field/params.h"
#include "fmt/format.h"
#include "util/timestamp.h"

// evt.* and syscall.type.
namespace saker::field {

namespace {

using event::EventType;

std::uint64_t epoch(const Context& context) {
    return context.event->time() + context.epoch_offset_ns;
}

// Values that are the same for every event of a type, as a constant for each type.
template <Value (*value_of)(EventType)>
std::optional<Values> by_type(const FieldUse& /*use*/, EventType type) {
    static const std::vector<Value> constants = [] {
        std::vector<Value> all;
        for (EventType i = 0; i < event::events().size(); ++i) all.push_back(value_of(i));
        return all;
    }();
    return Values(&constants[type], 1);
}

template <Value (*value_of)(EventType)>
Values from_type(const FieldUse& /*use*/, const Context& context) {
    return context.scratch->one(value_of(context.event->type()));
}

Value type_name(EventType type) {
    return Value::of(event::info(type).name);
}
Value direction(EventType /*type*/) {
    return Value::of("<");
}
Value source(EventType /*type*/) {
    return Value::of("syscall");
}
Value always_false(EventType /*type*/) {
    return Value::of_bool(false);
}
Value one(EventType /*type*/) {
    return Value::of_uint(1);
}
Value zero(EventType /*type*/) {
    return Value::of_uint(0);
}

Value is_io(EventType type) {
    return Value::of_bool((event::info(type).traits & (event::kReadsFd | event::kWritesFd)) != 0);
}
Value is_io_read(EventType type) {
    return Value::of_bool(event::info(type).has(event::kReadsFd));
}
Value is_io_write(EventType type) {
    return Value::of_bool(event::info(type).has(event::kWritesFd));
}

bool is_syscall(EventType type) {
    return !event::info(type).has(event::kTracepoint);
}

// syscall.type, evt.res and the like: nothing for tracepoints.
std::optional<Values> syscalls_only(const FieldUse& /*use*/, EventType type) {
    return is_syscall(type) ? std::nullopt : std::optional<Values>(Values{});
}

std::optional<Values> fold_syscall_type(const FieldUse& use, EventType type) {
    return is_syscall(type) ? by_type<type_name>(use, type) : Values{};
}
Values syscall_type(const FieldUse& use, const Context& context) {
    return is_syscall(context.event->type()) ? from_type<type_name>(use, context) : none();
}

Values is_type(const FieldUse& use, const Context& context) {
    return unsigned_number(context, event::find_event(use.argument) == context.event->type());
}

bool is_io(const Context& context) {
    return (context.event->info().traits & (event::kReadsFd | event::kWritesFd)) != 0;
}

Values io_direction(const FieldUse& /*use*/, const Context& context) {
    const auto& info = context.event->info();
    if (info.has(event::kReadsFd)) return text(context, "read");
    return info.has(event::kWritesFd) ? text(context, "write") : none();
}
std::optional<Values> io_only(const FieldUse& /*use*/, EventType type) {
    const bool io = (event::info(type).traits & (event::kReadsFd | event::kWritesFd)) != 0;
    return io ? std::nullopt : std::optional<Values>(Values{});
}

Values number(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, context.number);
}
Values cpu(const FieldUse& /*use*/, const Context& context) {
    return signed_number(context, context.event->header().cpu);
}
Values hostname(const FieldUse& /*use*/, const Context& context) {
    return text(context, *context.hostname);
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

Values raw_time(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, epoch(context));
}
Values raw_seconds(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, epoch(context) / 1'000'000'000);
}
Values raw_nanoseconds(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, epoch(context) % 1'000'000'000);
}

bool failed(const Context& context) {
    return context.event->ret() < 0;
}

Values result(const FieldUse& /*use*/, const Context& context) {
    if (!is_syscall(context.event->type())) return none();
    if (!failed(context)) return text(context, "SUCCESS");
    const auto number = static_cast<std::uint64_t>(-context.event->ret());
    const std::string_view name = event::errno_name(number);
    return name.empty() ? text_copy(context, std::to_string(number)) : text(context, name);
}
Values raw_result(const FieldUse& /*use*/, const Context& context) {
    if (!is_syscall(context.event->type())) return none();
    return signed_number(context, context.event->ret());
}
Values is_failed(const FieldUse& /*use*/, const Context& context) {
    return truth(context, failed(context));
}
Values error_count(const FieldUse& /*use*/, const Context& context) {
    if (!is_syscall(context.event->type())) return none();
    return unsigned_number(context, failed(context) ? 1 : 0);
}
Values buffer_length(const FieldUse& /*use*/, const Context& context) {
    if (!is_io(context) || failed(context)) return none();
    return unsigned_number(context, static_cast<std::uint64_t>(context.event->ret()));
}

// --- how a file was opened ---

constexpr std::uint64_t kTmpfile = O_TMPFILE & ~O_DIRECTORY;
constexpr std::uint32_t kAnyExecute = 0111;

std::optional<Values> opens_only(const FieldUse& /*use*/, EventType type) {
    static const Value no = Value::of_bool(false);
    if (event::info(type).has(event::kOpens)) return std::nullopt;
    return Values(&no, 1);
}

bool opens(const Context& context) {
    return context.event->info().has(event::kOpens);
}

Values is_open_read(const FieldUse& /*use*/, const Context& context) {
    return truth(context,
                 opens(context) && event::opens_for_reading(event::open_flags(*context.event)));
}
// creat() is open() for writing: a rule's author who asks for writes means it too.
Values is_open_write(const FieldUse& /*use*/, const Context& context) {
    return truth(context,
                 opens(context) && event::opens_for_writing(event::open_flags(*context.event)));
}
Values is_open_exec(const FieldUse& /*use*/, const Context& context) {
    return truth(context, opens(context) && (event::open_mode(*context.event) & kAnyExecute) != 0);
}
Values is_open_create(const FieldUse& /*use*/, const Context& context) {
    if (!opens(context) || failed(context)) return truth(context, false);
    const auto fd = event_fd(*context.event);
    const bool created = fd && (fd->facts.flags & SAKER_FD_CREATED) != 0;
    return truth(context, created || (event::open_flags(*context.event) & kTmpfile) == kTmpfile);
}

constexpr std::array kCategories = {"file",   "net",    "IPC",     "memory", "process",
                                    "system", "signal", "user",    "other",  "file",
                                    "file",   "file",   "internal"};

// Reads, writes and the like belong to what their descriptor is.
Values category(const FieldUse& /*use*/, const Context& context) {
    const auto category = context.event->info().category;
    const auto name = kCategories[static_cast<std::size_t>(category)];
    if (category != event::Category::kIoRead && category != event::Category::kIoWrite &&
        category != event::Category::kIoOther) {
        return text(context, name);
    }
    const auto fd = event_fd(*context.event);
    if (!fd) return text(context, "unknown");
    if (fd->facts.type >= SAKER_FD_INET4 && fd->facts.type <= SAKER_FD_SOCKET) {
        return text(context, "net");
    }
    return text(context, fd->facts.type == SAKER_FD_FIFO ? "ipc" : name);
}

constexpr auto kStr = ValueType::kString;
constexpr auto kInt = ValueType::kInt;
constexpr auto kUint = ValueType::kUint;
constexpr auto kBool = ValueType::kBool;
constexpr auto kRel = ValueType::kReltime;
constexpr auto kAbs = ValueType::kAbstime;
constexpr auto kNone = Argument::kNone;
constexpr auto kOne = Several::kOne;

// clang-format off
const FieldInfo kRows[] = {
    {"evt.num", kUint, kNone, kOne, 0, number, nullptr, "Number of the event, from 1 on."},
    {"evt.time", kStr, kNone, kOne, 0, formatted_time<timestamp::append_clock>, nullptr, "Local time, HH:MM:SS.nnnnnnnnn."},
    {"evt.time.s", kStr, kNone, kOne, 0, formatted_time<append_local<kClock>>, nullptr, "Local time, HH:MM:SS."},
    {"evt.time.iso8601", kStr, kNone, kOne, 0, formatted_time<append_iso>, nullptr, "UTC, YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000."},
    {"evt.datetime", kStr, kNone, kOne, 0, formatted_time<append_datetime>, nullptr, "Local date and time with nanoseconds."},
    {"evt.datetime.s", kStr, kNone, kOne, 0, formatted_time<append_local<kDateAndClock>>, nullptr, "Local date and time."},
    {"evt.rawtime", kAbs, kNone, kOne, 0, raw_time, nullptr, "Time, ns since the epoch."},
    {"evt.rawtime.s", kAbs, kNone, kOne, 0, raw_seconds, nullptr, "Time, seconds since the epoch."},
    {"evt.rawtime.ns", kAbs, kNone, kOne, 0, raw_nanoseconds, nullptr, "The nanoseconds of the time."},
    {"evt.source", kStr, kNone, kOne, 0, from_type<source>, by_type<source>, "Name of the event source."},
    {"evt.is_async", kBool, kNone, kOne, 0, from_type<always_false>, by_type<always_false>, "The event is no syscall's and no tracepoint's."},
    {"evt.hostname", kStr, kNone, kOne, 0, hostname, nullptr, "Name of the host."},
    {"evt.type", kStr, kNone, kOne, 0, from_type<type_name>, by_type<type_name>, "Name of the event: of the syscall, or of what happened."},
    {"syscall.type", kStr, kNone, kOne, 0, syscall_type, fold_syscall_type, "Name of the syscall; none for other events."},
    {"evt.type.is", kUint, Argument::kEventType, kOne, 0, is_type, nullptr, "1 if the event is of that type, else 0."},
    {"evt.dir", kStr, kNone, kOne, kDeprecated, from_type<direction>, by_type<direction>, "Always <: events are taken when a call returns."},
    {"evt.category", kStr, kNone, kOne, 0, category, nullptr, "What kind of event it is: file, net, IPC, memory, process, ..."},
    {"evt.cpu", kInt, kNone, kOne, 0, cpu, nullptr, "Number of the cpu."},
    {"evt.args", kStr, kNone, kOne, 0, all_params, nullptr, "All parameters, name=value."},
    {"evt.info", kStr, kNone, kOne, 0, all_params, nullptr, "The same as evt.args."},
    {"evt.arg", kStr, Argument::kParam, kOne, 0, param_text, fold_param, "One parameter as text, by name or index: evt.arg.flags."},
    {"evt.rawarg", kStr, Argument::kParam, kOne, 0, param_raw, fold_param, "One parameter as text, before numbers are turned into names."},
    {"evt.buffer", ValueType::kBytes, kNone, kOne, 0, buffer, fold_buffer, "Data that was read or written, up to the snap length."},
    {"evt.buflen", kUint, kNone, kOne, 0, buffer_length, io_only, "Bytes that were read or written."},
    {"evt.res", kStr, kNone, kOne, 0, result, syscalls_only, "SUCCESS, or the name of the error."},
    {"evt.rawres", kInt, kNone, kOne, 0, raw_result, syscalls_only, "The return value; below 0 an error."},
    {"evt.failed", kBool, kNone, kOne, 0, is_failed, nullptr, "The call failed."},
    {"evt.is_io", kBool, kNone, kOne, 0, from_type<is_io>, by_type<is_io>, "The event reads from a descriptor or writes to it."},
    {"evt.is_io_read", kBool, kNone, kOne, 0, from_type<is_io_read>, by_type<is_io_read>, "The event reads from a descriptor."},
    {"evt.is_io_write", kBool, kNone, kOne, 0, from_type<is_io_write>, by_type<is_io_write>, "The event writes to a descriptor."},
    {"evt.io_dir", kStr, kNone, kOne, 0, io_direction, io_only, "read or write."},
    {"evt.is_wait", kBool, kNone, kOne, 0, from_type<always_false>, by_type<always_false>, "The call waits for something."},
    {"evt.count", kUint, kNone, kOne, 0, from_type<one>, by_type<one>, "Always 1."},
    {"evt.count.error", kUint, kNone, kOne, 0, error_count, syscalls_only, "1 if the call failed, else 0."},
    {"evt.count.exit", kUint, kNone, kOne, 0, from_type<one>, by_type<one>, "Always 1: events are taken when a call returns."},
    {"evt.is_open_read", kBool, kNone, kOne, 0, is_open_read, opens_only, "A file was opened for reading."},
    {"evt.is_open_write", kBool, kNone, kOne, 0, is_open_write, opens_only, "A file was opened for writing."},
    {"evt.is_open_exec", kBool, kNone, kOne, 0, is_open_exec, opens_only, "A file that may be executed was to be created."},
    {"evt.is_open_create", kBool, kNone, kOne, 0, is_open_create, opens_only, "The file was created by this call."},
    {"evt.latency", kRel, kNone, kOne, kDeprecated, from_type<zero>, by_type<zero>, "Always 0."},
    {"evt.latency.s", kRel, kNone, kOne, kDeprecated, from_type<zero>, by_type<zero>, "Always 0."},
    {"evt.latency.ns", kRel, kNone, kOne, kDeprecated, from_type<zero>, by_type<zero>, "Always 0."},
    {"evt.wait_latency", kRel, kNone, kOne, kDeprecated, from_type<zero>, by_type<zero>, "Always 0."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> event_fields() {
    return kRows;
}

}  // namespace saker::field
