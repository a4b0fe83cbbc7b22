// SPDX-License-Identifier: Apache-2.0
#include "tool/bound_field.h"

#include <algorithm>
#include <string>
#include <utility>

#include "filter/ast.h"
#include "filter/constants.h"
#include "filter/operators.h"
#include "fmt/core.h"
#include "tool/process_maker.h"

namespace saker::tool {

namespace {

using field::Value;
using field::ValueType;

Value value_of(const filter::Constant& constant, ValueType type) {
    switch (type) {
        case ValueType::kInt:
            return Value::of_int(constant.integer);
        case ValueType::kDouble: {
            Value value;
            value.real = constant.real;
            return value;
        }
        case ValueType::kIp:
        case ValueType::kNet:
            return Value::of_ip(constant.ip);
        default:
            return Value::of_uint(constant.number);
    }
}

// A network as a value is one of its addresses.
ValueType type_of_value(ValueType type) {
    return type == ValueType::kNet ? ValueType::kIp : type;
}

std::expected<Value, std::string> parse_value(const std::string& text, ValueType type,
                                              GivenValues& keeper) {
    if (field::is_text(type) || type == ValueType::kBytes) return Value::of(keeper.keep(text));
    filter::Constant constant(text, false, {});
    if (auto wrong = filter::parse_constant(constant, type_of_value(type))) {
        return std::unexpected(*wrong);
    }
    return value_of(constant, type);
}

bool takes_list(const field::FieldUse& use) {
    return use.info->several != field::Several::kOne || is_argument_list(use.info->name);
}

}  // namespace

std::expected<BoundField, Problem> bind(const GivenField& given, GivenValues& keeper) {
    std::optional<std::string_view> argument;
    if (given.argument) argument = *given.argument;
    auto use = given_fields().bind(given.name, argument);
    if (!use) return std::unexpected(Problem{given.place, use.error().message});
    BoundField bound{&given, std::move(*use), {}};
    if (given.list && !takes_list(bound.use)) {
        return std::unexpected(
            Problem{given.value_place, fmt::format("{} has one value, not a list", given.name)});
    }
    for (const std::string& text : given.texts) {
        auto value = parse_value(text, bound.use.type, keeper);
        if (!value) {
            return std::unexpected(Problem{
                given.value_place, fmt::format("{} is {}: {}", given.name,
                                               filter::type_name(bound.use.type), value.error())});
        }
        bound.values.push_back(*value);
    }
    return bound;
}

const BoundField* find(const std::vector<BoundField>& fields, std::string_view name) {
    const auto found = std::ranges::find_if(fields, [&](const BoundField& field) {
        return field.given->name == name && !field.given->argument && !field.values.empty();
    });
    return found == fields.end() ? nullptr : &*found;
}

}  // namespace saker::tool
