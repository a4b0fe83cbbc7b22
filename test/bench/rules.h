// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rule/rule.h"

// Rules for measurements. Whatever is wrong with them is printed and ends the program with
// status 1.
namespace saker::bench {

rule::RuleSet load_file(const std::string& path);

// `name` is for messages.
rule::RuleSet load_text(const std::string& name, const std::string& text);

}  // namespace saker::bench
