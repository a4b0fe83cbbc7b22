// SPDX-License-Identifier: Apache-2.0
#include "field/params.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "event/real_name.h"
#include "event/render.h"
#include "field/file_names.h"
#include "field/make.h"
#include "field/user_names.h"

namespace saker::field {

namespace {

using event::RawValue;
using state::Process;

RawValue text_value(std::string_view value) {
    return {.kind = RawValue::Kind::kText, .number = 0, .text = value};
}
RawValue bytes_value(std::string_view value) {
    return {.kind = RawValue::Kind::kBytes, .number = 0, .text = value};
}
RawValue number_value(std::uint64_t value) {
    return {.kind = RawValue::Kind::kUnsigned, .number = value, .text = {}};
}

std::string_view image_text(const Process& process, std::string state::Image::* member) {
    return process.image ? std::string_view((*process.image).*member) : std::string_view{};
}

// The properties of a process that parameters of execve and clone are named after.
struct Property {
    std::string_view name;
    RawValue (*get)(const Process& process);
};

template <std::string state::Image::* member>
RawValue image_bytes(const Process& process) {
    return bytes_value(image_text(process, member));
}
template <auto saker_process::* member>
RawValue fact(const Process& process) {
    return number_value(process.facts.*member);
}
template <std::uint32_t saker_memory::* member>
RawValue memory(const Process& process) {
    return number_value(process.facts.memory.*member);
}
template <std::uint64_t state::Image::* member>
RawValue image_number(const Process& process) {
    return number_value(process.image ? (*process.image).*member : 0);
}

constexpr Property kProperties[] = {
    {"exe", [](const Process& p) { return text_value(p.image ? p.image->argv0() : ""); }},
    {"args", image_bytes<&state::Image::args>},
    {"env", image_bytes<&state::Image::env>},
    {"pid", [](const Process& p) { return number_value(p.key.tgid); }},
    {"ptid", [](const Process& p) { return number_value(p.ptgid); }},
    {"cwd", [](const Process& p) { return text_value(p.cwd); }},
    {"comm", [](const Process& p) { return text_value(p.comm); }},
    {"cgroups", [](const Process& p) { return bytes_value(p.cgroup); }},
    {"trusted_exepath",
     [](const Process& p) { return text_value(image_text(p, &state::Image::exe_path)); }},
    {"flags", [](const Process& p) { return number_value(p.image ? p.image->flags : 0); }},
    {"exe_ino", image_number<&state::Image::exe_ino>},
    {"exe_ino_ctime", image_number<&state::Image::exe_ctime>},
    {"exe_ino_mtime", image_number<&state::Image::exe_mtime>},
    {"fdlimit", fact<&saker_process::fdlimit>},
    {"pgft_maj", fact<&saker_process::pgft_maj>},
    {"pgft_min", fact<&saker_process::pgft_min>},
    {"vm_size", memory<&saker_memory::vm_size>},
    {"vm_rss", memory<&saker_memory::vm_rss>},
    {"vm_swap", memory<&saker_memory::vm_swap>},
    {"tty", fact<&saker_process::tty>},
    {"vpid", fact<&saker_process::vpid>},
    {"vpgid", fact<&saker_process::vpgid>},
    {"pgid", fact<&saker_process::pgid>},
    {"loginuid", fact<&saker_process::loginuid>},
    {"cap_inheritable", fact<&saker_process::cap_inheritable>},
    {"cap_permitted", fact<&saker_process::cap_permitted>},
    {"cap_effective", fact<&saker_process::cap_effective>},
    {"uid", fact<&saker_process::uid>},
    {"gid", fact<&saker_process::gid>},
    {"pidns_init_start_ts", fact<&saker_process::pidns_start_time>},
};

// Answers from the tables of the context.
class ContextResolver : public event::Resolver {
public:
    explicit ContextResolver(const Context& context) : context_(context) {}

