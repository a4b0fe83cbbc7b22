// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "state/files.h"
#include "state/process_table.h"
#include "state/procfs.h"
#include "util/number.h"

namespace saker::state {
namespace {

using Found = absl::flat_hash_map<std::uint32_t, std::shared_ptr<Process>>;

// The clock of records (CLOCK_BOOTTIME, ns).
std::uint64_t boot_time() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
}

std::vector<std::uint32_t> list_processes(const std::string& proc) {
    std::vector<std::uint32_t> tgids;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(proc.c_str()), closedir);
    if (folder == nullptr) return tgids;
    while (const dirent* entry = readdir(folder.get())) {
        const auto tgid = text::parse_number<std::uint32_t>(entry->d_name);
        if (tgid) tgids.push_back(*tgid);
    }
    return tgids;
}

Found read_all(const std::string& proc, const std::vector<std::uint32_t>& tgids,
               SnapshotResult& result) {
    Found found;
    const Folder folder(proc);
    for (const std::uint32_t tgid : tgids) {
        const Folder of_process(folder, std::to_string(tgid).c_str());
        if (!of_process.is_open()) continue;
        auto process = std::make_shared<Process>();
        const ProcessRead read = read_process(of_process, tgid, *process);
        if (!read.found) continue;
        ++result.processes;
        if (read.denied) ++result.denied;
        found.emplace(tgid, std::move(process));
    }
    return found;
}

// The start of each pid namespace is that of its process 1.
void fill_namespace_starts(Found& found) {
    absl::flat_hash_map<std::uint32_t, std::uint64_t> starts;
    for (const auto& [tgid, process] : found) {
        if (process->facts.vpid == 1) starts[process->facts.ns.pid] = process->facts.start_time;
    }
    for (const auto& [tgid, process] : found) {
        const auto start = starts.find(process->facts.ns.pid);
        if (start != starts.end()) process->facts.pidns_start_time = start->second;
    }
}

// Adds each process after its parent, so that the table can link them. A process is taken out when
// it is first met: no circle of parents, which only a forged /proc could show, lasts.
void add_parents_first(Found& found, ProcessTable& table) {
    std::vector<std::shared_ptr<Process>> chain;
    while (!found.empty()) {
        for (auto next = found.begin(); next != found.end();) {
            const std::uint32_t ptgid = next->second->ptgid;
            chain.push_back(std::move(next->second));
            found.erase(next);
            next = found.find(ptgid);
        }
        for (; !chain.empty(); chain.pop_back()) table.add(std::move(chain.back()));
    }
}

}  // namespace

SnapshotResult take_snapshot(ProcessTable& table, const std::string& root) {
    SnapshotResult result;
    const std::string proc = root + "/proc";
    const std::uint64_t begin = boot_time();
    const std::vector<std::uint32_t> tgids = list_processes(proc);
    Found found = read_all(proc, tgids, result);
    fill_namespace_starts(found);
    add_parents_first(found, table);
    // An empty /proc is not mounted, rather than the end of all processes.
    if (result.processes > 0)
        result.missing = table.end_missing({tgids.begin(), tgids.end()}, begin);
    return result;
}

ProcessTable::Lookup proc_lookup(const std::string& root) {
    return [proc = root + "/proc/"](std::uint32_t tgid, Process& process) {
        const Folder folder(proc + std::to_string(tgid));
        return folder.is_open() && read_process(folder, tgid, process).found;
    };
}

}  // namespace saker::state
