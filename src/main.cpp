// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/command_line.h"
#include "cli/run.h"

int main(int argc, char** argv) {
    const auto line = saker::cli::parse_command_line(argc, argv);
    if (line && !*line) return 0;
    const auto done = line ? saker::cli::run(**line) : std::unexpected(line.error());
    if (done) return 0;
    std::fprintf(stderr, "Error: %s\n", done.error().message.c_str());
    return 1;
}
