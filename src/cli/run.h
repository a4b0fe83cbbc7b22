// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace saker::cli {

// `saker run`: loads the rules, attaches to the kernel, and reports until a signal (SIGINT,
// SIGTERM) or the given time ends it. Alerts go to stdout and so does the summary at the end; the
// log goes to stderr.
Command run_command();

}  // namespace saker::cli