    std::string_view comm(std::int64_t pid) override {
        if (pid <= 0 || pid > INT32_MAX) return {};
        const Process* process = context_.processes->find(static_cast<std::uint32_t>(pid));
        return process == nullptr ? std::string_view{} : std::string_view(process->comm);
    }
    std::string_view user(std::uint32_t uid) override { return user_name(context_, uid); }
    std::string_view group(std::uint32_t gid) override { return group_name(context_, gid); }
    RawValue property(const event::Event& event, std::string_view name) override {
        // A thread's own ids are the event's.
        if (name == "tid") return number_value(event.header().tid);
        if (name == "vtid") return vtid(event);
        if (name == "args" && event.ret() < 0) {
            if (const RawValue asked = asked_args(event); !asked.text.empty()) return asked;
        }
        const auto* found = std::ranges::find(kProperties, name, &Property::name);
        return found == std::end(kProperties) ? RawValue{} : found->get(*context_.process);
    }

private:
    // What an execve that failed was given: the process still runs with its own.
    static RawValue asked_args(const event::Event& event) {
        const auto captures = event.info().captures;
        const auto found =
            std::ranges::find(captures, std::uint8_t{SAKER_CAPTURE_ARGV}, &saker_capture::kind);
        if (found == captures.end()) return {};
        const event::Bytes args = event.capture(static_cast<std::size_t>(found - captures.begin()));
        return bytes_value(event::as_text(args));
    }

    // Known of the first thread only, whose id is the process's.
    RawValue vtid(const event::Event& event) const {
        const bool first = event.header().tid == event.header().tgid;
        return first ? number_value(context_.process->facts.vpid) : RawValue{};
    }

