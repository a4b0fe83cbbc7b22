// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "field/value.h"

// The operators of conditions, as one table: what they are called, what may stand at their right,
// and which types of fields they work on. Constant data.
namespace saker::filter {

enum class Op : std::uint8_t {
    kExists,
    kEq,
    kNe,
    kLt,
    kLe,
    kGt,
    kGe,
    kContains,
    kIcontains,
    kBcontains,
    kStartswith,
    kBstartswith,
    kEndswith,
    kGlob,
    kIglob,
    kRegex,
    kIn,
    kIntersects,
    kPmatch,
};

// How many of several constants a test must hold for (`startswith anyof (a, b)`).
enum class Quantifier : std::uint8_t { kNone, kOneof, kAnyof, kAllof };

// What stands at the right of an operator.
enum class Rhs : std::uint8_t { kNothing, kNumber, kText, kList };

struct OperatorInfo {
    Op op;
    std::string_view name;
    Rhs rhs;
    std::uint16_t types;       // a bit for each field::ValueType that it works on
    bool on_lists;             // works on fields that are lists
    bool compares_with_field;  // its right side may be a field or a transformer

    bool works_on(field::ValueType type) const {
        return (types >> static_cast<unsigned>(type) & 1) != 0;
    }
};

// All operators, in the order of Op.
std::span<const OperatorInfo> operators();

const OperatorInfo& info(Op op);

// The operator of that name; `==` is kEq.
std::optional<Op> find_operator(std::string_view name);

// As it is written; empty for kNone.
std::string_view name(Quantifier quantifier);
std::optional<Quantifier> find_quantifier(std::string_view name);

// How messages call a type.
std::string_view type_name(field::ValueType type);

}  // namespace saker::filter
