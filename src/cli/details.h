// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "filter/ast.h"
#include "rule/rule.h"

namespace saker::cli {

using Names = std::set<std::string>;

// What a description tells of a condition.
struct ConditionDetails {
    std::string compiled;  // with lists and macros put in
    Names operators;
    Names fields;  // with their arguments
    Names events;  // that it may be about, by what it says of evt.type; none if it has a mistake
};

// Of a rule's condition, which is checked.
ConditionDetails details_of(const filter::Expr& condition);

// Of a macro's, with the macros inside put in; empty after a mistake in one of them.
ConditionDetails details_of(const rule::Macro& macro, const rule::RuleSet& rules);

}  // namespace saker::cli
