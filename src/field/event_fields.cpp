// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "event/fd.h"
#include "event/flags.h"
#include "event/open_call.h"
#include "event/rewritten.h"
#include "field/by_type.h"
#include "field/event_file.h"
#include "field/make.h"
#include "field/native.h"
#include "field/params.h"
#include "field/row.h"

// evt.* and syscall.type.
namespace saker::field {

namespace {

using event::EventType;

Value type_name(EventType type) {
    return Value::of(event::info(type).name);
}
Value source(EventType /*type*/) {
    return Value::of("syscall");
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

Value is_meta(EventType type) {
    return Value::of_bool(event::info(type).has(event::kMeta));
}

std::optional<Values> fold_meta_type(const FieldUse& use, EventType type) {
    return event::info(type).has(event::kMeta) ? by_type<type_name>(use, type) : Values{};
}
Values meta_type(const FieldUse& use, const Context& context) {
    const bool meta = event::info(context.event->type()).has(event::kMeta);
    return meta ? from_type<type_name>(use, context) : none();
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
std::optional<Values> fold_is_type(const FieldUse& use, EventType type) {
    static const Value constants[] = {Value::of_uint(0), Value::of_uint(1)};
    return Values(&constants[event::find_event(use.argument) == type ? 1 : 0], 1);
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
Values buffer_length(const FieldUse& /*use*/, const Context& context) {
    if (!is_io(context) || failed(context)) return none();
    return unsigned_number(context, static_cast<std::uint64_t>(context.event->ret()));
}

// --- how a file was opened ---

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
                 opens(context) && event::opens_for_reading(event::opened_flags(*context.event)));
}
// creat() is open() for writing: a rule's author who asks for writes means it too.
Values is_open_write(const FieldUse& /*use*/, const Context& context) {
    return truth(context,
                 opens(context) && event::opens_for_writing(event::opened_flags(*context.event)));
}
// What the memory says of an openat2 may be another mode than the one that the file was given.
Values is_open_exec(const FieldUse& /*use*/, const Context& context) {
    if (!opens(context)) return truth(context, false);
    const std::uint32_t mode =
        event::open_mode(*context.event) | event::created_mode(*context.event);
    return truth(context, (mode & kAnyExecute) != 0);
}
Values is_open_create(const FieldUse& /*use*/, const Context& context) {
    return truth(context, opens(context) && event::creates_file(*context.event));
}

// Where the C library's syslog() writes to, and what that is a link to under systemd.
Values is_syslog(const FieldUse& /*use*/, const Context& context) {
    const int slot = fd_slot(context.event->type());
    if (slot < 0 || !context.event->info().has(event::kWritesFd)) return truth(context, false);
    std::string name;
    event::append_fd_name(*context.event, static_cast<std::size_t>(slot), name);
    return truth(context, name == "/dev/log" || name == "/run/systemd/journal/dev-log");
}

// Whether something that the event carries is shorter than it was, or could not be read.
Values is_truncated(const FieldUse& /*use*/, const Context& context) {
    constexpr std::uint32_t kCut = SAKER_TRUNCATED | SAKER_PATH_CUT | SAKER_FAULT | SAKER_FULL;
    return truth(context, (context.event->header().flags & kCut) != 0);
}

Values has_result(const FieldUse& /*use*/, const Context& context) {
    return truth(context, (context.event->header().flags & SAKER_NO_RESULT) == 0);
}

constexpr std::string_view kAbiNames[] = {"x86_64", "ia32", "x32", "io_uring"};
static_assert(std::size(kAbiNames) == SAKER_ABI_COUNT);

Values is_rewritten(const FieldUse& /*use*/, const Context& context) {
    if (!is_syscall(context.event->type())) return none();
    return truth(context, event::is_rewritten(*context.event));
}

Values call_abi(const FieldUse& /*use*/, const Context& context) {
    const std::uint8_t abi = context.event->header().abi;
    const bool known = is_syscall(context.event->type()) && abi < SAKER_ABI_COUNT;
    return known ? text(context, kAbiNames[abi]) : none();
}

Values static_text(const FieldUse& use, const Context& context) {
    if (context.static_fields == nullptr) return none();
    const auto found = context.static_fields->find(use.argument);
    return found == context.static_fields->end() ? none() : text(context, found->second);
}

using namespace row;

// clang-format off
const FieldInfo kRows[] = {
    {"evt.num", kUint, kNone, kOne, 0, number, nullptr, "Number of the event, from 1 on."},
    {"evt.pluginname", kStr, kNone, kOne, kNeverValued, never, fold_never, "No value: name of the plugin that made the event, and system calls have none."},
    {"evt.plugininfo", kStr, kNone, kOne, kNeverValued, never, fold_never, "No value: the plugin's summary of the event."},
    {"evt.source", kStr, kNone, kOne, 0, from_type<source>, by_type<source>, "Name of the event source."},
    {"evt.is_async", kBool, kNone, kOne, 0, from_type<is_meta>, by_type<is_meta>, "The event is no syscall's and no tracepoint's."},
    {"evt.asynctype", kStr, kNone, kOne, 0, meta_type, fold_meta_type, "Name of such an event (container, container_removed)."},
    {"evt.hostname", kStr, kNone, kOne, 0, hostname, nullptr, "Name of the host."},
    {"static", kStr, Argument::kStaticKey, kOne, 0, static_text, nullptr, "Text that the configuration gives under static_fields, the same for every event."},
    {"evt.type", kStr, kNone, kOne, kFewValues, from_type<type_name>, by_type<type_name>, "Name of the event: of the syscall, or of what happened."},
    {"syscall.type", kStr, kNone, kOne, kFewValues, syscall_type, fold_syscall_type, "Name of the syscall; none for other events."},
    {"evt.type.is", kUint, Argument::kEventType, kOne, 0, is_type, fold_is_type, "1 if the event is of that type, else 0."},
    {"evt.cpu", kInt, kNone, kOne, 0, cpu, nullptr, "Number of the cpu."},
    {"evt.args", kStr, kNone, kOne, 0, all_params, nullptr, "All parameters, name=value."},
    {"evt.info", kStr, kNone, kOne, 0, all_params, nullptr, "The same as evt.args."},
    {"evt.arg", kStr, Argument::kParam, kOne, kNamesFile, param_text, fold_param, "One parameter as text, by name or index: evt.arg.flags. The names of files of the calls that change, remove and mount them are evaluated under the real name too."},
    {"evt.rawarg", kStr, Argument::kParam, kOne, kTypedByParam, param_raw, fold_param, "One parameter as the kernel has it, with its own type: numbers compare as numbers."},
    {"evt.buffer", ValueType::kBytes, kNone, kOne, 0, buffer, fold_buffer, "Data that was read or written, up to the snap length."},
    {"evt.buflen", kUint, kNone, kOne, 0, buffer_length, io_only, "Bytes that were read or written."},
    {"evt.res", kStr, kNone, kOne, kFewValues, result, syscalls_only, "SUCCESS, or the name of the error."},
    {"evt.rawres", kInt, kNone, kOne, 0, raw_result, syscalls_only, "The return value; below 0 an error."},
    {"evt.failed", kBool, kNone, kOne, 0, is_failed, nullptr, "The call failed."},
    {"evt.has_result", kBool, kNone, kOne, kOwn, has_result, nullptr, "The result is known. It is not where a request of io_uring had to be reported before its end, as if it had succeeded."},
    {"evt.is_io", kBool, kNone, kOne, 0, from_type<is_io>, by_type<is_io>, "The event reads from a descriptor or writes to it."},
    {"evt.is_io_read", kBool, kNone, kOne, 0, from_type<is_io_read>, by_type<is_io_read>, "The event reads from a descriptor."},
    {"evt.is_io_write", kBool, kNone, kOne, 0, from_type<is_io_write>, by_type<is_io_write>, "The event writes to a descriptor."},
    {"evt.io_dir", kStr, kNone, kOne, kFewValues, io_direction, io_only, "read or write."},
    {"evt.is_syslog", kBool, kNone, kOne, 0, is_syslog, nullptr, "The event writes to the system log (/dev/log)."},
    {"evt.truncated", kBool, kNone, kOne, kOwn, is_truncated, nullptr, "A text, a path or a buffer of the event was longer than what was recorded, or could not be read."},
    {"evt.toctou", kBool, kNone, kOne, kOwn, is_rewritten, syscalls_only, "The memory of an argument held another name or address when the call returned than the kernel had used: somebody rewrote it during the call."},
    {"evt.abi", kStr, kNone, kOne, kOwn, call_abi, syscalls_only, "The way in which the call was made: x86_64, ia32, x32 or io_uring."},
    {"evt.is_open_read", kBool, kNone, kOne, 0, is_open_read, opens_only, "A file was opened for reading."},
    {"evt.is_open_write", kBool, kNone, kOne, 0, is_open_write, opens_only, "A file was opened for writing."},
    {"evt.is_open_exec", kBool, kNone, kOne, 0, is_open_exec, opens_only, "A file that may be executed was to be created."},
    {"evt.is_open_create", kBool, kNone, kOne, 0, is_open_create, opens_only, "The file was created by this call."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> event_fields() {
    return kRows;
}

}  // namespace saker::field
