// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_line.h"
#include "util/result.h"

namespace saker::cli {

// `saker run`: loads the rules, attaches to the kernel, and reports until a signal (SIGINT,
// SIGTERM) or the given time ends it. Alerts go to stdout and so does the summary at the end; the
// log goes to stderr. The error is what a user is told before the process exits with 1.
Result<void> run(const CommandLine& line);

}  // namespace saker::cli
