// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/command.h"

namespace saker::cli {

// What a run may do beside reporting.
struct RunOptions {
    // The rule whose alerts say why it fired, or a part of its name; empty: all rules.
    std::optional<std::string> explain;
    bool alone = false;  // no other rule than that one is run; it need not be enabled
};

// Loads the rules, attaches to the kernel, and reports until a signal (SIGINT, SIGTERM) or the
// given time ends it. Alerts go to stdout and so does the summary at the end; the log goes to
// stderr.
Result<void> run(const CommandLine& line, RunOptions options);

// `saker run`.
Command run_command();

}  // namespace saker::cli
