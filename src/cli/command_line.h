// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "util/result.h"

namespace saker::cli {

struct Command;

// What `saker list` shows.
struct ListOptions {
    std::string topic;        // rules, macros, lists, ...
    std::string name;         // only the one of that name; of fields: of that event source
    bool names_only = false;  // -N
    std::string format;       // text, json or markdown; empty: as json_output says
};

// What all commands share of the command line. Flags mean what they mean in Falco.
struct CommandLine {
    std::string config_file;               // -c; empty: the default one, if it is there
    std::vector<std::string> rules_files;  // -r, repeatable: files and folders
    std::vector<std::string> assignments;  // -o key=value, repeatable
    unsigned seconds = 0;                  // -M; 0: until a signal
    bool unbuffered = false;               // -U
    bool dry_run = false;                  // --dry-run
    std::vector<std::string> check_files;  // -V, repeatable; -V alone is the command `check`
    ListOptions list;                      // -L, -l, --list, --list-events: the command `list`
    std::size_t command = 0;               // which of the commands
};

// Parses it for these commands, the first of which is the default. nullopt in the result: all is
// done (help, version), and printed on stdout. The error names the argument that is wrong.
Result<std::optional<CommandLine>> parse_command_line(const std::vector<Command>& commands,
                                                      int argc, const char* const* argv);

}  // namespace saker::cli
