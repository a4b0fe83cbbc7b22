// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace saker::text {

// The whole number that a text is, in decimal digits, of a signed type perhaps with a minus;
// nullopt if anything else is in it, or if the type cannot hold it. Pure, safe from any thread.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [read_to, error] = std::from_chars(begin, end, number);
    if (error != std::errc{} || read_to != end) return std::nullopt;
    return number;
}

}  // namespace saker::text
