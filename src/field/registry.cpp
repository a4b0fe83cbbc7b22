// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <vector>

#include "field/field.h"
#include "field/native.h"
#include "field/params.h"
#include "fmt/core.h"
#include "util/number.h"

namespace saker::field {

namespace {

bool may_follow_a_dot(Argument argument) {
    return argument == Argument::kParam || argument == Argument::kEventType ||
           argument == Argument::kSideOptional || argument == Argument::kController ||
           argument == Argument::kStaticKey;
}

// What is wrong with an argument that is there, empty if nothing.
using Problem = std::string (*)(const FieldUse& use);

std::string nothing_wrong(const FieldUse& /*use*/) {
    return {};
}
std::string takes_none(const FieldUse& /*use*/) {
    return "takes no argument";
}
std::string index_problem(const FieldUse& use) {
    return use.index ? "" : "takes a number as its argument";
}
std::string param_problem(const FieldUse& use) {
    if (use.index || event::is_param_name(use.argument)) return {};
    return fmt::format("unknown event argument {}", use.argument);
}
std::string event_type_problem(const FieldUse& use) {
    if (event::find_event(use.argument)) return {};
    return fmt::format("unknown event type {}", use.argument);
}
std::string time_problem(const FieldUse& use) {
    return saker::text::parse_number<std::uint64_t>(use.argument)
               ? ""
               : "takes a time, ns since the epoch";
}
std::string side_problem(const FieldUse& use) {
    return use.argument == "src" || use.argument == "dst" ? "" : "takes src or dst";
}

struct ArgumentInfo {
    Argument argument;
    bool required;
    Problem problem;
};

// In the order of Argument.
constexpr ArgumentInfo kArguments[] = {
    {Argument::kNone, false, takes_none},
    {Argument::kIndexOptional, false, index_problem},
    {Argument::kIndexOrKeyOptional, false, nothing_wrong},
    {Argument::kKeyRequired, true, nothing_wrong},
    {Argument::kKeyOptional, false, nothing_wrong},
    {Argument::kParam, true, param_problem},
    {Argument::kEventType, true, event_type_problem},
    {Argument::kTime, true, time_problem},
    {Argument::kSideOptional, false, side_problem},
    {Argument::kController, true, nothing_wrong},
    {Argument::kStaticKey, true, nothing_wrong},
};

constexpr bool in_order_of_argument() {
    for (std::size_t i = 0; i < std::size(kArguments); ++i) {
        if (kArguments[i].argument != static_cast<Argument>(i)) return false;
    }
    return std::size(kArguments) == static_cast<std::size_t>(Argument::kStaticKey) + 1;
}
static_assert(in_order_of_argument());

std::string problem_of(const FieldUse& use, bool given) {
    const ArgumentInfo& row = kArguments[static_cast<std::size_t>(use.info->argument)];
    if (!given) return row.required ? "needs an argument" : "";
    return row.problem(use);
}

}  // namespace

std::string FieldUse::name() const {
    if (argument.empty()) return std::string(info->name);
    const bool dotted = may_follow_a_dot(info->argument) && !index;
    return dotted ? fmt::format("{}.{}", info->name, argument)
                  : fmt::format("{}[{}]", info->name, argument);
}

Registry::Registry(std::span<const FieldInfo> fields) : fields_(fields) {
    for (const FieldInfo& info : fields) by_name_.push_back(&info);
    std::ranges::sort(by_name_, {}, &FieldInfo::name);
}

const FieldInfo* Registry::find(std::string_view name) const {
    const auto found = std::ranges::lower_bound(by_name_, name, {}, &FieldInfo::name);
    return found == by_name_.end() || (*found)->name != name ? nullptr : *found;
}

// The field that `text` begins with, where its argument follows a dot: evt.arg in evt.arg.flags.
const FieldInfo* Registry::find_dotted(std::string_view text) const {
    for (auto dot = text.rfind('.'); dot != std::string_view::npos && dot > 0;
         dot = text.rfind('.', dot - 1)) {
        const FieldInfo* info = find(text.substr(0, dot));
        if (info != nullptr && may_follow_a_dot(info->argument)) return info;
    }
    return nullptr;
}

Result<FieldUse> Registry::bind(std::string_view text,
                                std::optional<std::string_view> argument) const {
    const FieldInfo* info = find(text);
    if (info == nullptr && !argument) {
        info = find_dotted(text);
        if (info != nullptr) argument = text.substr(info->name.size() + 1);
    }
    if (info == nullptr || (info->argument == Argument::kStaticKey && !has_static(argument))) {
        return fail(fmt::format("nonexistent field {}", text));
    }

    FieldUse use;
    use.info = info;
    use.argument = argument.value_or("");
    if (argument) use.index = saker::text::parse_number<std::uint32_t>(*argument);
    const std::string problem = problem_of(use, argument.has_value());
    if (!problem.empty()) return fail(fmt::format("field {}: {}", info->name, problem));
    use.type = info->has(kTypedByParam) ? type_of_param(use.argument) : info->type;
    return use;
}

bool Registry::has_static(std::optional<std::string_view> key) const {
    if (!key || key->empty()) return false;
    const bool word = key->find_first_of(".[]") == key->npos;
    return (any_static_ && word) || (statics_ != nullptr && statics_->contains(*key));
}

Registry Registry::with_any_static() const {
    Registry registry = *this;
    registry.any_static_ = true;
    return registry;
}

Registry Registry::with(const StaticFields& statics) const {
    Registry registry = *this;
    registry.statics_ = &statics;
    return registry;
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
