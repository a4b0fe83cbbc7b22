// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "container/sources.h"
#include "fmt/core.h"

// A container's own passwd and group. The container writes these files, and everything on the way
// to them: so they are read below its root only, not through mounts that it may have made, and
// are small.
namespace saker::container {

namespace {

constexpr std::size_t kMaxUsersBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxCgroupBytes = std::size_t{16} << 10;

// The text of /proc/PID/cgroup; such files do not tell their size.
std::string read_cgroup(int process) {
    std::string text(kMaxCgroupBytes, '\0');
    const int fd = openat(process, "cgroup", O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? 0 : ::read(fd, text.data(), text.size());
    if (fd >= 0) close(fd);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
}

// The root of a process, if it is still one of that container: a pid may have been used again. All
// goes through one descriptor of the process's folder, which stays with the process.
RootFolder root_of_process(const RootFolder& host, std::uint32_t pid, const std::string& id) {
    constexpr auto kStay = RootFolder::Mounts::kStay;
    const int process = host.open_path(fmt::format("/proc/{}", pid), O_DIRECTORY);
    if (process < 0) return RootFolder(-1, kStay);
    int root = -1;
    if (read_cgroup(process).find(id) != std::string::npos) {
        root = openat(process, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
    }
    close(process);
    return RootFolder(root, kStay);
}

bool read_below(const RootFolder& root, Facts& facts) {
    std::string text;
    if (!root.is_open()) return false;
    if (root.read("/etc/passwd", kMaxUsersBytes, text) == ReadStatus::kDone) {
        facts.users.emplace(text);
    }
    if (root.read("/etc/group", kMaxUsersBytes, text) == ReadStatus::kDone) {
        facts.groups.emplace(text);
    }
    return facts.users.has_value() || facts.groups.has_value();
}

}  // namespace

void read_users(Inquiry& inquiry) {
    constexpr auto kStay = RootFolder::Mounts::kStay;
    if (!inquiry.root_path.empty() &&
        read_below(inquiry.root.enter(inquiry.root_path, kStay), inquiry.facts)) {
        return;
    }
    if (inquiry.request.pid == 0) return;
    const std::string& id = inquiry.request.id.full_id;
    read_below(root_of_process(inquiry.root, inquiry.request.pid, id), inquiry.facts);
}

}  // namespace saker::container
