// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "batches.h"

namespace saker::bench {

// Some work that no probe can touch, and that keeps several execution units of the processor busy
// at once.
inline void work_on_all_units() {
    static std::array<std::uint64_t, 512> memory;
    std::uint64_t a = 1, b = 2, c = 3, d = 4;
    for (std::size_t i = 0; i < memory.size(); i += 4) {
        a = (a ^ memory[i]) * 0x9e3779b97f4a7c15;
        b = (b + memory[i + 1]) ^ (b >> 7);
        c += memory[i + 2] ^ (c << 3);
        d = (d ^ memory[i + 3]) + (d >> 3);
        memory[i] = a;
        memory[i + 2] = c;
    }
    asm volatile("" ::"r"(b), "r"(d));
}

// How long that takes at the moment, in ns: half as long again while the other half of the core,
// which may belong to another guest of the same machine, has work too. What was measured at
// different paces cannot be compared.
inline double pace() {
    return time_of(work_on_all_units, 200);
}

// A measurement counts if the pace was at most so many times the best one.
inline constexpr double kSlowPace = 1.08;

}  // namespace saker::bench
