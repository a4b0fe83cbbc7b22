// SPDX-License-Identifier: Apache-2.0
#include "rule/masked_text.h"

#include <algorithm>

#include "util/text.h"

namespace saker::rule {
namespace {

// All offsets, or one more than there may be.
std::vector<std::size_t> find_bad_bytes(std::string_view text) {
    std::vector<std::size_t> bad;
    for (std::size_t at = find_bad_byte(text); at < text.size() && bad.size() <= kMaxBadBytes;) {
        const text::CodePoint point = text::decode(text.substr(at));
        const bool good = point.valid && point.value != 0;
        for (const std::size_t end = at + point.size; at < end; ++at) {
            if (!good) bad.push_back(at);
        }
    }
    return bad;
}

}  // namespace

std::size_t find_bad_byte(std::string_view text) {
    return std::min({text::valid_prefix(text), text.find('\0'), text.size()});
}

YamlError bad_byte(std::string_view text, std::size_t at) {
    return {text[at] == '\0' ? "NUL byte: not UTF-8 text" : "not UTF-8", at};
}

bool MaskedText::has_mask(std::string_view part) const {
    return !bad.empty() && part.find(mask) != part.npos;
}

std::size_t MaskedText::bad_from(std::size_t offset) const {
    const auto found = std::ranges::lower_bound(bad, offset);
    return found == bad.end() ? bad.back() : *found;
}

std::expected<MaskedText, YamlError> mask_bad_bytes(std::string_view text) {
    MaskedText masked{std::string(text), find_bad_bytes(text)};
    if (masked.bad.empty()) return masked;
    constexpr std::string_view kControls = "\x01\x02\x03\x05\x06\x0E\x0F\x10\x11\x12";
    const std::size_t unused = kControls.find_first_not_of(text);
    if (unused == kControls.npos || masked.bad.size() > kMaxBadBytes) {
        return std::unexpected(bad_byte(text, masked.bad[0]));
    }
    masked.mask = kControls[unused];
    for (const std::size_t at : masked.bad) masked.text[at] = masked.mask;
    return masked;
}

}  // namespace saker::rule
