// SPDX-License-Identifier: Apache-2.0
#include "util/text.h"

#include <algorithm>

namespace saker::text {
namespace {

// The forms of RFC 3629, section 4: a range of first bytes, how many bytes follow, and the range
// of the second byte (which is where overlong forms, surrogates and too large values show).
struct Form {
    std::uint8_t first_low;
    std::uint8_t first_high;
    std::uint8_t size;
    std::uint8_t second_low;
    std::uint8_t second_high;
};

constexpr Form kForms[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

const Form* form_of(std::uint8_t first) {
    for (const Form& form : kForms) {
        if (first >= form.first_low && first <= form.first_high) return &form;
    }
    return nullptr;
}

CodePoint invalid(std::size_t size) {
    return {0xFFFD, static_cast<std::uint8_t>(size), false};
}

struct Range {
    char32_t first;
    char32_t last;
};

// Code points that are valid, but not shown as they are.
constexpr Range kHidden[] = {
    {0x0000, 0x001F},  // C0 controls
    {0x007F, 0x009F},  // DEL, C1 controls
    {0x061C, 0x061C},  // direction marks, embeddings, overrides and isolates: Bidi_Control
    {0x200E, 0x200F}, {0x202A, 0x202E},
    {0x2066, 0x2069}, {0x2028, 0x2029},  // line and paragraph separator
};

constexpr bool is_plain(std::uint8_t byte) {
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

// The second character of a two-character escape; 0: there is none.
constexpr char short_escape(char32_t value) {
    switch (value) {
        case '"':
            return '"';
        case '\\':
            return '\\';
        case '\b':
            return 'b';
        case '\f':
            return 'f';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        default:
            return 0;
    }
}

// All hidden code points are below U+10000: no surrogate pairs.
void append_hex_escape(std::string& out, char32_t value) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(value >> shift) & 0xF];
}

void append_code_point(std::string& out, std::string_view bytes, const CodePoint& point) {
    if (!point.valid) {
        out += kReplacement;
    } else if (const char escape = short_escape(point.value)) {
        out += '\\';
        out += escape;
    } else if (is_hidden(point.value)) {
        append_hex_escape(out, point.value);
    } else {
        out += bytes;
    }
}

}  // namespace

CodePoint decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    if (byte(0) < 0x80) return {byte(0), 1, true};
    const Form* form = form_of(byte(0));
    if (form == nullptr) return invalid(1);
    char32_t value = byte(0) & (0xFFu >> (form->size + 1));
    for (std::size_t i = 1; i < form->size; ++i) {
        if (i == text.size()) return invalid(i);
        const std::uint8_t low = i == 1 ? form->second_low : 0x80;
        const std::uint8_t high = i == 1 ? form->second_high : 0xBF;
        if (byte(i) < low || byte(i) > high) return invalid(i);
        value = value << 6 | (byte(i) & 0x3Fu);
    }
    return {value, form->size, true};
}

std::size_t valid_prefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const CodePoint point = decode(text.substr(at));
        if (!point.valid) break;
        at += point.size;
    }
    return at;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; count > 0 && at < text.size(); --count) at += decode(text.substr(at)).size;
    return text.substr(0, at);
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) at += decode(text.substr(at)).size;
    return count;
}

bool is_hidden(char32_t value) {
    for (const Range& range : kHidden) {
        if (value >= range.first && value <= range.last) return true;
    }
    return false;
}

void append_escaped(std::string& out, std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && is_plain(static_cast<std::uint8_t>(text[end]))) ++end;
        out += text.substr(at, end - at);
        if (end == text.size()) return;
        const CodePoint point = decode(text.substr(end));
        append_code_point(out, text.substr(end, point.size), point);
        at = end + point.size;
    }
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_escaped(out, text);
    return out;
}

void append_visible(std::string& out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text.substr(at));
        if (point.value == '\t') {
            out += ' ';
        } else if (!point.valid || is_hidden(point.value)) {
            out += '?';
        } else {
            out += text.substr(at, point.size);
        }
        at += point.size;
    }
}

std::string visible(std::string_view text) {
    std::string out;
    append_visible(out, text);
    return out;
}

bool equals_ignore_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace saker::text
