// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <memory>
#include <string>
#include <vector>

#include "event/operations.h"
#include "probe/gap.h"
#include "probe/requirements.h"
#include "probe/uring.h"
#include "saker/record.h"

namespace saker::probe {

// The first object's maps of these names, which both objects use.
struct SharedMaps {
    int pending_names = -1;
    int uring_held = -1;
    int request_names = -1;
};

// The kernel's second object (bpf/names.bpf.c): programs that note which names of files calls truly
// touch. They are optional, each of them: what this kernel does not have or refuses is a gap, and
// the calls' names are then those that user memory holds. One thread.
class RealNames {
public:
    RealNames();
    RealNames(RealNames&&) noexcept;
    RealNames& operator=(RealNames&&) noexcept;
    ~RealNames();

    // Loads and attaches the programs for those of `events` that touch names, be they
    // calls or requests of io_uring.
    void attach(const std::bitset<SAKER_EVENT_COUNT>& events, const Requirements& requirements,
                const UringPlan& uring, const SharedMaps& maps);
    void detach();

    // The operations whose names are told, and the functions that tell them.
    event::Operations operations() const { return operations_; }
    // Of these the ones of a request of io_uring with that opcode.
    event::Operations operations_of(const UringPlan& uring, std::size_t opcode) const;
    std::vector<std::string> attached() const;
    const std::vector<Gap>& gaps() const { return gaps_; }

private:
    struct Object;
    void load(event::Operations wanted, const Requirements& requirements, const UringPlan& uring,
              const SharedMaps& maps);

    std::unique_ptr<Object> object_;
    event::Operations operations_ = 0;
    std::vector<Gap> gaps_;
};

// The operations of all these events together.
event::Operations operations(const std::bitset<SAKER_EVENT_COUNT>& events);

}  // namespace saker::probe
