// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace saker::cli {

// `saker test FILES...`: rule tests, without root and without a kernel.
Command test_command();

}  // namespace saker::cli
