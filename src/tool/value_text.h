// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "field/field.h"
#include "filter/ast.h"
#include "rule/output_field.h"

// Values and tests as tools show them to people: one line, nothing hidden, not too long.
namespace saker::tool {

// "<NA>" if there are none; several with commas between them.
std::string value_text(field::ValueType type, field::Values values);
std::string value_text(const rule::OutputValue& value);

// A test as it reads in a condition; a long list is cut, and its length said.
std::string short_text(const filter::Test& test);

}  // namespace saker::tool
