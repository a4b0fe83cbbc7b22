// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "filter/ast.h"
#include "rule/mapped_text.h"

namespace saker::rule {

// Where the parts of conditions stand in their files: in the rule, in one of its exceptions, in a
// macro or in what was appended. The files must outlive it. Constant; any thread may read it.
class ConditionPlaces {
public:
    ConditionPlaces() = default;

    // The texts that conditions were parsed from. Spans whose source is less than the number of
    // macros are about a macro's, all others about their rule's own.
    ConditionPlaces(std::vector<MappedText> macros, std::vector<MappedText> rules)
        : macros_(std::move(macros)), rules_(std::move(rules)) {}

    // Of a part of the condition of a rule, by the rule's position in RuleSet::rules. Linear in the
    // length of the text: for what people are shown. Nowhere if nothing is known of that rule.
    Place find(std::size_t rule, const filter::Span& span) const {
        if (span.source < macros_.size()) return macros_[span.source].place(span.offset);
        return rule < rules_.size() ? rules_[rule].place(span.offset) : Place{};
    }

private:
    std::vector<MappedText> macros_;
    std::vector<MappedText> rules_;
};

}  // namespace saker::rule
