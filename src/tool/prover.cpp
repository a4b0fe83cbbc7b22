// SPDX-License-Identifier: Apache-2.0
#include "tool/prover.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "filter/fold.h"
#include "filter/predicate.h"

namespace saker::tool {

namespace {

using field::Value;
using field::ValueType;
using filter::Op;
using filter::Test;

bool is_number(ValueType type) {
    return type == ValueType::kInt || type == ValueType::kUint || type == ValueType::kBool ||
           type == ValueType::kPort || type == ValueType::kReltime || type == ValueType::kAbstime;
}

bool wants_any(const Test& test) {
    return test.quantifier == filter::Quantifier::kNone ||
           test.quantifier == filter::Quantifier::kAnyof;
}

// More tests of one operand are not compared with each other.
constexpr std::size_t kMaxLiterals = 64;

// The texts that a test allows; nullptr: not only those of a list.
const std::vector<filter::Constant>* allowed_texts(const Test& test) {
    const bool equal = test.op == Op::kEq || test.op == Op::kIn;
    return equal && !test.rhs && wants_any(test) ? &test.constants : nullptr;
}

// For texts that begin or end with something, or have it in them: whether `other`, which holds for
// that alone, holds for all of them, since what else stands around it does not matter.
bool stays_true(Op given, Op other) {
    const bool part = given == Op::kStartswith || given == Op::kEndswith || given == Op::kContains;
    if (other == Op::kContains) return part;
    return given == other && (given == Op::kStartswith || given == Op::kEndswith);
}

// Larger lists are not compared item by item.
constexpr std::size_t kMaxPairs = 10'000;

// True if no text can begin, or end, with what both ask for.
bool differ_at_one_end(const Test& a, const Test& b) {
    const bool start = a.op == Op::kStartswith;
    if (a.op != b.op || (!start && a.op != Op::kEndswith)) return false;
    if (a.rhs || b.rhs || !wants_any(a) || !wants_any(b)) return false;
    if (a.constants.size() * b.constants.size() > kMaxPairs) return false;
    const auto fit = [&](const std::string& longer, const std::string& shorter) {
        return start ? longer.starts_with(shorter) : longer.ends_with(shorter);
    };
    return std::ranges::none_of(a.constants, [&](const filter::Constant& one) {
        return std::ranges::any_of(b.constants, [&](const filter::Constant& other) {
            return fit(one.text, other.text) || fit(other.text, one.text);
        });
    });
}

// Where a comparison of numbers may change its answer.
void add_neighbours(const Test& test, std::vector<Value>& values) {
    for (const filter::Constant& constant : test.constants) {
        values.push_back(Value::of_uint(constant.number));
        values.push_back(Value::of_uint(constant.number - 1));
        values.push_back(Value::of_uint(constant.number + 1));
    }
}

}  // namespace

bool Prover::never(const filter::Expr& expr, const filter::EventTypeSet& types) {
    // For most types the same is left of it.
    absl::flat_hash_set<std::string> proved;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (!types[type]) continue;
        // Negations then stand at the tests, and tests have their simplest form.
        const filter::Folded folded = filter::fold(expr, type);
        if (folded.is_false() || !proved.insert(filter::to_text(*folded.expr)).second) continue;
        if (!never(*folded.expr)) return false;
    }
    return true;
}

bool Prover::never(const filter::Expr& folded) {
    steps_ = 0;
    code_.clear();
    operands_.clear();
    pool_ = filter::ConstantPool();
    Facts facts;
    return add(folded, facts) || contradictory(facts, kMaxDepth);
}

const filter::Instruction& Prover::code_of(const Test& test) {
    const auto [found, added] = code_.try_emplace(&test);
    if (added) found->second = filter::lower(test, pool_);
    return found->second;
}

const std::string& Prover::operand_of(const Test& test) {
    auto& text = operands_[&test];
    if (!text) text = std::make_unique<std::string>(filter::to_text(test.lhs));
    return *text;
}

