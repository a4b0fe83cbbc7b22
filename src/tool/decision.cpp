// SPDX-License-Identifier: Apache-2.0
#include "tool/decision.h"

#include <array>
#include <iterator>
#include <utility>

#include "filter/lower.h"
#include "filter/predicate.h"
#include "filter/transformers.h"
#include "fmt/core.h"
#include "tool/value_text.h"

namespace saker::tool {

namespace {

using field::Values;
using filter::Operand;

Values values_of(const Operand& operand, const field::Context& context);

// An element that is not there leaves the whole list without a value.
Values values_of_list(const Operand& operand, const field::Context& context) {
    const auto row = context.scratch->values(operand.operands.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Values element = values_of(operand.operands[i], context);
        if (element.empty()) return {};
        row[i] = element.front();
    }
    return row;
}

Values values_of_call(const Operand& operand, const field::Context& context) {
    std::array<filter::Argument, filter::kMaxArguments> arguments;
    const std::size_t count = operand.operands.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Operand& argument = operand.operands[i];
        arguments[i] = {values_of(argument, context), argument.several == field::Several::kList};
    }
    const char selector = operand.argument ? operand.argument->front() : '\0';
    return filter::apply(operand.transformer, selector, {arguments.data(), count},
                         *context.scratch);
}

Values values_of(const Operand& operand, const field::Context& context) {
    switch (operand.kind) {
        case Operand::Kind::kField:
            return operand.use.info->extract(operand.use, context);
        case Operand::Kind::kConstant:
            return context.scratch->one(field::Value::of(operand.constant.text));
        case Operand::Kind::kList:
            return values_of_list(operand, context);
        case Operand::Kind::kCall:
            return values_of_call(operand, context);
    }
    return {};
}

bool test_holds(const filter::Test& test, const field::Context& context) {
    const filter::Test simple = filter::simplify(test);
    const Values lhs = values_of(simple.lhs, context);
    const Values rhs = simple.rhs ? values_of(*simple.rhs, context) : Values{};
    if (lhs.empty() || (simple.rhs && rhs.empty())) return false;
    filter::ConstantPool pool;
    return filter::holds(filter::lower(simple, pool), lhs, rhs, *context.scratch);
}

std::string described(const Operand& operand, const field::Context& context) {
    return filter::to_text(operand) + " is " +
           value_text(operand.type, values_of(operand, context));
}

Decision decide_test(const filter::Test& test, const field::Context& context,
                     const OnTest& on_test) {
    const bool holds = test_holds(test, context);
    if (on_test) on_test(test, holds);
    std::string value = described(test.lhs, context);
    if (test.rhs) value += ", " + described(*test.rhs, context);
    return {holds, false, {{&test, holds, std::move(value)}}};
}

// An `and` is decided by the first part that does not hold, an `or` by the first that does.
Decision decide_row(const std::vector<filter::ExprPtr>& children, bool stops,
                    const field::Context& context, const OnTest& on_test) {
    Decision row{!stops, false, {}};
    for (const auto& child : children) {
        Decision one = decide(*child, context, on_test);
        if (one.holds == stops) return one;
        std::ranges::move(one.reasons, std::back_inserter(row.reasons));
    }
    return row;
}

}  // namespace

std::string to_text(const Decision& decision) {
    std::string lines;
    for (const Reason& reason : decision.reasons) {
        fmt::format_to(std::back_inserter(lines), "    {:5}  {}    [{}]\n", reason.holds,
                       short_text(*reason.test), reason.value);
    }
    return lines;
}

Decision decide(const filter::Expr& expr, const field::Context& context, const OnTest& on_test) {
    if (const auto* test = std::get_if<filter::Test>(&expr.node)) {
        return decide_test(*test, context, on_test);
    }
    if (const auto* negated = std::get_if<filter::Not>(&expr.node)) {
        Decision inner = decide(*negated->child, context, on_test);
        inner.holds = !inner.holds;
        return inner;
    }
    if (const auto* all = std::get_if<filter::And>(&expr.node)) {
        return decide_row(all->children, false, context, on_test);
    }
    const auto* any = std::get_if<filter::Or>(&expr.node);
    return any == nullptr ? Decision{} : decide_row(any->children, true, context, on_test);
}

Decision decide(const filter::Expr& expr, Scenario& scenario, const OnTest& on_test) {
    GivenContext& context = scenario.context();
    context.names = field::NameView::kAsked;
    Decision asked = decide(expr, context, on_test);
    if (asked.holds || !scenario.has_two_names()) return asked;
    context.names = field::NameView::kReal;
    Decision real = decide(expr, context, on_test);
    context.names = field::NameView::kAsked;
    if (!real.holds) return asked;
    real.real_name = true;
    return real;
}

}  // namespace saker::tool
