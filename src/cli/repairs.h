// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace saker::cli {

// When the process table is read anew from /proc, since records that it lives on were lost. The
// thread that reads the rings does that, and with tens of thousands of processes it takes seconds,
// in which more is lost: so it never gets more than an eleventh of the time. Times are ns of one
// clock.
class Repairs {
public:
    static constexpr std::uint64_t kShortestPause = 1'000'000'000;
    static constexpr std::uint64_t kPauseFactor = 10;

    // Something was lost.
    void want() { wanted_ = true; }
    bool is_due(std::uint64_t now) const { return wanted_ && now >= next_; }
    // It was read. What was lost meanwhile is to be wanted anew.
    void note(std::uint64_t begin, std::uint64_t end) {
        wanted_ = false;
        next_ = end + std::max(kShortestPause, kPauseFactor * (end - begin));
    }

private:
    bool wanted_ = false;
    std::uint64_t next_ = 0;
};

}  // namespace saker::cli
