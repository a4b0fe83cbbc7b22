// SPDX-License-Identifier: Apache-2.0
// Conditions and events made at random: the virtual machine must say what the tree evaluator says.
// SAKER_FILTER_SEED chooses the seed, SAKER_FILTER_ROUNDS how long to search.
#include <cstdlib>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "filter/check.h"
#include "filter/compile.h"
#include "filter/event_types.h"
#include "filter/parser.h"
#include "filter/vm.h"
#include "unit/filter/fake_fields.h"
#include "unit/filter/tree_evaluator.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

using field::Value;
using field::ValueType;

using Words = std::vector<std::string_view>;

// Few words, so that constants and values often meet. Bytes that are not UTF-8 among them.
const Words kTexts = {"",
                      "a",
                      "ab",
                      "abc",
                      "b",
                      "bash",
                      "BaSH",
                      "x y",
                      "/etc",
                      "/etc/shadow",
                      "/etc/pw",
                      "/etc//shadow/",
                      "/",
                      "/usr/bin/bash",
                      "a\xff"
                      "b",
                      "-a",
                      "-b",
                      "-bash",
                      "-ab",
                      "YWI=",
                      "YWJj",
                      "--",
                      "line\nbreak"};
const Words kPatterns = {"a*", "*b", "*", "?", "[ab]*", "[!a]*", "/etc/*", "*sh", "a?b", "B[A-Z]*"};
const Words kRegexes = {"a.*", ".*", "[ab]+", "bash|abc", "/etc/(shadow|pw)", "a.b", "-?a"};
const Words kPaths = {"/etc", "/", "/e*/shadow", "etc/pw", "/usr/*/bash", "/usr/", "a"};
const Words kHex = {"61", "6162", "62", "ff"};
const Words kNumbers = {"0", "1", "2", "3", "0x2", "10"};
const Words kSigned = {"0", "1", "-1", "2", "-10"};
const Words kReals = {"0", "1.5", "2", "-2.25"};
const Words kPortWords = {"22", "80", "443", "ssh", "0"};
const Words kIpWords = {"10.0.0.1", "10.1.2.3",   "192.168.1.1", "::1",
                        "fe80::1",  "10.0.0.0/8", "fe80::/10"};
const Words kNetWords = {"10.0.0.0/8", "10.0.0.0/16", "192.168.1.1/32",
                         "::/0",       "fe80::/10",   "0.0.0.0/0"};
const Words kAddresses = {"10.0.0.1", "10.1.2.3", "192.168.1.1", "::1", "fe80::1"};
const Words kEventNames = {"open", "openat", "execve", "connect", "setuid"};
const Words kBools = {"true", "false"};

// Operands of the same shape, and the constants that go with them.
struct Shape {
    Words operands;
    Words operators;  // followed by one constant
    Words list_operators;
    bool quantifiers;  // the operators take oneof, anyof and allof
    Words constants;
};

const Words kStringOps = {"=", "!=", "contains", "icontains", "startswith", "endswith"};
const Words kStrings = {"t.str",
                        "t.path",
                        "t.other",
                        "t.any",
                        "t.any[1]",
                        "t.file",
                        "t.kind",
                        "t.list[0]",
                        "tolower(t.str)",
                        "toupper(t.path)",
                        "basename(t.path)",
                        "b64(t.other)",
                        "join(\",\", t.list)",
                        "join(t.str, (t.other, \"k\"))",
                        "concat(t.str, t.other)",
                        "concat(basename(t.file), \"b\")",
                        "getopt(t.list, \"ab:\")[b]",
                        "tolower(t.kind)"};
const Words kOrder = {"<", "<=", ">", ">="};
const Words kEqual = {"=", "!=", "=="};
const Words kOrderAndEqual = {"=", "!=", "<", "<=", ">", ">="};
const Words kSets = {"in", "intersects"};

