// SPDX-License-Identifier: Apache-2.0
#include "filter/fold.h"

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "filter/decide.h"
#include "filter/lower.h"

namespace saker::filter {
namespace {

// The test of a leaf: `expr` itself or, with `negated`, what its `not` encloses.
Test* test_of(Expr& expr, bool negated) {
    Expr* leaf = &expr;
    if (negated) {
        auto* outer = std::get_if<Not>(&expr.node);
        if (outer == nullptr) return nullptr;
        leaf = outer->child.get();
    }
    return std::get_if<Test>(&leaf->node);
}

// How a test reads once it stands for several that are joined by `or`; nullopt: it cannot.
// For a list, `in` asks for all elements: `l in (a) or l in (b)` is not `l in (a, b)`.
std::optional<std::pair<Op, Quantifier>> merged_form(const Test& test) {
    const bool any = test.quantifier == Quantifier::kNone || test.quantifier == Quantifier::kAnyof;
    if (test.rhs || !any) return std::nullopt;
    const bool list = test.lhs.several == field::Several::kList;
    switch (test.op) {
        case Op::kIn:
            if (list) return std::nullopt;
            [[fallthrough]];
        case Op::kEq:
        case Op::kIntersects:
            return std::pair(list ? Op::kIntersects : Op::kIn, Quantifier::kNone);
        case Op::kPmatch:
            return std::pair(test.op, Quantifier::kNone);
        case Op::kContains:
        case Op::kStartswith:
        case Op::kEndswith:
        case Op::kGlob:
        case Op::kIglob:
        case Op::kRegex:
            return std::pair(test.op, Quantifier::kAnyof);
        default:
            return std::nullopt;
    }
}

// Joins tests of one operand into the first of them: `f = a or f in (b, c)` is `f in (a, b, c)`.
// With `negated` the children are joined by `and`, and negated tests are looked for:
// `not f = a and not f = b` is `not f in (a, b)`.
void merge_tests(std::vector<ExprPtr>& children, bool negated) {
    absl::flat_hash_map<std::string, Test*> known;
    std::vector<ExprPtr> kept;
    for (ExprPtr& child : children) {
        Test* test = test_of(*child, negated);
        const auto form = test != nullptr ? merged_form(*test) : std::nullopt;
        if (!form) {
            kept.push_back(std::move(child));
            continue;
        }
        const std::string key = std::to_string(static_cast<int>(form->first)) + to_text(test->lhs);
        const auto [first, added] = known.try_emplace(key, test);
        if (added) {
            kept.push_back(std::move(child));
            continue;
        }
        Test& into = *first->second;
        std::tie(into.op, into.quantifier) = *form;
        into.constants.insert(into.constants.end(), test->constants.begin(), test->constants.end());
    }
    children = std::move(kept);
}

bool is_true(const Expr& expr) {
    const auto* row = std::get_if<And>(&expr.node);
    return row != nullptr && row->children.empty();
}

bool is_false(const Expr& expr) {
    const auto* row = std::get_if<Or>(&expr.node);
    return row != nullptr && row->children.empty();
}

ExprPtr constant(bool truth) {
    return truth ? make_expr(And{}) : make_expr(Or{});
}

// Children of the same kind are taken in: `a and (b and c)`.
template <typename Node>
void append(std::vector<ExprPtr>& children, ExprPtr child) {
    auto* same = std::get_if<Node>(&child->node);
    if (same == nullptr) {
        children.push_back(std::move(child));
        return;
    }
    for (ExprPtr& inner : same->children) children.push_back(std::move(inner));
}

class Folder {
public:
    Folder(event::EventType type, field::Scratch& scratch) : type_(type), scratch_(scratch) {}

    // The folded form of `expr`, or of its negation. Negations sink to the tests, so that what
    // they enclose can be merged with what stands beside them.
    ExprPtr fold(const Expr& expr, bool negated) {
        if (const auto* test = std::get_if<Test>(&expr.node)) {
            return fold_test(*test, expr.span, negated);
        }
        if (const auto* inner = std::get_if<Not>(&expr.node)) return fold(*inner->child, !negated);
        if (const auto* row = std::get_if<And>(&expr.node)) {
            return negated ? fold_row<Or>(row->children, negated, expr.span)
                           : fold_row<And>(row->children, negated, expr.span);
        }
        if (const auto* row = std::get_if<Or>(&expr.node)) {
            return negated ? fold_row<And>(row->children, negated, expr.span)
                           : fold_row<Or>(row->children, negated, expr.span);
        }
        return clone(expr);
    }

private:
    ExprPtr fold_test(const Test& test, Span span, bool negated) {
        Test simple = simplify(test);
        if (const auto truth = Decider(simple, scratch_).decide(type_)) {
            return constant(*truth != negated);
        }
        ExprPtr leaf = make_expr(std::move(simple), span);
        return negated ? make_expr(Not{std::move(leaf)}, span) : std::move(leaf);
    }

    // Folds each child (or its negation) and joins them by Node.
    template <typename Node>
    ExprPtr fold_row(const std::vector<ExprPtr>& children, bool negated, Span span) {
        constexpr bool kConjunction = std::is_same_v<Node, And>;
        Node row;
        for (const ExprPtr& child : children) {
            ExprPtr folded = fold(*child, negated);
            if (is_true(*folded) || is_false(*folded)) {
                if (is_true(*folded) != kConjunction) return folded;  // decides the whole row
                continue;
            }
            append<Node>(row.children, std::move(folded));
        }
        merge_tests(row.children, kConjunction);
        if (row.children.size() == 1) return std::move(row.children.front());
        return make_expr(std::move(row), span);
    }

    event::EventType type_;
    field::Scratch& scratch_;
};

}  // namespace

bool Folded::is_true() const {
    return filter::is_true(*expr);
}
bool Folded::is_false() const {
    return filter::is_false(*expr);
}

Folded fold(const Expr& expr, event::EventType type) {
    field::Scratch scratch;
    return fold(expr, type, scratch);
}

Folded fold(const Expr& expr, event::EventType type, field::Scratch& scratch) {
    return {Folder(type, scratch).fold(expr, false)};
}

}  // namespace saker::filter
