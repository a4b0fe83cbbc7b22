// SPDX-License-Identifier: Apache-2.0
#include "rule/priority.h"

#include "util/text.h"

namespace saker::rule {
namespace {

struct Names {
    std::string_view name;
    std::string_view short_name;
};

constexpr Names kNames[kPriorities] = {
    {"Emergency", "EMERGENCY"}, {"Alert", "ALERT"},   {"Critical", "CRITICAL"},  {"Error", "ERROR"},
    {"Warning", "WARNING"},     {"Notice", "NOTICE"}, {"Informational", "INFO"}, {"Debug", "DEBUG"},
};

}  // namespace

std::string_view priority_name(Priority priority) {
    return kNames[static_cast<std::size_t>(priority)].name;
}

std::string_view priority_short_name(Priority priority) {
    return kNames[static_cast<std::size_t>(priority)].short_name;
}

std::optional<Priority> parse_priority(std::string_view text) {
    for (std::size_t i = 0; i < kPriorities; ++i) {
        if (text::equals_ignore_case(text, kNames[i].name) ||
            text::equals_ignore_case(text, kNames[i].short_name)) {
            return static_cast<Priority>(i);
        }
    }
    return std::nullopt;
}

}  // namespace saker::rule
