// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace saker::cli {

// `saker lint`: what a rule's author should look at.
Command lint_command();

}  // namespace saker::cli
