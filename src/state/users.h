// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "util/passwd.h"

namespace saker::state {

using saker::User;

// Users and groups of the host by id, from passwd and group files below a root folder (the prefix
// HOST_ROOT; formats: passwd(5), group(5)). Of several entries with one id the first counts. A
// change of the files is seen within a second of the next call. A file that is missing, not
// regular or larger than kMaxBytes has no entries. One thread.
class Users {
public:
    using Clock = std::function<std::int64_t()>;  // ns that never go back

    static constexpr std::int64_t kMaxBytes = 16 * 1024 * 1024;
    static constexpr std::int64_t kCheckIntervalNs = 1'000'000'000;

    // Reads nothing yet: the first call does.
    explicit Users(const std::string& root = "");
    Users(const std::string& root, Clock clock);

    // nullptr where there is none. Valid until the next call.
    const User* user(std::uint32_t uid);
    const std::string* group(std::uint32_t gid);

private:
    // What tells that a file has changed. The time of the inode's change, and not the data's:
    // whoever may write the file can set that one back.
    struct Stamp {
        std::int64_t ctime_ns = 0;
        std::int64_t size = -1;
        std::uint64_t inode = 0;
        bool operator==(const Stamp&) const = default;
    };
    static Stamp stamp_of(const std::string& path);
    void reload_if_changed();

    std::string passwd_path_;
    std::string group_path_;
    Clock clock_;
    Stamp passwd_stamp_;
    Stamp group_stamp_;
    std::int64_t next_check_ns_ = INT64_MIN;
    UserTable users_;
    GroupTable groups_;
};

}  // namespace saker::state
