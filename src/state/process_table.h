// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "event/event.h"
#include "state/process.h"

namespace saker::state {

// All processes, by (tgid, start time), kept up to date by the records of fork, exec, exit and of
// the calls that change credentials, name, session or directory. One thread.
//
// A process that has ended can be found for a grace period (kGraceNs; kShortGraceNs, where hundreds
// end in that time), since records of other rings may come late, and a parent may be told of its
// child when that has ended; and it lives on as the parent of its descendants. Both numbers are
// bounded: of the processes in the table the oldest ended ones go first, then the youngest (so that
// a fork bomb evicts itself, not the daemons that were there before it); of the ended ancestors the
// oldest lose their own ancestors. `evicted()` counts both.
//
// Two precisions of start times meet here. Records have nanoseconds; /proc has clock ticks,
// rounded down. A process from /proc is known by its tgid and tick until its first record comes,
// which gives it its exact key.
class ProcessTable {
public:
    // Looks an unknown process up outside the table (in /proc): fills what it can; false if the
    // process is gone. Called at most once for each unknown process.
    using Lookup = std::function<bool(std::uint32_t tgid, Process& process)>;

    static constexpr std::uint64_t kGraceNs = 10'000'000'000;
    static constexpr std::uint64_t kShortGraceNs = 2'000'000'000;
    static constexpr std::size_t kDefaultLimit = 65536;

    explicit ProcessTable(Lookup lookup, std::size_t limit = kDefaultLimit);
    ~ProcessTable();
    ProcessTable(ProcessTable&&) noexcept;
    ProcessTable& operator=(ProcessTable&&) noexcept;

    // Applies a record to the table and gives its process (for a fork record the child). For an
    // execve that succeeded, the image is new when this returns. Never null. The pointer is valid
    // until the next call.
    const Process* apply(const event::Event& event);

    // Adds a process of the snapshot, linked to its parent if that is known. A process that the
    // table has already only gets what it lacks: a parent, the image of an execve that was lost.
    void add(std::shared_ptr<Process> process);

    // Marks as ended all processes that started before `time` (ns of CLOCK_BOOTTIME) and whose
    // tgid is not in `alive`: the records of their ends were lost. If one of them sends a record
    // nevertheless, it lives again. Returns how many were marked.
    std::size_t end_missing(const absl::flat_hash_set<std::uint32_t>& alive, std::uint64_t time);

    const Process* find(const ProcessKey& key) const;
    // The newest process of that tgid.
    const Process* find(std::uint32_t tgid) const;

    // Calls visit(process) for each process that lives.
    void for_each_alive(const std::function<void(const Process&)>& visit) const;

    std::size_t size() const;
    std::uint64_t evicted() const;
    std::uint64_t unknown() const;  // processes that no record and no look-up described

private:
    struct Tables;
    std::unique_ptr<Tables> tables_;
};

struct SnapshotResult {
    std::size_t processes = 0;
    std::size_t denied = 0;   // processes of which something was not allowed to be read
    std::size_t missing = 0;  // processes of the table that were not there any more
};

// Reads all processes from /proc below `root` (the prefix HOST_ROOT), links them to their parents,
// and marks those as ended that the table has and /proc has not. What may not be read (the
// environment, the executable of other users without CAP_SYS_PTRACE) stays empty. May be taken
// again at any time, to repair the table after losses.
SnapshotResult take_snapshot(ProcessTable& table, const std::string& root = "");

// The Lookup of one process in /proc below `root`.
ProcessTable::Lookup proc_lookup(const std::string& root = "");

}  // namespace saker::state
