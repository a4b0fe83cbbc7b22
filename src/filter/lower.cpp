// SPDX-License-Identifier: Apache-2.0
#include "filter/lower.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "absl/strings/ascii.h"
#include "filter/constants.h"
#include "filter/glob.h"
#include "filter/path_patterns.h"
#include "filter/regex.h"
#include "filter/sets.h"

namespace saker::filter {
namespace {

using field::Several;
using field::ValueType;

// The kinds of values that have instructions of their own.
enum Shape : std::uint8_t { kUnsigned, kSigned, kReal, kText, kNet, kShapes };

Shape shape_of(ValueType type) {
    switch (type) {
        case ValueType::kString:
        case ValueType::kPath:
        case ValueType::kBytes:
            return kText;
        case ValueType::kInt:
            return kSigned;
        case ValueType::kDouble:
            return kReal;
        case ValueType::kIp:
        case ValueType::kNet:
            return kNet;
        default:
            return kUnsigned;
    }
}

// The instruction of an operator with one constant, by shape; kEnd where check() allows none.
struct Row {
    Op op;
    Opcode opcodes[kShapes];
};

using enum Opcode;
constexpr Row kOne[] = {
    {Op::kEq, {kNumberEq, kNumberEq, kRealEq, kTextEq, kNetIn}},
    {Op::kIn, {kNumberEq, kNumberEq, kRealEq, kTextEq, kNetIn}},
    {Op::kIntersects, {kNumberEq, kNumberEq, kRealEq, kTextEq, kNetIn}},
    {Op::kNe, {kNumberNe, kNumberNe, kRealNe, kTextNe, kNetNotIn}},
    {Op::kLt, {kUintLt, kIntLt, kRealLt, kTextLt, kEnd}},
    {Op::kLe, {kUintLe, kIntLe, kRealLe, kTextLe, kEnd}},
    {Op::kGt, {kUintGt, kIntGt, kRealGt, kTextGt, kEnd}},
    {Op::kGe, {kUintGe, kIntGe, kRealGe, kTextGe, kEnd}},
    {Op::kContains, {kEnd, kEnd, kEnd, Opcode::kContains, kEnd}},
    {Op::kStartswith, {kEnd, kEnd, kEnd, Opcode::kStartswith, kEnd}},
    {Op::kEndswith, {kEnd, kEnd, kEnd, Opcode::kEndswith, kEnd}},
    {Op::kGlob, {kEnd, kEnd, kEnd, Opcode::kGlob, kEnd}},
    {Op::kIglob, {kEnd, kEnd, kEnd, Opcode::kGlob, kEnd}},
    {Op::kRegex, {kEnd, kEnd, kEnd, Opcode::kRegex, kEnd}},
    {Op::kPmatch, {kEnd, kEnd, kEnd, kPathMatch, kEnd}},
};

// The instruction that holds if the operator does for any of several constants; operators that
// have none are `quantified`.
constexpr Row kAny[] = {
    {Op::kEq, {kNumberIn, kNumberIn, kRealIn, kTextIn, kNetIn}},
    {Op::kIn, {kNumberIn, kNumberIn, kRealIn, kTextIn, kNetIn}},
    {Op::kIntersects, {kNumberIn, kNumberIn, kRealIn, kTextIn, kNetIn}},
    {Op::kContains, {kEnd, kEnd, kEnd, kContainsAny, kEnd}},
    {Op::kStartswith, {kEnd, kEnd, kEnd, kStartswithAny, kEnd}},
    {Op::kEndswith, {kEnd, kEnd, kEnd, kEndswithAny, kEnd}},
    {Op::kPmatch, {kEnd, kEnd, kEnd, kPathMatch, kEnd}},
};

Opcode find(std::span<const Row> rows, Op op, Shape shape) {
    const auto row = std::ranges::find(rows, op, &Row::op);
    return row == rows.end() ? kEnd : row->opcodes[shape];
}

// True if the test holds as soon as one of its constants does.
bool any_will_do(const Test& test) {
    return test.quantifier == Quantifier::kAnyof || info(test.op).rhs == Rhs::kList;
}

Opcode opcode_of(const Test& test) {
    if (test.op == Op::kExists) return kExists;
    if (test.rhs) return kCompare;
    const Shape shape = shape_of(test.lhs.type);
    const bool one = test.constants.size() == 1;
    if (test.quantifier == Quantifier::kNone && (one || info(test.op).rhs != Rhs::kList)) {
        return find(kOne, test.op, shape);
    }
    if (one) return find(kOne, test.op, shape);  // of one constant, one, any and all are the same
    const Opcode any = any_will_do(test) ? find(kAny, test.op, shape) : kEnd;
    return any == kEnd ? kQuantified : any;
}

template <typename Item, typename Get>
std::vector<Item> collect(const Test& test, Get get) {
    std::vector<Item> items;
    items.reserve(test.constants.size());
    for (const Constant& constant : test.constants) items.push_back(get(constant));
    return items;
}

template <typename Set>
const Set* set_of_texts(const Test& test, ConstantPool& pool) {
    return pool.get<Set>(test_key(test), [&] {
        return std::make_shared<const Set>(
            collect<std::string>(test, [](const Constant& c) { return c.text; }));
    });
}

// One function for each kind of operand in opcodes.def.
void set_none(Instruction&, const Test&, ConstantPool&) {}

void set_number(Instruction& code, const Test& test, ConstantPool&) {
    code.number = bits_of(test.constants[0], test.lhs.type);
}

void set_integer(Instruction& code, const Test& test, ConstantPool&) {
    code.integer = test.constants[0].integer;
}

void set_real(Instruction& code, const Test& test, ConstantPool&) {
    code.real = test.constants[0].real;
}

void set_text(Instruction& code, const Test& test, ConstantPool& pool) {
    code.text = pool.get<std::string>("text " + test.constants[0].text, [&] {
        return std::make_shared<const std::string>(test.constants[0].text);
    });
}

void set_texts(Instruction& code, const Test& test, ConstantPool& pool) {
    code.texts = set_of_texts<TextSet>(test, pool);
}

void set_list(Instruction& code, const Test& test, ConstantPool& pool) {
    code.list = set_of_texts<TextList>(test, pool);
}

void set_prefixes(Instruction& code, const Test& test, ConstantPool& pool) {
    code.prefixes = set_of_texts<PrefixSet>(test, pool);
}

void set_suffixes(Instruction& code, const Test& test, ConstantPool& pool) {
    code.suffixes = set_of_texts<SuffixSet>(test, pool);
}

void set_numbers(Instruction& code, const Test& test, ConstantPool& pool) {
    code.numbers = pool.get<NumberSet>(test_key(test), [&] {
        return std::make_shared<const NumberSet>(collect<std::uint64_t>(
            test, [&](const Constant& c) { return bits_of(c, test.lhs.type); }));
    });
}

void set_reals(Instruction& code, const Test& test, ConstantPool& pool) {
    code.reals = pool.get<RealSet>(test_key(test), [&] {
        return std::make_shared<const RealSet>(
            collect<double>(test, [](const Constant& c) { return c.real; }));
    });
}

void set_nets(Instruction& code, const Test& test, ConstantPool& pool) {
    code.nets = pool.get<NetSet>(test_key(test), [&] {
        return std::make_shared<const NetSet>(collect<NetSet::Net>(
            test, [](const Constant& c) { return NetSet::Net{c.ip, c.prefix_bits}; }));
    });
}

void set_glob(Instruction& code, const Test& test, ConstantPool& pool) {
    code.glob = pool.get<Glob>(test_key(test), [&] {
        return std::make_shared<const Glob>(test.constants[0].text, test.op == Op::kIglob);
    });
}

void set_regex(Instruction& code, const Test& test, ConstantPool& pool) {
    code.regex = pool.get<RE2>(test_key(test), [&] { return make_regex(test.constants[0].text); });
}

void set_paths(Instruction& code, const Test& test, ConstantPool& pool) {
    code.paths = pool.get<PathPatterns>(test_key(test), [&] {
        auto patterns = std::make_shared<PathPatterns>();
        for (const Constant& constant : test.constants) patterns->add(constant.text);
        return patterns;
    });
}

void set_comparison(Instruction& code, const Test& test, ConstantPool&) {
    code.comparison = {test.op, test.lhs.type, 0};
}

// Not shared through the cache: its tests point to constants of the pool.
void set_quantified(Instruction& code, const Test& test, ConstantPool& pool) {
    auto quantified = std::make_shared<Quantified>();
    quantified->quantifier = any_will_do(test) ? Quantifier::kAnyof : test.quantifier;
    quantified->none_equal = code.all;
    for (const Constant& constant : test.constants) {
        Test one = test;
        one.constants = {constant};
        quantified->tests.push_back(lower(one, pool));
    }
    code.quantified = pool.keep<Quantified>(std::move(quantified));
}

using SetConstant = void (*)(Instruction&, const Test&, ConstantPool&);

// Indexed by Opcode.
constexpr SetConstant kSetters[] = {
#define OPCODE(name, mnemonic, operand, description) set_##operand,
#include "filter/opcodes.def"
};

// Replaces an operand by its text in lower case.
void lower_case(Operand& operand) {
    Operand call;
    call.kind = Operand::Kind::kCall;
    call.transformer = Transformer::kTolower;
    call.type = field::ValueType::kString;
    call.several = operand.several;
    call.span = operand.span;
    call.operands.push_back(std::move(operand));
    operand = std::move(call);
}

Test ignore_case(Test test) {
    test.op = Op::kContains;
    lower_case(test.lhs);
    if (test.rhs) lower_case(*test.rhs);
    for (Constant& constant : test.constants) absl::AsciiStrToLower(&constant.text);
    return test;
}

Test from_hex(Test test, Op op) {
    test.op = op;
    for (Constant& constant : test.constants)
        constant.text = decode_hex(constant.text).value_or("");
    return test;
}

}  // namespace

Test simplify(Test test) {
    switch (test.op) {
        case Op::kIcontains:
            return ignore_case(std::move(test));
        case Op::kBcontains:
            return from_hex(std::move(test), Op::kContains);
        case Op::kBstartswith:
            return from_hex(std::move(test), Op::kStartswith);
        default:
            return test;
    }
}

std::uint64_t bits_of(const Constant& constant, ValueType type) {
    return type == ValueType::kInt ? static_cast<std::uint64_t>(constant.integer) : constant.number;
}

std::string test_key(const Test& test) {
    std::string key(mnemonic(opcode_of(test)));
    key += ' ';
    // What the opcode does not tell.
    key += info(test.op).name;
    key += ' ';
    key += name(test.quantifier);
    for (const Constant& constant : test.constants) {
        key += ' ' + std::to_string(constant.text.size()) + ':' + constant.text;
    }
    return key;
}

Instruction lower(const Test& test, ConstantPool& pool) {
    Instruction code;
    code.opcode = opcode_of(test);
    code.all = (test.lhs.several == Several::kEither && test.op == Op::kNe) ||
               (test.lhs.several == Several::kList && test.op == Op::kIn);
    kSetters[static_cast<std::size_t>(code.opcode)](code, test, pool);
    return code;
}

}  // namespace saker::filter
