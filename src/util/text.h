// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// UTF-8 and the escaping of text that others control. Pure functions, safe from any thread.
namespace saker::text {

// What stands in for bytes that are no UTF-8.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct CodePoint {
    char32_t value = 0;     // U+FFFD where `valid` is false
    std::uint8_t size = 0;  // bytes that it takes; at least 1
    bool valid = false;
};

// The code point at the beginning of `text`, which must not be empty. Overlong forms, surrogates
// and values above U+10FFFF are invalid (RFC 3629, section 3); an invalid one takes the longest
// prefix that could have begun a valid one, so that a cut character is replaced once and not once
// for each byte (The Unicode Standard, section 3.9, "maximal subpart").
CodePoint decode(std::string_view text);

// How many bytes at the beginning are valid UTF-8: text.size() if all are.
std::size_t valid_prefix(std::string_view text);

// The longest prefix of at most `count` code points (invalid bytes count as decode() counts them).
std::string_view first_code_points(std::string_view text, std::size_t count);

// How many code points, counted likewise.
std::size_t count_code_points(std::string_view text);

// True for what append_escaped() hides, though it is valid: controls, line separators, direction.
bool is_hidden(char32_t value);

// Appends `text` escaped as inside a JSON string (RFC 8259, section 7), without quotes. The result
// is valid UTF-8 on one line, and a terminal shows it as it is. Beyond what JSON asks, these are
// written as \uXXXX: DEL and the C1 controls (terminals take U+009B for ESC [), the line and
// paragraph separators (some readers break lines there), and all characters that change the
// direction of writing (they reorder what follows on the screen). Invalid bytes become U+FFFD.
void append_escaped(std::string& out, std::string_view text);

std::string escaped(std::string_view text);

// Appends `text` for people to look at, one character for each: what is hidden or invalid becomes a
// question mark, a tab a blank.
void append_visible(std::string& out, std::string_view text);

std::string visible(std::string_view text);

// Equal but for the case of ASCII letters, whatever the locale.
bool equals_ignore_case(std::string_view a, std::string_view b);

}  // namespace saker::text
