// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "event/name_filter.h"
#include "probe/gap.h"
#include "probe/real_names.h"
#include "probe/uring.h"
#include "saker/record.h"
#include "util/result.h"

struct bpf_link;     // NOLINT(readability-identifier-naming): libbpf's
struct bpf_map;      // NOLINT(readability-identifier-naming): likewise
struct bpf_program;  // NOLINT(readability-identifier-naming): likewise

namespace saker::probe {

// What of the first object is about requests of io_uring. Pointers into its skeleton.
struct UringParts {
    bpf_program* submit_req;
    bpf_program* submit_sqe;
    bpf_program* complete;
    bpf_program* overflow;
    bpf_map* operations;
    bpf_map* places;
    bpf_map* held;
    bpf_map* names;

    std::array<bpf_program*, 4> programs() const {
        return {submit_req, submit_sqe, complete, overflow};
    }
};

// Requests that are held until they end (bpf/uring_held.h), for each cpu: a power of two.
unsigned held_per_cpu(int cpus);

// The programs that see requests of io_uring. They are optional, all together: where the kernel
// has another io_uring or refuses them, there is a gap instead. One thread.
class UringPrograms {
public:
    // What is wanted of io_uring, and how this kernel is to be asked for it.
    void make_plan(const std::bitset<SAKER_EVENT_COUNT>& events, const KernelTypes& types);
    const UringPlan& plan() const { return plan_; }

    // Which are loaded, and the sizes of their maps: before the object is loaded. `named`: the
    // operations whose real names this kernel can tell.
    void prepare(const UringParts& parts, int cpus, event::Operations named) const;

    // The object cannot be loaded with them: from here on they are not needed.
    void give_up(const std::string& why);

    // Describes the operations to the kernel side, and switches on the wanted ones: both are arrays
    // of its memory, by opcode.
    Result<void> watch(const UringParts& parts, const event::NameFilter& filter,
                       const RealNames& real_names, std::span<__u8> wanted,
                       std::span<__u32> named) const;

    // All or none.
    void attach(const UringParts& parts);
    void detach() { links_.clear(); }

    std::vector<std::string> attached() const;  // names of tracepoints
    const std::vector<Gap>& gaps() const { return gaps_; }

private:
    struct DestroyLink {
        void operator()(bpf_link* link) const;
    };
    using Link = std::unique_ptr<bpf_link, DestroyLink>;

    UringPlan plan_;
    std::vector<std::pair<const bpf_program*, Link>> links_;
    std::vector<Gap> gaps_;
};

}  // namespace saker::probe
