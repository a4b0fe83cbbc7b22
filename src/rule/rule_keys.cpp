// SPDX-License-Identifier: Apache-2.0
#include "rule/rule_keys.h"

#include <string>

namespace saker::rule {
namespace {

void append_condition(Item& item, RuleDefinition& rule) {
    if (const auto text = item.text("condition", true)) rule.condition.append(*text);
}

void replace_condition(Item& item, RuleDefinition& rule) {
    rule.condition = {};
    append_condition(item, rule);
}

void append_output(Item& item, RuleDefinition& rule) {
    if (const auto text = item.text("output", true)) rule.output.append_trimmed(*text);
}

void replace_output(Item& item, RuleDefinition& rule) {
    rule.output = {};
    append_output(item, rule);
}

void append_description(Item& item, RuleDefinition& rule) {
    const auto text = item.text("desc", true);
    if (!text) return;
    if (!rule.description.empty()) rule.description += ' ';
    rule.description += text->text();
}

void replace_description(Item& item, RuleDefinition& rule) {
    rule.description.clear();
    append_description(item, rule);
}

void append_tags(Item& item, RuleDefinition& rule) {
    const auto tags = item.scalars("tags");
    if (!tags) return;
    for (const Scalar& tag : *tags) rule.tags.insert(tag.text());
}

void replace_tags(Item& item, RuleDefinition& rule) {
    rule.tags.clear();
    append_tags(item, rule);
}

void append_exceptions(Item& item, RuleDefinition& rule) {
    merge_exceptions(item, read_exceptions(item, true), rule.exceptions);
}

// They are checked, and their operators filled in, as those of a new rule. (Falco takes what
// replaces others as it stands.)
void replace_exceptions(Item& item, RuleDefinition& rule) {
    rule.exceptions = read_exceptions(item, item.has("override"));
}

void replace_priority(Item& item, RuleDefinition& rule) {
    const auto text = item.text("priority", true);
    if (!text) return;
    const auto priority = parse_priority(text->text());
    if (!priority) {
        item.error(Code::kErrYamlValidate, "priority",
                   "invalid priority: it is one of EMERGENCY, ALERT, CRITICAL, ERROR, WARNING, "
                   "NOTICE, INFO (or INFORMATIONAL) and DEBUG");
    }
    rule.priority = priority.value_or(rule.priority);
}

template <bool RuleDefinition::* member>
void replace_flag(Item& item, std::string_view key, RuleDefinition& rule) {
    rule.*member = item.flag(key, RuleDefinition{}.*member);
}

void replace_enabled(Item& item, RuleDefinition& rule) {
    replace_flag<&RuleDefinition::enabled>(item, "enabled", rule);
}

void replace_warn_evttypes(Item& item, RuleDefinition& rule) {
    replace_flag<&RuleDefinition::warn_evttypes>(item, "warn_evttypes", rule);
}

void replace_skip(Item& item, RuleDefinition& rule) {
    replace_flag<&RuleDefinition::skip_if_unknown_filter>(item, "skip-if-unknown-filter", rule);
}

void replace_capture(Item& item, RuleDefinition& rule) {
    replace_flag<&RuleDefinition::capture>(item, "capture", rule);
    if (!rule.capture) return;
    item.warning(Code::kUnknownKey, "capture", "'capture' has no effect in this version");
}

void replace_capture_duration(Item& item, RuleDefinition& rule) {
    rule.capture_duration = item.number("capture_duration", 0);
}

constexpr RuleKey kKeys[] = {
    {"condition", append_condition, replace_condition},
    {"output", append_output, replace_output},
    {"desc", append_description, replace_description},
    {"priority", nullptr, replace_priority},
    {"tags", append_tags, replace_tags},
    {"exceptions", append_exceptions, replace_exceptions},
    {"enabled", nullptr, replace_enabled},
    {"warn_evttypes", nullptr, replace_warn_evttypes},
    {"skip-if-unknown-filter", nullptr, replace_skip},
    {"capture", nullptr, replace_capture},
    {"capture_duration", nullptr, replace_capture_duration},
};

}  // namespace

std::span<const RuleKey> rule_keys() {
    return kKeys;
}

}  // namespace saker::rule
