// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/list.h"
#include "rule/rule.h"
#include "util/json.h"

namespace saker::cli {

// The topics of `saker list` that load rules: those of the configuration or of -r. With a name,
// only the one of that name; that there is none is an error. Rules that cannot be loaded are an
// error too, after the log has said why.
Result<int> list_rules(const ListRequest& request);
Result<int> list_macros(const ListRequest& request);
Result<int> list_lists(const ListRequest& request);

// All that is known of rules, with macros and lists, as an object with the keys
// required_engine_version, required_plugin_versions, rules, macros, lists; with the name of a rule,
// only `rules` with that one. This is also what list_rules prints as JSON. Error: there is no rule
// of that name.
Result<void> append_description(json::Writer& json, const rule::RuleSet& rules,
                                const std::string& rule_name);

// The same as text, without what is only for programs.
Result<std::string> description_text(const rule::RuleSet& rules, const std::string& rule_name);

}  // namespace saker::cli
