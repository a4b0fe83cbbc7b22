// SPDX-License-Identifier: Apache-2.0
#include "filter/compile.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

class Compiled {
public:
    explicit Compiled(std::initializer_list<std::string_view> texts,
                      ConstantCache* cache = nullptr) {
        for (const std::string_view text : texts) {
            trees_.push_back(checked(text));
            rules_.push_back({static_cast<std::uint32_t>(rules_.size()), trees_.back().get()});
        }
        program = compile(fake::type_of("open"), rules_, cache);
    }

    std::vector<std::string_view> mnemonics() const {
        std::vector<std::string_view> result;
        for (const Instruction& code : program.code) result.push_back(mnemonic(code.opcode));
        return result;
    }

    Program program;

private:
    std::vector<ExprPtr> trees_;
    std::vector<RuleCondition> rules_;
};

using Mnemonics = std::vector<std::string_view>;

}  // namespace

TEST_CASE("operators become instructions by type and number of constants") {
    const auto first = [](std::string_view text) {
        return mnemonic(Compiled({text}).program.code[0].opcode);
    };
    CHECK(first("t.str = a") == "text_eq");
    CHECK(first("t.str in (a)") == "text_eq");
    CHECK(first("t.str in (a, b)") == "text_in");
    CHECK(first("t.str = a or t.str = b") == "text_in");
    CHECK(first("t.str startswith a") == "startswith");
    CHECK(first("t.str startswith anyof (a, b)") == "startswith_any");
    CHECK(first("t.str endswith anyof (a, b)") == "endswith_any");
    CHECK(first("t.str contains anyof (a, b)") == "contains_any");
    CHECK(first("t.str contains oneof (a)") == "contains");
    CHECK(first("t.str contains oneof (a, b)") == "quantified");
    CHECK(first("t.str glob anyof (a, b)") == "quantified");
    CHECK(first("t.str icontains a") == "contains");
    CHECK(first("t.bytes bcontains 00") == "contains");
    CHECK(first("t.int > 1") == "int_gt");
    CHECK(first("t.uint > 1") == "uint_gt");
    CHECK(first("t.bool = true") == "number_eq");
    CHECK(first("t.port in (1, 2)") == "number_in");
    CHECK(first("t.real <= 1") == "real_le");
    CHECK(first("t.ip = 1.2.3.4") == "net_in");
    CHECK(first("t.net != 1.0.0.0/8") == "net_not_in");
    CHECK(first("t.path pmatch (/a)") == "path_match");
    CHECK(first("t.str = val(t.other)") == "compare");
    CHECK(first("t.str exists") == "exists");
    CHECK(first("evt.num > 0") == "match");
}

TEST_CASE("jumps lead forward, and every program ends") {
    const Compiled compiled({"(t.str = a or not t.int = 1) and (t.uint = 2 or t.real = 1)",
                             "not (t.str = a and t.int = 1)", "t.str = a"});
    const auto& code = compiled.program.code;
    for (std::uint32_t at = 0; at + 1 < code.size(); ++at) {
        CHECK(code[at].if_true > at);
        CHECK(code[at].if_true < code.size());
        CHECK(code[at].if_false > at);
        CHECK(code[at].if_false < code.size());
    }
    CHECK(code.back().opcode == Opcode::kEnd);
}

TEST_CASE("tests and values that rules share stand in the program once") {
    const Compiled compiled({"t.str = a and t.int = 1", "t.int = 1 and t.str = b",
                             "t.str in (a) or t.int > 5", "not t.str = a and t.uint = 1"});
    CHECK(compiled.program.slots.size() == 3);
    // t.str = a, t.int = 1, and t.int > 5, which guards its rule too
    CHECK(compiled.program.shared_tests == 3);
}

TEST_CASE("a test whose answer is known is not asked again") {
    const Compiled compiled({"t.str = a", "t.str = a and t.other = b", "t.uint = 1"});
    const auto& code = compiled.program.code;
    REQUIRE(code[0].opcode == Opcode::kTextEq);
    CHECK(code[code[0].if_false].opcode == Opcode::kNumberEq);  // of the third rule
}

