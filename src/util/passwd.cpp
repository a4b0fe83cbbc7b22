// SPDX-License-Identifier: Apache-2.0
#include "util/passwd.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "util/number.h"

namespace saker {
namespace {

// No name or path is longer (PATH_MAX); an entry with a longer field is broken.
constexpr std::size_t kMaxField = 4096;

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
        const auto id =
            count == wanted ? text::parse_number<std::uint32_t>(fields[2]) : std::nullopt;
        if (id && !fields[0].empty() && short_enough) function(*id, fields);
    }
}

template <typename Rows>
void keep_first_of_each_id(Rows& rows) {
    std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.id; });
    const auto again = std::ranges::unique(rows, {}, [](const auto& row) { return row.id; });
    rows.erase(again.begin(), again.end());
    rows.shrink_to_fit();
}

template <typename Rows>
auto find_row(const Rows& rows, std::uint32_t id) -> decltype(rows.data()) {
    const auto found =
        std::ranges::lower_bound(rows, id, {}, [](const auto& row) { return row.id; });
    return found == rows.end() || found->id != id ? nullptr : &*found;
}

}  // namespace

UserTable::UserTable(std::string_view passwd) {
    for_each_entry<7>(passwd, [this](std::uint32_t uid, const auto& fields) {
        rows_.push_back(
            {uid, {std::string(fields[0]), std::string(fields[5]), std::string(fields[6])}});
    });
    keep_first_of_each_id(rows_);
}

const User* UserTable::find(std::uint32_t uid) const {
    const auto* row = find_row(rows_, uid);
    return row == nullptr ? nullptr : &row->user;
}

GroupTable::GroupTable(std::string_view group) {
    for_each_entry<3>(group, [this](std::uint32_t gid, const auto& fields) {
        rows_.push_back({gid, std::string(fields[0])});
    });
    keep_first_of_each_id(rows_);
}

const std::string* GroupTable::find(std::uint32_t gid) const {
    const auto* row = find_row(rows_, gid);
    return row == nullptr ? nullptr : &row->name;
}

}  // namespace saker
