// SPDX-License-Identifier: Apache-2.0
#include "cli/list.h"

#include <algorithm>
#include <array>
#include <memory>

#include "cli/describe.h"
#include "cli/list_events.h"
#include "cli/list_fields.h"
#include "cli/log.h"
#include "cli/settings.h"
#include "fmt/core.h"
#include "fmt/ranges.h"

namespace saker::cli {

namespace {

constexpr ListTopic kTopics[] = {
    {"rules", list_rules},   {"macros", list_macros}, {"lists", list_lists},
    {"fields", list_fields}, {"events", list_events},
};

constexpr std::array<std::string_view, 3> kFormats = {"text", "json", "markdown"};

const ListTopic* find_topic(std::string_view name) {
    const auto* found = std::ranges::find(kTopics, name, &ListTopic::name);
    return found == std::end(kTopics) ? nullptr : found;
}

Result<ListFormat> parse_format(std::string_view name, bool json_output) {
    if (name.empty()) return json_output ? ListFormat::kJson : ListFormat::kText;
    const auto* found = std::ranges::find(kFormats, name);
    if (found != kFormats.end()) return static_cast<ListFormat>(found - kFormats.begin());
    return fail(fmt::format("no format '{}': {}", name, fmt::join(kFormats, ", ")));
}

Result<int> run(const CommandLine& line, const ListOptions& options) {
    const ListTopic* topic = find_topic(options.topic);
    if (topic == nullptr) {
        std::vector<std::string_view> names;
        for (const ListTopic& row : kTopics) names.push_back(row.name);
        return fail(
            fmt::format("cannot list '{}': name one of {}", options.topic, fmt::join(names, ", ")));
    }
    const auto config = read_config(line);
    if (!config) return std::unexpected(config.error());
    start_log(config->output.time_format_iso_8601);
    const auto format = parse_format(options.format, config->output.json_output);
    if (!format) return std::unexpected(format.error());
    return topic->run({line, *config, options.name, options.names_only, *format});
}

}  // namespace

Command list_command() {
    // Behind the word; what flags in front of it said is in the command line.
    const auto own = std::make_shared<ListOptions>();
    return {.name = "list",
            .help = "Show rules, macros, lists, fields or events",
            .options =
                {{.name = "topic", .target = &own->topic, .help = "What to show", .required = true},
                 {"name", &own->name, "Only the one of that name; of fields also a class: proc"},
                 {"--format", &own->format, "text, json or markdown"},
                 {"-N", &own->names_only, "Names only"}},
            .run = [own](const CommandLine& line) {
                return run(line, own->topic.empty() ? line.list : *own);
            }};
}

}  // namespace saker::cli
