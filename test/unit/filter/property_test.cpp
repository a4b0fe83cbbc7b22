// SPDX-License-Identifier: Apache-2.0
// Conditions and events made at random: the virtual machine must say what the tree evaluator says.
// SAKER_FILTER_SEED chooses the seed, SAKER_FILTER_ROUNDS how long to search.
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <span>
#include <string>
#include <utility>
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
    bool exists = true;  // they are not all that there is
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
                        "join(t.path, t.paths)",
                        "tolower(t.path)",
                        "toupper(t.str)",
                        "basename(t.str)",
                        "b64(t.path)",
                        "concat(t.path, t.str, \"c\", 5)",
                        "getopt(t.paths, t.str)[a]",
                        "concat(t.str, t.other)",
                        "concat(basename(t.file), \"b\")",
                        "getopt(t.list, \"ab:\")[b]",
                        "tolower(t.kind)"};
const Words kOrder = {"<", "<=", ">", ">="};
const Words kEqual = {"=", "!=", "=="};
const Words kOrderAndEqual = {"=", "!=", "<", "<=", ">", ">="};
const Words kSets = {"in", "intersects"};
const Words kQuantifiers = {"oneof", "anyof", "allof"};

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
    {{"t.uint", "t.reltime", "t.abstime", "len(t.str)", "len(t.path)", "len(t.bytes)",
      "len(t.list)", "len(t.paths)", "len(t.numbers)", "len(t.times)", "len(t.moments)",
      "len(t.truths)", "len(t.ips)", "len(t.netlist)", "len((t.str, \"a\"))", "evt.num"},
     kEqual,
     kSets,
     true,
     kNumbers},
    {{"t.uint", "t.reltime", "t.abstime", "t.port", "t.ports", "len(t.list)", "evt.num"},
     kOrder,
     {},
     false,
     kNumbers},
    {{"t.around[5]"}, {"="}, {}, false, kNumbers, false},
    {{"t.host.name"}, {"=", "!="}, kSets, false, kTexts},
    {{"t.real"}, kOrderAndEqual, kSets, false, kReals},
    {{"t.bool", "t.flag"}, kEqual, kSets, true, kBools},
    {{"t.port", "t.ports"}, kEqual, kSets, true, kPortWords},
    {{"t.ip", "t.ip2", "t.ends"}, kEqual, kSets, true, kIpWords},
    {{"t.net", "t.nets"}, kEqual, kSets, true, kNetWords},
    {{"t.list", "t.list2", "t.paths", "getopt(t.list, \"ab:\")"}, {}, kSets, false, kTexts},
    {{"t.numbers", "t.times", "t.moments"}, {}, kSets, false, kNumbers},
    {{"t.truths"}, {}, kSets, false, kBools},
    {{"t.ips"}, {}, kSets, false, kIpWords},
    {{"t.netlist"}, {}, kSets, false, kNetWords},
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
                           "t.str > val(t.other)",
                           "t.int <= val(t.int2)",
                           "t.uint >= val(t.uint)",
                           "t.real < val(t.real)",
                           "t.abstime = val(t.abstime)",
                           "t.reltime != val(t.reltime)",
                           "t.bytes contains val(t.bytes)",
                           "t.bytes bstartswith val(t.bytes)",
                           "t.numbers intersects val(t.uint)",
                           "t.ips in val(t.ip)",
                           "t.truths intersects val(t.bool)",
                           "t.path = concat(t.path, \"\")",
                           "t.str = join(\"\", t.list)",
                           "t.other = getopt(t.list, \"ab:\")[b]",
                           "t.list intersects getopt(t.list2, \"ab\")",
                           "t.str = b64(t.other)",
                           "t.str = toupper(t.path)",
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

// Two fields of each type that may stand at the two sides of an operator, and of each type of list.
const std::pair<std::string_view, std::string_view> kPairs[] = {
    {"t.str", "t.other"},       {"t.path", "t.file"},       {"t.int", "t.int2"},
    {"t.uint", "t.uint"},       {"t.real", "t.real"},       {"t.bool", "t.bool"},
    {"t.bytes", "t.bytes"},     {"t.port", "t.port"},       {"t.ip", "t.ip2"},
    {"t.reltime", "t.reltime"}, {"t.abstime", "t.abstime"}, {"t.list", "t.list2"},
    {"t.paths", "t.paths"},     {"t.numbers", "t.numbers"}, {"t.times", "t.times"},
    {"t.moments", "t.moments"}, {"t.truths", "t.truths"},   {"t.ips", "t.ips"},
};