const std::vector<Shape> kShapes = {
    {kStrings, kStringOps, kSets, true, kTexts},
    {kStrings, kOrder, {}, false, kNumbers},
    {kStrings, {"glob", "iglob"}, {}, true, kPatterns},
    {kStrings, {"regex"}, {}, true, kRegexes},
    {{"t.path", "t.file", "t.any"}, {}, {"pmatch"}, false, kPaths},
    {{"t.bytes", "b64(t.bytes)"},
     {"=", "!=", "contains", "startswith", "endswith"},
     kSets,
     true,
     kTexts},
    {{"t.bytes"}, {"bcontains", "bstartswith"}, {}, true, kHex},
    {{"t.int", "t.int2", "t.anyint"}, kEqual, kSets, true, kSigned},
    {{"t.int", "t.int2", "t.anyint"}, kOrder, {}, false, kSigned},
    {{"t.uint", "t.reltime", "len(t.str)", "len(t.list)", "evt.num"},
     kEqual,
     kSets,
     true,
     kNumbers},
    {{"t.uint", "t.reltime", "len(t.list)", "evt.num"}, kOrder, {}, false, kNumbers},
    {{"t.real"}, kOrderAndEqual, kSets, false, kReals},
    {{"t.bool", "t.flag"}, kEqual, kSets, true, kBools},
    {{"t.port", "t.ports"}, kEqual, kSets, true, kPortWords},
    {{"t.ip", "t.ip2", "t.ends"}, kEqual, kSets, true, kIpWords},
    {{"t.net", "t.nets"}, kEqual, kSets, true, kNetWords},
    {{"t.list", "t.list2", "getopt(t.list, \"ab:\")"}, {}, kSets, false, kTexts},
    {{"t.numbers"}, {}, kSets, false, kNumbers},
    {{"evt.type"}, kEqual, kSets, true, kEventNames},
    {{"evt.type"}, {"startswith", "contains"}, {}, true, {"open", "s"}},
};

// Whole tests: fields against fields.
const Words kFieldTests = {"t.str = val(t.other)",
                           "t.str != val(t.other)",
                           "t.path startswith val(t.str)",
                           "t.any endswith val(t.other)",
                           "t.any[0] contains val(t.str)",
                           "t.str icontains val(t.other)",
                           "t.str < val(t.file)",
                           "t.file = val(t.path)",
                           "t.int < val(t.int2)",
                           "t.anyint >= val(t.int)",
                           "t.ip = val(t.ip2)",
                           "t.ends != val(t.ip)",
                           "t.ends = val(t.ip)",
                           "t.port != val(t.port)",
                           "t.ports != val(t.port)",
                           "t.list in val(t.list2)",
                           "t.list intersects val(t.list2)",
                           "t.str in val(t.list)",
                           "t.list in val(t.str)",
                           "t.bytes bcontains val(t.bytes)",
                           "t.str = basename(t.path)",
                           "tolower(t.str) = tolower(t.other)",
                           "t.uint = len(t.str)",
                           "t.kind = val(t.str)",
                           "t.kind = concat(t.str, t.kind)",
                           "t.flag = val(t.bool)"};

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool chance(unsigned percent) { return below(100) < percent; }

    template <typename Items>
    const auto& pick(const Items& items) {
        return items[below(items.size())];
    }

    std::string condition(int depth) {
        if (depth == 0 || chance(25)) return test();
        const std::size_t children = 2 + below(3);
        const std::string word = chance(50) ? " and " : " or ";
        std::string text;
        for (std::size_t i = 0; i < children; ++i) {
            if (i > 0) text += word;
            if (chance(25)) text += "not ";
            text += condition(depth - 1);
        }
        return "(" + text + ")";
    }

    // Tests come from a small stock within a round, so that rules share some; and many are about
    // one operand, so that there is something to merge.
    void new_round() {
        stock_.clear();
        favourite_shape_ = &pick(kShapes);
        favourite_operand_ = pick(favourite_shape_->operands);
        for (int i = 0; i < 12; ++i) stock_.push_back(new_test());
    }

    std::string test() { return chance(60) ? pick(stock_) : new_test(); }

    void fill(fake::Context& context) {
        context.type = fake::type_of(pick(kEventNames));
        for (std::size_t i = 0; i < context.values.size(); ++i) fill(context.values[i], i);
        fill(context.real_file, fake::kFile);
        if (chance(50)) context.real_file = context.values[fake::kFile];
        context.values[fake::kEvtNum] = {Value::of_uint(1 + below(3))};
    }

