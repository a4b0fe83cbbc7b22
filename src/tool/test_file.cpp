// SPDX-License-Identifier: Apache-2.0
#include "tool/test_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <string_view>
#include <utility>

#include "fmt/core.h"
#include "fmt/ranges.h"
#include "rule/files.h"
#include "rule/yaml.h"

namespace saker::tool {

namespace {

using rule::YamlNode;
using Kind = YamlNode::Kind;

constexpr std::array<std::string_view, 3> kFileKeys = {"rules", "rule_matching", "cases"};
constexpr std::array<std::string_view, 6> kCaseKeys = {"name",   "event", "fires",
                                                       "silent", "also",  "unless"};
constexpr std::array<std::string_view, 3> kAlertKeys = {"rule", "output", "text"};
constexpr std::string_view kAncestors = "ancestors";
constexpr std::string_view kOthers = "others";

// Reads the nodes of one file; what is wrong is noted, and reading goes on.
class Reader {
public:
    explicit Reader(TestFile& file) : file_(file) {}

    void read(const rule::YamlTree& tree) {
        for (const YamlNode* document : tree.documents) read_document(*document);
        if (tree.documents.empty())
            problem(0, "the file is empty: a test file has rules and cases");
    }

private:
    rule::Place place(std::size_t offset) const { return {file_.source.get(), offset}; }

    void problem(std::size_t offset, std::string message) {
        file_.problems.push_back({place(offset), std::move(message)});
    }

    // Whether it is a map with nothing but `keys`, each once.
    bool is_map(const YamlNode& node, std::string_view what,
                std::span<const std::string_view> keys) {
        if (node.kind != Kind::kMap) {
            problem(node.offset,
                    fmt::format("{} must be a map of {}", what, fmt::join(keys, ", ")));
            return false;
        }
        for (std::size_t i = 0; i < node.items.size(); i += 2) {
            const YamlNode& key = *node.items[i];
            if (std::ranges::find(keys, key.text) != keys.end()) continue;
            problem(key.offset, fmt::format("{} has no key '{}'; it has {}", what, key.text,
                                            fmt::join(keys, ", ")));
        }
        return true;
    }

    const std::vector<const YamlNode*>* sequence(const YamlNode& map, std::string_view key) {
        const YamlNode* node = rule::find_key(map, key);
        if (node == nullptr) return nullptr;
        if (node->kind == Kind::kSequence) return &node->items;
        problem(node->offset, fmt::format("'{}' must be a list", key));
        return nullptr;
    }

    std::string text(const YamlNode& node, std::string_view what) {
        if (node.kind != Kind::kScalar)
            problem(node.offset, fmt::format("{} must be a text", what));
        return node.text;
    }

    // A lone event is a case without expectations.
    bool is_event(const YamlNode& root) const {
        return root.kind == Kind::kMap && rule::find_key(root, "evt.type") != nullptr;
    }

    void read_document(const YamlNode& root) {
        if (is_event(root)) {
            Case one;
            one.place = place(root.offset);
            one.event = read_event(root);
            return add(std::move(one));
        }
        if (!is_map(root, "a test file", kFileKeys)) return;
        if (const auto* paths = sequence(root, "rules")) {
            for (const YamlNode* path : *paths) add_rules(text(*path, "a rules file"));
        }
        read_matching(root);
        const auto* cases = sequence(root, "cases");
        if (cases == nullptr) return problem(root.offset, "the file has no 'cases'");
        for (const YamlNode* node : *cases) read_case(*node);
    }

    void add_rules(const std::string& path) {
        const auto folder = std::filesystem::path(file_.source->name()).parent_path();
        file_.rules.push_back((folder / path).lexically_normal().string());
    }

    void read_matching(const YamlNode& root) {
        const YamlNode* node = rule::find_key(root, "rule_matching");
        if (node == nullptr) return;
        if (node->text == "first") {
            file_.matching = filter::MatchMode::kFirst;
        } else if (node->text != "all") {
            problem(node->offset, "'rule_matching' must be 'first' or 'all'");
        }
    }

    void read_case(const YamlNode& node) {
        if (!is_map(node, "a case", kCaseKeys)) return;
        Case base;
        base.place = place(node.offset);
        const YamlNode* name = rule::find_key(node, "name");
        if (name != nullptr) base.name = text(*name, "the name of a case");
        if (base.name.empty()) problem(node.offset, "the case has no 'name'");
        const YamlNode* event = rule::find_key(node, "event");
        if (event == nullptr) return problem(node.offset, "the case has no 'event'");
        base.event = read_event(*event);
        read_expectations(node, base);
        if (base.fires.empty() && base.silent.empty() && !base.others_silent) {
            problem(node.offset, "the case expects nothing: say what 'fires' or is 'silent'");
        }
        add(base);
        read_variants(node, "also", base, base);
        read_variants(node, "unless", base, near_miss(base));
    }

    void add(Case one) {
        if (file_.cases.size() == kMaxCases) {
            return problem(one.place.offset, fmt::format("more than {} cases", kMaxCases));
        }
        if (file_.cases.size() < kMaxCases) file_.cases.push_back(std::move(one));
    }

    // What a case expects once it has been changed so that its rules must not fire any more.
    static Case near_miss(const Case& base) {
        Case missed = base;
        for (const ExpectedAlert& alert : base.fires) {
            missed.silent.push_back({alert.rule, alert.place});
        }
        missed.fires.clear();
        missed.others_silent = false;
        return missed;
    }

