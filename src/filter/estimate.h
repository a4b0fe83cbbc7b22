// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "filter/ast.h"

// What conditions cost and how often they hold, guessed. Guesses decide only in which order and by
// which way an answer is found, never what it is.
namespace saker::filter {

struct Estimate {
    double cost = 1;     // in units of a comparison of two numbers; the field's value included
    double truth = 0.5;  // how often it holds, 0 to 1
};

// Of a checked and simplified condition, evaluated in the order of by_expected_cost().
Estimate estimate(const Expr& expr);
Estimate estimate(const Test& test);

// What it costs to get an operand's value.
double cost_of(const Operand& operand);

struct Estimated {
    const Expr* expr = nullptr;
    Estimate estimate;
};

// The parts of an `and` or an `or` in the order in which they are best tested: first the one that
// decides the most for its price. Tests have no effects, so any order gives the same answer.
// `stops` is the answer that ends the row: false for an `and`, true for an `or`.
std::vector<Estimated> by_expected_cost(const std::vector<ExprPtr>& children, bool stops);

}  // namespace saker::filter