// Each operator between the fields of a pair, where it takes them.
void add_field_tests(std::vector<std::string>& all) {
    for (const auto& [left, right] : kPairs) {
        for (const OperatorInfo& op : operators()) {
            if (!op.compares_with_field) continue;
            const std::string text =
                std::string(left) + " " + std::string(op.name) + " val(" + std::string(right) + ")";
            auto expr = parse(text);
            if (expr && !check(**expr, fake::registry())) all.push_back(text);
        }
    }
}

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

    // Every test that new_test() can make, with constants of its choice.
    std::vector<std::string> all_tests() {
        std::vector<std::string> all(kFieldTests.begin(), kFieldTests.end());
        add_field_tests(all);
        for (const Shape& shape : kShapes) {
            for (const std::string_view operand : shape.operands) add_tests(shape, operand, all);
        }
        return all;
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
    void add_tests(const Shape& shape, std::string_view operand, std::vector<std::string>& all) {
        const std::string subject(operand);
        if (shape.exists) all.push_back(subject + " exists");
        for (const std::string_view op : shape.list_operators) {
            all.push_back(subject + " " + std::string(op) + values(shape));
        }
        for (const std::string_view op : shape.operators) {
            const std::string test = subject + " " + std::string(op) + " ";
            all.push_back(test + constant(shape));
            if (!shape.quantifiers) continue;
            for (const std::string_view quantifier : kQuantifiers) {
                all.push_back(test + std::string(quantifier) + values(shape));
            }
        }
    }

    std::string new_test() {
        if (chance(20)) return std::string(pick(kFieldTests));
        const bool favourite = chance(40);
        const Shape& shape = favourite ? *favourite_shape_ : pick(kShapes);
        const std::string operand(favourite ? favourite_operand_ : pick(shape.operands));
        if (shape.exists && chance(10)) return operand + " exists";
        const bool list = shape.operators.empty() || (!shape.list_operators.empty() && chance(35));
        if (list) return operand + " " + std::string(pick(shape.list_operators)) + values(shape);
        const std::string text = operand + " " + std::string(pick(shape.operators)) + " ";
        if (!shape.quantifiers || chance(75)) return text + constant(shape);
        return text + std::string(pick(kQuantifiers)) + values(shape);
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
    explicit Round(std::vector<std::string> conditions) : texts_(std::move(conditions)) {
        for (std::uint32_t i = 0; i < texts_.size(); ++i) {
            trees_.push_back(parse_checked(texts_[i]));
            rules_.push_back({100 + i, trees_.back().get()});
            types_.push_back(event_types(*trees_.back()).types);
        }
        ConstantCache cache;
        for (const std::string_view name : kEventNames) {
            programs_.push_back(compile(fake::type_of(name), rules_, &cache));
        }
    }

    const std::vector<ExprPtr>& trees() const { return trees_; }

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

constexpr std::size_t kRules = 6;  // compiled together

std::vector<std::string> random_conditions(Generator& generator) {
    generator.new_round();
    std::vector<std::string> conditions;
    for (std::size_t i = 0; i < kRules; ++i) conditions.push_back(generator.condition(3));
    return conditions;
}

// What has been compared, by the names of things.
class Coverage {
public:
    void add(const Expr& expr) {
        for_each_test(expr, [&](const Test& test) { add(test); });
    }

    bool has(const std::string& kind) const { return seen_.contains(kind); }

private:
    static std::string kind_of(const Operand& operand) {
        const bool list = operand.several == field::Several::kList;
        return (list ? "list of " : "") + std::string(type_name(operand.type));
    }

    void add(const Test& test) {
        const std::string op(info(test.op).name);
        seen_.insert(op + " " + kind_of(test.lhs));
        if (test.lhs.several == field::Several::kAny) seen_.insert(op + " any");
        if (test.lhs.several == field::Several::kEither) seen_.insert(op + " either");
        if (test.quantifier != Quantifier::kNone) {
            seen_.insert(op + " " + std::string(name(test.quantifier)));
        }
        if (test.rhs) seen_.insert(op + " " + kind_of(test.lhs) + " with a field");
        add(test.lhs, "left");
        if (test.rhs) add(*test.rhs, "right");
    }

    void add(const Operand& operand, const std::string& side) {
        if (operand.kind == Operand::Kind::kCall) {
            seen_.insert(std::string(name(operand.transformer)) + " " + side);
            seen_.insert(std::string(name(operand.transformer)) +
                         (operand.argument ? " with a selector" : " without a selector"));
            for (const Operand& inner : operand.operands) {
                seen_.insert(std::string(name(operand.transformer)) + " of " + kind_of(inner));
            }
        }
        for (const Operand& inner : operand.operands) add(inner, side);
    }

    std::set<std::string> seen_;
};

// The types whose fields may be lists.
constexpr ValueType kListTypes[] = {ValueType::kString,  ValueType::kPath,    ValueType::kUint,
                                    ValueType::kReltime, ValueType::kAbstime, ValueType::kBool,
                                    ValueType::kIp,      ValueType::kNet};

// Networks stand at no right side.
void add_field_kinds(const OperatorInfo& op, std::vector<std::string>& kinds) {
    const std::string name(op.name);
    for (std::size_t i = 0; i < field::kValueTypes; ++i) {
        const auto type = static_cast<ValueType>(i);
        if (type == ValueType::kNet) continue;
        const std::string text(type_name(type));
        if (op.works_on(type)) kinds.push_back(name + " " + text + " with a field");
        const bool list = std::ranges::find(kListTypes, type) != std::end(kListTypes);
        if (op.on_lists && list) kinds.push_back(name + " list of " + text + " with a field");
    }
}

// What the transformers take, beside texts.
void add_transformer_kinds(std::vector<std::string>& kinds) {
    const std::string texts[] = {std::string(type_name(ValueType::kString)),
                                 std::string(type_name(ValueType::kPath))};
    for (const std::string& text : texts) {
        for (const char* name : {"tolower", "toupper", "b64", "basename", "len", "concat"}) {
            kinds.push_back(std::string(name) + " of " + text);
        }
        kinds.push_back("join of " + text);
        kinds.push_back("join of list of " + text);
        kinds.push_back("getopt of list of " + text);
    }
    const std::string bytes(type_name(ValueType::kBytes));
    kinds.push_back("b64 of " + bytes);
    kinds.push_back("len of " + bytes);
    for (const ValueType type : kListTypes) {
        kinds.push_back("len of list of " + std::string(type_name(type)));
    }
}

std::vector<std::string> kinds_of(const OperatorInfo& op) {
    const std::string name(op.name);
    std::vector<std::string> kinds;
    for (std::size_t i = 0; i < field::kValueTypes; ++i) {
        const auto type = static_cast<ValueType>(i);
        if (op.works_on(type)) kinds.push_back(name + " " + std::string(type_name(type)));
    }
    for (const ValueType type : kListTypes) {
        if (op.on_lists) kinds.push_back(name + " list of " + std::string(type_name(type)));
    }
    if (op.compares_with_field) add_field_kinds(op, kinds);
    // Ancestors have names, connections have ports.
    if (op.works_on(ValueType::kString)) kinds.push_back(name + " any");
    if (op.works_on(ValueType::kPort)) kinds.push_back(name + " either");
    if (op.rhs != Rhs::kText) return kinds;
    for (const std::string_view quantifier : kQuantifiers) {
        kinds.push_back(name + " " + std::string(quantifier));
    }
    return kinds;
}

std::vector<std::string> all_kinds() {
    std::vector<std::string> kinds;
    for (const OperatorInfo& op : operators())
        std::ranges::copy(kinds_of(op), back_inserter(kinds));
    for (int i = 0; i <= static_cast<int>(Transformer::kGetopt); ++i) {
        const std::string transformer(name(static_cast<Transformer>(i)));
        kinds.push_back(transformer + " left");
        kinds.push_back(transformer + " right");
    }
    add_transformer_kinds(kinds);
    kinds.emplace_back("getopt with a selector");
    kinds.emplace_back("getopt without a selector");
    return kinds;
}

}  // namespace

TEST_CASE("each kind of test is compared with the tree evaluator") {
    const unsigned seed = setting("SAKER_FILTER_SEED", std::random_device{}());
    std::cout << "each kind of test: SAKER_FILTER_SEED=" << seed << "\n";
    CAPTURE(seed);
    constexpr unsigned kEvents = 20;
    Generator generator(seed);
    const std::vector<std::string> tests = generator.all_tests();
    Vm vm;
    fake::Context context;
    Coverage coverage;
    for (std::size_t i = 0; i < tests.size(); i += kRules) {
        const std::size_t end = std::min(i + kRules, tests.size());
        Round round({tests.begin() + static_cast<std::ptrdiff_t>(i),
                     tests.begin() + static_cast<std::ptrdiff_t>(end)});
        for (const ExprPtr& tree : round.trees()) coverage.add(*tree);
        for (unsigned event = 0; event < kEvents; ++event) {
            generator.fill(context);
            round.compare(context, vm);
        }
    }
    for (const std::string& kind : all_kinds()) {
        INFO(kind);
        CHECK(coverage.has(kind));
    }
}

TEST_CASE("the virtual machine agrees with the tree evaluator") {
    const unsigned seed = setting("SAKER_FILTER_SEED", std::random_device{}());
    const unsigned rounds = setting("SAKER_FILTER_ROUNDS", 168);
    constexpr unsigned kEvents = 100;
    std::cout << "filter property test: SAKER_FILTER_SEED=" << seed << ", "
              << rounds * kRules * kEvents << " conditions on events\n";
    CAPTURE(seed);
    Generator generator(seed);
    Vm vm;
    fake::Context context;
    for (unsigned i = 0; i < rounds; ++i) {
        Round round(random_conditions(generator));
        for (unsigned event = 0; event < kEvents; ++event) {
            generator.fill(context);
            round.compare(context, vm);
        }
    }
}

}  // namespace saker::filter