    void read_variants(const YamlNode& node, std::string_view key, const Case& base,
                       const Case& expected) {
        const auto* changes = sequence(node, key);
        if (changes == nullptr) return;
        if (base.fires.empty()) return problem(node.offset, fmt::format("'{}' needs 'fires'", key));
        for (const YamlNode* change : *changes) {
            Case variant = expected;
            const EventSpec changed = read_event(*change);
            variant.place = changed.place;
            variant.event = base.event.with(changed);
            variant.name = fmt::format("{}, {} {}", base.name, key, describe(*change));
            // The expected output is that of the case itself.
            for (ExpectedAlert& alert : variant.fires) alert = {alert.rule, alert.place, {}, {}};
            add(std::move(variant));
        }
    }

    // A variant's name: what it changes.
    static std::string describe(const YamlNode& change) {
        std::string words;
        for (std::size_t i = 0; i + 1 < change.items.size(); i += 2) {
            const YamlNode& value = *change.items[i + 1];
            if (!words.empty()) words += ", ";
            words += change.items[i]->text;
            if (value.kind == Kind::kScalar) words += ": " + value.text;
            if (value.kind == Kind::kNull) words += ": null";
        }
        return words;
    }

    EventSpec read_event(const YamlNode& node) {
        EventSpec event;
        event.place = place(node.offset);
        event.fields = read_fields(node, "an event", &event);
        return event;
    }

    // `event` takes the ancestors; an ancestor itself has none.
    GivenFields read_fields(const YamlNode& node, std::string_view what, EventSpec* event) {
        GivenFields fields;
        if (node.kind != Kind::kMap) {
            problem(node.offset, fmt::format("{} must be a map of fields and values", what));
            return fields;
        }
        for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
            const YamlNode& key = *node.items[i];
            const YamlNode& value = *node.items[i + 1];
            if (event != nullptr && key.text == kAncestors) {
                read_ancestors(value, *event);
                continue;
            }
            GivenField field = read_field(key, value);
            if (std::ranges::any_of(fields, [&](const auto& old) { return old.is(field); })) {
                problem(key.offset, fmt::format("'{}' is given twice", key.text));
            }
            fields.push_back(std::move(field));
        }
        return fields;
    }

    void read_ancestors(const YamlNode& node, EventSpec& event) {
        event.ancestors.emplace();
        if (node.kind != Kind::kSequence) {
            return problem(node.offset, "'ancestors' must be a list, the parent first");
        }
        for (const YamlNode* ancestor : node.items) {
            event.ancestors->push_back(read_fields(*ancestor, "an ancestor", nullptr));
        }
    }

    GivenField read_field(const YamlNode& key, const YamlNode& value) {
        GivenField field;
        field.place = place(key.offset);
        field.value_place = place(value.offset);
        const std::size_t bracket = key.text.find('[');
        field.name = key.text.substr(0, bracket);
        if (bracket != key.text.npos && key.text.ends_with(']')) {
            field.argument = key.text.substr(bracket + 1, key.text.size() - bracket - 2);
        } else if (bracket != key.text.npos) {
            problem(key.offset, "a bracket is not closed");
        }
        field.list = value.kind == Kind::kSequence;
        if (value.kind == Kind::kScalar) field.texts.push_back(value.text);
        if (value.kind == Kind::kMap) problem(value.offset, "a field's value cannot be a map");
        for (const YamlNode* item : field.list ? value.items : std::vector<const YamlNode*>()) {
            field.texts.push_back(text(*item, "a value"));
        }
        return field;
    }

    void read_expectations(const YamlNode& node, Case& one) {
        if (const auto* fires = sequence(node, "fires")) {
            for (const YamlNode* alert : *fires) one.fires.push_back(read_alert(*alert));
        }
        const YamlNode* silent = rule::find_key(node, "silent");
        if (silent == nullptr) return;
        if (silent->kind == Kind::kScalar && silent->text == kOthers) {
            one.others_silent = true;
            return;
        }
        const auto* rules = sequence(node, "silent");
        if (rules == nullptr) return;
        for (const YamlNode* rule : *rules) {
            one.silent.push_back({text(*rule, "the name of a rule"), place(rule->offset)});
        }
    }

    ExpectedAlert read_alert(const YamlNode& node) {
        ExpectedAlert alert;
        alert.place = place(node.offset);
        if (node.kind == Kind::kScalar) {
            alert.rule = node.text;
            return alert;
        }
        if (!is_map(node, "an alert", kAlertKeys)) return alert;
        const YamlNode* name = rule::find_key(node, "rule");
        if (name == nullptr) problem(node.offset, "the alert has no 'rule'");
        if (name != nullptr) alert.rule = text(*name, "the name of a rule");
        if (const YamlNode* whole = rule::find_key(node, "text"))
            alert.text = text(*whole, "'text'");
        if (const YamlNode* output = rule::find_key(node, "output")) read_output(*output, alert);
        return alert;
    }

    void read_output(const YamlNode& node, ExpectedAlert& alert) {
        if (node.kind != Kind::kMap) {
            return problem(node.offset, "'output' must be a map of fields and values");
        }
        for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
            const YamlNode& value = *node.items[i + 1];
            const bool none = value.kind == Kind::kNull;
            alert.output.push_back(
                {node.items[i]->text, none ? "<NA>" : text(value, "a value"), place(value.offset)});
        }
    }

    TestFile& file_;
};

}  // namespace

Result<TestFile> read_test_file(const std::string& path) {
    auto text = rule::read_rules_file(path);
    if (!text) return std::unexpected(Error{path + ": " + text.error().message});
    return parse_test_file(path, std::move(*text));
}

TestFile parse_test_file(std::string name, std::string text) {
    TestFile file;
    file.source = std::make_unique<rule::SourceFile>(std::move(name), std::move(text));
    const auto tree = rule::parse_yaml(*file.source);
    if (tree) {
        Reader(file).read(*tree);
    } else {
        file.problems.push_back({{file.source.get(), tree.error().offset}, tree.error().message});
    }
    return file;
}

}  // namespace saker::tool
