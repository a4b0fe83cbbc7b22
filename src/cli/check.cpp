// SPDX-License-Identifier: Apache-2.0
#include "cli/check.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/describe.h"
#include "cli/log.h"
#include "cli/settings.h"
#include "field/field.h"
#include "fmt/format.h"
#include "rule/files.h"
#include "rule/loader.h"
#include "spdlog/spdlog.h"
#include "util/text.h"

namespace saker::cli {

namespace {

using rule::Diagnostic;

// What was found out about one file.
struct FileResult {
    std::string name;
    std::vector<Diagnostic> errors;
    std::vector<Diagnostic> warnings;

    bool good() const { return errors.empty(); }
};

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

std::vector<FileResult> results_of(rule::LoadResult& loaded) {
    std::vector<FileResult> results(loaded.files.size());
    for (std::size_t i = 0; i < results.size(); ++i) results[i].name = loaded.files[i].name;
    for (Diagnostic& diagnostic : loaded.diagnostics) {
        FileResult& result = results[diagnostic.file];
        (diagnostic.is_error() ? result.errors : result.warnings).push_back(std::move(diagnostic));
    }
    return results;
}

void append_report(std::string& out, std::string_view what, std::span<const Diagnostic> found) {
    if (found.empty()) return;
    fmt::format_to(std::back_inserter(out), "{} {}:\n", found.size(), what);
    for (const Diagnostic& diagnostic : found) out += to_text(diagnostic);
}

std::string report(const FileResult& result) {
    std::string out;
    append_report(out, "Errors", result.errors);
    append_report(out, "Warnings", result.warnings);
    return out;
}

std::string text_of(const std::vector<FileResult>& results) {
    std::string out;
    for (const FileResult& result : results) {
        out += text::visible(result.name) + ": ";
        if (!result.good()) {
            out += "Invalid\n" + report(result);
        } else {
            out += result.warnings.empty() ? "Ok\n" : "Ok, with warnings\n";
        }
    }
    return out;
}

// What a schema of the file's structure would say: nothing else than the loader.
bool is_about_structure(const Diagnostic& diagnostic) {
    return diagnostic.code == rule::Code::kErrYamlValidate ||
           diagnostic.code == rule::Code::kUnknownItem ||
           diagnostic.code == rule::Code::kUnknownKey;
}

void append_all(json::Writer& json, std::string_view key, const std::vector<Diagnostic>& found) {
    json.key(key).begin_array();
    for (const Diagnostic& diagnostic : found) append_json(json, diagnostic);
    json.end_array();
}

void append_json(json::Writer& json, const FileResult& result) {
    std::vector<std::string> schema;
    for (const auto* found : {&result.errors, &result.warnings}) {
        for (const Diagnostic& diagnostic : *found) {
            if (is_about_structure(diagnostic)) schema.push_back(diagnostic.message);
        }
    }
    json.begin_object();
    json.key("name").string(result.name);
    json.key("successful").boolean(result.good());
    json.key("schema_valid").boolean(schema.empty());
    json.key("schema_warnings").begin_array();
    for (const std::string& message : schema) json.string(message);
    json.end_array();
    append_all(json, "errors", result.errors);
    append_all(json, "warnings", result.warnings);
    json.end_object();
}

// `described`: with a description of all rules, or of one (-V with -L or -l).
Result<std::string> json_of(const std::vector<FileResult>& results, const rule::RuleSet& rules,
                            const ListOptions& list, bool described) {
    std::string out;
    json::Writer json(out);
    json.begin_object();
    json.key("falco_load_results").begin_array();
    for (const FileResult& result : results) append_json(json, result);
    json.end_array();
    if (described) {
        json.key("falco_describe_results");
        auto done = append_description(json, rules, list.name);
        if (!done) return std::unexpected(done.error());
    }
    json.end_object();
    return out + "\n";
}

Result<int> run(const CommandLine& line, std::vector<std::string> paths) {
    const auto config = read_config(line);
    if (!config) return std::unexpected(config.error());
    start_log(config->output.time_format_iso_8601);
    if (paths.empty()) paths = config->rules_files;
    if (paths.empty()) return fail("no rules files to check: name some");

    rule::Loader loader(field::Registry::native());
    for (const std::string& file : files_of(paths)) loader.add_file(file);
    rule::LoadResult loaded = loader.finish();
    const std::vector<FileResult> results = results_of(loaded);

    const bool described = !loaded.has_errors && line.list.topic == "rules";
    if (config->output.json_output) {
        auto out = json_of(results, loaded.rules, line.list, described);
        if (!out) return std::unexpected(out.error());
        std::fputs(out->c_str(), stdout);
    } else {
        for (const FileResult& result : results) {
            if (!result.good() || result.warnings.empty()) continue;
            spdlog::warn("{}: Ok, with warnings\n{}", result.name, report(result));
        }
        std::fputs(text_of(results).c_str(), stdout);
        if (described) {
            const auto text = description_text(loaded.rules, line.list.name);
            if (!text) return std::unexpected(text.error());
            std::fputs(("\n" + *text).c_str(), stdout);
        }
    }
    return loaded.has_errors ? 1 : 0;
}

}  // namespace

Command check_command() {
    const auto files = std::make_shared<std::vector<std::string>>();
    return {.name = "check",
            .help = "Say of rules files whether they are right",
            .add_options =
                [files](CLI::App& app) {
                    app.add_option("files", *files, "Rules files and folders, in order");
                },
            .run =
                [files](const CommandLine& line) {
                    return run(line, files->empty() ? line.check_files : *files);
                }};
}

}  // namespace saker::cli
