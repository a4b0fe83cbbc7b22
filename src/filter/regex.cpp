// SPDX-License-Identifier: Apache-2.0
#include "filter/regex.h"

#include <cstddef>

namespace saker::filter {
namespace {

RE2::Options options() {
    RE2::Options options;
    options.set_posix_syntax(true);
    options.set_perl_classes(true);  // \d \s \w
    options.set_word_boundary(true);
    options.set_dot_nl(true);
    options.set_one_line(true);
    options.set_log_errors(false);
    return options;
}

bool is_continuation(unsigned char byte) {
    return (byte & 0xc0) == 0x80;
}

// Bytes of the UTF-8 character that `text` begins with; 0 if it begins with none (RFC 3629: no
// overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t character_size(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned lead = at(0);
    const unsigned next = at(1);
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4 || !is_continuation(static_cast<unsigned char>(next))) return 0;
    if (lead < 0xe0) return 2;
    if ((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next > 0x9f)) return 0;
    if ((lead == 0xf0 && next < 0x90) || (lead == 0xf4 && next > 0x8f)) return 0;
    if (!is_continuation(static_cast<unsigned char>(at(2)))) return 0;
    if (lead < 0xf0) return 3;
    return is_continuation(static_cast<unsigned char>(at(3))) ? 4 : 0;
}

// The length of the valid beginning of a text.
std::size_t valid_size(std::string_view text) {
    std::size_t valid = 0;
    while (valid < text.size()) {
        const std::size_t size = character_size(text.substr(valid));
        if (size == 0) break;
        valid += size;
    }
    return valid;
}

std::string_view sanitized(std::string_view text, field::Scratch& scratch) {
    constexpr std::string_view kReplacement = "\xef\xbf\xbd";
    char* copy = scratch.bytes(text.size() * kReplacement.size());
    char* end = copy;
    while (!text.empty()) {
        const std::size_t valid = valid_size(text);
        end += text.copy(end, valid);
        text.remove_prefix(valid);
        if (text.empty()) break;
        end += kReplacement.copy(end, kReplacement.size());
        text.remove_prefix(1);
    }
    return {copy, static_cast<std::size_t>(end - copy)};
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

std::shared_ptr<const RE2> make_regex(std::string_view pattern) {
    return std::make_shared<const RE2>(piece(pattern), options());
}

std::optional<std::string> regex_error(std::string_view pattern) {
    const RE2 regex(piece(pattern), options());
    if (regex.ok()) return std::nullopt;
    // RE2 looks for a character behind a '-' that ends the pattern, and calls what is not there bad
    // UTF-8. What is wrong is the set that the '-' stands in.
    if (regex.error_code() == RE2::ErrorBadUTF8 && valid_size(pattern) == pattern.size()) {
        return "missing ]: " + std::string(pattern);
    }
    return regex.error();
}

bool matches(const RE2& regex, std::string_view text, field::Scratch& scratch) {
    if (valid_size(text) != text.size()) text = sanitized(text, scratch);
    return RE2::FullMatch(piece(text), regex);
}

}  // namespace saker::filter
