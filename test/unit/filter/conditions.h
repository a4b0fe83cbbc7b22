// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "filter/check.h"
#include "filter/compile.h"
#include "filter/parser.h"
#include "filter/vm.h"
#include "unit/filter/fake_fields.h"

// Shorthands for conditions over the fake fields.
namespace saker::filter {

inline ExprPtr parse_or_throw(std::string_view text) {
    auto expr = parse(text);
    if (!expr) throw std::invalid_argument(std::string(text) + ": " + expr.error().message);
    return std::move(*expr);
}

inline ExprPtr checked(std::string_view text) {
    ExprPtr expr = parse_or_throw(text);
    const auto error = check(*expr, fake::registry());
    if (error) throw std::invalid_argument(std::string(text) + ": " + error->message);
    return expr;
}

// The message of check(); empty if there is none.
inline std::string check_error(std::string_view text) {
    ExprPtr expr = parse_or_throw(text);
    const auto error = check(*expr, fake::registry());
    return error ? error->message : "";
}

// Whether a condition holds for an event, by compiling and running it.
inline bool matches(std::string_view text, fake::Context& context) {
    const ExprPtr expr = checked(text);
    const RuleCondition rule{1, expr.get()};
    const Program program = compile(context.type, {&rule, 1});
    Vm vm;
    std::vector<std::uint32_t> found;
    context.memory.reset();
    vm.run(program, context, MatchMode::kAll, found);
    return !found.empty();
}

}  // namespace saker::filter
