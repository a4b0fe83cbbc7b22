// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker::filter {

// A shell pattern, with the meaning that fnmatch() without flags gives it in the C locale: `*` and
// `?` match slashes too, `[a-z]` `[!a-z]` `[[:alpha:]]` and backslashes as in POSIX (but not the
// collating elements `[.x.]` and `[=x=]`, which are single characters there anyway). fnmatch()
// itself may take exponential time on a text that a process chose; this takes at most the product
// of the two lengths, and does not allocate. Immutable.
class Glob {
public:
    // With `ignore_case`, ASCII letters match both ways.
    explicit Glob(std::string_view pattern, bool ignore_case = false);

    bool matches(std::string_view text) const;
    const std::string& pattern() const { return pattern_; }
    bool ignores_case() const { return ignore_case_; }

    // The longest run of plain characters, which each text that matches has in it; of those that
    // are equally long, the first. Empty if there is none, or where the case does not matter.
    struct Literal {
        std::string text;
        bool at_begin = false;  // each text begins with it
        bool at_end = false;    // each text ends with it
    };
    const Literal& required() const { return required_; }

    // True if the text has a character that is special in a pattern.
    static bool is_pattern(std::string_view text);

private:
    using Bytes = std::bitset<256>;
    struct Element {
        enum class Kind : std::uint8_t { kByte, kAny, kSet, kStar };
        Kind kind;
        unsigned char byte = 0;  // kByte
        std::uint32_t set = 0;   // kSet: index in sets_
    };

    std::size_t read_set(std::string_view rest);
    void add_byte(unsigned char byte);
    bool fits(const Element& element, unsigned char byte) const;
    Literal longest_literal() const;

    std::string pattern_;
    bool ignore_case_;
    bool impossible_ = false;  // ends with a backslash: matches nothing
    Literal required_;
    std::vector<Element> elements_;
    std::vector<Bytes> sets_;
};

}  // namespace saker::filter
