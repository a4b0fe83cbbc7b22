// SPDX-License-Identifier: Apache-2.0
#include "cli/describe_text.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "cli/details.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "util/text.h"

namespace saker::cli {

namespace {

// So many events in one rule are no longer worth a look.
constexpr std::size_t kManyEvents = 100;

// Texts of YAML blocks have several lines, and mostly a line feed at their end.
std::string in_one_line(std::string text) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    std::ranges::replace(text, '\n', ' ');
    return text::visible(text);
}

// A line "    Key: value" of a text; none if there is no value.
void append_line(std::string& out, std::string_view key, const std::string& value) {
    const std::string line = in_one_line(value);
    if (!line.empty()) fmt::format_to(std::back_inserter(out), "    {}: {}\n", key, line);
}

template <typename Texts>
void append_line(std::string& out, std::string_view key, const Texts& texts) {
    append_line(out, key, fmt::format("{}", fmt::join(texts, ", ")));
}

}  // namespace

void append_text(std::string& out, const rule::Rule& rule) {
    const ConditionDetails details = details_of(*rule.expr);
    out += text::visible(rule.name) + "\n";
    append_line(out, "Description", rule.description);
    append_line(out, "Priority", std::string(rule::priority_name(rule.priority)));
    if (!rule.enabled) append_line(out, "Enabled", std::string("no"));
    append_line(out, "Tags", rule.tags);
    append_line(out, "Condition", rule.condition);
    append_line(out, "Compiled", details.compiled);
    append_line(out, "Output", rule.output + rule.extra_output);
    append_line(out, "Macros", rule.macros);
    append_line(out, "Lists", rule.lists);
    append_line(out, "Fields", details.fields);
    append_line(out, "Operators", details.operators);
    const bool all = details.events.size() > kManyEvents;
    append_line(
        out, "Events",
        all ? std::string("nearly all") : fmt::format("{}", fmt::join(details.events, ", ")));
    for (const rule::ExceptionInfo& exception : rule.exceptions) {
        append_line(out, "Exception",
                    exception.name + " on " + fmt::format("{}", fmt::join(exception.fields, ", ")));
    }
}

void append_text(std::string& out, const rule::Macro& macro, const rule::RuleSet& rules) {
    out += text::visible(macro.name) + (macro.used ? "\n" : " (not used)\n");
    const ConditionDetails details = details_of(macro, rules);
    append_line(out, "Condition", macro.condition);
    append_line(out, "Compiled", details.compiled);
    append_line(out, "Fields", details.fields);
    append_line(out, "Operators", details.operators);
}

void append_text(std::string& out, const rule::List& list) {
    out += text::visible(list.name) + (list.used ? "\n" : " (not used)\n");
    append_line(out, "Items", list.items);
}

}  // namespace saker::cli
