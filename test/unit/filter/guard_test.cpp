// SPDX-License-Identifier: Apache-2.0
#include "filter/guard.h"

#include <string>
#include <string_view>
#include <vector>

#include "filter/compile.h"
#include "filter/fold.h"
#include "filter/vm.h"
#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

// The guard of a condition, an atom a word: kind and text, or the test.
std::string guard_of(std::string_view condition) {
    const ExprPtr tree = checked(condition);
    const Folded folded = fold(*tree, fake::type_of("open"));
    std::string text;
    for (const Atom& atom : find_guard(*folded.expr)) {
        constexpr const char* kKinds[] = {"equals", "prefix", "path", "suffix",
                                          "within", "number", "test"};
        if (!text.empty()) text += ' ';
        text += kKinds[static_cast<std::size_t>(atom.kind)];
        if (atom.kind == Atom::Kind::kTest) {
            text += ':' + to_text(*atom.test);
        } else if (atom.kind == Atom::Kind::kNumber) {
            text += ':' + std::to_string(atom.number);
        } else {
            text += ':' + atom.text;
        }
    }
    return text;
}

}  // namespace

TEST_CASE("a guard asks for what the condition cannot do without") {
    struct Case {
        std::string_view condition;
        std::string_view guard;
    };
    const Case cases[] = {
        {"t.str = abc", "equals:abc"},
        {"t.str in (a, b)", "equals:a equals:b"},
        {"t.str startswith /etc", "prefix:/etc"},
        {"t.str endswith oneof (.so, .a)", "suffix:.so suffix:.a"},
        {"t.str contains passwd", "within:passwd"},
        {"t.str pmatch (/usr//local/, /opt/*/bin)", "path:usr/local path:opt"},
        {"t.str glob /home/*", "prefix:/home/"},
        {"t.str glob *.key", "suffix:.key"},
        {"t.str glob */.ssh/id_*", "within:/.ssh/id_"},
        {"t.int = -1", "number:18446744073709551615"},
        // The rare one of two, and of an `or` all.
        {"t.str != a and t.path = b", "equals:b"},
        {"t.str = a or t.path startswith b", "equals:a prefix:b"},
        {"(t.str = a and t.int > 3) or t.path = b", "equals:a equals:b"},
        {"t.uint = 1 and (t.str = a or t.path = b)", "equals:a equals:b"},
        // No index has these: the test itself is the guard, if that is cheaper than the rule.
        {"t.str contains ab and t.path regex \"a.*b\"", "test:t.str contains ab"},
        {"t.str pmatch (/) and t.path regex \"a.*b\"", "test:t.str pmatch (/)"},
        // What is negated is the rule, not the exception.
        {"not t.str = a", ""},
        {"t.str = a or not t.path = b", ""},
    };
    for (const auto& [condition, guard] : cases) {
        INFO(condition);
        CHECK(guard_of(condition) == guard);
    }
}

TEST_CASE("a rule whose guard an event does not meet is not run") {
    // The value of t.path is asked for by the rule only: it is there exactly if the rule was run.
    const ExprPtr tree = checked("t.str = a and t.path = b");
    const RuleCondition rule{7, tree.get()};
    const Program program = compile(fake::type_of("open"), {&rule, 1});
    CHECK(program.guards.unguarded.count() == 0);
    CHECK(program.guards.texts.size() == 1);

    fake::Context context;
    context.type = fake::type_of("open");
    Vm vm;
    std::vector<std::uint32_t> matches;
    for (const auto& [str, path, expected] :
         {std::tuple("x", "b", 0U), std::tuple("a", "b", 1U), std::tuple("a", "x", 0U)}) {
        context.values[fake::kStr] = {field::Value::of(str)};
        context.values[fake::kPath] = {field::Value::of(path)};
        matches.clear();
        vm.run(program, context, MatchMode::kAll, matches);
        CHECK(matches.size() == expected);
    }
}

TEST_CASE("many rules keep their order, whichever guards they have") {
    std::vector<ExprPtr> trees;
    std::vector<RuleCondition> rules;
    for (std::uint32_t i = 0; i < 200; ++i) {
        const char* const kConditions[] = {"t.str = hit", "t.path startswith h", "not t.str = x",
                                           "t.str = miss"};
        trees.push_back(checked(kConditions[i % 4]));
        rules.push_back({i, trees.back().get()});
    }
    const Program program = compile(fake::type_of("open"), rules);
    fake::Context context;
    context.type = fake::type_of("open");
    context.values[fake::kStr] = {field::Value::of("hit")};
    context.values[fake::kPath] = {field::Value::of("here")};
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < 200; ++i) {
        if (i % 4 != 3) expected.push_back(i);
    }
    Vm vm;
    std::vector<std::uint32_t> matches;
    vm.run(program, context, MatchMode::kAll, matches);
    CHECK(matches == expected);
    matches.clear();
    vm.run(program, context, MatchMode::kFirst, matches);
    CHECK(matches == std::vector<std::uint32_t>{0});
}

}  // namespace saker::filter
