// SPDX-License-Identifier: Apache-2.0
#include "tool/value_text.h"

#include <type_traits>

#include "event/socket.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "util/text.h"

namespace saker::tool {

namespace {

using field::ValueType;

constexpr std::string_view kNothing = "<NA>";
constexpr std::size_t kLongest = 110;  // characters of a test or a value

std::string cut(std::string text) {
    const std::string_view head = text::first_code_points(text, kLongest);
    if (head.size() == text.size()) return text;
    return std::string(head) + "...";
}

std::string one_value(ValueType type, const field::Value& value) {
    switch (type) {
        case ValueType::kString:
        case ValueType::kPath:
        case ValueType::kBytes:
            return text::visible(value.text);
        case ValueType::kInt:
            return fmt::format("{}", value.integer);
        case ValueType::kDouble:
            return fmt::format("{}", value.real);
        case ValueType::kBool:
            return value.number != 0 ? "true" : "false";
        case ValueType::kUint:
        case ValueType::kPort:
        case ValueType::kReltime:
        case ValueType::kAbstime:
            return fmt::format("{}", value.number);
        case ValueType::kIp:
        case ValueType::kNet:
            break;
    }
    std::string address;
    event::append_ip(value.ip, address);
    return address;
}

}  // namespace

std::string value_text(ValueType type, field::Values values) {
    if (values.empty()) return std::string(kNothing);
    std::string all;
    for (const field::Value& value : values) {
        if (!all.empty()) all += ", ";
        all += one_value(type, value);
    }
    return cut(std::move(all));
}

std::string value_text(const rule::OutputValue& value) {
    return std::visit(
        [](const auto& one) -> std::string {
            using T = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<T, std::monostate>) return std::string(kNothing);
            if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                return fmt::format("{}", fmt::join(one, ", "));
            } else if constexpr (!std::is_same_v<T, std::monostate>) {
                return fmt::format("{}", one);
            }
        },
        value);
}

std::string short_text(const filter::Test& test) {
    std::string text = cut(text::visible(filter::to_text(test)));
    if (text.ends_with("...") && test.constants.size() > 1) {
        text += fmt::format(" ({} in all)", test.constants.size());
    }
    return text;
}

}  // namespace saker::tool
