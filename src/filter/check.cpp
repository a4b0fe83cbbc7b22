// SPDX-License-Identifier: Apache-2.0
#include "filter/check.h"

#include <string_view>
#include <utility>

#include "event/table.h"
#include "filter/constants.h"
#include "filter/lexer.h"
#include "filter/regex.h"

namespace saker::filter {
namespace {

using field::FieldInfo;
using field::Several;
using field::ValueType;

// nullopt: all is well.
using Checked = std::optional<CheckError>;

CheckError error_at(const Span& span, std::string message) {
    return {std::move(message), span.offset, span.length, span.source};
}

std::string in_quotes(std::string_view text) {
    return "'" + std::string(text) + "'";
}

bool is_list(const Operand& operand) {
    return operand.several == Several::kList;
}

bool has(const Operand& operand, field::FieldFlag flag) {
    return operand.kind == Operand::Kind::kField && operand.use.info->has(flag);
}

// Fields for which a test is more than a comparison with one value: whichever ancestor, either end
// of a connection.
bool is_for_tests_only(const Operand& operand) {
    const bool several = operand.several == Several::kAny || operand.several == Several::kEither;
    return several || has(operand, field::kFilterOnly);
}

bool same_type(ValueType a, ValueType b) {
    return a == b || (field::is_text(a) && field::is_text(b));
}

// The fields whose constants are names of events.
bool names_event_type(const Operand& operand) {
    return operand.kind == Operand::Kind::kField &&
           (operand.use.info->name == "evt.type" || operand.use.info->name == "syscall.type");
}

// ", which is an IP address and takes exists, =, !=, in and intersects": why an operator is
// refused.
std::string what_it_takes(const Operand& operand) {
    std::vector<std::string_view> names;
    for (const OperatorInfo& op : operators()) {
        if (op.works_on(operand.type) && (op.on_lists || !is_list(operand))) {
            names.push_back(op.name);
        }
    }
    std::string text =
        ", which is " + std::string(is_list(operand) ? "a list" : type_name(operand.type));
    text += " and takes " + std::string(names.front());
    for (std::size_t i = 1; i < names.size(); ++i) {
        (text += i + 1 < names.size() ? ", " : " and ") += names[i];
    }
    return text;
}

bool is_number(const Constant& constant) {
    return !constant.quoted && Lexer(constant.text).number() == constant.text;
}

// What a transformer takes and gives.
struct Signature {
    Transformer transformer;
    std::size_t min_arguments;
    std::size_t max_arguments;
    std::string_view takes;
};

constexpr Signature kSignatures[] = {
    {Transformer::kTolower, 1, 1, "one string"},
    {Transformer::kToupper, 1, 1, "one string"},
    {Transformer::kB64, 1, 1, "one string or byte buffer"},
    {Transformer::kBasename, 1, 1, "one string"},
    {Transformer::kLen, 1, 1, "one string, byte buffer or list"},
    {Transformer::kJoin, 2, 2, "a separator and a list of strings"},
    {Transformer::kConcat, 2, kMaxArguments, "two or more strings"},
    {Transformer::kGetopt, 2, 2, "a list of strings and the letters of its options"},
};

// Whether the argument at that position has a type that the transformer takes.
bool takes(Transformer transformer, std::size_t position, const Operand& argument) {
    const bool text = field::is_text(argument.type);
    const bool bytes = argument.type == ValueType::kBytes;
    const bool list = is_list(argument);
    switch (transformer) {
        case Transformer::kB64:
            return (text || bytes) && !list;
        case Transformer::kLen:
            return text || bytes || list;
        case Transformer::kJoin:
            return text && list == (position == 1);
        case Transformer::kGetopt:
            return text && list == (position == 0);
        default:
            return text && !list;
    }
}

class Checker {
public:
    explicit Checker(const field::Registry& fields) : fields_(fields) {}

    Checked check(Expr& expr) {
        if (auto* test = std::get_if<Test>(&expr.node)) {
            if (Checked error = check(*test)) return error;
            return rewrite(expr);
        }
        if (auto* negated = std::get_if<Not>(&expr.node)) return check(*negated->child);
        if (auto* row = std::get_if<And>(&expr.node)) return check(row->children);
        if (auto* row = std::get_if<Or>(&expr.node)) return check(row->children);
        return error_at(expr.span, "Undefined macro '" + std::get<Identifier>(expr.node).name +
                                       "' used in filter.");
    }

