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
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "util/json.h"

namespace saker::cli {

namespace {

using event::EventInfo;
using event::EventType;
using event::ParamInfo;
using event::ParamType;

// In the order of ParamType.
constexpr std::string_view kTypeNames[] = {"u8",   "u32",  "u64",   "i32",     "i64",     "pid",
                                           "uid",  "gid",  "errno", "fd",      "signal",  "string",
                                           "path", "path", "bytes", "strings", "flags",   "flags",
                                           "enum", "mode", "caps",  "time",    "address", "tuple"};
static_assert(std::size(kTypeNames) == static_cast<std::size_t>(ParamType::kTuple) + 1);

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
    json.end_array().end_object();
}

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
        if (!note_of(info).empty())
            fmt::format_to(std::back_inserter(text), "  ({})", note_of(info));
        text += '\n';
    }
    return text;
}

std::string events_markdown(const std::string& name) {
    std::string text = "| Event | Category | Parameters | |\n|---|---|---|---|\n";
    for (const EventType type : listed(name)) {
        const EventInfo& info = event::info(type);
        std::vector<std::string> params;
        for (const ParamInfo& param : info.params) {
            params.push_back(fmt::format("{} `{}`", type_of(param), param.name));
        }
        fmt::format_to(std::back_inserter(text), "| `{}` | {} | {} | {} |\n", info.name,
                       category_of(type), fmt::join(params, ", "), note_of(info));
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