// Adds what must hold if `expr` does. True: it cannot, together with what is there.
bool Prover::add(const filter::Expr& expr, Facts& facts) {
    if (const auto* all = std::get_if<filter::And>(&expr.node)) {
        return std::ranges::any_of(all->children,
                                   [&](const auto& child) { return add(*child, facts); });
    }
    if (const auto* any = std::get_if<filter::Or>(&expr.node)) {
        facts.alternatives.push_back(any);
        return any->children.empty();
    }
    const auto* negation = std::get_if<filter::Not>(&expr.node);
    const auto* test = std::get_if<Test>(negation != nullptr ? &negation->child->node : &expr.node);
    if (test == nullptr) return false;
    Literals& literals = facts.by_operand[operand_of(*test)];
    literals.push_back({test, negation != nullptr});
    return exclude_each_other(literals);
}

// True if all ways out of one of the alternatives are closed.
bool Prover::contradictory(const Facts& facts, int depth) {
    if (depth == 0) return false;
    for (std::size_t i = 0; i < facts.alternatives.size(); ++i) {
        Facts rest = facts;
        rest.alternatives.erase(rest.alternatives.begin() + static_cast<std::ptrdiff_t>(i));
        const auto closed = [&](const filter::ExprPtr& way) {
            if (++steps_ > kMaxSteps) return false;
            Facts chosen = rest;
            return add(*way, chosen) || contradictory(chosen, depth - 1);
        };
        if (std::ranges::all_of(facts.alternatives[i]->children, closed)) return true;
        if (steps_ > kMaxSteps) return false;
    }
    return false;
}

bool Prover::exclude_each_other(const Literals& literals) {
    if (literals.size() > kMaxLiterals) return false;
    const Literal& last = literals.back();
    const std::string text = filter::to_text(*last.test);
    bool present = false;
    bool absent = false;
    for (const Literal& literal : literals) {
        if (literal.negated != last.negated && filter::to_text(*literal.test) == text) return true;
        present = present || !literal.negated;
        absent = absent || (literal.negated && literal.test->op == Op::kExists);
    }
    if (present && absent) return true;
    // What has several values may satisfy each test with another one; what need not be there
    // satisfies every negated test.
    if (last.test->lhs.several != field::Several::kOne || !present) return false;
    for (const Literal& other : literals) {
        if (exclude_each_other(last, other)) return true;
    }

    std::optional<std::vector<Value>> values;
    for (const Literal& literal : literals) {
        if (is_number(last.test->lhs.type)) {
            if (!values) values.emplace();
            add_neighbours(*literal.test, *values);
            continue;
        }
        const bool text_type = field::is_text(last.test->lhs.type);
        const auto* texts = literal.negated || !text_type ? nullptr : allowed_texts(*literal.test);
        if (texts == nullptr) continue;
        values.emplace();
        for (const filter::Constant& one : *texts) values->push_back(Value::of(one.text));
        break;
    }
    if (!values || values->empty()) return false;
    return std::ranges::none_of(*values,
                                [&](const Value& value) { return satisfied(literals, value); });
}

// Two tests of one text.
bool Prover::exclude_each_other(const Literal& a, const Literal& b) {
    if (!field::is_text(a.test->lhs.type)) return false;
    if (!a.negated && !b.negated) return differ_at_one_end(*a.test, *b.test);
    if (a.negated && b.negated) return false;
    return a.negated ? implies(*b.test, *a.test) : implies(*a.test, *b.test);
}

// True if every text for which `given` holds is one for which `other` does.
bool Prover::implies(const Test& given, const Test& other) {
    if (given.rhs || other.rhs || !wants_any(given) || !stays_true(given.op, other.op))
        return false;
    if (other.quantifier == filter::Quantifier::kOneof) return false;
    steps_ += given.constants.size();
    if (steps_ > kMaxSteps * 20) return false;
    return std::ranges::all_of(given.constants, [&](const filter::Constant& constant) {
        const Value value = Value::of(constant.text);
        scratch_.reset();
        return filter::holds(code_of(other), {&value, 1}, {}, scratch_);
    });
}

bool Prover::satisfied(const Literals& literals, const Value& value) {
    // Out of steps: as good as satisfied, for then nothing is proved.
    if (++steps_ > kMaxSteps * 20) return true;
    scratch_.reset();
    return std::ranges::all_of(literals, [&](const Literal& literal) {
        if (literal.test->rhs) return true;  // compared with a field: anything is possible
        return filter::holds(code_of(*literal.test), {&value, 1}, {}, scratch_) != literal.negated;
    });
}

}  // namespace saker::tool
