// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace saker::cli {

// `saker explain RULE`: how a rule is understood, and what it comes to for an event.
Command explain_command();

}  // namespace saker::cli
