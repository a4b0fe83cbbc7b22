// SPDX-License-Identifier: Apache-2.0
#include "rule/item.h"

#include <algorithm>
#include <set>

#include "fmt/core.h"
#include "util/number.h"

namespace saker::rule {

namespace {

// What the values of keys are called in diagnostics, where it is not "value for".
struct ValueType {
    std::string_view item;  // type of the item; empty: of any
    std::string_view key;
    const char* type;
};
constexpr ValueType kValueTypes[] = {
    {"macro", "condition", "macro condition"},
    {"rule", "condition", "rule condition"},
    {"rule", "output", "rule output"},
    {"rule", "priority", "rule priority"},
    {"rule", "exceptions", "exceptions"},
    {"exception", "values", "exception values"},
    {"", "override", "overrides"},
};

}  // namespace

bool is_word(const YamlNode& node) {
    return node.kind == YamlNode::Kind::kScalar || !node.text.empty();
}

std::optional<Scalar> Item::scalar(std::string_view key) {
    const YamlNode* node = find_key(map_, key);
    if (node == nullptr) return std::nullopt;
    if (node->kind == YamlNode::Kind::kScalar || node->kind == YamlNode::Kind::kNull) {
        return Scalar{&file_, node};
    }
    error(Code::kErrYamlValidate, key, fmt::format("'{}' must be a text", key));
    return std::nullopt;
}

std::optional<Scalar> Item::text(std::string_view key, bool required) {
    const std::optional<Scalar> found = scalar(key);
    const bool empty = found && found->text().find_first_not_of(" \t\r\n") == std::string::npos;
    if (found && !empty) return found;
    if (empty) {
        error(Code::kErrYamlValidate, key, fmt::format("'{}' is empty", key));
    } else if (required && !has(key)) {
        error(Code::kErrYamlValidate, key, fmt::format("'{}' is missing", key));
    }
    return std::nullopt;
}

bool Item::flag(std::string_view key, bool otherwise) {
    const std::optional<Scalar> found = scalar(key);
    if (!found) return otherwise;
    const std::optional<bool> value = parse_yaml_bool(found->text());
    if (!value) {
        error(Code::kErrYamlValidate, key, fmt::format("'{}' must be true or false", key));
    }
    return value.value_or(otherwise);
}

std::uint32_t Item::number(std::string_view key, std::uint32_t otherwise) {
    const std::optional<Scalar> found = scalar(key);
    if (!found) return otherwise;
    if (const auto value = text::parse_number<std::uint32_t>(found->text())) return *value;
    error(Code::kErrYamlValidate, key, fmt::format("'{}' must be a whole number", key));
    return otherwise;
}

std::optional<std::vector<Scalar>> Item::scalars(std::string_view key) {
    const YamlNode* node = find_key(map_, key);
    if (node == nullptr) return std::nullopt;
    if (node->kind != YamlNode::Kind::kSequence) {
        error(Code::kErrYamlValidate, key, fmt::format("'{}' must be a sequence", key));
        return std::nullopt;
    }
    std::vector<Scalar> found;
    found.reserve(node->items.size());
    for (const YamlNode* element : node->items) {
        if (!is_word(*element)) {
            good_ = false;
            const bool in_list = subject().type == "list";
            add(Code::kErrYamlValidate,
                {in_list ? "list item" : "value for", in_list ? "" : std::string(key),
                 place(*element)},
                fmt::format("each of '{}' must be a text", key));
            return std::nullopt;
        }
        found.push_back({&file_, element});
    }
    return found;
}

void Item::check_keys(std::span<const std::string_view> known) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i + 1 < map_.items.size(); i += 2) {
        const YamlNode& key = *map_.items[i];
        std::string problem;
        if (std::ranges::find(known, key.text) == known.end()) {
            problem = fmt::format("unknown key '{}' is ignored", key.text);
        } else if (!seen.insert(key.text).second) {
            problem = fmt::format("key '{}' occurs again: only the first one counts", key.text);
        }
        if (problem.empty()) continue;
        add(Code::kUnknownKey, {"value for", key.text, place(key)}, std::move(problem));
    }
}

void Item::error(Code code, std::string_view key, std::string message) {
    good_ = false;
    warning(code, key, std::move(message));
}

void Item::error_at(Code code, std::string_view detail, const YamlNode& node, std::string message) {
    good_ = false;
    add(code, {std::string(detail), "", place(node)}, std::move(message));
}

void Item::warning(Code code, std::string_view key, std::string message) {
    const YamlNode* node = find_key(map_, key);
    if (node != nullptr && place(*node) != subject().place) {
        add(code, value(key, *node), std::move(message));
    } else {
        diagnostics_.add(code, way_, std::move(message));
    }
}

Subject Item::value(std::string_view key, const YamlNode& node) const {
    for (const ValueType& row : kValueTypes) {
        if (row.key != key || (!row.item.empty() && row.item != subject().type)) continue;
        return {row.type, "", place(node)};
    }
    return {"value for", std::string(key), place(node)};
}

void Item::add(Code code, Subject detail, std::string message) {
    std::vector<Subject> way = way_;
    way.push_back(std::move(detail));
    diagnostics_.add(code, way, std::move(message));
}

}  // namespace saker::rule
