// SPDX-License-Identifier: Apache-2.0
#include "filter/lexer.h"

#include <utility>

namespace saker::filter {
namespace {

// <cctype> depends on the locale; conditions do not.
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\b' || c == '\r' || c == '\n';
}
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_word(char c) {
    return is_letter(c) || is_digit(c) || c == '_';
}
constexpr bool is_bare(char c) {
    return !is_blank(c) && std::string_view("()\"'=,").find(c) == std::string_view::npos;
}
constexpr bool is_argument(char c) {
    return !is_blank(c) && std::string_view("[]\"'").find(c) == std::string_view::npos;
}

constexpr int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A backslash before a blank stands for a backslash, and the blank is gone, as in Falco: a public
// rule asks `proc.args contains "\ "` for a backslash in an argument.
constexpr std::pair<char, char> kEscapes[] = {{'b', '\b'}, {'f', '\f'}, {'n', '\n'},  {'r', '\r'},
                                              {'t', '\t'}, {'/', '/'},  {'\\', '\\'}, {' ', '\\'}};

}  // namespace

bool Lexer::at_blank() const {
    return !at_end() && is_blank(text_[offset_]);
}

template <typename Predicate>
std::string_view Lexer::take_while(Predicate predicate) {
    std::size_t end = offset_;
    while (end < text_.size() && predicate(text_[end])) ++end;
    return take_to(end);
}

std::string_view Lexer::take_to(std::size_t end) {
    const std::string_view token = text_.substr(offset_, end - offset_);
    offset_ = end;
    return token;
}

bool Lexer::skip_blanks() {
    return !take_while(is_blank).empty();
}

bool Lexer::accept(char c) {
    if (peek() != c || at_end()) return false;
    ++offset_;
    return true;
}

bool Lexer::accept_word(std::string_view word) {
    if (!text_.substr(offset_).starts_with(word)) return false;
    const std::size_t end = offset_ + word.size();
    if (end == text_.size() || (!is_blank(text_[end]) && text_[end] != '(')) return false;
    offset_ = end;
    return true;
}

std::string_view Lexer::identifier() {
    return is_letter(peek()) ? take_while(is_word) : std::string_view{};
}

std::string_view Lexer::field_name() {
    const std::size_t begin = offset_;
    if (identifier().empty()) return {};
    std::size_t parts = 1;
    while (peek() == '.') {
        const std::size_t dot = offset_++;
        if (identifier().empty()) {
            offset_ = dot;
            break;
        }
        ++parts;
    }
    const std::size_t end = offset_;
    offset_ = begin;
    return parts > 1 ? take_to(end) : std::string_view{};
}

std::string_view Lexer::argument() {
    return take_while(is_argument);
}

std::string_view Lexer::bare_value() {
    return take_while(is_bare);
}

std::size_t Lexer::skip_digits(std::size_t at) const {
    while (at < text_.size() && is_digit(text_[at])) ++at;
    return at;
}

std::string_view Lexer::number() {
    const std::string_view rest = text_.substr(offset_);
    if ((rest.starts_with("0x") || rest.starts_with("0X")) && rest.size() > 2 &&
        hex_digit(rest[2]) >= 0) {
        std::size_t end = offset_ + 2;
        while (end < text_.size() && hex_digit(text_[end]) >= 0) ++end;
        return take_to(end);
    }
    const bool sign = peek() == '+' || peek() == '-';
    const std::size_t digits = offset_ + (sign ? 1 : 0);
    std::size_t end = skip_digits(digits);
    if (end == digits) return {};
    if (end < text_.size() && text_[end] == '.') end = skip_digits(end + 1);
    if (end + 2 < text_.size() && (text_[end] == 'e' || text_[end] == 'E') &&
        (text_[end + 1] == '+' || text_[end + 1] == '-') && is_digit(text_[end + 2])) {
        end = skip_digits(end + 2);
    }
    return take_to(end);
}

std::string_view Lexer::symbol() {
    for (const std::string_view candidate : {"<=", ">=", "==", "!=", "<", ">", "="}) {
        if (text_.substr(offset_).starts_with(candidate)) {
            return take_to(offset_ + candidate.size());
        }
    }
    return {};
}

// Escapes are read from left to right, so that "a\\" ends at its last quote. (Falco 0.44 takes any
// quote after a backslash for an escaped one; what it reads then is an error in nearly all cases.)
std::optional<std::string> Lexer::quoted() {
    const char quote = peek();
    if (quote != '"' && quote != '\'') return std::nullopt;
    const std::size_t begin = offset_++;
    std::string text;
    while (!at_end()) {
        const char c = text_[offset_];
        if (c == quote) {
            ++offset_;
            return text;
        }
        ++offset_;
        if (c != '\\') {
            text += c;
        } else if (!escape(quote, text)) {
            return std::nullopt;
        }
    }
    offset_ = begin;
    error_ = "string without a closing quote";
    return std::nullopt;
}

// Reads what follows a backslash.
bool Lexer::escape(char quote, std::string& text) {
    const std::size_t backslash = offset_ - 1;
    const char c = peek();
    if (c == quote) {
        text += c;
        ++offset_;
        return true;
    }
    for (const auto& [letter, meaning] : kEscapes) {
        if (c != letter) continue;
        text += meaning;
        ++offset_;
        return true;
    }
    const std::string_view digits = text_.substr(offset_, 3);
    if (c == 'x' && digits.size() == 3 && hex_digit(digits[1]) >= 0 && hex_digit(digits[2]) >= 0) {
        const int code = hex_digit(digits[1]) * 16 + hex_digit(digits[2]);
        text += static_cast<char>(code);
        offset_ += 3;
        if (code != 0) return true;
        error_ = "a string must not contain a NUL character";
    } else {
        error_ = "unsupported string escape sequence '" +
                 std::string(text_.substr(backslash, at_end() ? 1 : 2)) + "'";
    }
    offset_ = backslash;
    return false;
}

std::string Lexer::next() const {
    constexpr std::size_t kShown = 20;
    if (at_end()) return "end";
    const std::string_view rest = text_.substr(offset_);
    std::size_t end = 1;
    while (end < rest.size() && end < kShown && is_word(rest[0]) && is_bare(rest[end])) ++end;
    return "'" + std::string(rest.substr(0, end)) + "'";
}

}  // namespace saker::filter
