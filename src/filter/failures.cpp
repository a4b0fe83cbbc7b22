// SPDX-License-Identifier: Apache-2.0
#include "filter/failures.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace saker::filter {
namespace {

// What a test comes to for every failure; nullopt: it depends.
using Known = std::optional<bool>;

// Whether `value op constant` holds for all values below 0, or for none: known if all of them are
// on one side of the constant.
Known below_zero(Op op, std::int64_t constant) {
    const bool beyond = op == Op::kGt || op == Op::kLe;  // as >= and <, of the next number
    if (constant < (beyond ? -1 : 0)) return {};
    if (op == Op::kEq || op == Op::kGt || op == Op::kGe) return false;
    if (op == Op::kNe || op == Op::kLt || op == Op::kLe) return true;
    return {};
}

Known known(const Test& test) {
    if (test.lhs.kind != Operand::Kind::kField || test.quantifier != Quantifier::kNone) return {};
    if (test.constants.size() != 1) return {};
    const Constant& constant = test.constants[0];
    const std::string_view field = test.lhs.use.info->name;
    if (field == "evt.rawres") return below_zero(test.op, constant.integer);
    if (test.op != Op::kEq && test.op != Op::kNe) return {};
    if (field == "evt.failed") return (constant.number != 0) == (test.op == Op::kEq);
    if (field == "evt.res" && constant.text == "SUCCESS") return test.op == Op::kNe;
    return {};
}

Known known(const Expr& expr);

// `decisive` in any child decides; the other value needs all of them.
Known known(const std::vector<ExprPtr>& children, bool decisive) {
    Known all = !decisive;
    for (const ExprPtr& child : children) {
        const Known one = known(*child);
        if (one == decisive) return decisive;
        if (!one) all = std::nullopt;
    }
    return all;
}

Known known(const Expr& expr) {
    if (const auto* test = std::get_if<Test>(&expr.node)) return known(*test);
    if (const auto* row = std::get_if<And>(&expr.node)) return known(row->children, false);
    if (const auto* row = std::get_if<Or>(&expr.node)) return known(row->children, true);
    if (const auto* negated = std::get_if<Not>(&expr.node)) {
        const Known inner = known(*negated->child);
        return inner ? Known(!*inner) : std::nullopt;
    }
    return {};
}

}  // namespace

bool may_match_failure(const Expr& condition) {
    return known(condition) != false;
}

}  // namespace saker::filter
