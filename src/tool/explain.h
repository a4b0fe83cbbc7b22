// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rule/rule.h"
#include "tool/test_file.h"
#include "util/result.h"

// What a rule comes to: for the people who write it.
namespace saker::tool {

// The condition with lists and macros put in, the types of events that it is about, what is left of
// it for each of them with its bytecode, and what it costs.
std::string explain(const rule::Rule& rule);

// For each case of a test file whether the rule fires, and which tests decided, on which values.
// The rule must have been loaded over given_fields(). The error is a mistake in the file.
Result<std::string> explain_events(const rule::Rule& rule, const TestFile& file);

}  // namespace saker::tool
