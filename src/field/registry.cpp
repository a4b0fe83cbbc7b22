// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <vector>

#include "field/field.h"
#include "field/native.h"
#include "fmt/format.h"

namespace saker::field {

namespace {

std::optional<std::uint32_t> as_index(std::string_view text) {
    std::uint32_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return index;
}

const FieldInfo* find(std::span<const FieldInfo> fields, std::string_view name) {
    const auto found = std::ranges::find(fields, name, &FieldInfo::name);
    return found == fields.end() ? nullptr : &*found;
}

bool may_follow_a_dot(Argument argument) {
    return argument == Argument::kParam || argument == Argument::kEventType;
}

// The field that `text` begins with, where its argument follows a dot: evt.arg in evt.arg.flags.
const FieldInfo* find_dotted(std::span<const FieldInfo> fields, std::string_view text) {
    for (auto dot = text.rfind('.'); dot != std::string_view::npos && dot > 0;
         dot = text.rfind('.', dot - 1)) {
        const FieldInfo* info = find(fields, text.substr(0, dot));
        if (info != nullptr && may_follow_a_dot(info->argument)) return info;
    }
    return nullptr;
}

// What is wrong with an argument, empty if nothing.
std::string argument_problem(const FieldInfo& info, const FieldUse& use, bool given) {
    switch (info.argument) {
        case Argument::kNone:
            return given ? "takes no argument" : "";
        case Argument::kIndexOptional:
            return given && !use.index ? "takes a number as its argument" : "";
        case Argument::kIndexOrKeyOptional:
        case Argument::kKeyOptional:
            return "";
        case Argument::kKeyRequired:
            return given ? "" : "needs an argument";
        case Argument::kParam:
            if (!given) return "needs an argument";
            if (use.index || event::is_param_name(use.argument)) return "";
            return fmt::format("unknown event argument {}", use.argument);
        case Argument::kEventType:
            if (!given) return "needs an argument";
            if (event::find_event(use.argument)) return "";
            return fmt::format("unknown event type {}", use.argument);
    }
    return "";
}

}  // namespace

std::string FieldUse::name() const {
    if (argument.empty()) return std::string(info->name);
    const bool dotted = may_follow_a_dot(info->argument) && !index;
    return dotted ? fmt::format("{}.{}", info->name, argument)
                  : fmt::format("{}[{}]", info->name, argument);
}

Registry::Registry(std::span<const FieldInfo> fields) : fields_(fields) {}

Result<FieldUse> Registry::bind(std::string_view text,
                                std::optional<std::string_view> argument) const {
    const FieldInfo* info = find(fields_, text);
    if (info == nullptr && !argument) {
        info = find_dotted(fields_, text);
        if (info != nullptr) argument = text.substr(info->name.size() + 1);
    }
    if (info == nullptr) return fail(fmt::format("nonexistent field {}", text));

    FieldUse use{.info = info, .argument = std::string(argument.value_or("")), .index = {}};
    if (argument) use.index = as_index(*argument);
    const std::string problem = argument_problem(*info, use, argument.has_value());
    if (!problem.empty()) return fail(fmt::format("field {}: {}", info->name, problem));
    return use;
}

const Registry& Registry::native() {
    static const std::vector<FieldInfo> rows = [] {
        std::vector<FieldInfo> all;
        for (const auto& table : native_tables()) all.insert(all.end(), table.begin(), table.end());
        return all;
    }();
    static const Registry registry(rows);
    return registry;
}

}  // namespace saker::field
