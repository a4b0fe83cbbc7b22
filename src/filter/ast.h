// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "field/field.h"
#include "field/value.h"
#include "filter/operators.h"
#include "filter/transformers.h"

// A condition as a tree. The parser makes it, check() fills in types and constants, fold() makes
// simpler copies. Plain values; a tree belongs to whoever holds its root, and may be read by any
// thread. Its depth is bounded by the parser and by expand_macros(), so that walks may recurse.
namespace saker::filter {

// Where something stands: bytes of the text that was parsed. `source` is the number that the
// caller of parse() gave that text: after macros are expanded, one tree has pieces of several.
struct Span {
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t source = 0;
};

// A constant at the right of an operator or among a transformer's arguments.
struct Constant {
    Constant() = default;
    Constant(std::string text, bool quoted, Span span)
        : text(std::move(text)), quoted(quoted), span(span) {}

    std::string text;     // without quotes, escapes replaced
    bool quoted = false;  // was written in quotes
    Span span;

    // Set by check(), by the type of the field it is compared with.
    union {
        std::uint64_t number = 0;  // kUint, kPort, kReltime, kAbstime, kBool (0, 1)
        std::int64_t integer;      // kInt
        double real;               // kDouble
    };
    field::IpAddress ip;           // kIp, kNet
    std::uint8_t prefix_bits = 0;  // kIp, kNet: bits of `ip.bytes` that count, 0..128
};

struct Operand;

// One side of a test: a field, a transformer of other operands, or a constant argument of one.
struct Operand {
    enum class Kind : std::uint8_t { kField, kCall, kConstant, kList };

    Kind kind = Kind::kField;
    bool val = false;  // kField at the right side: written val(field)
    Transformer transformer = Transformer::kTolower;  // kCall
    std::string name;                                 // kField: the dotted name as written
    std::optional<std::string> argument;  // kField: in brackets; kCall: getopt's selector
    Constant constant;                    // kConstant
    std::vector<Operand> operands;        // kCall: arguments; kList: elements
    Span span;

    // Set by check().
    field::FieldUse use;  // kField
    field::ValueType type = field::ValueType::kString;
    field::Several several = field::Several::kOne;
};

// One test: `lhs op constants`, or `lhs op rhs`.
struct Test {
    Operand lhs;
    Op op = Op::kExists;
    Quantifier quantifier = Quantifier::kNone;
    std::vector<Constant> constants;
    std::optional<Operand> rhs;  // then `constants` is empty
    Span op_span;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct And {
    std::vector<ExprPtr> children;  // none: true
};
struct Or {
    std::vector<ExprPtr> children;  // none: false
};
struct Not {
    ExprPtr child;
};
// The name of a macro; none is left after expand_macros().
struct Identifier {
    std::string name;
};

struct Expr {
    std::variant<And, Or, Not, Test, Identifier> node;
    Span span;
};

template <typename Node>
ExprPtr make_expr(Node node, Span span = {}) {
    return std::make_unique<Expr>(Expr{std::move(node), span});
}

ExprPtr clone(const Expr& expr);

// The compiled form that describes a rule: `(a = b and c in (d, e))`, `not x`. Two tests with the
// same text mean the same. An empty And is `true`, an empty Or `false`.
std::string to_text(const Expr& expr);
std::string to_text(const Test& test);
std::string to_text(const Operand& operand);
std::string to_text(const Constant& constant);

// Calls `visit(const Test&)` for every test, from left to right.
template <typename Visit>
void for_each_test(const Expr& expr, Visit&& visit) {
    if (const auto* test = std::get_if<Test>(&expr.node)) visit(*test);
    if (const auto* negated = std::get_if<Not>(&expr.node)) for_each_test(*negated->child, visit);
    const std::vector<ExprPtr>* children = nullptr;
    if (const auto* all = std::get_if<And>(&expr.node)) children = &all->children;
    if (const auto* any = std::get_if<Or>(&expr.node)) children = &any->children;
    if (children == nullptr) return;
    for (const ExprPtr& child : *children) for_each_test(*child, visit);
}

// Calls `visit(const field::FieldUse&)` for every field of a checked operand.
template <typename Visit>
void for_each_field(const Operand& operand, Visit&& visit) {
    if (operand.kind == Operand::Kind::kField) visit(operand.use);
    for (const Operand& inner : operand.operands) for_each_field(inner, visit);
}

}  // namespace saker::filter
