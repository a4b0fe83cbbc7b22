// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "field/field.h"
#include "rule/diagnostics.h"
#include "rule/exception.h"
#include "rule/mapped_text.h"

// Exceptions as a part of their rule's condition. With fields [f1, f2], operators [c1, c2] and rows
// [[v1, v2], ...] the condition C becomes
//
//   (C) and not ((f1 c1 v1 and f2 c2 v2) or (...))
//
// and with the single field f and values [v1, v2, ...]
//
//   (C) and not (f in (v1, v2, ...))
//
// Values are spliced in as text, so that names of lists, val(...) and transformers mean what they
// mean in a condition. Decided for what an author expects, where Falco would make something else of
// it that does not parse: a value that the grammar could not read as one is put in quotes, whatever
// makes it so (not only a blank).
namespace saker::rule {

// What is wrong with an exception, and how to get there from its rule.
struct ExceptionProblem {
    std::string message;
    std::vector<Subject> way;
};

// Whether the fields are known, the operators are, and all lengths fit. Gives all mistakes.
std::vector<ExceptionProblem> check_exceptions(const std::vector<Exception>& exceptions,
                                               const field::Registry& registry);

// The condition with the exceptions in it. They must have been checked.
MappedText with_exceptions(const MappedText& condition, const std::vector<Exception>& exceptions);

// The way from a rule to where a scalar stands in one of its exceptions; empty if it is in none.
std::vector<Subject> way_to(const Scalar& scalar, const std::vector<Exception>& exceptions);

// The operators of an exception, one for each field, the default ones too.
std::vector<std::string> operators_of(const Exception& exception);

}  // namespace saker::rule
