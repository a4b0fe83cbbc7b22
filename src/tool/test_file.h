// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "filter/vm.h"
#include "rule/source_file.h"
#include "rule/yaml.h"
#include "tool/event_spec.h"
#include "tool/problem.h"
#include "util/result.h"

namespace saker::tool {

// An alert that a case expects.
struct ExpectedAlert {
    struct Field {
        std::string name;
        std::string value;  // as the alert's text shows it; <NA>: it has none
        rule::Place place;
    };
    std::string rule;
    rule::Place place;
    std::vector<Field> output;
    std::optional<std::string> text;  // the whole output
};

struct NamedRule {
    std::string name;
    rule::Place place;
};

// One event and what the rules must say about it. The variants of a case in the file (`also`,
// `unless`) are cases of their own here.
struct Case {
    std::string name;
    rule::Place place;
    EventSpec event;
    std::vector<ExpectedAlert> fires;
    std::vector<NamedRule> silent;
    bool others_silent = false;  // no rule may fire that is not in `fires`
};

// A file of rule tests: docs/rule-tests.md describes the format. A file may also be just an event,
// which is then a case without a name that expects nothing.
struct TestFile {
    std::unique_ptr<rule::SourceFile> source;  // what all places refer to
    std::vector<std::string> rules;            // paths, as they can be opened from here
    filter::MatchMode matching = filter::MatchMode::kAll;
    std::vector<Case> cases;
    std::vector<Problem> problems;  // if there are any, the cases are incomplete
};

// Bound of the cases of one file, variants counted.
inline constexpr std::size_t kMaxCases = 100'000;

// Reads a test file. Whatever is wrong with its contents is in `problems`; the error is that of a
// file that cannot be read.
Result<TestFile> read_test_file(const std::string& path);

// The same from memory; paths of rules files are relative to the folder of `name`.
TestFile parse_test_file(std::string name, std::string text);

}  // namespace saker::tool
