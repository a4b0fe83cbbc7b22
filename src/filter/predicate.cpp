// SPDX-License-Identifier: Apache-2.0
#include "filter/predicate.h"

#include <algorithm>
#include <cstring>

namespace saker::filter {
namespace {

using field::Scratch;
using field::Value;
using field::Values;
using field::ValueType;

template <typename Predicate>
bool any_or_all(bool all, Values values, Predicate predicate) {
    return all ? std::ranges::all_of(values, predicate) : std::ranges::any_of(values, predicate);
}

template <typename Number>
bool compare_numbers(Op op, Number a, Number b) {
    switch (op) {
        case Op::kNe:
            return a != b;
        case Op::kLt:
            return a < b;
        case Op::kLe:
            return a <= b;
        case Op::kGt:
            return a > b;
        case Op::kGe:
            return a >= b;
        default:
            return a == b;  // =, in, intersects
    }
}

bool compare_texts(Op op, std::string_view a, std::string_view b) {
    switch (op) {
        case Op::kContains:
            return contains(a, b);
        case Op::kStartswith:
            return a.starts_with(b);
        case Op::kEndswith:
            return a.ends_with(b);
        default:
            return compare_numbers(op, a, b);
    }
}

bool compare_values(Op op, ValueType type, const Value& a, const Value& b) {
    switch (type) {
        case ValueType::kString:
        case ValueType::kPath:
        case ValueType::kBytes:
            return compare_texts(op, a.text, b.text);
        case ValueType::kInt:
            return compare_numbers(op, a.integer, b.integer);
        case ValueType::kDouble:
            return compare_numbers(op, a.real, b.real);
        case ValueType::kIp:
        case ValueType::kNet:
            return (a.ip == b.ip) == (op != Op::kNe);
        default:
            return compare_numbers(op, a.number, b.number);
    }
}

// A field against a field: `in` and `intersects` look for a value among all at the right; the
// other operators have one there.
bool compare(const Instruction& test, Values lhs, Values rhs) {
    if (rhs.empty()) return false;
    const auto [op, type, slot] = test.comparison;
    return any_or_all(test.all, lhs, [&](const Value& value) {
        return std::ranges::any_of(
            rhs, [&](const Value& other) { return compare_values(op, type, value, other); });
    });
}

template <typename Predicate>
bool quantify(const Quantified& quantified, Predicate predicate) {
    const auto& tests = quantified.tests;
    switch (quantified.quantifier) {
        case Quantifier::kAllof:
            return std::ranges::all_of(tests, predicate);
        case Quantifier::kOneof:
            return std::ranges::count_if(tests, predicate) == 1;
        default:
            return std::ranges::any_of(tests, predicate);
    }
}

bool holds_quantified(const Quantified& quantified, Values values, Scratch& scratch) {
    if (quantified.none_equal) {
        return quantify(quantified, [&](const Instruction& test) {
            return std::ranges::all_of(
                values, [&](const Value& value) { return holds_for(test, value, scratch); });
        });
    }
    return std::ranges::any_of(values, [&](const Value& value) {
        return quantify(quantified,
                        [&](const Instruction& test) { return holds_for(test, value, scratch); });
    });
}

}  // namespace

bool holds_for_several(const Instruction& test, Values lhs, Values rhs, Scratch& scratch) {
    if (test.opcode == Opcode::kCompare) return compare(test, lhs, rhs);
    if (test.opcode == Opcode::kQuantified) return holds_quantified(*test.quantified, lhs, scratch);
    return any_or_all(test.all, lhs,
                      [&](const Value& value) { return holds_for(test, value, scratch); });
}

}  // namespace saker::filter
