// SPDX-License-Identifier: Apache-2.0
#include "rule/loader.h"

#include <string>
#include <vector>

#include "fmt/core.h"
#include "load.h"

// Last: its CAPTURE would replace that of the table of events.
#include "catch.h"

using namespace saker::rule;
using saker::test::load;
using saker::test::messages;
using saker::test::places;
using saker::test::rule_text;

namespace {

using Places = std::vector<std::string>;

constexpr const char* kGood = "evt.type = open";

std::vector<std::string> names(const LoadResult& result) {
    std::vector<std::string> all;
    for (const Rule& rule : result.rules.rules) all.push_back(rule.name);
    return all;
}

}  // namespace

TEST_CASE("a rule has all that its item says") {
    const auto result =
        load({"- rule: My rule\n"
              "  desc: why\n"
              "  condition: evt.type = open\n"
              "  output: >\n    opened %fd.name\n    by %proc.name\n\n"
              "  priority: warning\n"
              "  tags: [z, a, z]\n"
              "  enabled: no\n"
              "  source: syscall\n"});
    INFO(messages(result));
    REQUIRE(result.rules.rules.size() == 1);
    CHECK(result.diagnostics.empty());
    const Rule& rule = result.rules.rules[0];
    CHECK(rule.name == "My rule");
    CHECK(rule.description == "why");
    CHECK(rule.condition == "evt.type = open");
    CHECK(rule.output == "opened %fd.name by %proc.name");
    CHECK(rule.priority == Priority::kWarning);
    CHECK(rule.tags == std::vector<std::string>{"a", "z"});
    CHECK_FALSE(rule.enabled);
    CHECK(rule.source == "syscall");
    CHECK(rule.file == "0.yaml");
    CHECK(rule.position == Position{1, 9});
    CHECK(saker::filter::to_text(*rule.expr) == "evt.type = open");
}

TEST_CASE("files, documents and items are read in order, and counted") {
    const auto result =
        load({rule_text("b", kGood) + "---\n" + rule_text("a", kGood) + "---\n---\n-\n",
              "- list: l\n  items: [x]\n- macro: m\n  condition: proc.name in (l)\n" +
                  rule_text("c", std::string(kGood) + " and m")});
    INFO(messages(result));
    CHECK(names(result) == std::vector<std::string>{"b", "a", "c"});
    REQUIRE(result.files.size() == 2);
    CHECK(result.files[0].name == "0.yaml");
    CHECK(result.files[0].rules == 2);
    CHECK(result.files[1].rules == 1);
    CHECK(result.files[1].macros == 1);
    CHECK(result.files[1].lists == 1);
    CHECK(result.diagnostics.empty());
    REQUIRE(result.rules.lists.size() == 1);
    CHECK(result.rules.lists[0].items == std::vector<std::string>{"x"});
    REQUIRE(result.rules.macros.size() == 1);
    CHECK(result.rules.macros[0].condition == "proc.name in (l)");
}

TEST_CASE("an empty file is no mistake") {
    for (const char* text : {"", "# nothing\n", "---\n", "\xEF\xBB\xBF"}) {
        CHECK(load({text}).diagnostics.empty());
    }
}

TEST_CASE("a rule that is defined again keeps its place") {
    const auto result =
        load({rule_text("a", kGood) + rule_text("b", kGood), rule_text("a", "evt.type = creat")});
    REQUIRE(names(result) == std::vector<std::string>{"a", "b"});
    CHECK(result.rules.rules[0].condition == "evt.type = creat");
    CHECK(result.rules.rules[0].file == "1.yaml");
}

TEST_CASE("appending adds to a rule's condition") {
    const auto result = load(
        {rule_text("r", kGood), "- rule: r\n  append: true\n  condition: and proc.name = x\n"});
    REQUIRE(result.rules.rules.size() == 1);
    CHECK(result.rules.rules[0].condition == "evt.type = open and proc.name = x");
    CHECK(places(result) == Places{"LOAD_DEPRECATED_ITEM 2:11"});
}