private:
    std::string new_test() {
        if (chance(20)) return std::string(pick(kFieldTests));
        const bool favourite = chance(40);
        const Shape& shape = favourite ? *favourite_shape_ : pick(kShapes);
        const std::string operand(favourite ? favourite_operand_ : pick(shape.operands));
        if (chance(10)) return operand + " exists";
        const bool list = shape.operators.empty() || (!shape.list_operators.empty() && chance(35));
        if (list) return operand + " " + std::string(pick(shape.list_operators)) + values(shape);
        const std::string text = operand + " " + std::string(pick(shape.operators)) + " ";
        if (!shape.quantifiers || chance(75)) return text + constant(shape);
        return text + std::string(pick(Words{"oneof", "anyof", "allof"})) + values(shape);
    }

    std::string values(const Shape& shape) {
        std::string text;
        const std::size_t count = chance(10) ? 10 : below(4);
        for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? ", " : "") + constant(shape);
        return " (" + text + ")";
    }

    // In quotes where it may be; the numbers of `<` and the like have none.
    std::string constant(const Shape& shape) {
        const std::string text(pick(shape.constants));
        const bool number = std::ranges::find(shape.operators, "<") != shape.operators.end();
        return number ? text : "\"" + text + "\"";
    }

    void fill(std::vector<Value>& values, std::size_t field) {
        values.clear();
        const auto several = fake::kTable[field].several;
        std::size_t count = chance(15) ? 0 : 1;
        if (count == 1 && several != field::Several::kOne) count = 1 + below(3);
        for (std::size_t i = 0; i < count; ++i) values.push_back(value(fake::kTable[field].type));
    }

    Value value(ValueType type) {
        switch (type) {
            case ValueType::kString:
            case ValueType::kPath:
            case ValueType::kBytes:
                return Value::of(pick(kTexts));
            case ValueType::kInt:
                return Value::of_int(static_cast<std::int64_t>(below(5)) - 2);
            case ValueType::kDouble: {
                Value real;
                real.real = pick(std::array{0.0, 1.5, 2.0, -2.25, 7.0});
                return real;
            }
            case ValueType::kBool:
                return Value::of_bool(chance(50));
            case ValueType::kPort:
                return Value::of_uint(pick(std::array{22u, 80u, 443u, 9u}));
            case ValueType::kIp:
            case ValueType::kNet:
                return Value::of_ip(fake::ip(pick(kAddresses).data()));
            default:
                return Value::of_uint(chance(10) ? UINT64_MAX : below(4));
        }
    }

    std::mt19937 random_;
    std::vector<std::string> stock_;
    const Shape* favourite_shape_ = nullptr;
    std::string_view favourite_operand_;
};

