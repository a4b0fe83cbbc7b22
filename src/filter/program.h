// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "event/table.h"
#include "field/field.h"
#include "field/value.h"
#include "filter/guard_index.h"
#include "filter/operators.h"
#include "filter/transformers.h"

namespace re2 {
class RE2;
}

// The bytecode of all rules for one type of event.
namespace saker::filter {

class Glob;
class NetSet;
class NumberSet;
class PathPatterns;
class PrefixSet;
class SuffixSet;
class RealSet;
class TextList;
class TextSet;
struct Quantified;

// See opcodes.def, which has a line on each.
enum class Opcode : std::uint8_t {
#define OPCODE(name, mnemonic, operand, description) name,
#include "filter/opcodes.def"
};

// A test against the values of another slot.
struct Comparison {
    Op op;
    field::ValueType type;
    std::uint32_t slot;
};

// One test and where to go from it. Jumps only lead forward, so that every run ends.
struct Instruction {
    Opcode opcode{};
    bool all = false;  // must hold for all values of the slot; else for any of them
    std::uint16_t reserved = 0;
    std::uint32_t slot = 0;  // the value that is tested
    // The constant, by opcode (see opcodes.def). Pointers are owned by Program::constants.
    union {
        std::uint64_t number = 0;
        std::int64_t integer;
        double real;
        const std::string* text;
        const TextSet* texts;
        const TextList* list;
        const PrefixSet* prefixes;
        const SuffixSet* suffixes;
        const NumberSet* numbers;
        const RealSet* reals;
        const NetSet* nets;
        const Glob* glob;
        const re2::RE2* regex;
        const PathPatterns* paths;
        const Quantified* quantified;
        Comparison comparison;
    };
    std::uint32_t test = UINT32_MAX;  // number of the memo that rules share; kUnshared: none
    std::uint32_t if_true = 0;        // next instruction
    std::uint32_t if_false = 0;

    static constexpr std::uint32_t kUnshared = UINT32_MAX;
};
static_assert(sizeof(Instruction) == 32);

// A value that tests look at, extracted at most once for each event.
struct Slot {
    enum class Kind : std::uint8_t { kField, kConstant, kList, kCall };

    Kind kind = Kind::kField;
    Transformer transformer = Transformer::kTolower;  // kCall
    char selector = 0;                                // kCall: of getopt; 0: none
    bool list = false;                                // has the values of a list
    bool names_file = false;               // differs between a file's asked and its real name
    bool steady = false;                   // field/steady.h
    field::FieldUse use;                   // kField
    std::string text;                      // kConstant
    std::vector<std::uint32_t> arguments;  // kCall, kList: slots
};

// What `quantified` asks of the values: how many of `tests` must hold for a value. With
// `none_equal`, each test must hold for all values on its own (`!=` on both ends of a connection).
struct Quantified {
    Quantifier quantifier = Quantifier::kAnyof;
    bool none_equal = false;
    std::vector<Instruction> tests;
};

// Constants by opcode and text, for sharing among the programs of several event types.
using ConstantCache = absl::flat_hash_map<std::string, std::shared_ptr<const void>>;

// Made by compile(). Constant, and free to be run by any number of Vms at once.
class Program {
public:
    struct Rule {
        std::uint32_t number = 0;
        std::uint32_t entry = 0;  // its first instruction; its last is before the next one's entry
        bool reads_file_names = false;
    };

    std::uint64_t serial = 0;  // no other one of compile()'s has the same, nor 0
    event::EventType type = 0;
    std::vector<Instruction> code;  // ends with kEnd
    std::vector<Rule> rules;        // in the order in which they run
    GuardIndex guards;              // which of them an event can match at all
    std::vector<Slot> slots;
    std::uint32_t shared_tests = 0;  // number of memos
    // What a second pass under another name forgets.
    std::vector<std::uint32_t> name_slots;
    std::vector<std::uint32_t> name_tests;
    std::vector<std::shared_ptr<const void>> constants;

    bool empty() const { return rules.empty(); }

    // Behind the last instruction of the rule at that position.
    std::uint32_t end_of(std::uint32_t position) const {
        return position + 1 < rules.size() ? rules[position + 1].entry
                                           : static_cast<std::uint32_t>(code.size() - 1);
    }

    // True if a rule tests a file's name, so that run_again() under its other name can find more.
    bool reads_file_names() const { return !name_slots.empty(); }
};

// How the instruction is called.
std::string_view mnemonic(Opcode opcode);

// The program as text, an instruction a line.
std::string disassemble(const Program& program);

}  // namespace saker::filter
