// SPDX-License-Identifier: Apache-2.0
#include "tool/coverage.h"

#include <algorithm>

#include "filter/decide.h"
#include "filter/event_types.h"
#include "filter/lower.h"

namespace saker::tool {

namespace {

// True if the test is the same for all events that the condition can be about.
bool is_constant(const filter::Test& test, const filter::EventTypeSet& types) {
    const filter::Test simple = filter::simplify(test);
    field::Scratch scratch;
    filter::Decider decider(simple, scratch);
    std::optional<bool> first;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (!types[type]) continue;
        const auto truth = decider.decide(type);
        if (!truth || (first && *first != *truth)) return false;
        first = truth;
    }
    return true;
}

// evt.type decides which events come at all; cases of one type say nothing about the others.
bool names_type(const filter::Test& test) {
    return test.lhs.kind == filter::Operand::Kind::kField && test.lhs.use.info->name == "evt.type";
}

}  // namespace

Coverage::Coverage(const rule::Rule& rule) : rule_(&rule) {
    const filter::EventTypeSet types = filter::event_types(*rule.expr).types;
    absl::flat_hash_map<std::string, std::size_t> by_text;
    filter::for_each_test(*rule.expr, [&](const filter::Test& test) {
        const auto [known, added] = by_text.try_emplace(filter::to_text(test), tests_.size());
        if (added) {
            if (!names_type(test) && is_constant(test, types)) {
                known->second = static_cast<std::size_t>(-1);
            } else {
                tests_.push_back({&test});
            }
        }
        if (known->second != static_cast<std::size_t>(-1)) places_.emplace(&test, known->second);
    });
}

void Coverage::note(const filter::Test& test, bool holds) {
    const auto found = places_.find(&test);
    if (found == places_.end()) return;
    Seen& seen = tests_[found->second];
    (holds ? seen.holds : seen.fails) = true;
}

std::size_t Coverage::exercised() const {
    return static_cast<std::size_t>(std::ranges::count_if(tests_, &Seen::exercised));
}

}  // namespace saker::tool
