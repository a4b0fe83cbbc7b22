// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rule/loader.h"

namespace saker::tool {

// What lint looks for. The names are what rules files silence findings with.
enum class LintCode : std::uint8_t {
    kShadowedRule,
    kNeverTrue,
    kAlwaysTrue,
    kDeadException,
    kEvadableName,
    kForgottenSibling,
};

struct LintInfo {
    LintCode code;
    std::string_view name;
    std::string_view description;
    std::string_view suggestion;
};

// A row for each, in the order of LintCode.
std::span<const LintInfo> lint_codes();
const LintInfo& info(LintCode code);

// Something that a rule's author should look at.
struct Finding {
    LintCode code{};
    std::string rule;
    std::string file;
    rule::Position position;  // of what it is about: a term of the condition, or the rule's name
    std::string rule_file;    // another one if the term stands in a macro
    rule::Position rule_position;  // of the rule's name
    std::string message;           // what exactly, in words
};

struct LintOptions {
    bool first_match = true;  // rule_matching: first, under which rules can shadow each other
};

// Looks at all rules, also those that are not enabled. What it says of conditions is proved
// (tool/prover.h); what it says about names and calls is advice. Sorted by file and place. The
// rules' loader must still be there.
std::vector<Finding> lint(const rule::LoadResult& loaded, const LintOptions& options);

// Drops the findings that a comment in the rules files silences: `# lint: allow CODE`, directly
// above the rule or anywhere in it; or above or in the macro that the term stands in. Reads the
// files again; what cannot be read silences nothing.
void drop_silenced(std::vector<Finding>& findings);

// For people: `file:line:column: CODE: rule 'X': message`, and a suggestion.
std::string to_text(const std::vector<Finding>& findings);
// An array of objects: code, rule, file, line, column, message, suggestion.
std::string to_json(const std::vector<Finding>& findings);

}  // namespace saker::tool