TEST_CASE("a mistake in what was appended is shown there") {
    const auto result =
        load({rule_text("r", kGood), "- rule: r\n  append: true\n  condition: and no.field = x\n"});
    REQUIRE(result.has_errors);
    const Diagnostic& error = result.diagnostics.back();
    CHECK(error.place().file == "1.yaml");
    CHECK(error.place().position == Position{3, 18});
}

TEST_CASE("a rule can be switched by its name alone") {
    const auto result = load({rule_text("r", kGood), "- rule: r\n  enabled: false\n"});
    REQUIRE(result.rules.rules.size() == 1);
    CHECK_FALSE(result.rules.rules[0].enabled);
    CHECK(places(result) == Places{"LOAD_DEPRECATED_ITEM 2:12"});
    CHECK(load({"- rule: none\n  enabled: false\n"}).has_errors);
}

TEST_CASE("what is wrong is said with code, line and column") {
    struct Row {
        const char* text;
        Places places;
    };
    const Row rows[] = {
        // YAML and its structure.
        {"- rule: [\n", {"LOAD_ERR_YAML_PARSE 2:1"}},
        {"rule: x\n", {"LOAD_ERR_YAML_VALIDATE 1:1"}},
        {"- 5\n", {"LOAD_ERR_YAML_VALIDATE 1:3"}},
        {"- rool: x\n", {"LOAD_UNKNOWN_ITEM 1:3"}},
        {"- list: l\n", {"LOAD_ERR_YAML_VALIDATE 1:9"}},
        {"- list: l\n  items: x\n", {"LOAD_ERR_YAML_VALIDATE 2:10"}},
        {"- list: l\n  items: [a, [b]]\n", {"LOAD_ERR_YAML_VALIDATE 2:14"}},
        {"- list:\n  items: [a]\n", {"LOAD_ERR_YAML_VALIDATE 1:3"}},
        {"- macro: m\n  condition: \"\"\n", {"LOAD_ERR_YAML_VALIDATE 2:14"}},
        {"- macro: m\n  condition: [a]\n", {"LOAD_ERR_YAML_VALIDATE 2:14"}},
        {"- rule: r\n  desc: d\n  output: o\n  priority: INFO\n", {"LOAD_ERR_YAML_VALIDATE 1:9"}},
        // Targets that are not there.
        {"- list: l\n  items: [a]\n  append: true\n",
         {"LOAD_DEPRECATED_ITEM 3:11", "LOAD_ERR_VALIDATE 1:9"}},
        {"- macro: m\n  condition: or x\n  append: true\n",
         {"LOAD_DEPRECATED_ITEM 3:11", "LOAD_ERR_VALIDATE 1:10"}},
        {"- rule: r\n  condition: or x\n  append: true\n",
         {"LOAD_DEPRECATED_ITEM 3:11", "LOAD_ERR_VALIDATE 1:9"}},
        // Versions.
        {"- required_engine_version: 0.64.0\n", {"LOAD_ERR_VALIDATE 1:28"}},
        {"- required_engine_version: 1.0.0\n", {"LOAD_ERR_VALIDATE 1:28"}},
        {"- required_engine_version: new\n", {"LOAD_ERR_YAML_VALIDATE 1:28"}},
        {"- required_plugin_versions: [{name: json, version: 0.1.0}]\n",
         {"LOAD_ERR_VALIDATE 1:30"}},
        {"- required_plugin_versions: [{name: container}]\n", {"LOAD_ERR_YAML_VALIDATE 1:30"}},
        {"- required_plugin_versions: container\n", {"LOAD_ERR_YAML_VALIDATE 1:29"}},
        // Names.
        {"- list: a b\n  items: [x]\n", {"LOAD_INVALID_LIST_NAME 1:9", "LOAD_UNUSED_LIST 1:9"}},
        {"- macro: a-b\n  condition: proc.name = x\n",
         {"LOAD_INVALID_MACRO_NAME 1:10", "LOAD_UNUSED_MACRO 1:10"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto result = load({row.text});
        INFO(messages(result));
        CHECK(places(result) == row.places);
    }
}

TEST_CASE("what is wrong with a rule's keys is said at the key") {
    struct Row {
        const char* more;  // below the five lines of a good rule
        Places places;
    };
    const Row rows[] = {
        {"  tags: x\n", {"LOAD_ERR_YAML_VALIDATE 6:9"}},
        {"  enabled: maybe\n", {"LOAD_ERR_YAML_VALIDATE 6:12"}},
        {"  source: k8s_audit\n", {"LOAD_UNKNOWN_SOURCE 6:11"}},
        {"  source: \"\"\n", {}},
        {"  color: red\n", {"LOAD_UNKNOWN_KEY 6:3"}},
        {"  items: [x]\n", {"LOAD_UNKNOWN_KEY 6:3"}},
        {"  desc: again\n", {"LOAD_UNKNOWN_KEY 6:3"}},
        {"  exceptions: []\n", {}},
        {"  capture: true\n", {"LOAD_UNKNOWN_KEY 6:12"}},
        {"  capture: false\n  capture_duration: 5\n", {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.more);
        const auto result = load({rule_text("r", kGood, row.more)});
        INFO(messages(result));
        CHECK(places(result) == row.places);
    }
}

TEST_CASE("versions that are there are no mistake") {
    const auto result =
        load({"- required_engine_version: 0.57.0\n"
              "- required_engine_version: 26\n"
              "- required_plugin_versions:\n"
              "    - name: container\n      version: 0.4.0\n"
              "    - {name: x, version: 1.0.0, alternatives: [{name: container, "
              "version: 0.2.2}]}\n"});
    INFO(messages(result));
    CHECK(result.diagnostics.empty());
    CHECK(result.rules.required_engine_version == "0.57.0");
}

TEST_CASE("a rule cannot change its source") {
    const auto result = load({rule_text("r", kGood), rule_text("r", kGood, "  source: other\n")});
    CHECK(result.has_errors);
    CHECK(messages(result).find("re-defined with a different source") != std::string::npos);
}

TEST_CASE("a rule of an unknown source is known, but not loaded") {
    const auto result = load({rule_text("r", "nothing that = parses", "  source: other\n"),
                              "- rule: r\n  enabled: false\n"});
    CHECK_FALSE(result.has_errors);
    CHECK(result.rules.rules.empty());
}

TEST_CASE("all mistakes of all files show at once") {
    const auto result = load({rule_text("a", "no.field = 1") + rule_text("b", kGood),
                              rule_text("c", "evt.type = nosuch"), "- x: [\n",
                              rule_text("d", "evt.type = open and")});
    CHECK(result.has_errors);
    CHECK(result.diagnostics.size() == 4);
    CHECK(names(result) == std::vector<std::string>{"b"});
}

TEST_CASE("the caret stands under the wrong word however the condition is written") {
    struct Row {
        const char* style;
        const char* condition;  // what follows "condition:"
        const char* line;       // that must be shown, with the caret
    };
    const Row rows[] = {
        {"plain", " evt.type = open and no.field = 1",
         "  condition: evt.type = open and no.field = 1\n"
         "                                 ^\n"},
        {"plain over lines", " evt.type = open\n    and no.field = 1",
         "    and no.field = 1\n"
         "        ^\n"},
        {"single-quoted", " 'evt.type = open and proc.name = ''x'' and no.field = 1'",
         "  condition: 'evt.type = open and proc.name = ''x'' and no.field = 1'\n"
         "                                                        ^\n"},
        {"double-quoted", " \"evt.type = open and proc.name = \\\"x\\\" and\\tno.field = 1\"",
         "  condition: \"evt.type = open and proc.name = \\\"x\\\" and\\tno.field = 1\"\n"
         "                                                         ^\n"},
        {"folded", " >\n    evt.type = open\n    and no.field = 1",
         "    and no.field = 1\n"
         "        ^\n"},
        {"literal", " |\n    evt.type = open\n      and no.field = 1",
         "      and no.field = 1\n"
         "          ^\n"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.style);
        const auto result =
            load({"- rule: r\n  desc: d\n  condition:" + std::string(row.condition) +
                  "\n  output: o\n  priority: INFO\n"});
        REQUIRE(result.diagnostics.size() == 1);
        CHECK(result.diagnostics[0].code == Code::kErrCompileCondition);
        CHECK(result.diagnostics[0].snippet == row.line);
    }
}

TEST_CASE("a mistake in an output is shown under its field") {
    const auto result =
        load({"- rule: r\n  desc: d\n  condition: evt.type = open\n"
              "  output: >\n\n    opened %fd.name\n    by %no.field\n"
              "  priority: INFO\n"});
    REQUIRE(places(result) == Places{"LOAD_ERR_COMPILE_OUTPUT 7:9"});
    CHECK(result.diagnostics[0].snippet == "    by %no.field\n        ^\n");
}

TEST_CASE("unknown names can be forgiven") {
    const std::string skip = "  skip-if-unknown-filter: true\n";
    for (const char* condition : {"no.field = 1", "evt.type = nosuch"}) {
        const auto result = load({rule_text("r", condition, skip)});
        CAPTURE(condition);
        INFO(messages(result));
        CHECK_FALSE(result.has_errors);
        CHECK(result.rules.rules.empty());
        REQUIRE(result.diagnostics.size() == 1);
        CHECK(result.diagnostics[0].code == Code::kUnknownFilter);
    }
    const auto output =
        load({"- rule: r\n  desc: d\n  condition: evt.type = open\n"
              "  output: \"%no.field\"\n  priority: INFO\n" +
              skip});
    CHECK_FALSE(output.has_errors);
    CHECK(output.diagnostics.at(0).code == Code::kUnknownFilter);
    // Other mistakes cannot.
    CHECK(load({rule_text("r", "proc.ppid contains 1", skip)}).has_errors);
    CHECK(load({rule_text("r", "evt.type = open and", skip)}).has_errors);
}

TEST_CASE("a condition that looks at everything is named") {
    CHECK(places(load({rule_text("r", "proc.name = x")})) == Places{"LOAD_NO_EVTTYPE 1:9"});
    CHECK(places(load({rule_text("r", "proc.name = x", "  warn_evttypes: false\n")})).empty());
    CHECK(places(load({rule_text("r", "evt.type in (open, creat) and proc.name = x")})).empty());
}

TEST_CASE("conditions that may mean something else are pointed at") {
    struct Row {
        const char* condition;
        Places places;
    };
    const Row rows[] = {
        {"evt.type = open and proc.name = proc.pname", {"LOAD_COMPILE_CONDITION 3:46"}},
        {"evt.type = open and proc.name = \"proc.pname\"", {}},
        {"evt.type = open and proc.name = \"tolower(proc.pname)\"",
         {"LOAD_COMPILE_CONDITION 3:46"}},
        {"evt.type = open and proc.name regex cat", {"LOAD_COMPILE_CONDITION 3:50"}},
        {"evt.type = open and proc.name regex c.+", {}},
        {"evt.type = open and evt.dir = <", {"LOAD_DEPRECATED_ITEM 3:34"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.condition);
        const auto result = load({rule_text("r", row.condition)});
        INFO(messages(result));
        CHECK(places(result) == row.places);
    }
}

TEST_CASE("a diagnostic as text") {
    const auto result = load({rule_text("My rule", "evt.type = open and no.field = 1")});
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(to_text(result.diagnostics[0]) ==
          "In rules content: (0.yaml:1:1)\n"
          "    rule 'My rule': (0.yaml:1:9)\n"
          "    rule condition: (0.yaml:3:14)\n"
          "    condition expression: (0.yaml:3:34)\n"
          "------\n"
          "  condition: evt.type = open and no.field = 1\n"
          "                                 ^\n"
          "------\n"
          "LOAD_ERR_COMPILE_CONDITION (Error compiling condition): nonexistent field no.field\n");
}

TEST_CASE("a diagnostic as JSON") {
    const auto result = load({rule_text("R", "evt.type = open and no.field = 1")});
    REQUIRE(result.diagnostics.size() == 1);
    std::string text;
    saker::json::Writer json(text);
    append_json(json, result.diagnostics[0]);
    const auto location = [](const char* type, const char* name, int line, int column, int offset) {
        return fmt::format(R"({{"item_type":"{}","item_name":"{}","position":)"
                           R"({{"name":"0.yaml","line":{},"column":{},"offset":{}}}}})",
                           type, name, line, column, offset);
    };
    CHECK(text == R"({"context":{"locations":[)" + location("rules content", "", 0, 0, 0) + "," +
                      location("rule", "R", 0, 8, 8) + "," +
                      location("rule condition", "", 2, 13, 33) + "," +
                      location("condition expression", "", 2, 33, 53) +
                      R"(],"snippet":"  condition: evt.type = open and no.field = 1\n)" +
                      std::string(33, ' ') +
                      R"(^\n"},"code":"LOAD_ERR_COMPILE_CONDITION",)"
                      R"("codedesc":"Error compiling condition",)"
                      R"("message":"nonexistent field no.field"})");
}

TEST_CASE("a deprecated field is named by itself") {
    const auto result = load({rule_text("R", "evt.type = open and evt.dir = x")});
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].deprecated_field == "evt.dir");
    std::string text;
    saker::json::Writer json(text);
    append_json(json, result.diagnostics[0]);
    CHECK(text.ends_with(R"("deprecated_field":"evt.dir"})"));
    // Of a warning, the description is the long one.
    CHECK(text.find(R"("codedesc":"Something is used that works)") != std::string::npos);
}

