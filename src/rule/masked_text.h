// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "rule/yaml.h"

// Bytes that no rules file should have: those that are no UTF-8, which yaml-cpp would replace by
// longer ones (so that all places behind them shift), and NUL.
namespace saker::rule {

// The first one; the size of the text if there is none.
std::size_t find_bad_byte(std::string_view text);

// What to say of one.
YamlError bad_byte(std::string_view text, std::size_t at);

// A text for the parser, with a control character in the place of each bad byte.
struct MaskedText {
    std::string text;
    std::vector<std::size_t> bad;  // offsets, in order
    char mask = '\0';              // stands nowhere else in the text

    // Whether a part of what was parsed has a bad byte.
    bool has_mask(std::string_view part) const;

    // The first bad byte from there on, or the last one. There must be some.
    std::size_t bad_from(std::size_t offset) const;
};

// More bad bytes than that, and a file is something else than a text.
inline constexpr std::size_t kMaxBadBytes = 10'000;

// An error if so much is bad that the rest is not worth a look.
std::expected<MaskedText, YamlError> mask_bad_bytes(std::string_view text);

}  // namespace saker::rule
