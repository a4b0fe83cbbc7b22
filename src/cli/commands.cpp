// SPDX-License-Identifier: Apache-2.0
#include "cli/check.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/lint.h"
#include "cli/list.h"
#include "cli/run.h"
#include "cli/schema.h"
#include "cli/test_rules.h"

namespace saker::cli {

std::vector<Command> commands() {
    return {run_command(),     check_command(), lint_command(),  test_command(),
            explain_command(), list_command(),  schema_command()};
}

}  // namespace saker::cli
