// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "util/result.h"

namespace saker::rule {

// Rules files as they are named on the command line and in the configuration: a file stands for
// itself, whatever its name; a folder for the files in it (not below it) whose names end in .yaml
// or .yml, sorted by name. What does not exist is an error.
Result<std::vector<std::string>> expand_rule_paths(const std::vector<std::string>& paths);

// The whole of a file. Errors: unreadable, no regular file or pipe, larger than kMaxFileSize.
Result<std::string> read_rules_file(const std::string& path);

}  // namespace saker::rule
