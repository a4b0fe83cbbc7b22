// SPDX-License-Identifier: Apache-2.0
#include "cli/details.h"

#include <algorithm>

#include "event/table.h"
#include "filter/check.h"
#include "filter/event_types.h"
#include "filter/macros.h"

namespace saker::cli {

namespace {

// Unlike filter::for_each_field, for operands that may not have been checked.
void add_fields(const filter::Operand& operand, Names& fields) {
    if (operand.kind == filter::Operand::Kind::kField) {
        fields.insert(operand.name + (operand.argument ? "[" + *operand.argument + "]" : ""));
    }
    for (const filter::Operand& inner : operand.operands) add_fields(inner, fields);
}

void add_tests(const filter::Expr& condition, ConditionDetails& details) {
    details.compiled = filter::to_text(condition);
    filter::for_each_test(condition, [&](const filter::Test& test) {
        details.operators.emplace(filter::info(test.op).name);
        add_fields(test.lhs, details.fields);
        if (test.rhs) add_fields(*test.rhs, details.fields);
    });
}

void add_events(const filter::Expr& condition, ConditionDetails& details) {
    const filter::EventTypeSet types = filter::named_event_types(condition);
    for (std::size_t type = 0; type < event::events().size(); ++type) {
        if (types[type]) details.events.emplace(event::events()[type].name);
    }
}

}  // namespace

ConditionDetails details_of(const filter::Expr& condition) {
    ConditionDetails details;
    add_tests(condition, details);
    add_events(condition, details);
    return details;
}

ConditionDetails details_of(const rule::Macro& macro, const rule::RuleSet& rules) {
    if (!macro.expr) return {};
    auto expanded = filter::expand_macros(*macro.expr, [&](std::string_view name) {
        const auto found = std::ranges::find(rules.macros, name, &rule::Macro::name);
        return found == rules.macros.end() ? nullptr : found->expr.get();
    });
    if (!expanded) return {};
    ConditionDetails details;
    add_tests(**expanded, details);
    if (!filter::check(**expanded, field::Registry::native())) add_events(**expanded, details);
    return details;
}

}  // namespace saker::cli
