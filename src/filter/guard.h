// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "filter/ast.h"

// A rule's guard: something that must hold before the rule can match, and that can be asked for all
// rules at once. With a thousand rules, an event meets the guards of a few; the others are not even
// looked at.
namespace saker::filter {

// One way through a guard.
struct Atom {
    enum class Kind : std::uint8_t {
        kEquals,  // the text is `text`
        kPrefix,  // begins with it
        kPath,    // begins with it, where both are paths and slashes too many do not count
        kSuffix,  // ends with it
        kWithin,  // has it somewhere within
        kNumber,  // the number's bits are `number`
        kTest,    // `test` holds
    };
    Kind kind = Kind::kTest;
    const Test* test = nullptr;  // whose left side has the value; never null
    std::string text;
    std::uint64_t number = 0;
};

// What a test asks for, as far as an index can be asked for it: where the test holds, one of the
// atoms does, and none of them is a kTest. Empty if a constant cannot be looked up, or there are
// none.
std::vector<Atom> atoms_of(const Test& test);

// The guard of a folded condition: where the condition holds, at least one of the atoms does. Empty
// if there is none that is worth asking; then the rule has to be run. The atoms point into the
// condition.
std::vector<Atom> find_guard(const Expr& condition);

}  // namespace saker::filter
