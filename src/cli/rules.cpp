// SPDX-License-Identifier: Apache-2.0
#include "cli/rules.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "field/field.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "rule/files.h"
#include "rule/loader.h"
#include "spdlog/spdlog.h"

namespace saker::cli {

Result<std::vector<std::string>> chosen_rules(const std::vector<std::string>& asked,
                                              const Config& config) {
    if (!asked.empty()) return asked;
    if (!config.rules_files.empty()) return config.rules_files;
    if (config.missing_rules_files.empty()) {
        return fail(
            "no rules: name rules files with -r, or install them as /etc/saker/saker_rules.yaml");
    }
    return fail(
        fmt::format("no rules: of the configuration's rules_files none is there ({}): correct "
                    "them, or name others with -r",
                    fmt::join(config.missing_rules_files, ", ")));
}

Result<rule::LoadResult> load_rules(const std::vector<std::string>& paths, rule::Loader& loader) {
    const auto files = rule::expand_rule_paths(paths);
    if (!files) return std::unexpected(files.error());
    for (const std::string& file : *files) loader.add_file(file);
    rule::LoadResult result = loader.finish();

    for (const rule::FileSummary& file : result.files) {
        spdlog::info("Rules file {}: {} rules, {} macros, {} lists", file.name, file.rules,
                     file.macros, file.lists);
    }
    for (const rule::Diagnostic& diagnostic : result.diagnostics) {
        spdlog::log(diagnostic.is_error() ? spdlog::level::err : spdlog::level::warn, "{}",
                    rule::to_text(diagnostic));
    }
    if (result.has_errors) {
        const auto errors = std::ranges::count_if(result.diagnostics, &rule::Diagnostic::is_error);
        return fail(fmt::format("cannot load the rules: {} error{}, shown above", errors,
                                errors == 1 ? "" : "s"));
    }
    return result;
}

Result<void> add_to_outputs(const Config& config, const field::Registry& fields,
                            rule::RuleSet& rules) {
    const auto additions = rule::OutputAdditions::compile(config.append_output, fields);
    if (!additions) return std::unexpected(additions.error());
    for (rule::Rule& rule : rules.rules) additions->add_to(rule);
    return {};
}

Result<rule::RuleSet> load_rules(const Config& config) {
    const field::Registry fields = field::Registry::native().with(config.static_fields);
    rule::Loader loader(fields);
    const auto paths = chosen_rules({}, config);
    if (!paths) return std::unexpected(paths.error());
    auto loaded = load_rules(*paths, loader);
    if (!loaded) return std::unexpected(loaded.error());
    if (auto done = add_to_outputs(config, fields, loaded->rules); !done) {
        return std::unexpected(done.error());
    }
    return std::move(loaded->rules);
}

Result<const rule::Rule*> find_rule(const rule::RuleSet& rules, const std::string& name) {
    const auto exact = std::ranges::find(rules.rules, name, &rule::Rule::name);
    if (exact != rules.rules.end()) return &*exact;
    std::vector<const rule::Rule*> similar;
    for (const rule::Rule& rule : rules.rules) {
        if (strcasestr(rule.name.c_str(), name.c_str()) != nullptr) similar.push_back(&rule);
    }
    if (similar.size() == 1) return similar[0];
    std::string text = fmt::format("there is no rule '{}'", name);
    if (similar.empty()) return fail(text + ": `saker list rules -N` names all");
    for (const rule::Rule* rule : similar) text += fmt::format("\n    {}", rule->name);
    return fail(text);
}

}  // namespace saker::cli
