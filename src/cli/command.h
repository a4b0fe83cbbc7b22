// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "cli/command_line.h"
#include "cli/option.h"
#include "util/result.h"

namespace saker::cli {

// One of the words behind `saker`. What its own options say is kept by the closure, so that a
// command is one file which nobody else knows the inside of.
struct Command {
    const char* name;
    const char* help;
    std::vector<Option> options;  // those that only this command knows
    // Does it, and returns the exit status. The error is what a user is told before the process
    // exits with 1.
    std::function<Result<int>(const CommandLine&)> run;
    bool watches = false;  // it may start the sensor, so its help shows the flags of a run
};

// All of them, in the order in which the help shows them. The first is the default.
std::vector<Command> commands();

}  // namespace saker::cli
