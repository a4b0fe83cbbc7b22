// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "filter/ast.h"

// The order in which the parts of an `and` or an `or` are tested. Tests have no effects, so any
// order gives the same answer; the expected cost is what differs.
namespace saker::filter {

// The children, first the one that decides the most for its price. `stops` is the answer that ends
// the row: false for an `and`, true for an `or`.
std::vector<const Expr*> by_expected_cost(const std::vector<ExprPtr>& children, bool stops);

}  // namespace saker::filter
