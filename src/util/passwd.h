// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker {

struct User {
    std::string name;
    std::string home;
    std::string shell;
};

// A row for each id of a passwd or group file, sorted by id. Of several lines with one id the first
// counts; lines that are broken, or have a field that is longer than any name or path can be, are
// passed over. Formats: passwd(5), group(5). Immutable.
class UserTable {
public:
    UserTable() = default;
    explicit UserTable(std::string_view passwd);
    const User* find(std::uint32_t uid) const;

private:
    struct Row {
        std::uint32_t id;
        User user;
    };
    std::vector<Row> rows_;
};

class GroupTable {
public:
    GroupTable() = default;
    explicit GroupTable(std::string_view group);
    const std::string* find(std::uint32_t gid) const;

private:
    struct Row {
        std::uint32_t id;
        std::string name;
    };
    std::vector<Row> rows_;
};

}  // namespace saker
