// SPDX-License-Identifier: Apache-2.0
#include "cli/explain.h"

#include <cstdio>
#include <memory>
#include <string>

#include "cli/log.h"
#include "cli/rules.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "rule/files.h"
#include "rule/loader.h"
#include "tool/explain.h"
#include "tool/given.h"
#include "tool/test_file.h"

namespace saker::cli {

namespace {

struct Options {
    std::string rule;
    std::string event_file;
    bool live = false;
};

// Over fields whose values can be given, which those of load_rules() cannot.
Result<rule::RuleSet> load(const std::vector<std::string>& paths) {
    const auto files = rule::expand_rule_paths(paths);
    if (!files) return std::unexpected(files.error());
    rule::Loader loader(tool::given_fields());
    for (const std::string& file : *files) loader.add_file(file);
    rule::LoadResult loaded = loader.finish();
    for (const rule::Diagnostic& diagnostic : loaded.diagnostics) {
        if (diagnostic.is_error()) std::fputs(rule::to_text(diagnostic).c_str(), stderr);
    }
    if (loaded.has_errors) return fail("cannot load the rules: the errors are shown above");
    return std::move(loaded.rules);
}

Result<int> show(const Options& options, const CommandLine& line) {
    const auto config = read_config(line);
    if (!config) return std::unexpected(config.error());
    const auto paths = chosen_rules({}, *config);
    if (!paths) return std::unexpected(paths.error());
    const auto rules = load(*paths);
    if (!rules) return std::unexpected(rules.error());
    const auto rule = find_rule(*rules, options.rule);
    if (!rule) return std::unexpected(rule.error());
    if (options.event_file.empty()) {
        std::fputs(tool::explain(**rule).c_str(), stdout);
        return 0;
    }
    const auto file = tool::read_test_file(options.event_file);
    if (!file) return std::unexpected(file.error());
    const auto text = tool::explain_events(**rule, *file);
    if (!text) return std::unexpected(text.error());
    std::fputs(text->c_str(), stdout);
    return 0;
}

Result<int> run(const Options& options, const CommandLine& line) {
    if (!options.live) return show(options, line);
    const auto done = cli::run(line, {.explain = options.rule, .alone = true});
    if (!done) return std::unexpected(done.error());
    return 0;
}

}  // namespace

Command explain_command() {
    const auto options = std::make_shared<Options>();
    return {.name = "explain",
            .help = "Show how a rule is understood, and what decides for an event",
            .options = {{.name = "rule",
                         .target = &options->rule,
                         .help = "Name of the rule",
                         .required = true},
                        {"--event", &options->event_file,
                         "An event, or the cases of a test file (docs/rule-tests.md)", "FILE"},
                        {.name = "--live",
                         .target = &options->live,
                         .help = "Watch with this rule alone, and say of each match what decided",
                         .excludes = "--event"}},
            .run = [options](const CommandLine& line) { return run(*options, line); },
            .watches = true};
}

}  // namespace saker::cli
