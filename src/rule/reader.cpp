// SPDX-License-Identifier: Apache-2.0
#include "rule/reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fmt/core.h"
#include "rule/item.h"
#include "rule/override.h"
#include "rule/required_versions.h"
#include "rule/rule_keys.h"

namespace saker::rule {
namespace {

using Kind = YamlNode::Kind;

constexpr std::string_view kListKeys[] = {"list", "items", "append", "override"};
constexpr std::string_view kMacroKeys[] = {"macro", "condition", "append", "override"};
constexpr OverridableKey kListOverrides[] = {{"items", true, true}};
constexpr OverridableKey kMacroOverrides[] = {{"condition", true, true}};
constexpr std::string_view kRuleKeys[] = {
    "rule",       "condition", "output",           "desc",
    "priority",   "source",    "enabled",          "tags",
    "exceptions", "override",  "warn_evttypes",    "skip-if-unknown-filter",
    "capture",    "append",    "capture_duration",
};
constexpr std::string_view kEngineKeys[] = {"required_engine_version"};
constexpr std::string_view kPluginKeys[] = {"required_plugin_versions"};

std::vector<OverridableKey> overridable_rule_keys() {
    std::vector<OverridableKey> keys;
    for (const RuleKey& row : rule_keys()) keys.push_back({row.key, row.append != nullptr, true});
    return keys;
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// [a-zA-Z][a-zA-Z0-9_]*: what a condition can call.
bool is_macro_name(std::string_view name) {
    return is_letter(name[0]) && std::ranges::all_of(name, [](char c) {
               return is_letter(c) || c == '_' || (c >= '0' && c <= '9');
           });
}

// What stands in a condition as one word.
bool is_list_name(std::string_view name) {
    return name.find_first_of("()\"' \t\r\n=,") == name.npos;
}

class Reader {
public:
    Reader(const SourceFile& file, Definitions& definitions, Diagnostics& diagnostics)
        : file_(file), definitions_(definitions), diagnostics_(diagnostics) {
        summary_.name = file.name();
    }

    void read_document(const YamlNode& root) {
        if (root.kind != Kind::kSequence) {
            return diagnostics_.add(Code::kErrYamlValidate, place("rules content", root),
                                    "a rules file must be a sequence of items, each with a dash");
        }
        for (const YamlNode* node : root.items) {
            if (node->kind == Kind::kNull) continue;
            if (node->kind == Kind::kMap) {
                read_item(*node);
            } else {
                diagnostics_.add(Code::kErrYamlValidate, place(kItem, *node),
                                 "an item must be a map: rule, macro, list, ...");
            }
        }
    }

    FileSummary take_summary() { return std::move(summary_); }

private:
    // How one kind of item is read. The first key of the table that an item has decides.
    struct ItemKind {
        std::string_view key;
        std::string_view subject;
        bool named;  // the value of that key is its name
        std::span<const std::string_view> keys;
        void (Reader::*read)(Item& item);
    };
    static const ItemKind kKinds[5];

    static constexpr const char* kItem = "rules content item";

    Subject place(const char* type, const YamlNode& node) const {
        return {type, "", {&file_, node.offset}};
    }

    void read_item(const YamlNode& map) {
        for (const ItemKind& kind : kKinds) {
            const YamlNode* value = find_key(map, kind.key);
            if (value == nullptr) continue;
            const bool named = kind.named && value->kind == Kind::kScalar;
            const Subject subject{
                std::string(kind.subject), named ? value->text : "", {&file_, value->offset}};
            Item item(file_, map, {subject}, diagnostics_);
            item.check_keys(kind.keys);
            (this->*kind.read)(item);
            return;
        }
        diagnostics_.add(Code::kUnknownItem, place(kItem, map),
                         "unknown top level item is ignored");
    }

    void read_engine_version(Item& item) {
        rule::read_engine_version(item, definitions_.required_engine);
    }

    void read_plugin_versions(Item& item) {
        rule::read_plugin_versions(item, definitions_.required_plugins);
    }

    // True if the item adds to an older definition. Says that this form is old.
    static bool is_append(Item& item) {
        const bool append = item.flag("append", false);
        if (append) {
            item.warning(Code::kDeprecatedItem, "append", "'append' is deprecated, use 'override'");
        }
        return append;
    }

    // Takes a definition that has a mistake in under its name all the same, so that what uses it
    // is not reported as well.
    template <typename T>
    void define(DefinitionTable<T>& table, const Item& item, T definition) {
        definition.name = item.subject().name;
        definition.place = item.subject().place;
        definition.broken = !item.good();
        table.define(std::move(definition));
    }

    // The definition that an item changes; nullptr, and an error, if there is none (unless it may
    // just not have been read). `verb` says what for.
    template <typename T>
    T* target(DefinitionTable<T>& table, Item& item, std::string_view verb) {
        T* found = table.find(item.subject().name);
        if (found == nullptr && !definitions_.incomplete) {
            item.error(Code::kErrValidate, item.subject().type,
                       fmt::format("there is no {} '{}' to {}", item.subject().type,
                                   item.subject().name, verb));
        }
        return found;
    }

    // Likewise, for a list or a macro that is appended to: it now sees all that is there.
    template <typename T>
    T* append_target(DefinitionTable<T>& table, Item& item) {
        T* found = target(table, item, "append to");
        if (found == nullptr) return nullptr;
        if (item.good()) table.widen(*found);
        found->broken |= !item.good();
        return found;
    }

    // Whether a list or a macro is appended to, by `override` or the old way. What is replaced is
    // defined anew: it need not be there.
    static bool appends(Item& item, std::span<const OverridableKey> keys) {
        const Overrides overrides = read_overrides(item, keys);
        if (overrides.empty()) return is_append(item);
        return overrides.begin()->second == OverrideOp::kAppend;
    }

    void read_list(Item& item) {
        const auto name = item.text("list", true);
        if (!name) return;
        if (!is_list_name(name->text())) {
            item.warning(Code::kInvalidListName, "list",
                         "a list of that name cannot be used in a condition");
        }
        const bool append = appends(item, kListOverrides);
        ListDefinition list;
        auto items = item.scalars("items");
        if (!item.has("items")) item.error(Code::kErrYamlValidate, "items", "'items' is missing");
        if (items) list.items = std::move(*items);
        if (!append) {
            ++summary_.lists;
            return define(definitions_.lists, item, std::move(list));
        }
        if (ListDefinition* old = append_target(definitions_.lists, item)) {
            std::ranges::move(list.items, std::back_inserter(old->items));
        }
    }

    void read_macro(Item& item) {
        const auto name = item.text("macro", true);
        if (!name) return;
        if (!is_macro_name(name->text())) {
            item.warning(Code::kInvalidMacroName, "macro",
                         "a macro of that name cannot be used in a condition");
        }
        const bool append = appends(item, kMacroOverrides);
        const auto condition = item.text("condition", true);
        if (!append) {
            ++summary_.macros;
            MacroDefinition macro;
            if (condition) macro.condition.append(*condition);
            return define(definitions_.macros, item, std::move(macro));
        }
        MacroDefinition* old = append_target(definitions_.macros, item);
        if (old != nullptr && condition) old->condition.append(*condition);
    }

    void read_rule(Item& item) {
        if (!item.text("rule", true)) return;
        const Overrides overrides = read_overrides(item, overridable_rule_keys());
        if (!overrides.empty() || !item.good()) return override_rule(item, overrides);
        if (is_append(item)) return append_rule(item);
        const bool bare = std::ranges::none_of(
            std::initializer_list<std::string_view>{"condition", "output", "desc", "priority"},
            [&](std::string_view key) { return item.has(key); });
        if (bare && item.has("enabled")) return switch_rule(item);
        define_rule(item);
    }

    // First everything that is appended, then everything that is replaced.
    void override_rule(Item& item, const Overrides& overrides) {
        const bool appends = std::ranges::any_of(
            overrides, [](const auto& entry) { return entry.second == OverrideOp::kAppend; });
        RuleDefinition* rule =
            target(definitions_.rules, item, appends ? "append to" : "replace keys of");
        read_source(item);
        if (rule == nullptr || !item.good()) return;
        for (const OverrideOp op : {OverrideOp::kAppend, OverrideOp::kReplace}) {
            for (const RuleKey& row : rule_keys()) {
                const auto found = overrides.find(row.key);
                if (found == overrides.end() || found->second != op) continue;
                (op == OverrideOp::kAppend ? row.append : row.replace)(item, *rule);
            }
        }
        rule->broken |= !item.good();
    }

    // The old way to append: conditions and exceptions only.
    void append_rule(Item& item) {
        for (const RuleKey& row : rule_keys()) {
            if (!item.has(row.key) || row.key == "condition" || row.key == "exceptions") continue;
            item.warning(Code::kUnknownKey, row.key,
                         fmt::format("'{}' is ignored with 'append'", row.key));
        }
        RuleDefinition* rule = target(definitions_.rules, item, "append to");
        if (rule == nullptr) return;
        read_source(item);
        if (!item.has("condition") && !item.has("exceptions")) {
            item.error(Code::kErrValidate, "append",
                       "Appended rule must have exceptions or condition property");
        }
        for (const RuleKey& row : rule_keys()) {
            if (!item.has(row.key) || (row.key != "condition" && row.key != "exceptions")) continue;
            row.append(item, *rule);
        }
        rule->broken |= !item.good();
    }

    // The old way to switch a rule on or off: nothing but `enabled`.
    void switch_rule(Item& item) {
        item.warning(Code::kDeprecatedItem, "enabled",
                     "a rule with nothing but 'enabled' is deprecated, use 'override'");
        const bool enabled = item.flag("enabled", true);
        RuleDefinition* rule = target(definitions_.rules, item, "enable or disable");
        if (rule == nullptr) return;
        read_source(item);
        rule->enabled = enabled;
        rule->broken |= !item.good();
    }

    void define_rule(Item& item) {
        RuleDefinition rule;
        for (const RuleKey& row : rule_keys()) row.replace(item, rule);
        rule.source = read_source(item);
        rule.unknown_source = rule.source != "syscall";
        if (rule.unknown_source) {
            item.warning(Code::kUnknownSource, "source",
                         fmt::format("unknown source '{}': the rule is ignored", rule.source));
        }
        ++summary_.rules;
        define(definitions_.rules, item, std::move(rule));
    }

    // The source that an item names, or else that of the rule that is there already; an error if
    // that one has another.
    std::string read_source(Item& item) {
        const RuleDefinition* old = definitions_.rules.find(item.subject().name);
        const auto source = item.scalar("source");
        if (!source || source->text().empty()) return old == nullptr ? "syscall" : old->source;
        if (old != nullptr && old->source != source->text()) {
            item.error(Code::kErrValidate, "source",
                       fmt::format("rule '{}' is re-defined with a different source",
                                   item.subject().name));
        }
        return source->text();
    }

    const SourceFile& file_;
    Definitions& definitions_;
    Diagnostics& diagnostics_;
    FileSummary summary_;
};

const Reader::ItemKind Reader::kKinds[5] = {
    {"required_engine_version", "required_engine_version", false, kEngineKeys,
     &Reader::read_engine_version},
    {"required_plugin_versions", "required plugin versions", false, kPluginKeys,
     &Reader::read_plugin_versions},
    {"list", "list", true, kListKeys, &Reader::read_list},
    {"macro", "macro", true, kMacroKeys, &Reader::read_macro},
    {"rule", "rule", true, kRuleKeys, &Reader::read_rule},
};

}  // namespace

FileSummary read_items(const SourceFile& file, const YamlTree& tree, Definitions& definitions,
                       Diagnostics& diagnostics) {
    Reader reader(file, definitions, diagnostics);
    for (const YamlNode* document : tree.documents) reader.read_document(*document);
    return reader.take_summary();
}

}  // namespace saker::rule
