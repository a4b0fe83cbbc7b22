// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "field/context.h"
#include "filter/ast.h"
#include "tool/scenario.h"

namespace saker::tool {

// A test, what it came to for an event, and on which values.
struct Reason {
    const filter::Test* test = nullptr;
    bool holds = false;
    std::string value;  // of the left side, and of the right one where that is no constant
};

// What a condition is for an event, and why: the tests that decided. Of an `and` that does not hold
// these are those of its first part that does not; of one that holds, those of all parts.
struct Decision {
    bool holds = false;
    bool real_name = false;  // under the file's real name, and not under the one asked for
    std::vector<Reason> reasons;
};

// The reasons for people: a line for each, indented.
std::string to_text(const Decision& decision);

using OnTest = std::function<void(const filter::Test&, bool holds)>;

// Reads a condition as it is written, from left to right, up to what decides; `on_test` is told of
// every test that is made on the way. Gives what the bytecode gives. `expr` has been checked.
Decision decide(const filter::Expr& expr, const field::Context& context, const OnTest& on_test);

// The same for a scenario, under both names of its file, as the engine does it.
Decision decide(const filter::Expr& expr, Scenario& scenario, const OnTest& on_test);

}  // namespace saker::tool
