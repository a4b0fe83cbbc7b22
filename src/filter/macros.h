// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "filter/ast.h"

// Puts the conditions of macros where their names stand.
namespace saker::filter {

// The condition of a macro, which may name further macros; nullptr if there is none.
using MacroLookup = std::function<const Expr*(std::string_view name)>;

struct MacroError {
    std::string message;  // Undefined macro 'x' used in filter. / reference loop in macro 'x'
    Span span;            // of the name, in the text it stands in
};

// Macros that name each other twice over grow exponentially: both are bounded.
struct MacroLimits {
    std::size_t depth = 1000;
    std::size_t nodes = 200'000;
};

std::expected<ExprPtr, MacroError> expand_macros(const Expr& expr, const MacroLookup& lookup,
                                                 const MacroLimits& limits = {});

}  // namespace saker::filter