    const Context& context_;
};

// The parameter that `use` means, in events of a type.
const event::ParamInfo* find(const FieldUse& use, event::EventType type) {
    const event::EventInfo& info = event::info(type);
    const auto index = use.index
                           ? std::optional<std::size_t>(*use.index)
                           : std::optional<std::size_t>(event::find_param(info, use.argument));
    return index && *index < info.params.size() ? &info.params[*index] : nullptr;
}

// In the order of ParamType.
constexpr ValueType kTypes[] = {
    ValueType::kUint,     // kU8
    ValueType::kUint,     // kU16
    ValueType::kUint,     // kU32
    ValueType::kUint,     // kU64
    ValueType::kInt,      // kI16
    ValueType::kInt,      // kI32
    ValueType::kInt,      // kI64
    ValueType::kInt,      // kPid
    ValueType::kUint,     // kUid
    ValueType::kUint,     // kGid
    ValueType::kInt,      // kErrno
    ValueType::kInt,      // kFd
    ValueType::kInt,      // kSignal
    ValueType::kUint,     // kSigset
    ValueType::kString,   // kString
    ValueType::kPath,     // kPath
    ValueType::kPath,     // kRelpath
    ValueType::kBytes,    // kBytes
    ValueType::kBytes,    // kArgs
    ValueType::kUint,     // kFlags
    ValueType::kUint,     // kOpenFlags
    ValueType::kUint,     // kEnum
    ValueType::kUint,     // kMode
    ValueType::kUint,     // kCaps
    ValueType::kAbstime,  // kAbstime
    ValueType::kReltime,  // kReltime
    ValueType::kString,   // kSockaddr
    ValueType::kString,   // kTuple
    ValueType::kString,   // kFdlist
    ValueType::kUint,     // kDyn: mostly a number
};
static_assert(std::size(kTypes) == event::kParamTypes);

bool is_text_or_bytes(ValueType type) {
    return is_text(type) || type == ValueType::kBytes;
}

// A number below 0 where the field is unsigned (or above its range where it is signed) is none.
Values raw_number(const FieldUse& use, const Context& context, std::uint64_t number,
                  bool is_signed) {
    const bool negative = is_signed && static_cast<std::int64_t>(number) < 0;
    if (use.type == ValueType::kInt) {
        const bool fits = is_signed || number <= INT64_MAX;
        return fits ? signed_number(context, static_cast<std::int64_t>(number)) : none();
    }
    return negative ? none() : unsigned_number(context, number);
}

Values typed(const FieldUse& use, const Context& context, const RawValue& value) {
    switch (value.kind) {
        case RawValue::Kind::kAbsent:
            return none();
        case RawValue::Kind::kText:
        case RawValue::Kind::kBytes:
            return is_text_or_bytes(use.type) ? text_copy(context, value.text) : none();
        case RawValue::Kind::kSigned:
        case RawValue::Kind::kUnsigned:
            break;
    }
    if (is_text_or_bytes(use.type)) return none();
    return raw_number(use, context, value.number, value.kind == RawValue::Kind::kSigned);
}

const event::ParamInfo* find_data(event::EventType type) {
    const event::EventInfo& info = event::info(type);
    const auto index = event::find_param(info, "data");
    return index ? &info.params[*index] : nullptr;
}

bool may_have_real_name(event::EventType type, const event::ParamInfo& param) {
    return param.source.kind == event::SourceKind::kSlot &&
           event::may_have_real_name(type, param.source.a);
}

std::optional<Values> absent_unless(bool there) {
    return there ? std::nullopt : std::optional<Values>(Values{});
}

}  // namespace

bool names_file(const FieldUse& use, event::EventType type) {
    if (!use.info->has(kNamesFile)) return false;
    if (use.info->argument != Argument::kParam) return true;
    const event::ParamInfo* param = find(use, type);
    return param != nullptr && may_have_real_name(type, *param);
}

Values all_params(const FieldUse& /*use*/, const Context& context) {
    ContextResolver resolver(context);
    std::string all;
    event::append_args(*context.event, &resolver, all);
    return text_copy(context, all);
}

ValueType type_of_param(std::string_view name) {
    std::array<std::size_t, kValueTypes> counts{};
    for (const event::EventInfo& info : event::events()) {
        const auto index = event::find_param(info, name);
        if (!index) continue;
        const ValueType type = kTypes[static_cast<std::size_t>(info.params[*index].type)];
        ++counts[static_cast<std::size_t>(type)];
    }
    const auto most = static_cast<ValueType>(std::ranges::max_element(counts) - counts.begin());
    const bool some_paths = counts[static_cast<std::size_t>(ValueType::kPath)] != 0;
    return most == ValueType::kString && some_paths ? ValueType::kPath : most;
}

Values param_text(const FieldUse& use, const Context& context) {
    const event::ParamInfo* info = find(use, context.event->type());
    if (info == nullptr) return none();
    if (context.names == NameView::kReal && may_have_real_name(context.event->type(), *info)) {
        const std::string_view name = path_name(context, info->source.a);
        if (!name.empty()) return text(context, name);
    }
    ContextResolver resolver(context);
    std::string value;
    if (!event::append_arg(*context.event, *info, &resolver, value)) return none();
    return text_copy(context, value);
}

// By position the parameter may be of any type: its text stands for it.
Values param_raw(const FieldUse& use, const Context& context) {
    const event::ParamInfo* info = find(use, context.event->type());
    if (info == nullptr) return none();
    ContextResolver resolver(context);
    std::string storage;
    if (!use.index) {
        return typed(use, context, event::raw_value(*context.event, *info, &resolver, storage));
    }
    if (!event::append_raw(*context.event, *info, &resolver, storage)) return none();
    return text_copy(context, storage);
}

std::optional<Values> fold_param(const FieldUse& use, event::EventType type) {
    return absent_unless(find(use, type) != nullptr);
}

Values buffer(const FieldUse& /*use*/, const Context& context) {
    const event::ParamInfo* info = find_data(context.event->type());
    if (info == nullptr || info->source.kind != event::SourceKind::kSlot) return none();
    return text(context, event::as_text(context.event->capture(info->source.a)));
}

std::optional<Values> fold_buffer(const FieldUse& /*use*/, event::EventType type) {
    return absent_unless(find_data(type) != nullptr);
}

}  // namespace saker::field
