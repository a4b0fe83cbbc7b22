// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rule/loader.h"
#include "util/result.h"

// How `saker check` says what it found. Both forms are interfaces: tools read them.
namespace saker::cli {

// What was found out about one file.
struct FileResult {
    std::string name;
    std::vector<rule::Diagnostic> errors;
    std::vector<rule::Diagnostic> warnings;

    bool good() const { return errors.empty(); }
};

// Each diagnostic goes to the file with its place. `loaded` has none afterwards.
std::vector<FileResult> results_of(rule::LoadResult& loaded);

// `NAME: Ok`, `NAME: Ok, with warnings`, or `NAME: Invalid` and all that was found.
std::string text_of(const std::vector<FileResult>& results);

// All errors and warnings of a file.
std::string report(const FileResult& result);

// An object with the key falco_load_results and, if there are `rules`, falco_describe_results: all
// of them, or the one of that name. Error: there is no rule of that name.
Result<std::string> json_of(const std::vector<FileResult>& results, const rule::RuleSet* rules,
                            const std::string& rule_name);

}  // namespace saker::cli
