// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "event/event.h"
#include "state/process.h"

namespace saker::state {

// All processes, by (tgid, start time), kept up to date by the records of fork, exec, exit and of
// the calls that change credentials, name, session or directory. One thread.
//
// A process that has ended stays until its last descendant has ended, and in any case for a grace
// period (kGraceNs), since records of other rings may come late. The number of processes is
// bounded; the oldest ended ones go first, and `evicted()` counts.
class ProcessTable {
public:
    // Looks an unknown process up outside the table (in /proc): fills what it can; false if the
    // process is gone. Called at most once for each unknown process.
    using Lookup = std::function<bool(std::uint32_t tgid, Process& process)>;

    static constexpr std::uint64_t kGraceNs = 2'000'000'000;
    static constexpr std::size_t kDefaultLimit = 65536;

    explicit ProcessTable(Lookup lookup, std::size_t limit = kDefaultLimit);

    // Applies a record to the table and gives its process (for a fork record the child). For an
    // execve that succeeded, the image is new when this returns. Never null. The pointer is valid
    // until the next call.
    const Process* apply(const event::Event& event);

    // Adds a process of the snapshot unless it is already known.
    void add(std::shared_ptr<Process> process);

    const Process* find(const ProcessKey& key) const;
    // The newest process of that tgid.
    const Process* find(std::uint32_t tgid) const;

    std::size_t size() const;
    std::uint64_t evicted() const;
    std::uint64_t unknown() const;  // processes that no record and no look-up described

private:
    struct Tables;
    std::shared_ptr<Tables> tables_;
};

// Reads all processes from /proc below `root` (the prefix HOST_ROOT) and links them to their
// parents. What may not be read (the environment, the executable of other users without
// CAP_SYS_PTRACE) stays empty. Returns how many processes had such a gap.
struct SnapshotResult {
    std::size_t processes = 0;
    std::size_t denied = 0;
};
SnapshotResult take_snapshot(ProcessTable& table, const std::string& root = "");

// The Lookup of one process in /proc below `root`.
ProcessTable::Lookup proc_lookup(const std::string& root = "");

}  // namespace saker::state
