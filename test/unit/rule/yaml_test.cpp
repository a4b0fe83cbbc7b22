// SPDX-License-Identifier: Apache-2.0
#include "rule/yaml.h"

#include <string>
#include <string_view>
#include <vector>

#include "catch.h"

using namespace saker::rule;

namespace {

// A file with its tree.
struct Parsed {
    explicit Parsed(std::string text) : file("f.yaml", std::move(text)) {
        auto result = parse_yaml(file);
        if (result) {
            tree = std::move(*result);
        } else {
            error = result.error();
        }
    }
    // The value of the key `k` in the first item of the first document.
    Scalar scalar() const { return {&file, find_key(*tree.documents.at(0)->items.at(0), "k")}; }

    SourceFile file;
    YamlTree tree;
    YamlError error;
};

std::string repeat(std::string_view part, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += part;
    return all;
}

}  // namespace

TEST_CASE("documents become trees; empty ones are left out") {
    const Parsed parsed("# c\n---\n- a: x\n  b: [1, ~]\n---\n---\n- c\n...\n");
    REQUIRE(parsed.tree.documents.size() == 2);
    const YamlNode& first = *parsed.tree.documents[0]->items.at(0);
    CHECK(first.kind == YamlNode::Kind::kMap);
    CHECK(find_key(first, "a")->text == "x");
    const YamlNode& row = *find_key(first, "b");
    REQUIRE(row.items.size() == 2);
    CHECK(row.items[0]->text == "1");
    CHECK(row.items[1]->kind == YamlNode::Kind::kNull);
    CHECK(find_key(first, "c") == nullptr);
}

TEST_CASE("an alias is the node that it names") {
    const Parsed parsed("- &a {k: v}\n- *a\n- k: &b [x]\n  l: *b\n");
    const auto& items = parsed.tree.documents.at(0)->items;
    CHECK(items.at(0) == items.at(1));
    CHECK(find_key(*items.at(2), "k") == find_key(*items.at(2), "l"));
}

TEST_CASE("the word null keeps its spelling") {
    const Parsed parsed("- [null, NULL, ~, 'null']\n");
    const auto& row = parsed.tree.documents.at(0)->items.at(0)->items;
    CHECK(row[0]->text == "null");
    CHECK(row[1]->text == "NULL");
    CHECK(row[2]->text.empty());
    CHECK(row[3]->kind == YamlNode::Kind::kScalar);
}

TEST_CASE("what is no YAML is an error with a place") {
    struct Row {
        std::string text;
        std::size_t offset;
    };
    const Row rows[] = {
        {"- a: [1, 2", 10}, {"- k: \"open\n", 5}, {"- \xFF", 2}, {std::string("- a\0b", 5), 3},
        {"- &a [*a]", 6},   {"- *nobody", 2},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const Parsed parsed(row.text);
        CHECK_FALSE(parsed.error.message.empty());
        CHECK(parsed.error.offset == row.offset);
    }
}

