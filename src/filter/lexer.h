// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace saker::filter {

// A place in the text of a condition, and the tokens that can be read there. What a token is
// depends on what the grammar expects (`in` is a value in `proc.name = in`), so that the parser
// asks for a kind of token, and nothing is consumed if there is none.
class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    std::size_t offset() const { return offset_; }
    void rewind(std::size_t offset) { offset_ = offset; }
    bool at_end() const { return offset_ == text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[offset_]; }
    bool at_blank() const;

    // Space, tab, backspace, carriage return, newline. False if there was none.
    bool skip_blanks();

    bool accept(char c);

    // `word` where a blank or a parenthesis follows it; just the word is consumed.
    bool accept_word(std::string_view word);

    // Each is empty if there is no such token.
    std::string_view identifier();  // [a-zA-Z][a-zA-Z0-9_]*
    std::string_view field_name();  // identifiers joined by dots, at least two
    std::string_view argument();    // of a field, in its brackets: [^][\"'\s]+
    std::string_view number();      // 0x1f, -12, 1.5, 1e+9
    std::string_view bare_value();  // [^()"'\s=,]+
    std::string_view symbol();      // <= < >= > == = !=

    // A text in quotes, with its escapes replaced; nullopt if there is no quote here. After a
    // broken one, error() says what is wrong and offset() where.
    std::optional<std::string> quoted();
    const std::string& error() const { return error_; }

    // The next few characters, for messages.
    std::string next() const;

private:
    template <typename Predicate>
    std::string_view take_while(Predicate predicate);
    std::string_view take_to(std::size_t end);
    std::size_t skip_digits(std::size_t at) const;
    bool escape(char quote, std::string& text);

    std::string_view text_;
    std::size_t offset_ = 0;
    std::string error_;
};

}  // namespace saker::filter
