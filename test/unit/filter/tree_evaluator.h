// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field/context.h"
#include "filter/ast.h"

namespace saker::filter {

// What a checked condition means, written down as plainly as possible: walks the tree, extracts
// every field anew, compares with every constant one by one. Slow. It shares no code with fold(),
// compile() and the Vm, which are compared with it.
bool evaluate_tree(const Expr& expr, const field::Context& context);

}  // namespace saker::filter