TEST_CASE("what is no rules file is an error, whatever its bytes are") {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    for (const std::string& text :
         {all, std::string("\xFF\xFE- \0r\0", 8), std::string(100'000, '['),
          std::string(100'000, '{'), std::string("- rule: \x1B[31m\n  condition: \xC2\x9B\n")}) {
        const auto result = load({text});
        CHECK(result.has_errors);
        for (const char c : messages(result))
            REQUIRE((c == '\n' || (c >= ' ' && c != 0x7F) || c < 0));
    }
}

TEST_CASE("each place that is not UTF-8 is shown, and the other items are looked at") {
    const auto result =
        load({"- {list: a, items: [x, y\xFF, \xC3]}\n"
              "# f\xFCr alle\n"
              "- {macro: m, condition: proc.name in (a)}\n" +
              rule_text("'\xE4\xE4'", "evt.type = open") +
              "- {rule: s, desc: d, condition: m and no.field = 1, output: o, priority: INFO}\n" +
              rule_text("t", "\"evt.type = open and proc.name = n\x01 \"") +
              std::string("- list: nul\n  items: [a\0b]\n", 27)});
    CHECK(places(result) == Places{"LOAD_ERR_YAML_PARSE 1:25", "LOAD_ERR_YAML_PARSE 1:28",
                                   "LOAD_ERR_YAML_PARSE 4:10", "LOAD_ERR_YAML_PARSE 16:12",
                                   "LOAD_ERR_COMPILE_CONDITION 9:39"});
    REQUIRE(result.rules.rules.size() == 1);
    CHECK(result.rules.rules[0].name == "t");
}

TEST_CASE("in comments bytes that are not UTF-8 do not matter") {
    const auto result =
        load({"# \xE9t\xE9\n" + rule_text("r", "evt.type = open") + "# \xFF\xFE\n"});
    INFO(messages(result));
    CHECK(result.diagnostics.empty());
    CHECK(result.rules.rules.size() == 1);
}

TEST_CASE("a file of another encoding is one mistake") {
    const std::string wide("\xFF\xFE-\0 \0x\0", 8);
    CHECK(places(load({wide})) == Places{"LOAD_ERR_YAML_PARSE 1:1"});
    CHECK(messages(load({wide})).find("UTF-16: save the file as UTF-8") != std::string::npos);
    CHECK(places(load({std::string(100'000, '\xFF')})) == Places{"LOAD_ERR_YAML_PARSE 1:1"});
}

TEST_CASE("a file that cannot be read is an error") {
    Loader loader(saker::test::fields());
    loader.add_file("/nonexistent/rules.yaml");
    const LoadResult result = loader.finish();
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].code == Code::kErrFileRead);
    CHECK(result.diagnostics[0].place().file == "/nonexistent/rules.yaml");
}

TEST_CASE("a thousand mistakes in one long line are bounded") {
    std::string text = "[";
    for (int i = 0; i < 20'000; ++i) text += "{rool: x}, ";
    const auto result = load({text + "]"});
    CHECK(result.diagnostics.size() == Diagnostics::kLimit);
}
