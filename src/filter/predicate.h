// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field/scratch.h"
#include "field/value.h"
#include "filter/program.h"

namespace saker::filter {

// Whether a test instruction holds for the values of its slot. `rhs` has the values of the other
// slot for `compare`, and is empty for all others. `scratch` is for copies of texts that a regular
// expression cannot take as they are.
bool holds(const Instruction& test, field::Values lhs, field::Values rhs, field::Scratch& scratch);

}  // namespace saker::filter
