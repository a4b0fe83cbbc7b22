// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "field/field.h"
#include "filter/ast.h"

// Names -> fields, operators against types, texts -> typed constants.
namespace saker::filter {

struct CheckError {
    std::string message;
    std::size_t offset = 0;  // the offending text, in the text numbered `source`
    std::size_t length = 0;
    std::uint32_t source = 0;  // see Span
};

// Checks a tree without macros in place and makes it ready for fold() and compile(). Gives the
// first error; the tree is then of no use. Fields of `fields` must outlive the tree. Reads the
// system's service names (/etc/services), so not from two threads at once.
std::optional<CheckError> check(Expr& expr, const field::Registry& fields);

// The same for one operand, for texts like the `fields` of a rule's exceptions.
std::optional<CheckError> check(Operand& operand, const field::Registry& fields);

}  // namespace saker::filter
