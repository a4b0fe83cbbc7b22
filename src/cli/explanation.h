// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/alert.h"
#include "field/context.h"
#include "rule/rule.h"

namespace saker::cli {

// Why a rule matches the event of a context, under the name that the context shows. For
// engine::EngineOptions::explain. It evaluates the condition once more, test by test: many
// times the price of an event, so for alerts only.
engine::Explanation explanation_of(const rule::Rule& rule, const field::Context& context);

}  // namespace saker::cli
