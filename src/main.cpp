// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <expected>
#include <optional>

#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/standard_output.h"

namespace {

// The exit status.
saker::Result<int> run(int argc, const char* const* argv) {
    const auto commands = saker::cli::commands();
    const auto parsed = saker::cli::parse_command_line(commands, argc, argv);
    if (!parsed) return std::unexpected(parsed.error());
    const std::optional<saker::cli::CommandLine>& line = *parsed;
    return line ? commands[line->command].run(*line) : 0;
}

// The same, and an error if what it printed does not arrive.
saker::Result<int> run_and_print(int argc, const char* const* argv) {
    if (auto open = saker::cli::check_standard_output(); !open) {
        return std::unexpected(open.error());
    }
    auto status = run(argc, argv);
    if (!status) return status;
    if (auto printed = saker::cli::flush_standard_output(); !printed) {
        return std::unexpected(printed.error());
    }
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    const auto status = run_and_print(argc, argv);
    if (status) return *status;
    std::fprintf(stderr, "Error: %s\n", status.error().message.c_str());
    return 1;
}
