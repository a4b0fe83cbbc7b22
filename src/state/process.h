// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "event/event.h"
#include "saker/record.h"

namespace saker::state {

// The key of a process: pids are used again, a pid with its start time is not.
struct ProcessKey {
    std::uint32_t tgid = 0;
    std::uint64_t start_time = 0;  // ns of CLOCK_BOOTTIME, of the thread group's leader
    friend bool operator==(const ProcessKey&, const ProcessKey&) = default;
    template <typename H>
    friend H AbslHashValue(H hash, const ProcessKey& key) {
        return H::combine(std::move(hash), key.tgid, key.start_time);
    }
};

// A descriptor's type and name as fields show them (file, ipv4, ...; a path, a tuple).
struct StdioFd {
    std::string type;
    std::string name;
};

// What an execve (or the snapshot) said about a program image. Shared by the processes that were
// forked from it: a fork costs no copy.
//
// `args` and `env` are rows of strings, each ended by a NUL; the last may lack it (it was cut).
struct Image {
    std::string exe_path;         // walked by the kernel, "/usr/bin/cat"
    std::string filename;         // as execve was given it; empty in a snapshot
    std::string args;             // argv from argv[0], as far as it was captured
    std::string env;              // likewise
    std::uint64_t args_size = 0;  // real sizes in bytes; 0: not known
    std::uint64_t env_size = 0;
    std::uint64_t exe_ino = 0;
    std::uint64_t exe_ctime = 0;  // ns since the epoch
    std::uint64_t exe_mtime = 0;
    std::uint32_t exe_dev = 0;  // as the kernel has it: major << 20 | minor
    std::uint32_t flags = 0;    // SAKER_EXE_*
    std::array<StdioFd, 3> stdio;

    std::string_view argv0() const;
    // The value of an environment variable; empty if it is not set.
    std::string_view variable(std::string_view name) const;
};

// How many generations of ancestors fields without an index show, and the table keeps of those that
// have ended. init is rarely further away; how many there are is the watched processes' choice, and
// each holds an image.
inline constexpr std::size_t kMaxGenerations = 64;

// One process. Owned by the table and by its children (a child keeps its parents as long as it
// lives, so that ancestors can be named after they have ended). Written by the table's thread.
struct Process {
    ProcessKey key;
    // At fork; never changed by re-parenting. Null above the last that is kept.
    std::shared_ptr<Process> parent;
    std::shared_ptr<const Image> image;
    std::string comm;
    std::string cwd;     // without a slash at its end, but for "/"
    std::string cgroup;  // path in its hierarchy; empty: not known
    std::uint64_t cgroup_id = 0;
    std::uint64_t exec_time = 0;  // ns of CLOCK_BOOTTIME of the last execve; 0: none was seen
    std::uint64_t end_time = 0;   // 0: lives
    std::uint32_t ptgid = 0;      // the real parent now
    // key.start_time comes from /proc, which rounds it down to clock ticks: no record has it so.
    bool start_rounded = false;
    saker_process facts{};  // as of fork, exec or snapshot, kept up to date by later events

    // Lets go of the ancestors one by one: their number is the watched processes' choice, and one
    // destructor inside the other would use up the stack.
    ~Process();
};

}  // namespace saker::state
