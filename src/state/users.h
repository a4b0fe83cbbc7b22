// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace saker::state {

struct User {
    std::string name;
    std::string home;
    std::string shell;
};

// Users and groups of the host by id, from passwd and group files below a root folder (the prefix
// HOST_ROOT). Read again, at most once a second, when an id is unknown or a file has changed.
// One thread.
class Users {
public:
    explicit Users(std::string root = "");

    // nullptr where there is none. Valid until the next call.
    const User* user(std::uint32_t uid);
    const std::string* group(std::uint32_t gid);

private:
    struct Stamp {
        std::int64_t mtime_ns = 0;
        std::int64_t size = -1;
        bool operator==(const Stamp&) const = default;
    };
    void reload_if_changed();

    std::string passwd_path_;
    std::string group_path_;
    Stamp passwd_stamp_;
    Stamp group_stamp_;
    std::int64_t checked_at_ns_ = 0;
    absl::flat_hash_map<std::uint32_t, User> users_;
    absl::flat_hash_map<std::uint32_t, std::string> groups_;
};

}  // namespace saker::state
