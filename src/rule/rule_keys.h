// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "rule/item.h"
#include "rule/rule.h"

namespace saker::rule {

// The keys of a rule that say what it does, each with what it does to a definition. The whole of a
// definition is the replacement of every key.
struct RuleKey {
    std::string_view key;
    void (*append)(Item& item, RuleDefinition& rule);   // nullptr: cannot be appended to
    void (*replace)(Item& item, RuleDefinition& rule);  // an error if it is missing and must not be
};

std::span<const RuleKey> rule_keys();

}  // namespace saker::rule
