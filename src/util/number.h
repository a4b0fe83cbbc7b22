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
    const char* const all = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), all, number);
    if (error != std::errc{} || end != all) return std::nullopt;
    return number;
}

}  // namespace saker::text