    Checked check(Operand& operand) {
        switch (operand.kind) {
            case Operand::Kind::kField:
                return check_field(operand);
            case Operand::Kind::kConstant:
                operand.type = ValueType::kString;
                return {};
            case Operand::Kind::kList:
                return check_list(operand);
            case Operand::Kind::kCall:
                return check_call(operand);
        }
        return {};
    }

private:
    Checked check(std::vector<ExprPtr>& children) {
        for (ExprPtr& child : children) {
            if (Checked error = check(*child)) return error;
        }
        return {};
    }

    Checked check_field(Operand& operand);
    Checked check_list(Operand& operand);
    Checked check_call(Operand& operand);

    Checked check(Test& test);
    static Checked check_host_test(const Test& test);
    Checked rewrite(Expr& expr);
    Checked check_right_field(const Test& test, const Operand& rhs);
    Checked check_constants(Test& test);
    Checked check_constant(const Test& test, Constant& constant);

    const field::Registry& fields_;
};

Checked Checker::check_field(Operand& operand) {
    auto use = fields_.bind(operand.name, operand.argument);
    if (!use) return error_at(operand.span, use.error().message);
    operand.use = std::move(*use);
    const FieldInfo& info = *operand.use.info;
    if (info.has(field::kPrintOnly)) {
        return error_at(operand.span, "field " + in_quotes(operand.name) + " is for outputs only");
    }
    operand.type = operand.use.type;
    // An argument picks one of several values (proc.aname[2], fd.types[0]): then the field is as
    // good as any that has one.
    operand.several = operand.use.argument.empty() ? info.several : Several::kOne;
    return {};
}

Checked Checker::check_list(Operand& operand) {
    operand.type = ValueType::kString;
    operand.several = Several::kList;
    if (operand.operands.size() > kMaxArguments) {
        return error_at(operand.span,
                        "the list has more than " + std::to_string(kMaxArguments) + " elements");
    }
    for (Operand& element : operand.operands) {
        if (Checked error = check(element)) return error;
        if (!field::is_text(element.type) || is_list(element) || is_for_tests_only(element)) {
            return error_at(element.span, "a list takes single strings only");
        }
    }
    return {};
}

Checked Checker::check_call(Operand& operand) {
    const Signature& signature = kSignatures[static_cast<std::size_t>(operand.transformer)];
    const std::string name = in_quotes(filter::name(operand.transformer));
    const std::size_t count = operand.operands.size();
    const std::string wrong = "transformer " + name + " takes " + std::string(signature.takes);
    if (count < signature.min_arguments || count > signature.max_arguments) {
        return error_at(operand.span, wrong);
    }
    for (std::size_t i = 0; i < count; ++i) {
        Operand& argument = operand.operands[i];
        if (Checked error = check(argument)) return error;
        if (is_for_tests_only(argument)) {
            return error_at(argument.span,
                            "field " + in_quotes(argument.name) + " does not support transformers");
        }
        if (!takes(operand.transformer, i, argument)) return error_at(argument.span, wrong);
    }
    operand.type = ValueType::kString;
    operand.several = Several::kOne;
    if (operand.transformer == Transformer::kLen) operand.type = ValueType::kUint;
    if (operand.transformer == Transformer::kB64) operand.type = operand.operands[0].type;
    if (operand.transformer != Transformer::kGetopt) return {};
    if (!operand.argument) operand.several = Several::kList;
    if (operand.argument && operand.argument->size() != 1) {
        return error_at(operand.span, "getopt's selector is one letter");
    }
    return {};
}

Checked Checker::check(Test& test) {
    if (Checked error = check(test.lhs)) return error;
    const OperatorInfo& op = info(test.op);
    const std::string subject = in_quotes(to_text(test.lhs));
    if (!op.works_on(test.lhs.type) || (is_list(test.lhs) && !op.on_lists)) {
        return error_at(test.op_span, "operator " + in_quotes(op.name) + " is not supported for " +
                                          subject + what_it_takes(test.lhs));
    }
    const bool within = test.op == Op::kEq || test.op == Op::kLe;  // rewritten from the first
    if (has(test.lhs, field::kDistance) && !within) {
        return error_at(test.op_span, subject + " has no operator but '='");
    }
    if (has(test.lhs, field::kResolvesHosts)) {
        if (Checked error = check_host_test(test)) return error;
    }
    if (!test.rhs) return check_constants(test);
    if (Checked error = check(*test.rhs)) return error;
    return check_right_field(test, *test.rhs);
}

// A host name is compared by its addresses: it has neither beginnings nor an order.
Checked Checker::check_host_test(const Test& test) {
    const bool compares = test.op == Op::kEq || test.op == Op::kNe || test.op == Op::kIn ||
                          test.op == Op::kIntersects || test.op == Op::kExists;
    const bool each = test.op == Op::kNe && test.quantifier != Quantifier::kNone;
    const bool count =
        test.quantifier == Quantifier::kOneof || test.quantifier == Quantifier::kAllof;
    if (compares && !each && !count) return {};
    return error_at(test.op_span, in_quotes(to_text(test.lhs)) +
                                      " is compared with host names by '=', '!=', 'in' and "
                                      "'intersects'");
}

// Tests that mean something else than they say are written out, so that nothing behind this needs
// to know of them. What is written out may be checked again.
Checked Checker::rewrite(Expr& expr) {
    auto& test = std::get<Test>(expr.node);
    if (has(test.lhs, field::kDistance)) test.op = Op::kLe;
    if (!has(test.lhs, field::kResolvesHosts) || test.op != Op::kNe) return {};
    // An address that belongs to none of the rules' names has no name, and yet is not that of the
    // host: `fd.sip.name != h` is `fd.sip exists and not fd.sip.name = h`.
    constexpr std::string_view kName = ".name";
    Test exists;
    exists.lhs.name = test.lhs.name.substr(0, test.lhs.name.size() - kName.size());
    exists.lhs.span = test.lhs.span;
    exists.op_span = test.op_span;
    if (Checked error = check(exists)) return error;
    test.op = Op::kEq;
    const Span span = expr.span;
    And both;
    both.children.push_back(make_expr(std::move(exists), span));
    both.children.push_back(make_expr(Not{make_expr(std::move(test), span)}, span));
    expr.node = std::move(both);
    return {};
}

Checked Checker::check_right_field(const Test& test, const Operand& rhs) {
    const Operand& lhs = test.lhs;
    const OperatorInfo& op = info(test.op);
    const std::string subject = in_quotes(to_text(rhs));
    const bool in_list = test.op == Op::kIn || test.op == Op::kIntersects;
    if (!op.compares_with_field || lhs.type == ValueType::kNet || names_event_type(lhs) ||
        has(lhs, field::kResolvesHosts)) {
        return error_at(rhs.span, "operator " + in_quotes(op.name) + " on " +
                                      in_quotes(to_text(lhs)) +
                                      " does not take a field or a transformer at its right");
    }
    if (is_for_tests_only(rhs)) {
        return error_at(rhs.span, "field " + subject + " cannot stand at the right of an operator");
    }
    if (!same_type(lhs.type, rhs.type)) {
        return error_at(rhs.span, subject + " is " + std::string(type_name(rhs.type)) + ", but " +
                                      in_quotes(to_text(lhs)) + " is " +
                                      std::string(type_name(lhs.type)));
    }
    if (is_list(rhs) && !in_list) {
        return error_at(rhs.span, "operator " + in_quotes(op.name) +
                                      " is not supported for the list " + subject);
    }
    return {};
}

Checked Checker::check_constants(Test& test) {
    for (Constant& constant : test.constants) {
        if (Checked error = check_constant(test, constant)) return error;
    }
    return {};
}

Checked Checker::check_constant(const Test& test, Constant& constant) {
    const auto refuse = [&](std::string message) {
        return Checked(error_at(constant.span, std::move(message)));
    };
    const OperatorInfo& op = info(test.op);
    if (op.rhs == Rhs::kNumber && !is_number(constant)) {
        return refuse(in_quotes(constant.text) + " is not a number, as operator " +
                      in_quotes(op.name) + " needs");
    }
    if (auto wrong = parse_constant(constant, test.lhs.type)) {
        return refuse(*wrong + ", as " + in_quotes(to_text(test.lhs)) + " needs");
    }
    const bool hex = test.op == Op::kBcontains || test.op == Op::kBstartswith;
    if (hex && !decode_hex(constant.text)) {
        return refuse(in_quotes(constant.text) + " is not a row of hexadecimal bytes");
    }
    if (test.op == Op::kRegex) {
        if (auto wrong = regex_error(constant.text)) return refuse("invalid regex: " + *wrong);
    }
    const bool exact = test.op == Op::kEq || test.op == Op::kNe || test.op == Op::kIn ||
                       test.op == Op::kIntersects;
    if (exact && names_event_type(test.lhs) && !event::find_event(constant.text)) {
        return refuse("unknown event type " + constant.text);
    }
    return {};
}

}  // namespace

std::optional<CheckError> check(Expr& expr, const field::Registry& fields) {
    return Checker(fields).check(expr);
}

std::optional<CheckError> check(Operand& operand, const field::Registry& fields) {
    return Checker(fields).check(operand);
}

}  // namespace saker::filter
