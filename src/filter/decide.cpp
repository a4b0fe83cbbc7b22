// SPDX-License-Identifier: Apache-2.0
#include "filter/decide.h"

#include <array>

#include "filter/predicate.h"
#include "filter/transformers.h"

namespace saker::filter {
namespace {

using field::Values;

// Events are numbered from 1: `evt.num=0` and `evt.num>0` are idioms for never and always.
std::optional<bool> decide_event_number(Op op, const Constant& constant) {
    const std::uint64_t number = constant.number;
    switch (op) {
        case Op::kEq:
        case Op::kIn:
        case Op::kIntersects:
            return number < 1 ? std::optional(false) : std::nullopt;
        case Op::kNe:
            return number < 1 ? std::optional(true) : std::nullopt;
        case Op::kLt:
            return number <= 1 ? std::optional(false) : std::nullopt;
        case Op::kLe:
            return number < 1 ? std::optional(false) : std::nullopt;
        case Op::kGt:
            return number < 1 ? std::optional(true) : std::nullopt;
        case Op::kGe:
            return number <= 1 ? std::optional(true) : std::nullopt;
        default:
            return std::nullopt;
    }
}

// What holds whatever the event is.
std::optional<bool> decide_always(const Test& test) {
    const bool any = test.quantifier == Quantifier::kAnyof || info(test.op).rhs == Rhs::kList;
    if (!test.rhs && any && test.constants.empty()) return false;
    const bool number = test.lhs.kind == Operand::Kind::kField &&
                        test.lhs.type == field::ValueType::kUint &&
                        test.lhs.use.info->name == "evt.num";
    if (!number) return std::nullopt;
    if (test.op == Op::kExists) return true;
    if (test.rhs || test.constants.size() != 1) return std::nullopt;
    return decide_event_number(test.op, test.constants[0]);
}

}  // namespace

Decider::Decider(const Test& test, field::Scratch& scratch)
    : test_(test), always_(decide_always(test)), scratch_(scratch) {
    const auto look = [&](const field::FieldUse& use) {
        decidable_ = decidable_ || use.info->fold != nullptr;
    };
    for_each_field(test.lhs, look);
    if (test.rhs) for_each_field(*test.rhs, look);
}

std::optional<bool> Decider::decide(event::EventType type) {
    if (always_ || !decidable_) return always_;
    scratch_.reset();
    const auto lhs = known(test_.lhs, type);
    if (lhs && lhs->empty()) return false;
    const auto rhs = test_.rhs ? known(*test_.rhs, type) : Values{};
    if (test_.rhs && rhs && rhs->empty()) return false;
    if (!lhs || !rhs) return std::nullopt;
    if (!code_) code_ = lower(test_, pool_);
    return holds(*code_, *lhs, *rhs, scratch_);
}

std::optional<Values> Decider::known(const Operand& operand, event::EventType type) {
    switch (operand.kind) {
        case Operand::Kind::kField: {
            const auto fold = operand.use.info->fold;
            return fold == nullptr ? std::nullopt : fold(operand.use, type);
        }
        case Operand::Kind::kConstant:
            return scratch_.one(field::Value::of(operand.constant.text));
        case Operand::Kind::kList:
            return known_list(operand, type);
        case Operand::Kind::kCall:
            return known_call(operand, type);
    }
    return std::nullopt;
}

// An element that is never there leaves the whole list without a value.
std::optional<Values> Decider::known_list(const Operand& operand, event::EventType type) {
    const auto row = scratch_.values(operand.operands.size());
    bool all = true;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const auto element = known(operand.operands[i], type);
        if (element && element->empty()) return Values{};
        if (element) row[i] = element->front();
        all = all && element.has_value();
    }
    return all ? std::optional<Values>(row) : std::nullopt;
}

std::optional<Values> Decider::known_call(const Operand& operand, event::EventType type) {
    std::array<Argument, kMaxArguments> arguments;
    const std::size_t count = operand.operands.size();
    bool all = true;
    for (std::size_t i = 0; i < count; ++i) {
        const Operand& argument = operand.operands[i];
        const auto values = known(argument, type);
        if (values && values->empty()) return Values{};
        if (values) arguments[i] = {*values, argument.several == field::Several::kList};
        all = all && values.has_value();
    }
    if (!all) return std::nullopt;
    const char selector = operand.argument ? operand.argument->front() : '\0';
    return apply(operand.transformer, selector, {arguments.data(), count}, scratch_);
}

}  // namespace saker::filter
