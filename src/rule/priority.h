// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace saker::rule {

// How bad it is that a rule fires. The numbers are syslog's (RFC 5424, table 2) and go out with
// alerts: do not change.
enum class Priority : std::uint8_t {
    kEmergency = 0,
    kAlert = 1,
    kCritical = 2,
    kError = 3,
    kWarning = 4,
    kNotice = 5,
    kInformational = 6,
    kDebug = 7,
};

inline constexpr std::size_t kPriorities = 8;

// Capitalised, as alerts show it: "Informational".
std::string_view priority_name(Priority priority);

// Upper case and short, as statistics show it: "INFO".
std::string_view priority_short_name(Priority priority);

// Any case; "info" is also Informational. nullopt: no priority.
std::optional<Priority> parse_priority(std::string_view text);

}  // namespace saker::rule
