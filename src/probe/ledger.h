// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "saker/record.h"

namespace saker::probe {

// What became of the records. When the probe has been stopped and drained,
// produced = consumed + lost, for each class; while it runs, some are still under way.
struct Ledger {
    struct Class {
        std::uint64_t produced = 0;  // by the kernel side
        std::uint64_t consumed = 0;  // given to the handler
        std::uint64_t lost = 0;      // the ring was full

        bool balanced() const { return produced == consumed + lost; }
    };
    std::array<Class, SAKER_RING_CLASSES> classes{};
    std::uint64_t unnamed = 0;   // records that lack a real name that they should have
    std::uint64_t filtered = 0;  // not sent, since no rule can want them; not in `produced`
    std::uint64_t bytes = 0;     // in records
    // Runs of a program that came while another was under way on the same processor, and told
    // nothing: left out by the kernel, or by the program itself. Not in `produced`.
    std::uint64_t missed = 0;
    std::uint64_t vital_missed = 0;  // of them those of starts, ends and moves of processes

    std::uint64_t produced() const { return classes[0].produced + classes[1].produced; }
    std::uint64_t consumed() const { return classes[0].consumed + classes[1].consumed; }
    std::uint64_t lost() const { return classes[0].lost + classes[1].lost; }
};

}  // namespace saker::probe
