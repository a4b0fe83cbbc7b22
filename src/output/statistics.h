// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "engine/alert.h"

namespace saker::output {

// Counts alerts, by priority and by rule, for the summary at the end of a run. One thread.
class Statistics {
public:
    void count(const engine::Alert& alert);

    std::uint64_t total() const { return total_; }

    // The summary, a newline at the end of each line. Tools parse it:
    //
    //   Events detected: 3
    //   Rule counts by severity:
    //      WARNING: 2
    //      INFO: 1
    //   Triggered rules by rule name:
    //      Name of a rule: 2
    //      Name of another: 1
    //
    // Priorities from the most severe on, without those that are 0; rules by name.
    std::string summary() const;

private:
    std::uint64_t total_ = 0;
    std::array<std::uint64_t, rule::kPriorities> by_priority_{};
    std::map<std::string, std::uint64_t, std::less<>> by_rule_;
};

}  // namespace saker::output
