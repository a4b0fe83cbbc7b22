// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/config.h"
#include "rule/loader.h"
#include "util/result.h"

namespace saker::cli {

// The rules files and folders that were `asked` for, or else those of the configuration. Error:
// there are none, and what to do about it. Other rules than those that were named are never run in
// their place.
Result<std::vector<std::string>> chosen_rules(const std::vector<std::string>& asked,
                                              const Config& config);

// Loads the rules files and folders of a configuration, in order, and logs each file with its
// number of rules, and all warnings. If anything is wrong, all errors are logged and the error
// counts them. No files at all are an error too. Outputs have what the configuration adds. The
// rules refer to the configuration's static fields.
Result<rule::RuleSet> load_rules(const Config& config);

// The same with a loader of the caller's, for whoever needs the places of conditions too.
Result<rule::LoadResult> load_rules(const std::vector<std::string>& paths, rule::Loader& loader);

// Adds to the rules' outputs what the configuration says. `fields` are those that the rules were
// loaded with. Error: an addition names what is no field.
Result<void> add_to_outputs(const Config& config, const field::Registry& fields,
                            rule::RuleSet& rules);

// The rule of that name; or the only one that has it in its own, in letters of any case. The error
// names those that might be meant. It is one of `rules`, and lives with them.
Result<const rule::Rule*> find_rule(const rule::RuleSet& rules, const std::string& name);

}  // namespace saker::cli
