// SPDX-License-Identifier: Apache-2.0
#include "output/statistics.h"

#include <iterator>

#include "fmt/core.h"
#include "util/text.h"

namespace saker::output {

void Statistics::count(const engine::Alert& alert) {
    ++total_;
    ++by_priority_[static_cast<std::size_t>(alert.priority)];
    ++by_rule_[alert.rule];
}

std::string Statistics::summary() const {
    std::string out = fmt::format("Events detected: {}\nRule counts by severity:\n", total_);
    for (std::size_t i = 0; i < by_priority_.size(); ++i) {
        if (by_priority_[i] == 0) continue;
        const auto name = rule::priority_short_name(static_cast<rule::Priority>(i));
        fmt::format_to(std::back_inserter(out), "   {}: {}\n", name, by_priority_[i]);
    }
    out += "Triggered rules by rule name:\n";
    for (const auto& [name, count] : by_rule_) {
        fmt::format_to(std::back_inserter(out), "   {}: {}\n", text::escaped(name), count);
    }
    return out;
}

}  // namespace saker::output
