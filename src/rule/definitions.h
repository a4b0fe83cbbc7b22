// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rule/list.h"
#include "rule/macro.h"
#include "rule/rule.h"
#include "rule/version.h"

namespace saker::rule {

// What a file brought, counting definitions and not appends.
struct FileSummary {
    std::string name;
    std::size_t rules = 0;
    std::size_t macros = 0;
    std::size_t lists = 0;
};

// All that was read so far, from all files.
struct Definitions {
    ListTable lists;
    MacroTable macros;
    RuleTable rules;
    Version required_engine;
    std::vector<RequiredPlugin> required_plugins;
    // A file, or a part of one, could not be read: what is missing here may be defined there, and
    // is no mistake of whoever names it.
    bool incomplete = false;
};

}  // namespace saker::rule
