// SPDX-License-Identifier: Apache-2.0
#include "cli/describe_json.h"

#include <map>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "cli/details.h"
#include "rule/macro_conditions.h"

namespace saker::cli {

namespace {

template <typename Texts>
void append_texts(json::Writer& json, std::string_view key, const Texts& texts) {
    json.key(key).begin_array();
    for (const auto& text : texts) json.string(text);
    json.end_array();
}

void append_condition(json::Writer& json, const ConditionDetails& details) {
    append_texts(json, "condition_operators", details.operators);
    append_texts(json, "condition_fields", details.fields);
    append_texts(json, "events", details.events);
    json.key("condition_compiled").string(details.compiled);
}

// One list of what all exceptions of a rule have.
template <typename Member>
Names of_exceptions(const rule::Rule& rule, Member member) {
    Names names;
    for (const rule::ExceptionInfo& exception : rule.exceptions) {
        for (const std::string& name : exception.*member) names.insert(name);
    }
    return names;
}

void append_exceptions(json::Writer& json, const rule::Rule& rule) {
    Names names;
    for (const rule::ExceptionInfo& exception : rule.exceptions) names.insert(exception.name);
    append_texts(json, "exception_names", names);
    append_texts(json, "exception_fields", of_exceptions(rule, &rule::ExceptionInfo::fields));
    append_texts(json, "exception_operators", of_exceptions(rule, &rule::ExceptionInfo::operators));
}

// The output without %container.info, which prints nothing, and with what the configuration adds.
std::string compiled_output(const rule::Rule& rule) {
    constexpr std::string_view kNothing = "container.info";
    std::string text = rule.output;
    for (const auto& use : rule.format.deprecated() | std::views::reverse) {
        if (use.name != kNothing) continue;
        const std::size_t percent = text.rfind('%', use.offset);
        text.erase(percent, use.offset - percent + kNothing.size());
    }
    return text + rule.extra_output;
}

// Those of the text, and those that alerts carry beside it.
Names output_fields(const rule::Rule& rule) {
    const auto shown = rule.format.field_names();
    Names names(shown.begin(), shown.end());
    for (const rule::ExtraField& extra : rule.extra_fields) {
        if (extra.written.empty()) names.insert(extra.key);
    }
    return names;
}

// What stands in alerts under a key of its own; the key is left out if there is nothing.
void append_formatted_fields(json::Writer& json, const rule::Rule& rule) {
    std::map<std::string, std::string> formats;
    for (const rule::ExtraField& extra : rule.extra_fields) {
        if (!extra.written.empty()) formats.try_emplace(extra.key, extra.written);
    }
    if (formats.empty()) return;
    json.key("extra_output_formatted_fields").begin_object();
    for (const auto& [key, format] : formats) json.key(key).string(format);
    json.end_object();
}

void append_info(json::Writer& json, const rule::Rule& rule) {
    json.key("info").begin_object();
    json.key("name").string(rule.name);
    json.key("condition").string(rule.condition);
    json.key("priority").string(rule::priority_name(rule.priority));
    json.key("output").string(rule.output);
    json.key("description").string(rule.description);
    json.key("enabled").boolean(rule.enabled);
    json.key("source").string(rule.source);
    json.key("capture").boolean(rule.capture);
    json.key("capture_duration").number(std::uint64_t{rule.capture_duration});
    append_texts(json, "tags", rule.tags);
    json.end_object();
}

// The fields for containers are built in, so that no plugin is ever needed.
void append_no_plugins(json::Writer& json) {
    json.key("plugins").begin_array().end_array();
}

void append_plugin(json::Writer& json, const rule::RequiredPlugin& plugin, bool alternative) {
    json.begin_object();
    json.key("name").string(plugin.name);
    json.key("version").string(plugin.version);
    if (!alternative) {
        json.key("alternatives").begin_array();
        for (const rule::RequiredPlugin& other : plugin.alternatives) {
            append_plugin(json, other, true);
        }
        json.end_array();
    }
    json.end_object();
}

}  // namespace

void append_rule(json::Writer& json, const rule::Rule& rule) {
    json.begin_object();
    append_info(json, rule);
    json.key("details").begin_object();
    append_texts(json, "macros", rule.macros);
    append_texts(json, "lists", rule.lists);
    append_texts(json, "output_fields", output_fields(rule));
    append_formatted_fields(json, rule);
    append_exceptions(json, rule);
    append_condition(json, details_of(*rule.expr));
    json.key("output_compiled").string(compiled_output(rule));
    append_no_plugins(json);
    json.end_object().end_object();
}

void append_macro(json::Writer& json, const rule::Macro& macro, const rule::RuleSet& rules) {
    json.begin_object();
    json.key("info").begin_object();
    json.key("name").string(macro.name);
    json.key("condition").string(macro.condition);
    json.end_object();
    json.key("details").begin_object();
    json.key("used").boolean(macro.used);
    append_texts(json, "macros",
                 macro.expr ? rule::macros_in(*macro.expr) : std::vector<std::string>{});
    append_texts(json, "lists", macro.lists);
    append_condition(json, details_of(macro, rules));
    append_no_plugins(json);
    json.end_object().end_object();
}

void append_list(json::Writer& json, const rule::List& list) {
    json.begin_object();
    json.key("info").begin_object();
    json.key("name").string(list.name);
    append_texts(json, "items", list.written);
    json.end_object();
    json.key("details").begin_object();
    json.key("used").boolean(list.used);
    append_texts(json, "lists", list.lists);
    append_texts(json, "items_compiled", list.items);
    append_no_plugins(json);
    json.end_object().end_object();
}

void append_required(json::Writer& json, const rule::RuleSet& rules) {
    json.key("required_engine_version").string(rules.required_engine_version);
    json.key("required_plugin_versions").begin_array();
    for (const rule::RequiredPlugin& plugin : rules.required_plugins) {
        append_plugin(json, plugin, false);
    }
    json.end_array();
}

}  // namespace saker::cli
