// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "event/table.h"
#include "field/context.h"
#include "field/field.h"

// A few fields with fixed values, one for each way in which a field can behave, so that rules and
// outputs can be tested without an event.
namespace saker::test {

using field::Argument;
using field::Context;
using field::FieldInfo;
using field::FieldUse;
using field::Several;
using field::Value;
using field::Values;
using field::ValueType;

inline Values nothing(const FieldUse&, const Context&) {
    return {};
}

inline Values name(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of("cat"));
}

inline Values path(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of("/etc/shadow"));
}

inline Values clock(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of("22:13:20.123456789"));
}

inline Values raw_time(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of_uint(1'700'000'000'123'456'789));
}

inline Values minus_one(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of_int(-1));
}

inline Values large(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of_uint(18'446'744'073'709'551'615u));
}

inline Values seven(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of_uint(7));
}

inline Values half(const FieldUse&, const Context& context) {
    Value value;
    value.real = 0.5;
    return context.scratch->one(value);
}

inline Values yes(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of_bool(true));
}

inline Values bytes(const FieldUse&, const Context& context) {
    return context.scratch->one(Value::of(std::string_view("a\0b\n\xFFz", 6)));
}

inline Values ip4(const FieldUse&, const Context& context) {
    field::IpAddress ip;
    ip.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1};
    return context.scratch->one(Value::of_ip(ip));
}

inline Values ip6(const FieldUse&, const Context& context) {
    field::IpAddress ip;
    ip.bytes = {0x20, 0x01, 0x0d, 0xb8};
    ip.bytes[15] = 1;
    ip.v6 = true;
    return context.scratch->one(Value::of_ip(ip));
}

inline Values ancestors(const FieldUse& use, const Context& context) {
    if (use.index) return context.scratch->one(Value::of("bash"));
    const auto row = context.scratch->values(2);
    row[0] = Value::of("bash");
    row[1] = Value::of("sshd");
    return row;
}

inline Values types(const FieldUse&, const Context& context) {
    const auto row = context.scratch->values(2);
    row[0] = Value::of("file");
    row[1] = Value::of("ipv4");
    return row;
}

inline Values argument(const FieldUse& use, const Context& context) {
    return context.scratch->one(Value::of(use.argument));
}

inline std::optional<Values> fold_type(const FieldUse&, event::EventType type) {
    static const std::vector<Value> kNames = [] {
        std::vector<Value> names;
        for (const event::EventInfo& info : event::events()) names.push_back(Value::of(info.name));
        return names;
    }();
    return Values(&kNames[type], 1);
}

inline constexpr auto kOne = Several::kOne;
inline constexpr auto kNone = Argument::kNone;

inline const FieldInfo kFields[] = {
    {"evt.type", ValueType::kString, kNone, kOne, 0, name, fold_type, ""},
    {"evt.time", ValueType::kString, kNone, kOne, 0, clock, nullptr, ""},
    {"evt.rawtime", ValueType::kAbstime, kNone, kOne, 0, raw_time, nullptr, ""},
    {"evt.rawtime.ns", ValueType::kAbstime, kNone, kOne, field::kNineDigits, seven, nullptr, ""},
    {"fd.dev", ValueType::kInt, kNone, kOne, field::kHexadecimal, large, nullptr, ""},
    {"evt.num", ValueType::kUint, kNone, kOne, 0, large, nullptr, ""},
    {"evt.buffer", ValueType::kBytes, kNone, kOne, 0, bytes, nullptr, ""},
    {"evt.arg", ValueType::kString, Argument::kParam, kOne, 0, argument, nullptr, ""},
    {"evt.dir", ValueType::kString, kNone, kOne, field::kDeprecated, name, nullptr, ""},
    {"ka.verb", ValueType::kString, kNone, kOne, 0, nothing, nullptr, ""},
    {"proc.name", ValueType::kString, kNone, kOne, 0, name, nullptr, ""},
    {"proc.pname", ValueType::kString, kNone, kOne, 0, nothing, nullptr, ""},
    {"proc.aname", ValueType::kString, Argument::kIndexOptional, Several::kAny, 0, ancestors,
     nullptr, ""},
    {"proc.env", ValueType::kString, Argument::kKeyOptional, kOne, 0, argument, nullptr, ""},
    {"proc.ppid", ValueType::kInt, kNone, kOne, 0, minus_one, nullptr, ""},
    {"proc.fdusage", ValueType::kDouble, kNone, kOne, 0, half, nullptr, ""},
    {"proc.is_leader", ValueType::kBool, kNone, kOne, 0, yes, nullptr, ""},
    {"fd.name", ValueType::kPath, kNone, kOne, field::kNamesFile, path, nullptr, ""},
    {"fd.ip", ValueType::kIp, kNone, Several::kEither, field::kFilterOnly, ip4, nullptr, ""},
    {"fd.sip", ValueType::kIp, kNone, kOne, 0, ip4, nullptr, ""},
    {"fd.rip", ValueType::kIp, kNone, kOne, 0, ip6, nullptr, ""},
    {"fd.types", ValueType::kString, kNone, Several::kList, 0, types, nullptr, ""},
};

inline const field::Registry& fields() {
    static const field::Registry registry(kFields);
    return registry;
}

}  // namespace saker::test
