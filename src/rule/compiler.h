// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field/field.h"
#include "rule/condition_places.h"
#include "rule/definitions.h"
#include "rule/diagnostics.h"
#include "rule/rule.h"

namespace saker::rule {

// Bound of all conditions together, macros expanded: expressions and constants.
inline constexpr std::size_t kMaxConditionNodes = 2'000'000;

// Definitions -> rules that can run: lists and macros put in, conditions checked, outputs
// compiled. A rule with a mistake is reported and left out. The registry's fields must outlive the
// rules.
struct CompiledRules {
    RuleSet set;
    ConditionPlaces places;
};
CompiledRules compile_rules(const Definitions& definitions, const field::Registry& registry,
                            Diagnostics& diagnostics);

}  // namespace saker::rule
