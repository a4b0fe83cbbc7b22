// SPDX-License-Identifier: Apache-2.0
#include "cli/describe.h"

#include <cstdio>
#include <string_view>
#include <vector>

#include "cli/describe_json.h"
#include "cli/describe_text.h"
#include "cli/rules.h"
#include "fmt/core.h"

namespace saker::cli {

namespace {

// The items of that name, or all of them if it is empty. Error: there is none.
template <typename T>
Result<std::vector<const T*>> chosen(const std::vector<T>& items, const std::string& name,
                                     std::string_view what) {
    std::vector<const T*> found;
    for (const T& item : items) {
        if (name.empty() || item.name == name) found.push_back(&item);
    }
    if (found.empty() && !name.empty()) return fail(fmt::format("there is no {} '{}'", what, name));
    return found;
}

// One key of a description: an array of what `append` makes of each item.
template <typename Items, typename Append>
void append_all(json::Writer& json, std::string_view key, const Items& items, Append append) {
    json.key(key).begin_array();
    for (const auto& item : items) append(item);
    json.end_array();
}

// Loads the rules and prints some of them: their names, or what `text` makes of each, or what
// `json` makes of all.
template <typename T, typename Text, typename Json>
Result<int> list(const ListRequest& request, std::vector<T> rule::RuleSet::* items,
                 std::string_view what, Text text, Json json) {
    if (request.format == ListFormat::kMarkdown) {
        return fail(fmt::format("no format 'markdown' for {}s: text, json", what));
    }
    const auto rules = load_rules(request.config);
    if (!rules) return std::unexpected(rules.error());
    const auto found = chosen((*rules).*items, request.name, what);
    if (!found) return std::unexpected(found.error());
    std::string out;
    if (request.format == ListFormat::kJson) {
        json::Writer writer(out);
        json(writer, *rules, *found);
        out += '\n';
    } else {
        for (const T* item : *found) {
            request.names_only ? void(out += item->name + '\n') : text(out, *rules, *item);
        }
    }
    std::fputs(out.c_str(), stdout);
    return 0;
}

}  // namespace

Result<void> append_description(json::Writer& json, const rule::RuleSet& rules,
                                const std::string& rule_name) {
    const auto found = chosen(rules.rules, rule_name, "rule");
    if (!found) return std::unexpected(found.error());
    const bool all = rule_name.empty();
    json.begin_object();
    if (all) append_required(json, rules);
    append_all(json, "rules", *found, [&](const auto* rule) { append_rule(json, *rule); });
    if (all) {
        append_all(json, "macros", rules.macros,
                   [&](const auto& macro) { append_macro(json, macro, rules); });
        append_all(json, "lists", rules.lists, [&](const auto& list) { append_list(json, list); });
    }
    json.end_object();
    return {};
}

Result<std::string> description_text(const rule::RuleSet& rules, const std::string& rule_name) {
    const auto found = chosen(rules.rules, rule_name, "rule");
    if (!found) return std::unexpected(found.error());
    std::string out;
    for (const rule::Rule* rule : *found) append_text(out, *rule);
    return out;
}

Result<int> list_rules(const ListRequest& request) {
    return list(
        request, &rule::RuleSet::rules, "rule",
        [](std::string& out, const auto&, const rule::Rule& rule) { append_text(out, rule); },
        [&](json::Writer& json, const rule::RuleSet& rules, const auto&) {
            // It fails for a name that no rule has only, and this one was found.
            [[maybe_unused]] const auto done = append_description(json, rules, request.name);
        });
}

Result<int> list_macros(const ListRequest& request) {
    return list(
        request, &rule::RuleSet::macros, "macro",
        [](std::string& out, const rule::RuleSet& rules, const rule::Macro& macro) {
            append_text(out, macro, rules);
        },
        [](json::Writer& json, const rule::RuleSet& rules, const auto& found) {
            json.begin_object();
            append_all(json, "macros", found,
                       [&](const auto* macro) { append_macro(json, *macro, rules); });
            json.end_object();
        });
}

Result<int> list_lists(const ListRequest& request) {
    return list(
        request, &rule::RuleSet::lists, "list",
        [](std::string& out, const auto&, const rule::List& list) { append_text(out, list); },
        [](json::Writer& json, const rule::RuleSet&, const auto& found) {
            json.begin_object();
            append_all(json, "lists", found, [&](const auto* list) { append_list(json, *list); });
            json.end_object();
        });
}

}  // namespace saker::cli
