// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "event/event.h"
#include "event/kernel_filter.h"
#include "probe/gap.h"
#include "probe/ledger.h"
#include "probe/requirements.h"
#include "saker/record.h"
#include "util/result.h"

namespace saker::probe {

struct ProbeOptions {
    std::bitset<SAKER_EVENT_COUNT>
        events;  // which syscalls are reported; process records always are
    std::size_t bulk_bytes = std::size_t{4} << 20;   // of one bulk ring; a power of two, of pages
    std::size_t vital_bytes = std::size_t{1} << 20;  // of the vital ring; likewise
    unsigned cpus_per_ring = 2;                      // cpus that share a bulk ring
    std::size_t snap_length = 80;                    // bytes of I/O payload, at most SAKER_SNAP_MAX
    // Bytes of arguments and environment together, at most SAKER_ARGS_LIMIT.
    std::size_t args_bytes = SAKER_ARGS_DEFAULT;
    event::KernelFilter filter;  // what is of no use; nothing, by default
};

// The live source of records: loads the BPF object, attaches it, and reads its rings in the order
// of time. One thread. The programs are detached when it is destroyed, or when the process ends in
// whatever way (they hang on links, which are descriptors).
class Probe {
public:
    // Takes one record; the bytes are valid during the call.
    using Handler = std::function<void(event::Bytes)>;

    static Result<Probe> open(const ProbeOptions& options, const Requirements& requirements);

    Probe(Probe&&) noexcept;
    Probe& operator=(Probe&&) noexcept;
    ~Probe();

    // The programs that are attached: names of tracepoints and kernel functions.
    std::vector<std::string> attached() const;
    // What this kernel does not let it see, and what is lost by it: to be logged once.
    std::vector<Gap> gaps() const;
    // Bulk rings and their size in bytes.
    std::size_t rings() const;

    // Gives all records that are there to the handler, in the order of their times. Returns their
    // number.
    std::size_t drain(const Handler& handler);

    // Sleeps until there is something to read, or for the time given. After a drain that found
    // something it naps for kNap, in which nothing wakes it: what comes in a burst (a fork, its
    // execve, its end) pays for one wake-up, under load nothing pays for any, and on an idle
    // machine a record gets one at once.
    void wait(std::chrono::milliseconds timeout);

    static constexpr std::chrono::microseconds kNap{500};

    // No new records after this; what was sent can still be drained.
    void detach();

    Ledger ledger() const;

private:
    struct Impl;
    explicit Probe(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace saker::probe
