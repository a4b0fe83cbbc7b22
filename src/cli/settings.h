// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command_line.h"
#include "cli/config.h"
#include "util/result.h"

namespace saker::cli {

// The configuration file that counts: that of -c, or the default one if it is there; else empty.
std::string config_path(const CommandLine& line);

// What the configuration file says, and over it the command line. `rules_files` are those of -r, or
// those of the file that exist (the user's own are often missing), or, if it names none, the
// default ones that exist. There may be none: chosen_rules() says what to do then.
Result<Config> read_config(const CommandLine& line);

}  // namespace saker::cli
