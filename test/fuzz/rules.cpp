// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "filter/compile.h"
#include "filter/event_types.h"
#include "rule/loader.h"
#include "targets.h"

namespace saker::fuzz {

namespace {

constexpr event::EventType kTypes[] = {SAKER_EVENT_openat, SAKER_EVENT_execve, SAKER_EVENT_connect};

void compile(const rule::RuleSet& rules) {
    std::vector<filter::RuleCondition> conditions;
    for (const rule::Rule& rule : rules.rules) {
        conditions.push_back({static_cast<std::uint32_t>(conditions.size()), rule.expr.get()});
    }
    for (const event::EventType type : kTypes) filter::compile(type, conditions);
}

}  // namespace

void rules(Input input) {
    rule::Loader loader(field::Registry::native());
    loader.add_text("fuzz.yaml", std::string(as_text(input)));
    const rule::LoadResult result = loader.finish();
    for (const rule::Diagnostic& diagnostic : result.diagnostics) rule::to_text(diagnostic);
    compile(result.rules);
}

}  // namespace saker::fuzz
