// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rule/rule.h"
#include "util/json.h"

// Descriptions for programs: an object each, with the keys `info` (what the files say) and
// `details` (what came of it). Tools read them.
namespace saker::cli {

void append_rule(json::Writer& json, const rule::Rule& rule);
void append_macro(json::Writer& json, const rule::Macro& macro, const rule::RuleSet& rules);
void append_list(json::Writer& json, const rule::List& list);

// The keys required_engine_version and required_plugin_versions of the object around.
void append_required(json::Writer& json, const rule::RuleSet& rules);

}  // namespace saker::cli
