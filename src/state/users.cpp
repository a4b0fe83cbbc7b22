// SPDX-License-Identifier: Apache-2.0
#include "state/users.h"

#include <sys/stat.h>

#include <ctime>
#include <utility>

#include "state/files.h"

namespace saker::state {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

std::int64_t to_ns(const timespec& time) {
    return time.tv_sec * kNsPerSecond + time.tv_nsec;
}

// The coarse clock (a few ms) is exact enough, and cheap enough to be read for every event.
std::int64_t coarse_monotonic_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return to_ns(now);
}

}  // namespace

Users::Users(const std::string& root) : Users(root, coarse_monotonic_ns) {}

Users::Users(const std::string& root, Clock clock)
    : passwd_path_(root + "/etc/passwd"),
      group_path_(root + "/etc/group"),
      clock_(std::move(clock)) {}

const User* Users::user(std::uint32_t uid) {
    reload_if_changed();
    return users_.find(uid);
}

const std::string* Users::group(std::uint32_t gid) {
    reload_if_changed();
    return groups_.find(gid);
}

Users::Stamp Users::stamp_of(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) return {};
    return {to_ns(status.st_ctim), status.st_size, status.st_ino};
}

void Users::reload_if_changed() {
    const std::int64_t now = clock_();
    if (now < next_check_ns_) return;
    next_check_ns_ = now + kCheckIntervalNs;
    if (const Stamp stamp = stamp_of(passwd_path_); stamp != passwd_stamp_) {
        passwd_stamp_ = stamp;
        users_ = UserTable(read_regular_file(passwd_path_, kMaxBytes).value_or(""));
    }
    if (const Stamp stamp = stamp_of(group_path_); stamp != group_stamp_) {
        group_stamp_ = stamp;
        groups_ = GroupTable(read_regular_file(group_path_, kMaxBytes).value_or(""));
    }
}

}  // namespace saker::state
