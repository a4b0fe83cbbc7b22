// SPDX-License-Identifier: Apache-2.0
#include "rule/override.h"

#include <algorithm>
#include <string>

#include "fmt/core.h"

namespace saker::rule {
namespace {

constexpr std::string_view kOverride = "override";
constexpr std::string_view kDetail = "overrides";

std::string_view a_verb(OverrideOp op) {
    return op == OverrideOp::kAppend ? "An append" : "A replace";
}

// What is wrong with an operation on a key; empty if nothing.
std::string problem(std::string_view key, const std::string& operation,
                    std::span<const OverridableKey> keys) {
    const auto row = std::ranges::find(keys, key, &OverridableKey::key);
    const bool append = row != keys.end() && row->append;
    const bool replace = row != keys.end() && row->replace;
    if (operation == "append" && !append) {
        return fmt::format("Key '{}' cannot be appended to{}", key,
                           replace ? ", use 'replace' instead" : "");
    }
    if (operation == "replace" && !replace) {
        return fmt::format("Key '{}' cannot be replaced", key);
    }
    if (operation == "append" || operation == "replace") return {};
    return fmt::format(
        "Invalid override operation for key '{}': '{}' is neither append nor replace", key,
        operation);
}

void read_operation(Item& item, const YamlNode& key, const YamlNode& operation,
                    std::span<const OverridableKey> keys, Overrides& overrides) {
    const auto op = operation.text == "append" ? OverrideOp::kAppend : OverrideOp::kReplace;
    overrides.emplace(key.text, op);
    std::string wrong = problem(key.text, operation.text, keys);
    if (!wrong.empty()) {
        return item.error_at(Code::kErrYamlValidate, kDetail, operation, std::move(wrong));
    }
    if (item.has(key.text)) return;
    item.error_at(Code::kErrYamlValidate, kDetail, operation,
                  fmt::format("{} override for '{}' was specified but '{}' is not defined",
                              a_verb(op), key.text, key.text));
}

}  // namespace

Overrides read_overrides(Item& item, std::span<const OverridableKey> keys) {
    const YamlNode* node = item.node(kOverride);
    if (node == nullptr || node->kind == YamlNode::Kind::kNull) return {};
    if (node->kind != YamlNode::Kind::kMap) {
        item.error(Code::kErrYamlValidate, kOverride,
                   "'override' must be a map of keys to append or replace");
        return {};
    }
    Overrides overrides;
    for (std::size_t i = 0; i + 1 < node->items.size(); i += 2) {
        read_operation(item, *node->items[i], *node->items[i + 1], keys, overrides);
    }
    if (overrides.empty()) return overrides;
    if (item.flag("append", false)) {
        item.error(Code::kErrYamlValidate, "append",
                   "'append: true' and 'override' cannot be used together: list the key as "
                   "'append' below 'override'");
    }
    for (const OverridableKey& row : keys) {
        if (!item.has(row.key) || overrides.contains(row.key)) continue;
        item.error(Code::kErrYamlValidate, row.key,
                   fmt::format("Unexpected key '{}': no corresponding entry under 'override' is "
                               "defined.",
                               row.key));
    }
    return overrides;
}

}  // namespace saker::rule
