// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <expected>
#include <optional>

#include "cli/command.h"
#include "cli/command_line.h"

namespace {

// The exit status.
saker::Result<int> run(int argc, const char* const* argv) {
    const auto commands = saker::cli::commands();
    const auto parsed = saker::cli::parse_command_line(commands, argc, argv);
    if (!parsed) return std::unexpected(parsed.error());
    const std::optional<saker::cli::CommandLine>& line = *parsed;
    return line ? commands[line->command].run(*line) : 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto status = run(argc, argv);
    if (status) return *status;
    std::fprintf(stderr, "Error: %s\n", status.error().message.c_str());
    return 1;
}
