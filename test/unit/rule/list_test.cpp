// SPDX-License-Identifier: Apache-2.0
#include "rule/list.h"

#include <string>
#include <vector>

#include "load.h"

// Last: its CAPTURE would replace that of the table of events.
#include "catch.h"

using saker::test::condition_of;
using saker::test::load;
using saker::test::places;
using saker::test::rule_text;

namespace {

// What a condition becomes with the lists put in.
std::string expand(const std::string& lists, const std::string& condition) {
    return condition_of(load({lists + rule_text("r", "'evt.type = open and " + condition + "'",
                                                "  warn_evttypes: false\n")}));
}

// The same after compilation of the condition alone, without lists.
std::string plain(const std::string& condition) {
    return expand("", condition);
}

constexpr const char* kShells = "- list: shells\n  items: [bash, sh]\n";

}  // namespace

TEST_CASE("a list's items stand where its name stood") {
    struct Row {
        const char* lists;
        const char* condition;
        const char* same_as;
    };
    const Row rows[] = {
        {kShells, "proc.name in (shells)", "proc.name in (bash, sh)"},
        {kShells, "proc.name in (zsh,shells , ksh)", "proc.name in (zsh, bash, sh, ksh)"},
        {kShells, "proc.name in shells", "proc.name in (bash, sh)"},
        {kShells, "proc.name intersects shells", "proc.name intersects (bash, sh)"},
        {kShells, "fd.name startswith anyof shells", "fd.name startswith anyof (bash, sh)"},
        // Only where the name stands alone.
        {kShells, "proc.name in (shells2, my.shells)", "proc.name in (shells2, my.shells)"},
        {kShells, "proc.name = \"shells\"", "proc.name = \"shells\""},
        {kShells, "proc.name = \"my shells too\"", "proc.name = \"my shells too\""},
        {kShells, "proc.name = \"a\\\" shells\"", "proc.name = \"a\\\" shells\""},
        {"- list: one\n  items: [bash]\n", "proc.name=one", "proc.name=bash"},
        // Items that the grammar could not read as one word.
        {"- list: l\n  items: [a b, \"c,d\", \"(e)\", \"\", \"f\\\\ g\"]\n", "proc.name in (l)",
         "proc.name in (\"a b\", \"c,d\", \"(e)\", \"\", \"f\\\\ g\")"},
        {"- list: l\n  items: ['\"a b\"', \"say \\\"x\\\"\", 22, null, true]\n", "proc.name in (l)",
         "proc.name in (\"a b\", \"say \\\"x\\\"\", 22, null, true)"},
        // Empty lists take a comma along.
        {"- list: e\n  items: []\n", "proc.name in (e)", "proc.name in ()"},
        {"- list: e\n  items: []\n", "proc.name in (e, a)", "proc.name in (a)"},
        {"- list: e\n  items: []\n", "proc.name in (a, e)", "proc.name in (a)"},
        {"- list: e\n  items: []\n", "proc.name in (a, e, b)", "proc.name in (a, b)"},
        {"- list: e\n  items: []\n", "proc.name in (e , e, b , e)", "proc.name in (b)"},
        {"- list: e\n  items: []\n", "proc.name in (a , e  ,  e, b)", "proc.name in (a, b)"},
        {"- list: e\n  items: []\n", "proc.name in e", "proc.name in ()"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.lists, row.condition);
        CHECK(expand(row.lists, row.condition) == plain(row.same_as));
    }
}

TEST_CASE("lists in lists are expanded all the way") {
    const std::string lists =
        "- list: l1\n  items: [a, b]\n- list: l2\n  items: [l1, c]\n- list: l3\n  items: [l2, d]\n";
    CHECK(expand(lists, "proc.name in (l3)") == plain("proc.name in (a, b, c, d)"));
}

TEST_CASE("a list does not see what is defined after it, nor itself") {
    CHECK(expand("- list: l1\n  items: [l2, l1]\n- list: l2\n  items: [x]\n",
                 "proc.name in (l1)") == plain("proc.name in (l2, l1)"));
    // Unless it is defined again, or appended to, further down.
    CHECK(expand("- list: l1\n  items: [l2]\n- list: l2\n  items: [x]\n"
                 "- list: l1\n  append: true\n  items: [y]\n",
                 "proc.name in (l1)") == plain("proc.name in (x, y)"));
}

TEST_CASE("lists that name each other end") {
    const std::string lists =
        "- list: l1\n  items: [a]\n- list: l2\n  items: [l1, b]\n"
        "- list: l1\n  items: [l2, c]\n";
    CHECK(expand(lists, "proc.name in (l1)") == plain("proc.name in (l1, b, c)"));
}

TEST_CASE("a list that is defined again is replaced") {
    CHECK(expand("- list: l\n  items: [a]\n- list: l\n  items: [b]\n", "proc.name in (l)") ==
          plain("proc.name in (b)"));
}

TEST_CASE("lists work inside macros") {
    CHECK(expand(std::string(kShells) + "- macro: m\n  condition: proc.name in (shells)\n", "m") ==
          plain("proc.name in (bash, sh)"));
}

TEST_CASE("lists that explode are refused") {
    std::string lists = "- list: l0\n  items: [a, b]\n";
    for (int i = 1; i < 40; ++i) {
        const std::string inner = "l" + std::to_string(i - 1);
        lists += "- list: l" + std::to_string(i) + "\n  items: [" + inner + ", " + inner + "]\n";
    }
    const auto result = load({lists + rule_text("r", "proc.name in (l39)")});
    CHECK(result.has_errors);
}

TEST_CASE("empty lists that explode are refused too") {
    // All defined twice, so that each sees the later ones.
    std::string lists;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 40; ++i) {
            const std::string inner = "l" + std::to_string(i + 1);
            lists +=
                "- list: l" + std::to_string(i) + "\n  items: [" + inner + ", " + inner + "]\n";
        }
        lists += "- list: l40\n  items: []\n";
    }
    CHECK(load({lists}).has_errors);
}

TEST_CASE("a mistake is found behind a list that was put in") {
    const auto result =
        load({std::string(kShells) +
              rule_text("r", "evt.type=open and proc.name in (shells) and no.field=1")});
    CHECK(places(result) == std::vector<std::string>{"LOAD_ERR_COMPILE_CONDITION 5:58"});
}

TEST_CASE("a mistake inside a list is shown where its name stands") {
    const auto result = load(
        {"- list: l\n  items: [1, x]\n" + rule_text("r", "evt.type=open and proc.ppid in (l)")});
    CHECK(places(result) == std::vector<std::string>{"LOAD_ERR_COMPILE_CONDITION 5:46"});
}
