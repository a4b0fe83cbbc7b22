// SPDX-License-Identifier: Apache-2.0
#include "rule/required_versions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace saker::rule {
namespace {

constexpr std::string_view kEngineKey = "required_engine_version";
constexpr std::string_view kPluginsKey = "required_plugin_versions";
constexpr std::string_view kEntry = "required plugin versions entry";

// One plugin that would do.
struct Plugin {
    std::string name;
    Version version;

    bool is_built_in() const {
        return name == kContainerPlugin && kContainerPluginVersion.satisfies(version);
    }
};

std::optional<Plugin> read_plugin(Item& item, const YamlNode& entry) {
    const bool is_map = entry.kind == YamlNode::Kind::kMap;
    const YamlNode* name = is_map ? find_key(entry, "name") : nullptr;
    const YamlNode* version = is_map ? find_key(entry, "version") : nullptr;
    const auto required =
        version != nullptr ? parse_version(version->text) : std::optional<Version>{};
    if (name != nullptr && !name->text.empty() && required) return Plugin{name->text, *required};
    item.error_at(Code::kErrYamlValidate, kEntry, entry,
                  "a plugin needs a name and a version x.y.z");
    return std::nullopt;
}

// An entry holds if its plugin or any of the alternatives is there.
void check_entry(Item& item, const YamlNode& entry) {
    std::vector<const YamlNode*> choices = {&entry};
    const bool is_map = entry.kind == YamlNode::Kind::kMap;
    if (const YamlNode* more = is_map ? find_key(entry, "alternatives") : nullptr) {
        choices.insert(choices.end(), more->items.begin(), more->items.end());
    }
    std::string wanted;
    for (const YamlNode* choice : choices) {
        const std::optional<Plugin> plugin = read_plugin(item, *choice);
        if (!plugin || plugin->is_built_in()) return;
        if (!wanted.empty()) wanted += ", ";
        wanted += fmt::format("{} (>= {})", plugin->name, to_text(plugin->version));
    }
    item.error_at(Code::kErrValidate, kEntry, entry,
                  "Plugin requirement not satisfied, must load one of: " + wanted);
}

}  // namespace

void read_engine_version(Item& item, Version& highest) {
    const auto text = item.text(kEngineKey, true);
    if (!text) return;
    const std::optional<Version> version = parse_engine_version(text->text());
    if (!version) {
        return item.error(Code::kErrYamlValidate, kEngineKey, "must be a number or x.y.z");
    }
    highest = std::max(highest, *version);
    if (kEngineVersion.satisfies(*version)) return;
    item.error(Code::kErrValidate, kEngineKey,
               fmt::format("the rules need engine version {}, but this is {}", to_text(*version),
                           to_text(kEngineVersion)));
}

void read_plugin_versions(Item& item) {
    const YamlNode& entries = *item.node(kPluginsKey);
    if (entries.kind != YamlNode::Kind::kSequence) {
        return item.error(Code::kErrYamlValidate, kPluginsKey, "must be a sequence of plugins");
    }
    for (const YamlNode* entry : entries.items) check_entry(item, *entry);
}

}  // namespace saker::rule
