// SPDX-License-Identifier: Apache-2.0
#include "cli/check.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cli/check_report.h"
#include "cli/describe.h"
#include "cli/log.h"
#include "cli/rules.h"
#include "cli/settings.h"
#include "field/field.h"
#include "rule/files.h"
#include "rule/loader.h"
#include "spdlog/spdlog.h"

namespace saker::cli {

namespace {

// Folders stand for their files. What cannot be read stays: the loader says so of it.
std::vector<std::string> files_of(const std::vector<std::string>& paths) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        auto found = rule::expand_rule_paths({path});
        if (found) {
            std::ranges::move(*found, std::back_inserter(files));
        } else {
            files.push_back(path);
        }
    }
    return files;
}

// What a person is shown: results on stdout, and what is doubtful in good files on stderr.
Result<void> show_text(const std::vector<FileResult>& results, const rule::RuleSet* rules,
                       const std::string& rule_name) {
    for (const FileResult& result : results) {
        if (!result.good() || result.warnings.empty()) continue;
        spdlog::warn("{}: Ok, with warnings\n{}", result.name, report(result));
    }
    std::fputs(text_of(results).c_str(), stdout);
    if (rules == nullptr) return {};
    const auto text = description_text(*rules, rule_name);
    if (!text) return std::unexpected(text.error());
    std::fputs(("\n" + *text).c_str(), stdout);
    return {};
}

Result<void> show_json(const std::vector<FileResult>& results, const rule::RuleSet* rules,
                       const std::string& rule_name) {
    const auto out = json_of(results, rules, rule_name);
    if (!out) return std::unexpected(out.error());
    std::fputs(out->c_str(), stdout);
    return {};
}

Result<int> run(const CommandLine& line, const std::vector<std::string>& paths) {
    const auto config = read_config(line);
    if (!config) return std::unexpected(config.error());
    start_log(config->output.time_format_iso_8601);
    const auto chosen = chosen_rules(paths, *config);
    if (!chosen) return std::unexpected(chosen.error());

    const field::Registry fields = field::Registry::native().with(config->static_fields);
    rule::Loader loader(fields);
    const std::vector<std::string> files = files_of(*chosen);
    if (files.empty()) return fail("no rules files to check: the folders have none");
    for (const std::string& file : files) loader.add_file(file);
    rule::LoadResult loaded = loader.finish();
    if (auto done = add_to_outputs(*config, fields, loaded.rules); !done) {
        return std::unexpected(done.error());
    }
    const std::vector<FileResult> results = results_of(loaded);

    // -V together with -L or -l.
    const bool described = !loaded.has_errors && line.list.topic == "rules";
    const auto show = config->output.json_output ? show_json : show_text;
    const auto done = show(results, described ? &loaded.rules : nullptr, line.list.name);
    if (!done) return std::unexpected(done.error());
    return loaded.has_errors ? 1 : 0;
}

}  // namespace

Command check_command() {
    const auto files = std::make_shared<std::vector<std::string>>();
    return {.name = "check",
            .help = "Say of rules files whether they are right",
            .options = {{"files", files.get(), "Rules files and folders, in order"}},
            .run = [files](const CommandLine& line) {
                return run(line, files->empty() ? line.check_files : *files);
            }};
}

}  // namespace saker::cli
