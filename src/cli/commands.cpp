// SPDX-License-Identifier: Apache-2.0
#include "cli/check.h"
#include "cli/command.h"
#include "cli/list.h"
#include "cli/run.h"

namespace saker::cli {

std::vector<Command> commands() {
    return {run_command(), check_command(), list_command()};
}

}  // namespace saker::cli
