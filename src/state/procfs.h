// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "state/files.h"
#include "state/process.h"

namespace saker::state {

// Reading one process from /proc (proc(5) describes the files). All contents are under the control
// of the process that they describe: every read is bounded and every parser takes any bytes.

struct ProcessRead {
    bool found = false;   // false: the process is gone
    bool denied = false;  // something was not allowed to be read, and stays empty
};

// Fills `process` from its folder in /proc; the start time is rounded (Process::start_rounded).
ProcessRead read_process(const Folder& folder, std::uint32_t tgid, Process& process);

// The parsers of single files, each given the file's content; what is missing or broken leaves the
// process as it is.
bool parse_stat(std::string_view text, Process& process);  // false: no such format
void parse_status(std::string_view text, saker_process& facts);
// The path that names the process's cgroup best: the v2 one, unless that is the root; then the v1
// hierarchies that container runtimes always use.
std::string_view choose_cgroup(std::string_view text);
// The soft limit of open files; 0 where it is not found.
std::uint64_t parse_open_files_limit(std::string_view text);

}  // namespace saker::state
