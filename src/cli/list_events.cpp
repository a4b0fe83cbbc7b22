// SPDX-License-Identifier: Apache-2.0
#include "cli/list_events.h"

#include <cstdio>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "event/flags.h"
#include "event/table.h"
#include "field/field.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "util/json.h"

namespace saker::cli {

namespace {

using event::EventInfo;
using event::EventType;
using event::ParamInfo;

// In the order of ParamType.
constexpr std::string_view kTypeNames[] = {
    "u8",   "u16",      "u32",     "u64",   "i16",    "i32",     "i64",    "pid",
    "uid",  "gid",      "errno",   "fd",    "signal", "signals", "string", "path",
    "path", "bytes",    "strings", "flags", "flags",  "enum",    "mode",   "caps",
    "time", "duration", "address", "tuple", "fds",    "variant"};
static_assert(std::size(kTypeNames) == event::kParamTypes);

// In the order of enum saker_capture_kind: what the kernel side takes.
constexpr std::string_view kCaptureNames[] = {
    "",           "string", "path",    "fd",      "address",        "bytes",         "buffers",
    "message",    "name",   "struct",  "fd at",   "mapped fd",      "strings",       "control data",
    "cwd",        "memory", "pollfds", "structs", "pointed struct", "fd of request", "longs",
    "namespaces", "caps"};
static_assert(std::size(kCaptureNames) == SAKER_CAPTURE_KINDS);

// "path arg1", "fd ret", with a question mark where only some calls have it.
std::string capture_text(const saker_capture& capture) {
    std::string text(kCaptureNames[capture.kind]);
    const bool of_process = capture.kind == SAKER_CAPTURE_CWD ||
                            capture.kind == SAKER_CAPTURE_MEMORY ||
                            capture.kind == SAKER_CAPTURE_NAMESPACES;
    if (capture.arg == SAKER_ARG_RET) {
        text += " ret";
    } else if (!of_process) {
        fmt::format_to(std::back_inserter(text), " arg{}", capture.arg);
    }
    if (capture.when.values != 0) text += '?';
    return text;
}

std::vector<std::string> captures_of(const EventInfo& info) {
    std::vector<std::string> texts;
    for (const saker_capture& capture : info.captures) texts.push_back(capture_text(capture));
    return texts;
}

std::string_view type_of(const ParamInfo& param) {
    return kTypeNames[static_cast<std::size_t>(param.type)];
}

// What evt.category says of every event of the type; where that differs it is an I/O call.
std::string_view category_of(EventType type) {
    static const auto category = field::Registry::native().bind("evt.category", std::nullopt);
    const auto known = category->info->fold(*category, type);
    return known && !known->empty() ? known->front().text : "by descriptor";
}

// The events that a condition may name, or the one of that name.
std::vector<EventType> listed(const std::string& name) {
    std::vector<EventType> types;
    for (EventType type = 0; type < event::events().size(); ++type) {
        const EventInfo& info = event::info(type);
        if (info.category == event::Category::kInternal) continue;
        if (name.empty() || info.name == name) types.push_back(type);
    }
    return types;
}

std::string signature(const EventInfo& info) {
    std::vector<std::string> params;
    for (const ParamInfo& param : info.params) {
        params.push_back(fmt::format("{} {}", type_of(param), param.name));
    }
    return fmt::format("{}({})", info.name, fmt::join(params, ", "));
}

std::string_view note_of(const EventInfo& info) {
    return info.has(event::kNeverSeen) ? "never reported" : "";
}

void add_event(json::Writer& json, EventType type) {
    const EventInfo& info = event::info(type);
    json.begin_object();
    json.key("name").string(info.name);
    json.key("category").string(category_of(type));
    json.key("syscall").boolean(!info.has(event::kTracepoint) && !info.has(event::kNeverSeen));
    if (info.syscall != SAKER_NO_SYSCALL) {
        json.key("number").number(std::uint64_t{info.syscall});
    }
    json.key("reported").boolean(!info.has(event::kNeverSeen));
    json.key("params").begin_array();
    for (const ParamInfo& param : info.params) {
        json.begin_object();
        json.key("name").string(param.name).key("type").string(type_of(param));
        if (param.values != nullptr) {
            json.key("values").begin_array();
            for (const event::FlagName& value : param.values->names) json.string(value.name);
            json.end_array();
        }
        json.end_object();
    }
    json.end_array();
    json.key("captures").begin_array();
    for (const std::string& capture : captures_of(info)) json.string(capture);
    json.end_array().end_object();
}

// What stands above the table of docs/events.md.
constexpr std::string_view kMarkdownHead = R"(# Events

What `evt.type` may be, and the parameters that `evt.arg` and `evt.rawarg` may name, made by
`saker list events --format markdown`.

The last column says what the kernel side takes with each event, beside the numbers in the call's
registers: of an argument (`arg0` is the first) or of the return value (`ret`), when the call
returns. A question mark: only of calls that have it. `fd` is a descriptor with its file, addresses
or kind, read in the kernel; `path` a name with the directory that it begins at. A process that is
started (`execve`, `execveat`) or made (`clone`, ...) has its own record: see
[architecture.md](architecture.md). The category "by descriptor" is file, net, ipc or unknown, as the
event's descriptor is. An event without `fd` or `path` has no `fd.*`: `close` above all, for when it
returns the descriptor stands for nothing any more. What is never reported is a name that conditions
may use: an event of 32-bit programs or of other sensors.

)";

std::string (*printer_of(const ListRequest& request))(const std::string&) {
    if (request.names_only) return event_names;
    if (request.format == ListFormat::kJson) return events_json;
    return request.format == ListFormat::kMarkdown ? events_markdown : events_text;
}

}  // namespace

std::string events_text(const std::string& name) {
    std::string text;
    for (const EventType type : listed(name)) {
        const EventInfo& info = event::info(type);
        text += signature(info);
        const auto captures = captures_of(info);
        if (!captures.empty()) {
            fmt::format_to(std::back_inserter(text), "  [{}]", fmt::join(captures, ", "));
        }
        if (!note_of(info).empty())
            fmt::format_to(std::back_inserter(text), "  ({})", note_of(info));
        text += '\n';
    }
    return text;
}

std::string events_markdown(const std::string& name) {
    std::string text(name.empty() ? kMarkdownHead : "");
    text += "| Event | Category | Parameters | Captured |\n|---|---|---|---|\n";
    for (const EventType type : listed(name)) {
        const EventInfo& info = event::info(type);
        std::vector<std::string> params;
        for (const ParamInfo& param : info.params) {
            params.push_back(fmt::format("{} `{}`", type_of(param), param.name));
        }
        const std::string captures = fmt::format("{}", fmt::join(captures_of(info), ", "));
        fmt::format_to(std::back_inserter(text), "| `{}` | {} | {} | {} |\n", info.name,
                       category_of(type), fmt::join(params, ", "),
                       info.has(event::kNeverSeen) ? note_of(info) : captures);
    }
    return text;
}

std::string events_json(const std::string& name) {
    std::string text;
    json::Writer json(text);
    json.begin_object().key("events").begin_array();
    for (const EventType type : listed(name)) add_event(json, type);
    json.end_array().end_object();
    return text + '\n';
}

std::string event_names(const std::string& name) {
    std::string text;
    for (const EventType type : listed(name)) (text += event::info(type).name) += '\n';
    return text;
}

Result<int> list_events(const ListRequest& request) {
    if (listed(request.name).empty()) {
        return fail(fmt::format("there is no event '{}'", request.name));
    }
    const std::string text = printer_of(request)(request.name);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

}  // namespace saker::cli
