// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/command.h"
#include "cli/command_line.h"

int main(int argc, char** argv) {
    const auto commands = saker::cli::commands();
    const auto line = saker::cli::parse_command_line(commands, argc, argv);
    if (line && !*line) return 0;
    const auto status = line ? commands[(*line)->command].run(**line)
                             : saker::Result<int>(std::unexpected(line.error()));
    if (status) return *status;
    std::fprintf(stderr, "Error: %s\n", status.error().message.c_str());
    return 1;
}
