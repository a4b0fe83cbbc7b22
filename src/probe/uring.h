// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event/operations.h"
#include "event/table.h"
#include "probe/kernel_types.h"
#include "saker/record.h"

// How requests of io_uring are read on this kernel, from the table include/saker/uring.def and the
// kernel's own types. Constant data and a pure function.
namespace saker::probe {

// How one of the kernel's workers leads to the request that it does: offsets, for bpf/names.bpf.c.
struct WorkerLayout {
    std::uint32_t worker_in_task = 0;
    std::uint32_t work_in_worker = 0;
    std::uint32_t work_in_request = 0;
    std::uint32_t opcode_in_request = 0;
};

struct UringPlan {
    // By opcode.
    std::array<saker_uring_operation, SAKER_URING_OPERATIONS> operations{};
    std::bitset<SAKER_URING_OPERATIONS> wanted;

    // The programs that fit the kernel's tracepoints, and what they are to know
    // (bpf/uring_request.h).
    bool submit_req = false;  // the tracepoint io_uring_submit_req, or io_uring_submit_sqe
    unsigned submit_argument = 0;
    bool end_has_request = false;
    bool end_has_cqe = false;
    std::uint32_t creds_flag = 0;  // a request's flag: it has credentials of its own
    std::uint32_t node_file = 0;   // offset of a fixed file in its struct io_rsrc_node
    bool overflow = false;         // there is io_uring_cqe_overflow
    // Where the real names of requests can be told: not before Linux 5.18.
    std::optional<WorkerLayout> workers;

    // Operations that are wanted, but whose requests this kernel lays out in an unknown way: they
    // are reported as io_uring_request where that event is wanted, else not at all.
    std::vector<std::string> unreadable;
    // Why nothing can be seen though something is wanted; empty where all is well.
    std::string problem;

    // Whether there is anything to attach.
    bool is_needed() const { return wanted.any() && problem.empty(); }

    // What a request with that opcode does to names of files, if it is wanted.
    event::Operations touches(std::size_t opcode) const;
    event::Operations touches() const;  // all of them together
};

// Whether one of these events can be a request of io_uring: else there is nothing to plan.
bool can_be_requests(const std::bitset<SAKER_EVENT_COUNT>& events);

UringPlan plan_uring(const KernelTypes& types, const std::bitset<SAKER_EVENT_COUNT>& events);

}  // namespace saker::probe
