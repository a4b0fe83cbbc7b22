// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field/scratch.h"
#include "field/value.h"
#include "filter/glob.h"
#include "filter/path_patterns.h"
#include "filter/program.h"
#include "filter/regex.h"
#include "filter/sets.h"

// What test instructions mean. In a header, so that the machine's loop has the plain ones inline.
namespace saker::filter {

// One value against the constant of the instruction.
// NOLINTNEXTLINE(readability-function-size): a line for each opcode, and nothing else.
inline bool holds_for(const Instruction& test, const field::Value& value, field::Scratch& scratch) {
    switch (test.opcode) {
        case Opcode::kNumberEq:
            return value.number == test.number;
        case Opcode::kNumberNe:
            return value.number != test.number;
        case Opcode::kNumberIn:
            return test.numbers->contains(value.number);
        case Opcode::kIntLt:
            return value.integer < test.integer;
        case Opcode::kIntLe:
            return value.integer <= test.integer;
        case Opcode::kIntGt:
            return value.integer > test.integer;
        case Opcode::kIntGe:
            return value.integer >= test.integer;
        case Opcode::kUintLt:
            return value.number < test.number;
        case Opcode::kUintLe:
            return value.number <= test.number;
        case Opcode::kUintGt:
            return value.number > test.number;
        case Opcode::kUintGe:
            return value.number >= test.number;
        case Opcode::kRealEq:
            return value.real == test.real;
        case Opcode::kRealNe:
            return value.real != test.real;
        case Opcode::kRealIn:
            return test.reals->contains(value.real);
        case Opcode::kRealLt:
            return value.real < test.real;
        case Opcode::kRealLe:
            return value.real <= test.real;
        case Opcode::kRealGt:
            return value.real > test.real;
        case Opcode::kRealGe:
            return value.real >= test.real;
        case Opcode::kTextEq:
            return value.text == *test.text;
        case Opcode::kTextNe:
            return value.text != *test.text;
        case Opcode::kTextIn:
            return test.texts->contains(value.text);
        case Opcode::kTextLt:
            return value.text < *test.text;
        case Opcode::kTextLe:
            return value.text <= *test.text;
        case Opcode::kTextGt:
            return value.text > *test.text;
        case Opcode::kTextGe:
            return value.text >= *test.text;
        case Opcode::kContains:
            return contains(value.text, *test.text);
        case Opcode::kContainsAny:
            return test.list->any_within(value.text);
        case Opcode::kStartswith:
            return value.text.starts_with(*test.text);
        case Opcode::kStartswithAny:
            return test.prefixes->contains_prefix_of(value.text);
        case Opcode::kEndswith:
            return value.text.ends_with(*test.text);
        case Opcode::kEndswithAny:
            return test.suffixes->contains_suffix_of(value.text);
        case Opcode::kGlob:
            return test.glob->matches(value.text);
        case Opcode::kRegex:
            return matches(*test.regex, value.text, scratch);
        case Opcode::kPathMatch:
            return test.paths->matches(value.text);
        case Opcode::kNetIn:
            return test.nets->contains(value.ip);
        case Opcode::kNetNotIn:
            return !test.nets->contains(value.ip);
        case Opcode::kExists:
        case Opcode::kEnd:
        case Opcode::kMatch:
        case Opcode::kCompare:
        case Opcode::kQuantified:
            break;
    }
    return true;
}

// The same for the instructions that do not look at one value with one constant, and for any number
// of values.
bool holds_for_several(const Instruction& test, field::Values lhs, field::Values rhs,
                       field::Scratch& scratch);

// Whether a test instruction holds for the values of its slot. `rhs` has the values of the other
// slot for `compare`, and is empty for all others. `scratch` is for copies of texts that a regular
// expression cannot take as they are.
inline bool holds(const Instruction& test, field::Values lhs, field::Values rhs,
                  field::Scratch& scratch) {
    if (lhs.empty()) return false;
    const bool plain = test.opcode != Opcode::kCompare && test.opcode != Opcode::kQuantified;
    if (plain && lhs.size() == 1) return holds_for(test, lhs[0], scratch);
    return holds_for_several(test, lhs, rhs, scratch);
}

}  // namespace saker::filter
