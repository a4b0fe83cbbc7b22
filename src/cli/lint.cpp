// SPDX-License-Identifier: Apache-2.0
#include "cli/lint.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/log.h"
#include "cli/rules.h"
#include "cli/settings.h"
#include "fmt/core.h"
#include "tool/lint.h"

namespace saker::cli {

namespace {

struct Options {
    std::vector<std::string> files;
    bool json = false;
    bool strict = false;
};

Result<int> run(const Options& options, const CommandLine& line) {
    auto config = read_config(line);
    if (!config) return std::unexpected(config.error());
    start_log(config->output.time_format_iso_8601);
    const field::Registry fields = field::Registry::native().with(config->static_fields);
    rule::Loader loader(fields);
    const auto paths = chosen_rules(options.files, *config);
    if (!paths) return std::unexpected(paths.error());
    const auto loaded = load_rules(*paths, loader);
    if (!loaded) return std::unexpected(loaded.error());
    const bool first = config->rule_matching == filter::MatchMode::kFirst;
    auto findings = tool::lint(*loaded, {.first_match = first});
    tool::drop_silenced(findings);
    const bool json = options.json || config->output.json_output;
    std::string text = json ? tool::to_json(findings) + "\n" : tool::to_text(findings);
    if (!json) {
        text += fmt::format("{} rules, {} findings\n", loaded->rules.rules.size(), findings.size());
    }
    std::fputs(text.c_str(), stdout);
    return options.strict && !findings.empty() ? 1 : 0;
}

}  // namespace

Command lint_command() {
    const auto options = std::make_shared<Options>();
    return {.name = "lint",
            .help = "Look for rules that cannot fire, shadow each other, or can be evaded",
            .options = {{"files", &options->files, "Rules files and folders; as -r", "PATH"},
                        {"--json", &options->json, "Write the findings as JSON"},
                        {"--strict", &options->strict, "Exit with 1 if there are any"}},
            .run = [options](const CommandLine& line) { return run(*options, line); }};
}

}  // namespace saker::cli
