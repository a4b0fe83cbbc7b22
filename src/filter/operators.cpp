// SPDX-License-Identifier: Apache-2.0
#include "filter/operators.h"

#include <array>
#include <utility>

namespace saker::filter {
namespace {

using field::ValueType;

constexpr std::uint16_t bit(ValueType type) {
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(type));
}

constexpr std::uint16_t kText = bit(ValueType::kString) | bit(ValueType::kPath);
constexpr std::uint16_t kBytes = bit(ValueType::kBytes);
constexpr std::uint16_t kNumbers = bit(ValueType::kInt) | bit(ValueType::kUint) |
                                   bit(ValueType::kDouble) | bit(ValueType::kPort) |
                                   bit(ValueType::kReltime) | bit(ValueType::kAbstime);
constexpr std::uint16_t kEverything =
    kText | kBytes | kNumbers | bit(ValueType::kBool) | bit(ValueType::kIp) | bit(ValueType::kNet);

// Patterns (glob, regex, pmatch) are never taken from an event: a process could choose one that is
// slow to match.
constexpr auto kOperators = std::to_array<OperatorInfo>({
    // op, name, right side, types, on lists, with fields
    {Op::kExists, "exists", Rhs::kNothing, kEverything, true, false},
    {Op::kEq, "=", Rhs::kText, kEverything, false, true},
    {Op::kNe, "!=", Rhs::kText, kEverything, false, true},
    {Op::kLt, "<", Rhs::kNumber, kNumbers | kText, false, true},
    {Op::kLe, "<=", Rhs::kNumber, kNumbers | kText, false, true},
    {Op::kGt, ">", Rhs::kNumber, kNumbers | kText, false, true},
    {Op::kGe, ">=", Rhs::kNumber, kNumbers | kText, false, true},
    {Op::kContains, "contains", Rhs::kText, kText | kBytes, false, true},
    {Op::kIcontains, "icontains", Rhs::kText, kText, false, true},
    {Op::kBcontains, "bcontains", Rhs::kText, kBytes, false, true},
    {Op::kStartswith, "startswith", Rhs::kText, kText | kBytes, false, true},
    {Op::kBstartswith, "bstartswith", Rhs::kText, kBytes, false, true},
    {Op::kEndswith, "endswith", Rhs::kText, kText | kBytes, false, true},
    {Op::kGlob, "glob", Rhs::kText, kText, false, false},
    {Op::kIglob, "iglob", Rhs::kText, kText, false, false},
    {Op::kRegex, "regex", Rhs::kText, kText, false, false},
    {Op::kIn, "in", Rhs::kList, kEverything, true, true},
    {Op::kIntersects, "intersects", Rhs::kList, kEverything, true, true},
    {Op::kPmatch, "pmatch", Rhs::kList, kText, false, false},
});

constexpr bool in_order_of_op() {
    for (std::size_t i = 0; i < kOperators.size(); ++i) {
        if (kOperators[i].op != static_cast<Op>(i)) return false;
    }
    return true;
}
static_assert(in_order_of_op());

constexpr std::pair<Quantifier, std::string_view> kQuantifiers[] = {
    {Quantifier::kOneof, "oneof"},
    {Quantifier::kAnyof, "anyof"},
    {Quantifier::kAllof, "allof"},
};

constexpr std::string_view kTypeNames[] = {
    "a string",         "a path",    "a number",      "an unsigned number",
    "a decimal number", "a boolean", "a byte buffer", "a port",
    "an IP address",    "a network", "a duration",    "a time"};

}  // namespace

std::span<const OperatorInfo> operators() {
    return kOperators;
}

const OperatorInfo& info(Op op) {
    return kOperators[static_cast<std::size_t>(op)];
}

std::optional<Op> find_operator(std::string_view name) {
    if (name == "==") return Op::kEq;
    for (const OperatorInfo& row : kOperators) {
        if (row.name == name) return row.op;
    }
    return std::nullopt;
}

std::string_view name(Quantifier quantifier) {
    for (const auto& [value, text] : kQuantifiers) {
        if (value == quantifier) return text;
    }
    return {};
}

std::optional<Quantifier> find_quantifier(std::string_view name) {
    for (const auto& [value, text] : kQuantifiers) {
        if (text == name) return value;
    }
    return std::nullopt;
}

std::string_view type_name(field::ValueType type) {
    return kTypeNames[static_cast<std::size_t>(type)];
}

}  // namespace saker::filter