TEST_CASE("dear tests go last") {
    const Mnemonics found = Compiled({"t.str regex a and t.str contains c and t.any = b and "
                                      "t.str = d"})
                                .mnemonics();
    REQUIRE(found.size() == 6);
    CHECK(found[0] == "text_eq");
    CHECK(found[1] == "contains");
    CHECK(found[3] == "regex");
}

TEST_CASE("rules that cannot match this type of event are left out") {
    const Compiled compiled({"evt.type = connect", "t.str = a", "t.kind exists"});
    REQUIRE(compiled.program.rules.size() == 1);
    CHECK(compiled.program.rules[0].number == 1);
    CHECK(Compiled({"evt.type = connect"}).program.empty());
    CHECK_FALSE(compiled.program.empty());
}

TEST_CASE("programs share their constants through a cache") {
    ConstantCache cache;
    const Compiled first({"t.str in (a, b)"}, &cache);
    const Compiled second({"t.other in (a, b)"}, &cache);
    CHECK(first.program.code[0].texts == second.program.code[0].texts);
    const Compiled third({"t.other in (a, c)"}, &cache);
    CHECK(first.program.code[0].texts != third.program.code[0].texts);
}

TEST_CASE("constants that look alike are kept apart") {
    ConstantCache cache;
    fake::Context context;
    context.type = fake::type_of("open");
    context.values[fake::kStr] = {field::Value::of("B1")};
    context.values[fake::kInt] = {field::Value::of_int(1)};
    context.values[fake::kReal] = {field::Value{}};
    context.values[fake::kReal][0].real = 1;
    const Compiled compiled({"t.str glob b* or t.str = x", "t.str iglob b*", "t.int in (1, 2)",
                             "t.real in (1, 2)", "t.str in (1, 2)", "t.str in (\"1, 2\")"},
                            &cache);
    Vm vm;
    std::vector<std::uint32_t> found;
    vm.run(compiled.program, context, MatchMode::kAll, found);
    CHECK(found == std::vector<std::uint32_t>{1, 2, 3});
}

TEST_CASE("names of files are marked where they are used") {
    const Compiled compiled({"t.str = a", "basename(t.file) = a", "t.path = val(t.file)"});
    const auto& rules = compiled.program.rules;
    CHECK_FALSE(rules[0].reads_file_names);
    CHECK(rules[1].reads_file_names);
    CHECK(rules[2].reads_file_names);
    CHECK(compiled.program.name_slots.size() == 2);  // t.file, basename(t.file)
}

TEST_CASE("a program can be read") {
    const Compiled compiled({"t.str = a and t.list in (b, c) and t.ends != 10.0.0.1",
                             "t.str = a and getopt(t.list, \"e:\")[e] startswith oneof (x, y)",
                             "t.path = basename(t.file) and t.any iglob X*"});
    const std::string text = disassemble(compiled.program);
    INFO(text);
    for (const std::string_view part :
         {"open: 3 rules", "t.str: text_eq \"a\"", "shared 0", "t.list: all text_in (\"b\", \"c\")",
          "t.ends: all net_not_in (10.0.0.1/32)",
          "getopt(t.list, \"e:\")[e]: quantified oneof(startswith \"x\"; startswith \"y\")",
          "t.path: compare = basename(t.file)", "t.any: glob \"X*\" in any case", "match 1",
          "end\n"}) {
        INFO(part);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("conditions as deep as the parser allows can be compiled") {
    std::string text = "t.str = a";
    for (int i = 0; i < 330; ++i) {
        text = (i % 2 == 0 ? "not (t.int = 1 or (" : "not (t.uint = 1 and (") + text + "))";
    }
    const auto expr = parse(text);
    REQUIRE(expr.has_value());
    REQUIRE_FALSE(check(**expr, fake::registry()).has_value());
    const RuleCondition rule{0, expr->get()};
    CHECK(compile(fake::type_of("open"), {&rule, 1}).rules.size() == 1);
    CHECK(to_text(*clone(**expr)) == to_text(**expr));
}

}  // namespace saker::filter
