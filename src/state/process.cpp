// SPDX-License-Identifier: Apache-2.0
#include "state/process.h"

#include <optional>

namespace saker::state {
namespace {

// Takes the next string off a row of NUL-terminated ones; nullopt at its end.
std::optional<std::string_view> take_string(std::string_view& row) {
    if (row.empty()) return std::nullopt;
    const auto end = row.find('\0');
    const std::string_view string = row.substr(0, end);
    row.remove_prefix(end == row.npos ? row.size() : end + 1);
    return string;
}

}  // namespace

std::string_view Image::argv0() const {
    std::string_view row = args;
    return take_string(row).value_or("");
}

std::string_view Image::variable(std::string_view name) const {
    std::string_view row = env;
    while (const auto entry = take_string(row)) {
        if (entry->starts_with(name) && entry->substr(name.size()).starts_with('=')) {
            return entry->substr(name.size() + 1);
        }
    }
    return {};
}

Process::~Process() {
    std::shared_ptr<Process> next = std::move(parent);
    while (next != nullptr && next.use_count() == 1) next = std::exchange(next->parent, nullptr);
}

}  // namespace saker::state
