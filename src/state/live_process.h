// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "state/files.h"
#include "state/process.h"

namespace saker::state {

// What changes from moment to moment, and so is in no record: read from /proc (proc(5) describes
// the files) when somebody asks, some 10 µs each time. It is the answer of now, a moment after the
// event. nullopt: the process has ended, or it may not be read. A pid that has been used again
// since is told by its start time. Stateless; any thread may use it.
class LiveProcesses {
public:
    // Descriptors are counted one by one where the kernel does not tell their number (before 6.2),
    // but no more than these.
    static constexpr std::uint64_t kMaxCounted = 65'536;

    // `root` stands in front of /proc.
    explicit LiveProcesses(const std::string& root = "") : proc_(root + "/proc/") {}

    std::optional<std::uint64_t> threads(const Process& process) const;
    std::optional<std::uint64_t> open_files(const Process& process) const;

    // The id that a thread has in its own pid namespace.
    std::optional<std::uint32_t> virtual_tid(const Process& process, std::uint32_t tid) const;

private:
    std::optional<Folder> open(const Process& process, std::uint64_t& threads) const;

    std::string proc_;
};

// The number of threads and the start time (ns of CLOCK_BOOTTIME, rounded down to a clock tick) of
// /proc/PID/stat; nullopt if the text is none.
struct LiveStat {
    std::uint64_t threads = 0;
    std::uint64_t start_time = 0;
};
std::optional<LiveStat> parse_live_stat(std::string_view text);

// The last number of the line NSpid of /proc/PID/status; nullopt if there is none.
std::optional<std::uint32_t> parse_virtual_tid(std::string_view text);

}  // namespace saker::state
