// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>

namespace saker::bench {

inline constexpr int kBatches = 21;

// How long it takes to do `work`, in ns: the median of some batches of so many times each. It
// leaves out those in which others had the cpu, if a batch takes less than a time slice.
template <typename Work>
double time_of(Work work, int times) {
    using Clock = std::chrono::steady_clock;
    std::array<double, kBatches> batches;
    for (double& batch : batches) {
        const auto start = Clock::now();
        for (int i = 0; i < times; ++i) work();
        const std::chrono::duration<double, std::nano> time = Clock::now() - start;
        batch = time.count() / times;
    }
    const auto middle = batches.begin() + kBatches / 2;
    std::ranges::nth_element(batches, middle);
    return *middle;
}

}  // namespace saker::bench
