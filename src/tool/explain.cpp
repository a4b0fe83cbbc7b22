// SPDX-License-Identifier: Apache-2.0
#include "tool/explain.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "event/table.h"
#include "filter/compile.h"
#include "filter/event_types.h"
#include "filter/fold.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "tool/decision.h"
#include "tool/scenario.h"

namespace saker::tool {

namespace {

using filter::Expr;
using Out = std::back_insert_iterator<std::string>;

// --- the condition, a test a line ---

void append_tree(Out out, const Expr& expr, std::size_t depth, std::string_view lead);

void append_row(Out out, const std::vector<filter::ExprPtr>& children, std::size_t depth,
                std::string_view lead, std::string_view word) {
    const std::string_view constant = word == "and" ? "true" : "false";
    fmt::format_to(out, "{:{}}{}{}\n", "", depth * 2, lead,
                   children.empty() ? constant
                   : word == "and"  ? "all of"
                                    : "any of");
    for (const auto& child : children) append_tree(out, *child, depth + 1, "");
}

void append_tree(Out out, const Expr& expr, std::size_t depth, std::string_view lead) {
    if (const auto* test = std::get_if<filter::Test>(&expr.node)) {
        fmt::format_to(out, "{:{}}{}{}\n", "", depth * 2, lead, filter::to_text(*test));
    } else if (const auto* negation = std::get_if<filter::Not>(&expr.node)) {
        append_tree(out, *negation->child, depth, lead.empty() ? "not " : "not not ");
    } else if (const auto* all = std::get_if<filter::And>(&expr.node)) {
        append_row(out, all->children, depth, lead, "and");
    } else if (const auto* any = std::get_if<filter::Or>(&expr.node)) {
        append_row(out, any->children, depth, lead, "or");
    }
}

// --- what it costs ---

// How often events of a type come.
enum class Frequency : std::uint8_t { kRare, kUsual, kConstant };

// Calls that programs make all the time, and that neither read, write nor wait.
constexpr event::EventType kConstantCalls[] = {
    SAKER_EVENT_close,  SAKER_EVENT_futex,  SAKER_EVENT_lseek,    SAKER_EVENT_ioctl,
    SAKER_EVENT_fstat,  SAKER_EVENT_statx,  SAKER_EVENT_mprotect, SAKER_EVENT_newfstatat,
    SAKER_EVENT_munmap, SAKER_EVENT_access, SAKER_EVENT_madvise,  SAKER_EVENT_brk,
};

bool is_constant(const event::EventInfo& info) {
    constexpr std::uint32_t kTraits =
        event::kReadsFd | event::kWritesFd | event::kWaits | event::kGenericCall;
    if ((info.traits & kTraits) != 0) return true;
    const auto of_call = [](event::EventType type) { return event::info(type).name; };
    return std::ranges::find(kConstantCalls, info.name, of_call) != std::end(kConstantCalls);
}

Frequency frequency_of(const event::EventInfo& info) {
    if (info.ring == SAKER_RING_VITAL || info.has(event::kNeverSeen)) return Frequency::kRare;
    return is_constant(info) ? Frequency::kConstant : Frequency::kUsual;
}

constexpr std::string_view kCosts[] = {
    "low: events that are rare (programs that start, modules, namespaces, ...)",
    "medium: events that are usual (files opened, connections made, ...)",
    "high: events that come all the time (reads, writes, waits, ...)",
};

std::string_view cost_of(const filter::EventTypes& types) {
    Frequency worst = Frequency::kRare;
    const filter::EventTypeSet collected = types.collected();
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (collected[type]) worst = std::max(worst, frequency_of(event::info(type)));
    }
    return kCosts[static_cast<std::size_t>(worst)];
}

// --- what is left of it for each type ---

struct Form {
    std::string condition;
    std::vector<event::EventType> types;
};

std::vector<Form> forms_of(const rule::Rule& rule, const filter::EventTypeSet& types) {
    std::vector<Form> forms;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (!types[type] || event::info(type).category == event::Category::kInternal) continue;
        std::string condition;
        append_tree(Out(condition), *filter::fold(*rule.expr, type).expr, 1, "");
        const auto known = std::ranges::find(forms, condition, &Form::condition);
        if (known != forms.end()) {
            known->types.push_back(type);
        } else {
            forms.push_back({std::move(condition), {type}});
        }
    }
    return forms;
}

void append_form(Out out, const rule::Rule& rule, const Form& form) {
    std::vector<std::string_view> names;
    names.reserve(form.types.size());
    for (const event::EventType type : form.types) names.push_back(event::info(type).name);
    const filter::RuleCondition condition{0, rule.expr.get()};
    const filter::Program program = filter::compile(form.types.front(), {&condition, 1});
    fmt::format_to(out, "\nFor {}:\n{}\n{}", fmt::join(names, ", "), form.condition,
                   filter::disassemble(program));
}

void append_decision(Out out, const rule::Rule& rule, const Case& one, Scenario& scenario) {
    const Decision decision = decide(*rule.expr, scenario, {});
    fmt::format_to(out, "{}\n  {}: the rule {}{}\n{}", one.name.empty() ? "The event" : one.name,
                   event::info(scenario.type()).name, decision.holds ? "fires" : "does not fire",
                   decision.real_name ? ", under the file's real name" : "", to_text(decision));
}

}  // namespace

std::string explain(const rule::Rule& rule) {
    std::string text;
    const Out out(text);
    const filter::EventTypes types = filter::event_types(*rule.expr);
    const std::vector<Form> forms = forms_of(rule, types.types);
    fmt::format_to(out, "Rule: {}\n  {}:{}:{}, {}{}\n\nCondition:\n", rule.name, rule.file,
                   rule.position.line, rule.position.column, rule::priority_name(rule.priority),
                   rule.enabled ? "" : ", not enabled");
    append_tree(out, *rule.expr, 1, "");
    std::size_t count = 0;
    for (const Form& form : forms) count += form.types.size();
    fmt::format_to(out, "\nEvents: {} types{}\nCost: {}\n", count,
                   types.restricts ? "" : ", since the condition names none", cost_of(types));
    for (const Form& form : forms) append_form(out, rule, form);
    return text;
}

Result<std::string> explain_events(const rule::Rule& rule, const TestFile& file) {
    if (!file.problems.empty()) return fail(to_text(file.problems.front()));
    std::string text;
    for (const Case& one : file.cases) {
        const auto scenario = Scenario::make(one.event);
        if (!scenario) return fail(to_text(scenario.error()));
        append_decision(Out(text), rule, one, **scenario);
    }
    return text;
}

}  // namespace saker::tool