unsigned setting(const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

ExprPtr parse_checked(const std::string& text) {
    auto expr = parse(text);
    INFO(text);
    if (!expr) FAIL(expr.error().message);
    if (const auto error = check(**expr, fake::registry())) FAIL(error->message);
    return std::move(*expr);
}

// The rules of one round, compiled together for each type of event.
class Round {
public:
    static constexpr std::size_t kRules = 6;

    explicit Round(Generator& generator) {
        generator.new_round();
        for (std::uint32_t i = 0; i < kRules; ++i) {
            texts_.push_back(generator.condition(3));
            trees_.push_back(parse_checked(texts_.back()));
            rules_.push_back({100 + i, trees_.back().get()});
            types_.push_back(event_types(*trees_.back()).types);
        }
        ConstantCache cache;
        for (const std::string_view name : kEventNames) {
            programs_.push_back(compile(fake::type_of(name), rules_, &cache));
        }
    }

    void compare(fake::Context& context, Vm& vm) {
        const Program& program = *std::ranges::find(programs_, context.type, &Program::type);
        context.names = field::NameView::kAsked;
        const auto asked = expected(context);
        context.names = field::NameView::kReal;
        const auto real = expected(context);
        INFO(describe(program));
        check_types(context, asked);

        std::vector<std::uint32_t> matches;
        run(vm, program, context, MatchMode::kAll, matches);
        REQUIRE(matches == asked);
        again(vm, program, context, MatchMode::kAll, matches);
        auto both = asked;
        for (const std::uint32_t rule : real) {
            if (std::ranges::find(asked, rule) == asked.end()) both.push_back(rule);
        }
        REQUIRE(matches == both);

        matches.clear();
        run(vm, program, context, MatchMode::kFirst, matches);
        REQUIRE(matches == first(asked));
        if (!matches.empty()) return;
        again(vm, program, context, MatchMode::kFirst, matches);
        REQUIRE(matches == first(real));
    }

private:
    static void run(Vm& vm, const Program& program, fake::Context& context, MatchMode mode,
                    std::vector<std::uint32_t>& matches) {
        context.memory.reset();
        context.names = field::NameView::kAsked;
        vm.run(program, context, mode, matches);
    }

    static void again(Vm& vm, const Program& program, fake::Context& context, MatchMode mode,
                      std::vector<std::uint32_t>& matches) {
        context.names = field::NameView::kReal;
        vm.run_again(program, context, mode, matches);
    }

    static std::vector<std::uint32_t> first(std::vector<std::uint32_t> rules) {
        if (rules.size() > 1) rules.resize(1);
        return rules;
    }

    std::vector<std::uint32_t> expected(const fake::Context& context) const {
        std::vector<std::uint32_t> matches;
        for (const RuleCondition& rule : rules_) {
            if (evaluate_tree(*rule.condition, context)) matches.push_back(rule.rule);
        }
        return matches;
    }

    // A rule that matches must have been said to want this type of event.
    void check_types(const fake::Context& context, const std::vector<std::uint32_t>& asked) const {
        for (const std::uint32_t rule : asked) REQUIRE(types_[rule - 100].test(context.type));
    }

    std::string describe(const Program& program) const {
        if (!described_) {
            for (const std::string& text : texts_) description_ += text + "\n";
            described_ = true;
        }
        return description_ + std::string(event::info(program.type).name);
    }

    std::vector<std::string> texts_;
    std::vector<ExprPtr> trees_;
    std::vector<RuleCondition> rules_;
    std::vector<EventTypeSet> types_;
    std::vector<Program> programs_;
    mutable std::string description_;
    mutable bool described_ = false;
};

}  // namespace

TEST_CASE("the virtual machine agrees with the tree evaluator") {
    const unsigned seed = setting("SAKER_FILTER_SEED", std::random_device{}());
    const unsigned rounds = setting("SAKER_FILTER_ROUNDS", 168);
    constexpr unsigned kEvents = 100;
    std::cout << "filter property test: SAKER_FILTER_SEED=" << seed << ", "
              << rounds * Round::kRules * kEvents << " conditions on events\n";
    CAPTURE(seed);
    Generator generator(seed);
    Vm vm;
    fake::Context context;
    for (unsigned i = 0; i < rounds; ++i) {
        Round round(generator);
        for (unsigned event = 0; event < kEvents; ++event) {
            generator.fill(context);
            round.compare(context, vm);
        }
    }
}

}  // namespace saker::filter
