// SPDX-License-Identifier: Apache-2.0
#include "state/live_process.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "state/process_map.h"
#include "util/number.h"

namespace saker::state {
namespace {

constexpr std::size_t kSmallFile = 4096;  // a page holds stat on any machine

// Counts what a folder holds, up to a bound; nullopt if it cannot be read.
std::optional<std::uint64_t> count_entries(int folder, std::uint64_t most) {
    const int fd = openat(folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    DIR* entries = fdopendir(fd);
    if (entries == nullptr) {
        close(fd);
        return std::nullopt;
    }
    std::uint64_t count = 0;
    while (count < most) {
        const dirent* entry = readdir(entries);
        if (entry == nullptr) break;
        count += entry->d_name[0] != '.' ? 1 : 0;
    }
    closedir(entries);
    return count;
}

}  // namespace

std::optional<LiveStat> parse_live_stat(std::string_view text) {
    constexpr std::size_t kThreads = 20;  // numbers of the fields in proc(5)
    constexpr std::size_t kStartTime = 22;
    std::size_t at = text.rfind(')');  // the name may hold anything
    if (at == text.npos) return std::nullopt;
    std::uint64_t threads = 0;  // told before the start time
    for (std::size_t field = 3; field <= kStartTime; ++field) {
        const std::size_t begin = text.find(' ', at);
        if (begin == text.npos) return std::nullopt;
        at = std::min(text.find_first_of(" \n", begin + 1), text.size());
        if (field != kThreads && field != kStartTime) continue;
        const auto number =
            text::parse_number<std::uint64_t>(text.substr(begin + 1, at - begin - 1));
        if (!number) return std::nullopt;
        if (field == kStartTime) return LiveStat{threads, *number * kClockTickNs};
        threads = *number;
    }
    return std::nullopt;
}

std::optional<std::uint32_t> parse_virtual_tid(std::string_view text) {
    constexpr std::string_view kName = "\nNSpid:";
    const std::size_t begin = text.find(kName);
    if (begin == text.npos) return std::nullopt;
    std::string_view line = text.substr(begin + kName.size());
    line = line.substr(0, line.find('\n'));
    return text::parse_number<std::uint32_t>(line.substr(line.find_last_of(" \t") + 1));
}

std::optional<Folder> LiveProcesses::open(const Process& process, std::uint64_t& threads) const {
    Folder folder(proc_ + std::to_string(process.key.tgid));
    std::string content;
    if (!folder.is_open() || folder.read("stat", kSmallFile, content) != ProcRead::kDone) {
        return std::nullopt;
    }
    const auto stat = parse_live_stat(content);
    if (!stat || stat->start_time != round_to_tick(process.key.start_time)) return std::nullopt;
    threads = stat->threads;
    return folder;
}

std::optional<std::uint64_t> LiveProcesses::threads(const Process& process) const {
    std::uint64_t threads = 0;
    if (!open(process, threads)) return std::nullopt;
    return threads;
}

std::optional<std::uint64_t> LiveProcesses::open_files(const Process& process) const {
    std::uint64_t threads = 0;
    const auto folder = open(process, threads);
    if (!folder) return std::nullopt;
    struct stat status{};
    if (fstatat(folder->fd(), "fd", &status, 0) != 0) return std::nullopt;
    // Since 6.2 the size of the folder is the number of descriptors; 0 before, and where there is
    // none.
    if (status.st_size > 0) return static_cast<std::uint64_t>(status.st_size);
    // None at all has a process that is about to end.
    const auto count = count_entries(folder->fd(), kMaxCounted);
    return count == 0 ? std::nullopt : count;
}

std::optional<std::uint32_t> LiveProcesses::virtual_tid(const Process& process,
                                                        std::uint32_t tid) const {
    std::uint64_t threads = 0;
    const auto folder = open(process, threads);
    if (!folder) return std::nullopt;
    std::string content;
    const std::string name = "task/" + std::to_string(tid) + "/status";
    if (folder->read(name.c_str(), kStatusBytes, content) != ProcRead::kDone) return std::nullopt;
    return parse_virtual_tid(content);
}

}  // namespace saker::state
