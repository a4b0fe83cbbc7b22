// SPDX-License-Identifier: Apache-2.0
#include "cli/schema.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "fmt/core.h"

namespace saker::cli {

namespace {

Result<int> print(std::string_view name) {
    const auto all = schemas();
    const auto found = std::ranges::find(all, name, &Schema::name);
    if (found == all.end()) {
        return fail(fmt::format("there is no schema '{}': rules, tests or config", name));
    }
    std::fwrite(found->text.data(), 1, found->text.size(), stdout);
    return 0;
}

}  // namespace

Command schema_command() {
    const auto name = std::make_shared<std::string>();
    return {.name = "schema",
            .help = "Print the JSON schema of rules files, rule tests or the configuration",
            .options = {{.name = "name",
                         .target = name.get(),
                         .help = "rules, tests or config",
                         .required = true}},
            .run = [name](const CommandLine& /*line*/) { return print(*name); }};
}

}  // namespace saker::cli
