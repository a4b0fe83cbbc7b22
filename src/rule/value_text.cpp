// SPDX-License-Identifier: Apache-2.0
#include "rule/value_text.h"

#include <iterator>
#include <string_view>

#include "event/socket.h"
#include "fmt/format.h"

namespace saker::rule {
namespace {

using field::Several;
using field::Value;
using field::ValueType;

constexpr std::string_view kMissing = "<NA>";

void append_dotted(std::string& out, std::string_view bytes) {
    for (const char c : bytes) out += c >= ' ' && c <= '~' ? c : '.';
}

void append_joined(std::string& out, ValueType type, field::Values values, char between) {
    bool first = true;
    for (const Value& value : values) {
        if (!first) out += between;
        first = false;
        append_value(out, type, value);
    }
}

OutputValue single_value(ValueType type, const Value& value) {
    switch (type) {
        case ValueType::kBool:
            return value.number != 0;
        case ValueType::kInt:
            return value.integer;
        case ValueType::kDouble:
            return value.real;
        case ValueType::kUint:
        case ValueType::kPort:
        case ValueType::kReltime:
        case ValueType::kAbstime:
            return value.number;
        default: {
            std::string text;
            append_value(text, type, value);
            return text;
        }
    }
}

}  // namespace

void append_value(std::string& out, ValueType type, const Value& value) {
    switch (type) {
        case ValueType::kString:
        case ValueType::kPath:
            out += value.text;
            break;
        case ValueType::kBytes:
            append_dotted(out, value.text);
            break;
        case ValueType::kInt:
            out += fmt::format_int(value.integer).c_str();
            break;
        case ValueType::kUint:
        case ValueType::kPort:
        case ValueType::kReltime:
        case ValueType::kAbstime:
            out += fmt::format_int(value.number).c_str();
            break;
        case ValueType::kDouble:
            fmt::format_to(std::back_inserter(out), "{}", value.real);
            break;
        case ValueType::kBool:
            out += value.number != 0 ? "true" : "false";
            break;
        case ValueType::kIp:
        case ValueType::kNet:
            event::append_ip(value.ip, out);
            break;
    }
}

void append_values(std::string& out, ValueType type, Several several, field::Values values) {
    if (values.empty()) {
        out += kMissing;
    } else if (several == Several::kList) {
        out += '(';
        append_joined(out, type, values, ',');
        out += ')';
    } else {
        append_joined(out, type, values, ' ');
    }
}

OutputValue output_value(ValueType type, Several several, field::Values values) {
    if (values.empty()) return std::monostate{};
    if (several == Several::kList) {
        std::vector<std::string> list;
        for (const Value& value : values) append_value(list.emplace_back(), type, value);
        return list;
    }
    if (values.size() == 1) return single_value(type, values[0]);
    std::string text;
    append_joined(text, type, values, ' ');
    return text;
}

}  // namespace saker::rule
