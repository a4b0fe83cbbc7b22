// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "filter/ast.h"

namespace saker::filter {

// False if the condition, checked, cannot hold for a call that returned an error (a value below 0).
bool may_match_failure(const Expr& condition);

}  // namespace saker::filter
