// SPDX-License-Identifier: Apache-2.0
#include "cli/append_output.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "fmt/core.h"

namespace saker::cli {

namespace {

using rule::OutputAddition;
using Unknown = std::vector<std::string>;

Result<void> read_text(const YAML::Node& node, std::string& text) {
    if (node.IsNull()) return {};
    if (!node.IsScalar()) return fail("is not a text");
    text = node.as<std::string>();
    return {};
}

Result<void> read_tags(const YAML::Node& node, std::set<std::string>& tags) {
    if (node.IsNull()) return {};
    if (!node.IsSequence()) return fail("is not a list of tags");
    for (const YAML::Node& tag : node) {
        if (!tag.IsScalar()) return fail("is not a list of tags");
        tags.insert(tag.as<std::string>());
    }
    return {};
}

// A field, or a map of keys and formats.
Result<void> read_field(const YAML::Node& node, std::vector<rule::AddedField>& fields) {
    if (node.IsScalar()) {
        fields.push_back({node.as<std::string>(), ""});
        return {};
    }
    if (!node.IsMap()) return fail("is not a list of fields and of maps of keys and formats");
    for (const auto& item : node) {
        rule::AddedField field{item.first.as<std::string>(), ""};
        if (auto done = read_text(item.second, field.format); !done) return done;
        if (field.key.empty() || field.format.empty()) return fail("has an empty key or format");
        fields.push_back(std::move(field));
    }
    return {};
}

Result<void> read_fields(const YAML::Node& node, OutputAddition& addition) {
    if (node.IsNull()) return {};
    if (!node.IsSequence()) return read_field(node, addition.fields);
    for (const YAML::Node& field : node) {
        if (auto done = read_field(field, addition.fields); !done) return done;
    }
    return {};
}

Result<void> read_extra_output(const YAML::Node& node, OutputAddition& addition) {
    return read_text(node, addition.text);
}

Result<void> read_suggested(const YAML::Node& node, OutputAddition& addition) {
    if (!YAML::convert<bool>::decode(node, addition.suggested)) return fail("is not true or false");
    return {};
}

Result<void> read_rule(const YAML::Node& node, OutputAddition& addition) {
    return read_text(node, addition.rule);
}

Result<void> read_source(const YAML::Node& node, OutputAddition& addition) {
    return read_text(node, addition.source);
}

Result<void> read_match_tags(const YAML::Node& node, OutputAddition& addition) {
    return read_tags(node, addition.tags);
}

struct Key {
    std::string_view name;
    Result<void> (*read)(const YAML::Node& node, OutputAddition& addition);
};
constexpr Key kMatchKeys[] = {
    {"rule", read_rule},
    {"source", read_source},
    {"tags", read_match_tags},
};
constexpr Key kKeys[] = {
    {"extra_output", read_extra_output},
    {"extra_fields", read_fields},
    {"suggested_output", read_suggested},
};
constexpr std::string_view kMatch = "match";

Result<void> read_map(const YAML::Node& map, std::span<const Key> keys, OutputAddition& addition,
                      Unknown& unknown) {
    if (!map.IsMap()) return fail("is not a map");
    for (const auto& item : map) {
        const auto name = item.first.as<std::string>();
        const auto key = std::ranges::find(keys, name, &Key::name);
        Result<void> done;
        if (key != keys.end()) {
            done = key->read(item.second, addition);
        } else if (name == kMatch && keys.data() == kKeys) {
            done = read_map(item.second, kMatchKeys, addition, unknown);
        } else {
            unknown.push_back(fmt::format("append_output.{}", name));
        }
        if (!done) return fail(fmt::format("{} {}", name, done.error().message));
    }
    return {};
}

}  // namespace

Result<std::vector<OutputAddition>> read_append_output(const YAML::Node& node, Unknown& unknown) {
    std::vector<OutputAddition> additions;
    if (node.IsNull()) return additions;
    if (!node.IsSequence()) return fail("append_output: is not a list");
    for (const YAML::Node& entry : node) {
        OutputAddition addition;
        if (auto done = read_map(entry, kKeys, addition, unknown); !done) {
            return fail(fmt::format("append_output, entry {}: {}", additions.size() + 1,
                                    done.error().message));
        }
        additions.push_back(std::move(addition));
    }
    return additions;
}

Result<OutputAddition> parse_append_output(const std::string& text) {
    OutputAddition addition;
    Unknown unknown;
    try {
        const auto done = read_map(YAML::Load(text), kKeys, addition, unknown);
        if (!done) return fail(fmt::format("append_output[]: {}", done.error().message));
    } catch (const YAML::Exception& exception) {
        return fail(fmt::format("append_output[]: {}", exception.msg));
    }
    if (!unknown.empty()) return fail(fmt::format("unknown key {}", unknown[0]));
    return addition;
}

}  // namespace saker::cli
