// SPDX-License-Identifier: Apache-2.0
#include "filter/ast.h"

#include "filter/lexer.h"

namespace saker::filter {
namespace {

// Text in quotes that parses back to itself.
std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        switch (c) {
            case '"':
            case '\\':
                quoted += {'\\', c};
                break;
            case '\n':
                quoted += "\\n";
                break;
            case '\r':
                quoted += "\\r";
                break;
            case '\t':
                quoted += "\\t";
                break;
            case '\b':
                quoted += "\\b";
                break;
            default:
                quoted += c;
        }
    }
    return quoted + '"';
}

std::string bracket(const std::string& argument) {
    const bool bare = !argument.empty() && Lexer(argument).argument().size() == argument.size();
    return "[" + (bare ? argument : quote(argument)) + "]";
}

template <typename Items>
std::string join(const Items& items, std::string_view separator) {
    std::string text;
    for (const auto& item : items) {
        if (!text.empty()) text += separator;
        text += to_text(item);
    }
    return text;
}

std::string group(const std::vector<ExprPtr>& children, std::string_view separator) {
    std::string text;
    for (const ExprPtr& child : children) {
        if (!text.empty()) text += separator;
        text += to_text(*child);
    }
    return "(" + text + ")";
}

struct Printer {
    std::string operator()(const And& node) const {
        return node.children.empty() ? "true" : group(node.children, " and ");
    }
    std::string operator()(const Or& node) const {
        return node.children.empty() ? "false" : group(node.children, " or ");
    }
    std::string operator()(const Not& node) const { return "not " + to_text(*node.child); }
    std::string operator()(const Test& node) const { return to_text(node); }
    std::string operator()(const Identifier& node) const { return node.name; }
};

std::vector<ExprPtr> clone_all(const std::vector<ExprPtr>& children) {
    std::vector<ExprPtr> copies;
    copies.reserve(children.size());
    for (const ExprPtr& child : children) copies.push_back(clone(*child));
    return copies;
}

struct Cloner {
    Span span;
    ExprPtr operator()(const And& node) const {
        return make_expr(And{clone_all(node.children)}, span);
    }
    ExprPtr operator()(const Or& node) const {
        return make_expr(Or{clone_all(node.children)}, span);
    }
    ExprPtr operator()(const Not& node) const { return make_expr(Not{clone(*node.child)}, span); }
    ExprPtr operator()(const Test& node) const { return make_expr(node, span); }
    ExprPtr operator()(const Identifier& node) const { return make_expr(node, span); }
};

}  // namespace

ExprPtr clone(const Expr& expr) {
    return std::visit(Cloner{expr.span}, expr.node);
}

std::string to_text(const Constant& constant) {
    const std::string& text = constant.text;
    const bool bare = !text.empty() && Lexer(text).bare_value().size() == text.size();
    return bare ? text : quote(text);
}

std::string to_text(const Operand& operand) {
    const std::string argument = operand.argument ? bracket(*operand.argument) : "";
    switch (operand.kind) {
        case Operand::Kind::kConstant:
            return Lexer(operand.constant.text).number().size() == operand.constant.text.size() &&
                           !operand.constant.quoted
                       ? operand.constant.text
                       : quote(operand.constant.text);
        case Operand::Kind::kList:
            return "(" + join(operand.operands, ", ") + ")";
        case Operand::Kind::kCall:
            return std::string(name(operand.transformer)) + "(" + join(operand.operands, ", ") +
                   ")" + argument;
        case Operand::Kind::kField:
            break;
    }
    const std::string field = operand.name + argument;
    return operand.val ? "val(" + field + ")" : field;
}

std::string to_text(const Test& test) {
    const OperatorInfo& op = info(test.op);
    std::string text = to_text(test.lhs) + " " + std::string(op.name);
    if (op.rhs == Rhs::kNothing) return text;
    if (test.rhs) return text + " " + to_text(*test.rhs);
    if (test.quantifier != Quantifier::kNone) text += " " + std::string(name(test.quantifier));
    if (op.rhs == Rhs::kList || test.quantifier != Quantifier::kNone) {
        return text + " (" + join(test.constants, ", ") + ")";
    }
    return text + " " + join(test.constants, ", ");
}

std::string to_text(const Expr& expr) {
    return std::visit(Printer{}, expr.node);
}

}  // namespace saker::filter
