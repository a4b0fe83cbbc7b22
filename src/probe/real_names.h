// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <memory>
#include <string>
#include <vector>

#include "event/operations.h"
#include "probe/gap.h"
#include "probe/requirements.h"
#include "saker/record.h"

namespace saker::probe {

// The kernel's second object (bpf/names.bpf.c): programs that note which names of files calls truly
// touch. They are optional, each of them: what this kernel does not have or refuses is a gap, and
// the calls' names are then those that user memory holds. One thread.
class RealNames {
public:
    RealNames();
    RealNames(RealNames&&) noexcept;
    RealNames& operator=(RealNames&&) noexcept;
    ~RealNames();

    // Loads and attaches the programs for those of `events` that touch names. `pending` is the
    // first object's map of that name.
    void attach(const std::bitset<SAKER_EVENT_COUNT>& events, const Requirements& requirements,
                int pending);
    void detach();

    // The operations whose names are told, and the functions that tell them.
    event::Operations operations() const { return operations_; }
    std::vector<std::string> attached() const;
    const std::vector<Gap>& gaps() const { return gaps_; }

private:
    struct Object;
    void load(event::Operations wanted, const Requirements& requirements, int pending);

    std::unique_ptr<Object> object_;
    event::Operations operations_ = 0;
    std::vector<Gap> gaps_;
};

// The operations of all these events together.
event::Operations operations(const std::bitset<SAKER_EVENT_COUNT>& events);

}  // namespace saker::probe
