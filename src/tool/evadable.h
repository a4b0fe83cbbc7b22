// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "filter/ast.h"

namespace saker::tool {

// A way past a condition that anybody can take: a test in a negation that holds for whoever gives
// itself the right name, and needs nothing else.
struct Evadable {
    std::string_view fields;  // the field that is chosen
    const filter::Test* test;
};

// All of them in a checked condition, each once. A negated `and` is no such way if one of its parts
// cannot be chosen (the executable's path, the container).
std::vector<Evadable> find_evadable(const filter::Expr& expr);

}  // namespace saker::tool
