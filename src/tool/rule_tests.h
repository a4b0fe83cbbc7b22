// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "rule/loader.h"
#include "tool/coverage.h"
#include "tool/test_file.h"

namespace saker::tool {

struct CaseResult {
    std::string name;
    rule::Place place;
    std::vector<std::string> failures;  // what is not as expected, each perhaps of several lines

    bool passed() const { return failures.empty(); }
};

// What came of one test file. It owns the rules that the coverage speaks of; the test file must
// outlive it.
struct FileResult {
    std::string name;
    std::vector<CaseResult> cases;
    std::vector<std::string> errors;  // of the files: then no case was run
    rule::RuleSet rules;
    std::vector<Coverage> coverage;  // of each rule

    std::size_t failed() const;
};

// Runs all cases of a file: its rules are compiled as the engine compiles them, and run on each
// case's event. Rules that are not enabled are tested too. `rules` are the paths of rules files to
// use in place of those that the file names; empty: its own.
FileResult run_tests(const TestFile& file, const std::vector<std::string>& rules = {});

// The results for people: failed cases with what decided, tests that no case exercised, sums.
std::string to_text(std::span<const FileResult> results);

// The results as JUnit's XML, which CI systems read: a test suite for each file.
std::string to_junit(std::span<const FileResult> results);

}  // namespace saker::tool
