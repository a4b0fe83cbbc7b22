// SPDX-License-Identifier: Apache-2.0
#include "cli/check_report.h"

#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "cli/describe.h"
#include "fmt/core.h"
#include "util/json.h"
#include "util/text.h"

namespace saker::cli {

using rule::Diagnostic;

namespace {

void append_report(std::string& out, std::string_view what, std::span<const Diagnostic> found) {
    if (found.empty()) return;
    fmt::format_to(std::back_inserter(out), "{} {}:\n", found.size(), what);
    for (const Diagnostic& diagnostic : found) out += to_text(diagnostic);
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

}  // namespace

std::vector<FileResult> results_of(rule::LoadResult& loaded) {
    std::vector<FileResult> results(loaded.files.size());
    for (std::size_t i = 0; i < results.size(); ++i) results[i].name = loaded.files[i].name;
    for (Diagnostic& diagnostic : loaded.diagnostics) {
        FileResult& result = results[diagnostic.file];
        (diagnostic.is_error() ? result.errors : result.warnings).push_back(std::move(diagnostic));
    }
    return results;
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

Result<std::string> json_of(const std::vector<FileResult>& results, const rule::RuleSet* rules,
                            const std::string& rule_name) {
    std::string out;
    json::Writer json(out);
    json.begin_object();
    json.key("falco_load_results").begin_array();
    for (const FileResult& result : results) append_json(json, result);
    json.end_array();
    if (rules != nullptr) {
        json.key("falco_describe_results");
        auto done = append_description(json, *rules, rule_name);
        if (!done) return std::unexpected(done.error());
    }
    json.end_object();
    return out + "\n";
}

}  // namespace saker::cli
