// SPDX-License-Identifier: Apache-2.0
#include "unit/filter/fake_fields.h"

#include <arpa/inet.h>

#include <cstring>
#include <stdexcept>

namespace saker::filter::fake {
namespace {

using field::Argument;
using field::FieldInfo;
using field::FieldUse;
using field::Several;
using field::Value;
using field::Values;
using field::ValueType;

std::size_t number(const FieldUse& use) {
    return static_cast<std::size_t>(use.info - kTable.data());
}

Values extract(const FieldUse& use, const field::Context& base) {
    const auto& context = static_cast<const Context&>(base);
    ++context.extractions[number(use)];
    if (use.info->fold != nullptr) {
        if (const auto known = use.info->fold(use, context.type)) return *known;
    }
    if (number(use) == kFile && base.names == field::NameView::kReal) return context.real_file;
    const auto& values = context.values[number(use)];
    if (!use.index || use.info->argument != Argument::kIndexOptional) return values;
    return *use.index < values.size() ? Values(values).subspan(*use.index, 1) : Values{};
}

std::optional<Values> fold_type(const FieldUse&, event::EventType type) {
    static const std::vector<Value> names = [] {
        std::vector<Value> all;
        for (const event::EventInfo& info : event::events()) all.push_back(Value::of(info.name));
        return all;
    }();
    return Values(&names[type], 1);
}

bool is(event::EventType type, std::string_view name) {
    return event::info(type).name == name;
}

std::optional<Values> fold_kind(const FieldUse&, event::EventType type) {
    static const Value exec = Value::of("exec");
    if (is(type, "open")) return Values{};
    if (is(type, "execve")) return Values(&exec, 1);
    return std::nullopt;
}

std::optional<Values> fold_flag(const FieldUse&, event::EventType type) {
    static const Value yes = Value::of_bool(true);
    if (is(type, "connect")) return Values{};
    if (is(type, "open")) return Values(&yes, 1);
    return std::nullopt;
}

std::optional<Values> fold_file(const FieldUse&, event::EventType type) {
    return is(type, "setuid") ? std::optional(Values{}) : std::nullopt;
}

constexpr FieldInfo row(std::string_view name, ValueType type, Several several = Several::kOne,
                        field::Fold fold = nullptr, std::uint16_t flags = 0,
                        Argument argument = Argument::kNone) {
    return {name, type, argument, several, flags, extract, fold, "For tests."};
}

}  // namespace

const std::array<FieldInfo, kFields> kTable = {
    row("evt.type", ValueType::kString, Several::kOne, fold_type),
    row("evt.num", ValueType::kUint),
    row("t.str", ValueType::kString),
    row("t.other", ValueType::kString),
    row("t.path", ValueType::kPath),
    row("t.int", ValueType::kInt),
    row("t.int2", ValueType::kInt),
    row("t.uint", ValueType::kUint),
    row("t.real", ValueType::kDouble),
    row("t.bool", ValueType::kBool),
    row("t.bytes", ValueType::kBytes),
    row("t.port", ValueType::kPort),
    row("t.ip", ValueType::kIp),
    row("t.ip2", ValueType::kIp),
    row("t.net", ValueType::kNet),
    row("t.reltime", ValueType::kReltime),
    row("t.abstime", ValueType::kAbstime),
    row("t.any", ValueType::kString, Several::kAny, nullptr, 0, Argument::kIndexOptional),
    row("t.anyint", ValueType::kInt, Several::kAny),
    row("t.ends", ValueType::kIp, Several::kEither),
    row("t.ports", ValueType::kPort, Several::kEither),
    row("t.nets", ValueType::kNet, Several::kEither),
    row("t.list", ValueType::kString, Several::kList, nullptr, 0, Argument::kIndexOptional),
    row("t.list2", ValueType::kString, Several::kList),
    row("t.numbers", ValueType::kUint, Several::kList),
    row("t.paths", ValueType::kPath, Several::kList),
    row("t.times", ValueType::kReltime, Several::kList),
    row("t.moments", ValueType::kAbstime, Several::kList),
    row("t.truths", ValueType::kBool, Several::kList),
    row("t.ips", ValueType::kIp, Several::kList),
    row("t.netlist", ValueType::kNet, Several::kList),
    row("t.file", ValueType::kPath, Several::kOne, fold_file, field::kNamesFile),
    row("t.kind", ValueType::kString, Several::kOne, fold_kind),
    row("t.flag", ValueType::kBool, Several::kOne, fold_flag),
    row("t.param", ValueType::kString, Several::kOne, nullptr, 0, Argument::kParam),
    row("t.filteronly", ValueType::kString, Several::kOne, nullptr, field::kFilterOnly),
    row("t.printonly", ValueType::kString, Several::kOne, nullptr, field::kPrintOnly),
    row("t.host", ValueType::kIp),
    row("t.host.name", ValueType::kString, Several::kAny, nullptr, field::kResolvesHosts),
    row("t.around", ValueType::kUint, Several::kOne, nullptr, field::kFilterOnly | field::kDistance,
        Argument::kTime),
};

const field::Registry& registry() {
    static const field::Registry registry(kTable);
    return registry;
}

Context::Context() {
    scratch = &memory;
}

event::EventType type_of(std::string_view name) {
    const auto type = event::find_event(name);
    if (!type) throw std::invalid_argument("no such event: " + std::string(name));
    return *type;
}

field::IpAddress ip(const char* text) {
    field::IpAddress address;
    address.v6 = std::strchr(text, ':') != nullptr;
    if (address.v6) {
        inet_pton(AF_INET6, text, address.bytes.data());
        return address;
    }
    address.bytes[10] = address.bytes[11] = 0xff;
    inet_pton(AF_INET, text, address.bytes.data() + 12);
    return address;
}

}  // namespace saker::filter::fake
