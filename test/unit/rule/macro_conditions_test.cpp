// SPDX-License-Identifier: Apache-2.0
#include "rule/macro_conditions.h"

#include <string>
#include <vector>

#include "load.h"

// Last: its CAPTURE would replace that of the table of events.
#include "catch.h"

using saker::test::condition_of;
using saker::test::load;
using saker::test::messages;
using saker::test::places;
using saker::test::rule_text;

namespace {

std::string macro_text(const std::string& name, const std::string& condition,
                       const std::string& more = "") {
    return "- macro: " + name + "\n  condition: " + condition + "\n" + more;
}

constexpr const char* kQuiet = "  warn_evttypes: false\n";

}  // namespace

TEST_CASE("a macro's condition stands where its name stood") {
    const std::string expected = condition_of(
        load({rule_text("r", "evt.type = open and not (proc.name = a or proc.name = b)")}));
    CHECK(condition_of(load({macro_text("opens", "evt.type = open") +
                             macro_text("ab", "proc.name = a or proc.name = b") +
                             rule_text("r", "opens and not ab")})) == expected);
}

TEST_CASE("rules see macros that are defined later, and in other files") {
    const std::string macro = macro_text("opens", "evt.type = open");
    const std::string rule = rule_text("r", "opens");
    for (const auto& texts : std::vector<std::vector<std::string>>{
             {rule + macro}, {rule + "---\n" + macro}, {macro, rule}, {rule, macro}}) {
        CHECK(condition_of(load(texts)) == "evt.type = open");
    }
}

TEST_CASE("a macro that is defined again means something else for all rules") {
    CHECK(condition_of(load({macro_text("m", "evt.type = open") + rule_text("r", "m"),
                             macro_text("m", "evt.type = creat")})) == "evt.type = creat");
}

TEST_CASE("macros do not see macros that are defined later") {
    const auto result = load({macro_text("a", "evt.type = open and b") +
                              macro_text("b", "proc.name = x") + rule_text("r", "a")});
    // Said once, at the macro; not again for the rule.
    CHECK(places(result) == std::vector<std::string>{"LOAD_ERR_VALIDATE 2:34"});
}

TEST_CASE("a macro that is defined again sees what stands before that") {
    CHECK(condition_of(
              load({macro_text("a", "evt.type = open") + macro_text("b", "evt.type = creat") +
                    macro_text("a", "b") + rule_text("r", "a")})) == "evt.type = creat");
}

TEST_CASE("appending adds to a macro") {
    const auto result =
        load({macro_text("m", "evt.type = open") +
              macro_text("m", "or evt.type = creat", "  append: true\n") + rule_text("r", "m")});
    CHECK(condition_of(result) ==
          condition_of(load({rule_text("r", "evt.type = open or evt.type = creat")})));
    CHECK_FALSE(result.has_errors);
}

TEST_CASE("macros that name themselves are refused") {
    const auto direct = load({macro_text("a", "evt.type = open and a") + rule_text("r", "a")});
    CHECK(places(direct) == std::vector<std::string>{"LOAD_ERR_VALIDATE 2:14"});
    CHECK(messages(direct).find("reference loop in macro 'a'") != std::string::npos);

    const auto round = load({macro_text("a", "evt.type = open") + macro_text("b", "a") +
                             macro_text("a", "b") + rule_text("r", "a")});
    CHECK(round.has_errors);
    CHECK(messages(round).find("reference loop in macro 'a'") != std::string::npos);
}

TEST_CASE("a long chain of macros neither hangs nor crashes") {
    std::string text = macro_text("m0", "evt.type = open");
    for (int i = 1; i < 5'000; ++i) {
        text += macro_text("m" + std::to_string(i), "m" + std::to_string(i - 1));
    }
    const auto result = load({text + rule_text("r", "m4999", kQuiet)});
    CHECK(result.has_errors);  // deeper than a condition may be
}

TEST_CASE("macros that explode are refused") {
    std::string text = macro_text("m0", "evt.type = open");
    for (int i = 1; i < 60; ++i) {
        const std::string inner = "m" + std::to_string(i - 1);
        text += macro_text("m" + std::to_string(i), inner + " or " + inner);
    }
    CHECK(load({text + rule_text("r", "m59", kQuiet)}).has_errors);
}

TEST_CASE("an unknown macro is shown where it stands") {
    const auto result = load({rule_text("r", "evt.type = open and nosuch")});
    CHECK(places(result) == std::vector<std::string>{"LOAD_ERR_VALIDATE 3:34"});
    CHECK(messages(result).find("Undefined macro 'nosuch' used in filter.") != std::string::npos);
}

TEST_CASE("a mistake in a macro is shown there, once, however many rules use it") {
    const auto result = load({macro_text("m", "evt.type = open and no.field = 1") +
                              rule_text("r1", "m") + rule_text("r2", "m")});
    REQUIRE(places(result) == std::vector<std::string>{"LOAD_ERR_COMPILE_CONDITION 2:34"});
    CHECK(result.diagnostics[0].context[1].type == "macro");
    CHECK(result.diagnostics[0].context[1].name == "m");
}

TEST_CASE("macros that nobody uses are named") {
    const auto result = load({macro_text("a", "evt.type = open") + macro_text("b", "a") +
                              macro_text("c", "evt.type = open") + rule_text("r", "c")});
    CHECK(places(result) == std::vector<std::string>{"LOAD_UNUSED_MACRO 3:10"});
    CHECK_FALSE(result.has_errors);
}
