// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "field/field.h"
#include "filter/ast.h"
#include "rule/diagnostics.h"

namespace saker::rule {

// A condition that is good, but perhaps not what its author wanted.
struct Hint {
    Code code{};
    filter::Span span;
    std::string message;
    std::string deprecated_field;  // where one is what it is about
};

// Deprecated fields, comparisons with the text <NA> that never hold, regular expressions that a
// simpler operator can do, and constants that look like a field or a transformer's call. `expr`
// must have been checked.
std::vector<Hint> find_hints(const filter::Expr& expr, const field::Registry& registry);

// True for messages of the field and filter rooms about a name that a newer version may know: what
// skip-if-unknown-filter forgives.
bool is_unknown_name(std::string_view message);

}  // namespace saker::rule
