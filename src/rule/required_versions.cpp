// SPDX-License-Identifier: Apache-2.0
#include "rule/required_versions.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "fmt/core.h"

namespace saker::rule {
namespace {

constexpr std::string_view kEngineKey = "required_engine_version";
constexpr std::string_view kPluginsKey = "required_plugin_versions";
constexpr std::string_view kEntry = "required plugin versions entry";
constexpr std::string_view kAlternative = "required plugin versions alternative";

// One plugin that would do.
struct Plugin {
    std::string name;
    Version version;

    bool is_built_in() const { return name == kContainerPlugin; }
};

std::optional<Plugin> read_plugin(Item& item, const YamlNode& entry, std::string_view detail) {
    const bool is_map = entry.kind == YamlNode::Kind::kMap;
    const YamlNode* name = is_map ? find_key(entry, "name") : nullptr;
    const YamlNode* version = is_map ? find_key(entry, "version") : nullptr;
    const auto required =
        version != nullptr ? parse_version(version->text) : std::optional<Version>{};
    if (name != nullptr && !name->text.empty() && required) return Plugin{name->text, *required};
    item.error_at(Code::kErrYamlValidate, detail, entry,
                  "a plugin needs a name and a version x.y.z");
    return std::nullopt;
}

// The plugin of an entry and its alternatives; none if one of them is badly written.
std::vector<Plugin> read_choices(Item& item, const YamlNode& entry) {
    std::vector<const YamlNode*> nodes = {&entry};
    const bool is_map = entry.kind == YamlNode::Kind::kMap;
    if (const YamlNode* more = is_map ? find_key(entry, "alternatives") : nullptr) {
        if (more->kind == YamlNode::Kind::kSequence) {
            nodes.insert(nodes.end(), more->items.begin(), more->items.end());
        } else if (more->kind != YamlNode::Kind::kNull) {
            item.error_at(Code::kErrYamlValidate, kAlternative, *more,
                          "alternatives must be a sequence of plugins");
        }
    }
    std::vector<Plugin> choices;
    for (const YamlNode* node : nodes) {
        const auto plugin = read_plugin(item, *node, node == &entry ? kEntry : kAlternative);
        if (plugin) choices.push_back(*plugin);
    }
    if (choices.size() < nodes.size()) choices.clear();
    return choices;
}

RequiredPlugin describe(const std::vector<Plugin>& choices) {
    RequiredPlugin plugin;
    for (const Plugin& choice : choices) {
        const bool first = &choice == &choices.front();
        RequiredPlugin& into = first ? plugin : plugin.alternatives.emplace_back();
        into.name = choice.name;
        into.version = to_text(choice.version);
    }
    return plugin;
}

// Of the plugins of an entry, the first that is there decides. Of all plugins only that for
// containers is: its fields are built in. Others bring events of their own (json, k8saudit), which
// nothing here would ever raise, so that rules which need them are refused and not silent.
void check_entry(Item& item, const YamlNode& entry, std::vector<RequiredPlugin>& required) {
    const std::vector<Plugin> choices = read_choices(item, entry);
    if (choices.empty()) return;
    required.push_back(describe(choices));
    const auto found = std::ranges::find_if(choices, &Plugin::is_built_in);
    if (found != choices.end() && kContainerPluginVersion.satisfies(found->version)) return;
    std::string wanted;
    for (const Plugin& plugin : choices) {
        if (!wanted.empty()) wanted += ", ";
        wanted += fmt::format("{} (>= {})", plugin.name, to_text(plugin.version));
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

void read_plugin_versions(Item& item, std::vector<RequiredPlugin>& required) {
    const YamlNode& entries = *item.node(kPluginsKey);
    if (entries.kind != YamlNode::Kind::kSequence) {
        return item.error(Code::kErrYamlValidate, kPluginsKey, "must be a sequence of plugins");
    }
    for (const YamlNode* entry : entries.items) check_entry(item, *entry, required);
}

}  // namespace saker::rule
