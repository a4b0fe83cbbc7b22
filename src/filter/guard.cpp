// SPDX-License-Identifier: Apache-2.0
#include "filter/guard.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "filter/estimate.h"
#include "filter/glob.h"
#include "filter/lower.h"
#include "filter/path_patterns.h"
#include "filter/text_index.h"

namespace saker::filter {
namespace {

struct Guard {
    std::vector<Atom> atoms;
    double cost = 0;
    double truth = 0;
};

// What an atom of an index costs. The index answers for all rules at once, and the value that it
// looks up is one that the rules need too: each rule bears a part.
constexpr double kLookUp = 0.2;
constexpr double kShareOfValue = 0.1;
// To start running a rule at all.
constexpr double kStart = 4;

using Make = std::optional<Atom> (*)(const Test&, const Constant&);

std::optional<Atom> equals(const Test& test, const Constant& constant) {
    return Atom{Atom::Kind::kEquals, &test, constant.text, 0};
}

std::optional<Atom> number(const Test& test, const Constant& constant) {
    return Atom{Atom::Kind::kNumber, &test, {}, bits_of(constant, test.lhs.type)};
}

std::optional<Atom> prefix(const Test& test, const Constant& constant) {
    if (constant.text.empty()) return std::nullopt;
    return Atom{Atom::Kind::kPrefix, &test, constant.text, 0};
}

std::optional<Atom> suffix(const Test& test, const Constant& constant) {
    if (constant.text.empty()) return std::nullopt;
    return Atom{Atom::Kind::kSuffix, &test, constant.text, 0};
}

std::optional<Atom> within(const Test& test, const Constant& constant) {
    if (constant.text.size() < Within::kLeast) return std::nullopt;
    return Atom{Atom::Kind::kWithin, &test, constant.text, 0};
}

std::optional<Atom> path(const Test& test, const Constant& constant) {
    std::string literal = PathPatterns::literal_start(constant.text);
    if (literal.empty()) return std::nullopt;
    return Atom{Atom::Kind::kPath, &test, std::move(literal), 0};
}

std::optional<Atom> glob(const Test& test, const Constant& constant) {
    const Glob pattern(constant.text);
    const Glob::Literal& literal = pattern.required();
    if (literal.text.empty()) return std::nullopt;
    Atom atom{Atom::Kind::kWithin, &test, literal.text, 0};
    if (literal.at_end) atom.kind = Atom::Kind::kSuffix;
    if (literal.at_begin) atom.kind = Atom::Kind::kPrefix;
    if (atom.kind == Atom::Kind::kWithin && literal.text.size() < Within::kLeast) return {};
    return atom;
}

// What an index needs to know of a constant, by operator. An operator holds only if the atom of one
// of its constants does, whichever way it is quantified.
struct Row {
    Op op;
    Make of_text;
    Make of_number;
};

constexpr Row kRows[] = {
    {Op::kEq, equals, number},     {Op::kIn, equals, number},   {Op::kIntersects, equals, number},
    {Op::kStartswith, prefix, {}}, {Op::kEndswith, suffix, {}}, {Op::kContains, within, {}},
    {Op::kPmatch, path, {}},       {Op::kGlob, glob, {}},
};

Make maker_of(const Test& test) {
    const auto row = std::ranges::find(kRows, test.op, &Row::op);
    if (row == std::end(kRows) || test.rhs) return nullptr;
    switch (test.lhs.type) {
        case field::ValueType::kString:
        case field::ValueType::kPath:
        case field::ValueType::kBytes:
            return row->of_text;
        case field::ValueType::kDouble:
        case field::ValueType::kIp:
        case field::ValueType::kNet:
            return nullptr;
        default:
            return row->of_number;
    }
}

}  // namespace

std::vector<Atom> atoms_of(const Test& test) {
    const Make make = maker_of(test);
    std::vector<Atom> atoms;
    if (make == nullptr) return atoms;
    for (const Constant& constant : test.constants) {
        auto atom = make(test, constant);
        if (!atom) return {};
        atoms.push_back(std::move(*atom));
    }
    return atoms;
}

namespace {

Guard guard_of(const Test& test) {
    const Estimate guess = estimate(test);
    std::vector<Atom> atoms = atoms_of(test);
    if (!atoms.empty()) {
        return {std::move(atoms), kLookUp + cost_of(test.lhs) * kShareOfValue, guess.truth};
    }
    atoms.push_back({Atom::Kind::kTest, &test, {}, 0});
    return {std::move(atoms), guess.cost, guess.truth};
}

// A guard of either kind of row has a part for each child of an `or`, and one child of an `and`.
std::optional<Guard> guard_of(const Expr& expr);

std::optional<Guard> all_of(const std::vector<ExprPtr>& children) {
    Guard all;
    for (const ExprPtr& child : children) {
        auto one = guard_of(*child);
        if (!one) return std::nullopt;
        std::ranges::move(one->atoms, std::back_inserter(all.atoms));
        all.cost += one->cost;
        all.truth = std::min(1.0, all.truth + one->truth);
    }
    return all;
}

double price(const Guard& guard, double run) {
    return guard.cost + guard.truth * (kStart + run);
}

std::optional<Guard> best_of(const std::vector<ExprPtr>& children, double run) {
    std::optional<Guard> best;
    for (const ExprPtr& child : children) {
        auto one = guard_of(*child);
        if (one && (!best || price(*one, run) < price(*best, run))) best = std::move(one);
    }
    return best;
}

std::optional<Guard> guard_of(const Expr& expr) {
    if (const auto* test = std::get_if<Test>(&expr.node)) return guard_of(*test);
    if (const auto* row = std::get_if<Or>(&expr.node)) return all_of(row->children);
    if (const auto* row = std::get_if<And>(&expr.node)) {
        return best_of(row->children, estimate(expr).cost);
    }
    return std::nullopt;  // what is negated is common
}

}  // namespace

std::vector<Atom> find_guard(const Expr& condition) {
    const double run = estimate(condition).cost;
    auto guard = guard_of(condition);
    if (!guard || price(*guard, run) >= kStart + run) return {};
    return std::move(guard->atoms);
}

}  // namespace saker::filter
