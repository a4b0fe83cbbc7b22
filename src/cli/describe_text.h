// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rule/rule.h"

// Descriptions for people: a name, and some lines below it.
namespace saker::cli {

void append_text(std::string& out, const rule::Rule& rule);
void append_text(std::string& out, const rule::Macro& macro, const rule::RuleSet& rules);
void append_text(std::string& out, const rule::List& list);

}  // namespace saker::cli