TEST_CASE("what would eat memory or stack is refused") {
    struct Row {
        const char* what;
        std::string text;
    };
    // Nine anchors, each nine times the one before: a billion nodes.
    std::string bomb = "- &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        const std::string alias = "*a" + std::to_string(i - 1);
        bomb += "- &a" + std::to_string(i) + " [" + repeat(alias + " , ", 8) + alias + " ]\n";
    }
    const Row rows[] = {
        {"too large", std::string(kMaxFileSize + 1, '#')},
        {"deep flow", repeat("[", 100'000)},
        {"deep block", repeat("- ", 100'000)},
        {"deep maps", repeat("{a: ", 100'000)},
        {"many nodes", "[" + repeat("a,", kMaxYamlNodes + 1) + "]"},
        {"alias bomb", bomb},
        {"repeated text", "- &a " + std::string(1 << 20, 'x') + "\n" + repeat("- *a\n", 40)},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK_FALSE(Parsed(row.text).error.message.empty());
        const SourceFile file("f.yaml", row.text);
        const YamlItems items = parse_yaml_items(file);
        CHECK_FALSE(items.errors.empty());
        CHECK(items.errors.size() <= kMaxYamlErrors);
    }
}

TEST_CASE("items are read on behind a mistake") {
    struct Row {
        const char* text;
        std::vector<std::size_t> errors;  // lines
        std::vector<std::string> items;   // the values of `k`
    };
    const Row rows[] = {
        {"- k: a\n- k: b\n", {}, {"a", "b"}},
        {"- k: a\n- k: [\n- k: c\n", {3}, {"a", "c"}},
        {"- k: a\n- k: [\n- k: c\n- k: d\n- k: e: f\n", {3, 5}, {"a", "c", "d"}},
        {"- k: a\n- k: b: c\n- k: d\n", {2}, {"a", "d"}},
        {"# c\n\n  - k: a\n  - k: b: c\n    l: x\n  - k: d\n", {4}, {"a", "d"}},
        {"- k: a\n- k: \"b\n- k: c\n- k: d\n", {2}, {"a", "c", "d"}},
        {"- k: \"a\n- k: b\n- k: \"c\"\n- k: d\n", {3}, {"b", "c", "d"}},
        {"- k: a\n- k: b: c\n---\n- k: d\n", {2}, {"a", "d"}},
        {"- k: a\n bad\n- k: b\n", {2}, {"a", "b"}},
        {"- k: a\n]\n- k: b\n", {2}, {"b"}},
        {"- k: a\n- k: b: c\n- k: d\n- k: e: f\n- k: g\n", {2, 4}, {"a", "d", "g"}},
        {"- k: &x a\n- k: b: c\n- k: *x\n- k: d\n", {2}, {"a", "d"}},
        {"k: [\n", {2}, {}},
        {"\"\n- k: a\n", {1}, {"a"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const SourceFile file("f.yaml", row.text);
        const YamlItems found = parse_yaml_items(file);
        std::vector<std::size_t> errors;
        for (const YamlError& error : found.errors) {
            INFO(error.message);
            errors.push_back(file.position(error.offset).line);
        }
        CHECK(errors == row.errors);
        std::vector<std::string> items;
        for (const YamlNode* document : found.tree.documents) {
            for (const YamlNode* item : document->items)
                items.push_back(find_key(*item, "k")->text);
        }
        CHECK(items == row.items);
    }
}

TEST_CASE("of very many mistakes only the first are told") {
    const SourceFile file("f.yaml", repeat("- k: a: b\n", 100'000));
    const YamlItems found = parse_yaml_items(file);
    CHECK(found.errors.size() == kMaxYamlErrors);
    CHECK(file.position(found.errors.back().offset).line == kMaxYamlErrors);
}

TEST_CASE("booleans are those of YAML 1.1") {
    for (const char* text : {"true", "True", "TRUE", "yes", "on", "y", "Y", "ON"}) {
        CHECK(parse_yaml_bool(text) == true);
    }
    for (const char* text : {"false", "No", "off", "n"}) CHECK(parse_yaml_bool(text) == false);
    for (const char* text : {"", "tRUE", "TRue", "1", "0", "truee", "maybe"}) {
        CHECK_FALSE(parse_yaml_bool(text));
    }
}

TEST_CASE("every character of a scalar is found in its file") {
    struct Row {
        const char* style;
        std::string text;
    };
    const Row rows[] = {
        {"plain", "- k: proc.name = cat and X\n"},
        {"plain over lines", "- k: proc.name\n    = cat\n\n    and X\n"},
        {"single-quoted", "- k: 'it''s cat and X'\n"},
        {"single-quoted over lines", "- k: 'it''s\n     cat\n\n     and X'\n"},
        {"double-quoted", "- k: \"a \\\"cat\\\" \\x41\\t\\u00e9 and X\"\n"},
        {"double-quoted over lines", "- k: \"a \\\n      \\ cat\n     and X\"\n"},
        {"folded", "- k: >\n    proc.name =\n    cat\n\n    and X\n"},
        {"folded, stripped, with a comment",
         "- k: >- # why\n    proc.name =\n      cat\n    and X\n"},
        {"literal", "- k: |\n    proc.name =\n      cat\n    and X\n"},
        {"literal with an indentation", "- k: |2\n     cat and\n    X\n"},
        {"CRLF", "- k: |\r\n    proc.name\r\n    and X\r\n"},
        {"anchor and tag", "- k: &a !t\n    cat X\n"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.style);
        const Parsed parsed(row.text);
        const Scalar scalar = parsed.scalar();
        const std::string& value = scalar.text();
        for (const char c : {'X', 'c'}) {
            const std::size_t at = value.rfind(c);
            if (at == std::string::npos) continue;
            CHECK(place_in_scalar(scalar, at).offset == row.text.rfind(c));
        }
    }
}

TEST_CASE("the end of a scalar is right behind its last character") {
    for (const char* text : {"- k: X\n", "- k: 'X'\n", "- k: \"X\"\n", "- k: |-\n    X\n"}) {
        const Parsed parsed(text);
        CHECK(place_in_scalar(parsed.scalar(), parsed.scalar().text().size()).offset ==
              std::string(text).find('X') + 1);
    }
}
