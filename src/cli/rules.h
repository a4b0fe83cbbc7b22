// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rule/rule.h"
#include "util/result.h"

namespace saker::cli {

// Loads rules files and folders, in order, and logs each file with its number of rules, and all
// warnings. If anything is wrong, all errors are logged and the error counts them. No paths
// at all are an error too.
Result<rule::RuleSet> load_rules(const std::vector<std::string>& paths);

}  // namespace saker::cli
