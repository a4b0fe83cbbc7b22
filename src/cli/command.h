// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "cli/command_line.h"
#include "util/result.h"

namespace CLI {  // NOLINT(readability-identifier-naming): of the library
class App;
}

namespace saker::cli {

// One of the words behind `saker`. Its own options are kept by the closures, so that a command is
// one file which nobody else knows the inside of.
struct Command {
    const char* name;
    const char* help;
    // Adds what only this command knows; called once, before the command line is parsed.
    std::function<void(CLI::App&)> add_options;
    // Does it, and returns the exit status. The error is what a user is told before the process
    // exits with 1.
    std::function<Result<int>(const CommandLine&)> run;
    bool watches = false;  // it may start the sensor, so its help shows the flags of a run
};

// All of them, in the order in which the help shows them. The first is the default.
std::vector<Command> commands();

}  // namespace saker::cli
