// SPDX-License-Identifier: Apache-2.0
#include "filter/macros.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace saker::filter {
namespace {

class Expander {
public:
    Expander(const MacroLookup& lookup, const MacroLimits& limits)
        : lookup_(lookup), limits_(limits) {}

    std::expected<ExprPtr, MacroError> run(const Expr& expr) {
        ExprPtr expanded = expand(expr, 0);
        if (error_) return std::unexpected(std::move(*error_));
        return expanded;
    }

private:
    // nullptr after an error. `depth` is that of the expanded tree.
    ExprPtr expand(const Expr& expr, std::size_t depth) {
        if (++nodes_ > limits_.nodes || depth > limits_.depth) {
            return fail(depth > limits_.depth ? "macros are nested too deep"
                                              : "the condition is too large with its macros",
                        expr.span);
        }
        if (const auto* macro = std::get_if<Identifier>(&expr.node)) {
            return expand_macro(*macro, expr.span, depth);
        }
        if (const auto* negated = std::get_if<Not>(&expr.node)) {
            ExprPtr child = expand(*negated->child, depth + 1);
            if (!child) return nullptr;
            return make_expr(Not{std::move(child)}, expr.span);
        }
        if (const auto* row = std::get_if<And>(&expr.node)) return expand_row(*row, expr, depth);
        if (const auto* row = std::get_if<Or>(&expr.node)) return expand_row(*row, expr, depth);
        nodes_ += std::get<Test>(expr.node).constants.size();
        return clone(expr);
    }

    template <typename Node>
    ExprPtr expand_row(const Node& row, const Expr& expr, std::size_t depth) {
        Node expanded;
        for (const ExprPtr& child : row.children) {
            ExprPtr copy = expand(*child, depth + 1);
            if (!copy) return nullptr;
            expanded.children.push_back(std::move(copy));
        }
        return make_expr(std::move(expanded), expr.span);
    }

    ExprPtr expand_macro(const Identifier& macro, Span span, std::size_t depth) {
        if (std::ranges::find(open_, macro.name) != open_.end()) {
            return fail("reference loop in macro '" + macro.name + "'", span);
        }
        const Expr* condition = lookup_(macro.name);
        if (condition == nullptr) {
            return fail("Undefined macro '" + macro.name + "' used in filter.", span);
        }
        open_.push_back(macro.name);
        ExprPtr expanded = expand(*condition, depth + 1);
        open_.pop_back();
        return expanded;
    }

    ExprPtr fail(std::string message, Span span) {
        if (!error_) error_ = MacroError{std::move(message), span};
        return nullptr;
    }

    const MacroLookup& lookup_;
    MacroLimits limits_;
    std::vector<std::string> open_;  // the macros that are being expanded
    std::size_t nodes_ = 0;
    std::optional<MacroError> error_;
};

}  // namespace

std::expected<ExprPtr, MacroError> expand_macros(const Expr& expr, const MacroLookup& lookup,
                                                 const MacroLimits& limits) {
    return Expander(lookup, limits).run(expr);
}

}  // namespace saker::filter
