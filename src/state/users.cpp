// SPDX-License-Identifier: Apache-2.0
#include "state/users.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ctime>
#include <optional>
#include <string_view>
#include <utility>

#include "state/files.h"

namespace saker::state {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
// No name or path is longer (PATH_MAX); an entry with a longer field is broken.
constexpr std::size_t kMaxField = 4096;

std::int64_t to_ns(const timespec& time) {
    return time.tv_sec * kNsPerSecond + time.tv_nsec;
}

// The coarse clock (a few ms) is exact enough, and cheap enough to be read for every event.
std::int64_t coarse_monotonic_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return to_ns(now);
}

std::optional<std::uint32_t> parse_id(std::string_view text) {
    std::uint32_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return id;
}

// The first `wanted` fields of each well-formed line: name:password:id:...
template <std::size_t wanted, typename Function>
void for_each_entry(std::string_view text, Function function) {
    while (!text.empty()) {
        const auto line_end = text.find('\n');
        std::string_view line = text.substr(0, line_end);
        text.remove_prefix(line_end == text.npos ? text.size() : line_end + 1);

        std::array<std::string_view, wanted> fields;
        std::size_t count = 0;
        for (; count < wanted && line.data() != nullptr; ++count) {
            const auto colon = line.find(':');
            fields[count] = line.substr(0, colon);
            line = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
        }
        const bool short_enough = std::ranges::all_of(
            fields, [](std::string_view field) { return field.size() <= kMaxField; });
        if (count == wanted && !fields[0].empty() && short_enough) function(fields);
    }
}

}  // namespace

Users::Users(const std::string& root) : Users(root, coarse_monotonic_ns) {}

Users::Users(const std::string& root, Clock clock)
    : passwd_path_(root + "/etc/passwd"),
      group_path_(root + "/etc/group"),
      clock_(std::move(clock)) {}

const User* Users::user(std::uint32_t uid) {
    reload_if_changed();
    const auto found = users_.find(uid);
    return found == users_.end() ? nullptr : &found->second;
}

const std::string* Users::group(std::uint32_t gid) {
    reload_if_changed();
    const auto found = groups_.find(gid);
    return found == groups_.end() ? nullptr : &found->second;
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
        load_users();
    }
    if (const Stamp stamp = stamp_of(group_path_); stamp != group_stamp_) {
        group_stamp_ = stamp;
        load_groups();
    }
}

void Users::load_users() {
    users_.clear();
    const std::string text = read_regular_file(passwd_path_, kMaxBytes).value_or("");
    for_each_entry<7>(text, [this](const auto& fields) {
        const auto uid = parse_id(fields[2]);
        if (!uid) return;
        users_.try_emplace(
            *uid, User{std::string(fields[0]), std::string(fields[5]), std::string(fields[6])});
    });
}

void Users::load_groups() {
    groups_.clear();
    const std::string text = read_regular_file(group_path_, kMaxBytes).value_or("");
    for_each_entry<3>(text, [this](const auto& fields) {
        if (const auto gid = parse_id(fields[2])) groups_.try_emplace(*gid, fields[0]);
    });
}

}  // namespace saker::state
