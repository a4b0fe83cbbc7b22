// SPDX-License-Identifier: Apache-2.0
#include "cli/explanation.h"

#include <utility>

#include "tool/decision.h"
#include "tool/value_text.h"

namespace saker::cli {

engine::Explanation explanation_of(const rule::Rule& rule, const field::Context& context) {
    engine::Explanation explanation{context.names == field::NameView::kReal, {}};
    for (tool::Reason& reason : tool::decide(*rule.expr, context, {}).reasons) {
        explanation.reasons.push_back(
            {tool::short_text(*reason.test), reason.holds, std::move(reason.value)});
    }
    return explanation;
}

}  // namespace saker::cli
