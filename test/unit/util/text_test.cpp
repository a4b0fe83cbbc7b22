// SPDX-License-Identifier: Apache-2.0
#include "util/text.h"

#include <string>
#include <string_view>

#include "catch.h"

using namespace std::string_view_literals;
namespace text = saker::text;

TEST_CASE("decode knows valid UTF-8 from invalid") {
    struct Row {
        std::string_view bytes;
        char32_t value;
        int size;
        bool valid;
    };
    const Row rows[] = {
        {"a", U'a', 1, true},
        {"\0"sv, 0, 1, true},
        {"\x7F", 0x7F, 1, true},
        {"\xC2\x80", 0x80, 2, true},
        {"\xC3\xA9x", U'é', 2, true},
        {"\xE2\x82\xAC", U'€', 3, true},
        {"\xED\x9F\xBF", 0xD7FF, 3, true},
        {"\xEE\x80\x80", 0xE000, 3, true},
        {"\xF0\x9F\xA6\x85", 0x1F985, 4, true},
        {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4, true},
        {"\x80", 0xFFFD, 1, false},              // continuation alone
        {"\xC0\xAF", 0xFFFD, 1, false},          // overlong
        {"\xC1\x81", 0xFFFD, 1, false},          // overlong
        {"\xE0\x80\x80", 0xFFFD, 1, false},      // overlong
        {"\xED\xA0\x80", 0xFFFD, 1, false},      // surrogate
        {"\xF4\x90\x80\x80", 0xFFFD, 1, false},  // above U+10FFFF
        {"\xF5", 0xFFFD, 1, false},
        {"\xFF", 0xFFFD, 1, false},
        {"\xE2\x82", 0xFFFD, 2, false},  // cut
        {"\xE2\x82g", 0xFFFD, 2, false},
        {"\xF0\x9F\xA6", 0xFFFD, 3, false},
        {"\xC3", 0xFFFD, 1, false},
    };
    for (const Row& row : rows) {
        CAPTURE(text::escaped(row.bytes));
        const text::CodePoint point = text::decode(row.bytes);
        CHECK(point.value == row.value);
        CHECK(static_cast<int>(point.size) == row.size);
        CHECK(point.valid == row.valid);
    }
}

TEST_CASE("escaped text stays on its line and off the terminal") {
    struct Row {
        std::string_view in;
        std::string_view out;
    };
    const Row rows[] = {
        {"", ""},
        {"plain /etc/shadow 100%", "plain /etc/shadow 100%"},
        {"say \"hi\"", "say \\\"hi\\\""},
        {"a\\b", "a\\\\b"},
        {"\b\f\n\r\t", "\\b\\f\\n\\r\\t"},
        {"\0x"sv, "\\u0000x"},
        {"\x1B[31mred", "\\u001b[31mred"},
        {"\x1F", "\\u001f"},
        {"del\x7F", "del\\u007f"},
        {"\xC2\x9B"
         "31m",
         "\\u009b31m"},  // C1: CSI in one character
        {"\xC2\x80\xC2\x9F", "\\u0080\\u009f"},
        {"\xC2\xA0", "\xC2\xA0"},  // no-break space is no control
        {"\xE2\x80\xA8\xE2\x80\xA9", "\\u2028\\u2029"},
        {"\xE2\x80\xAE"
         "gpj.exe",
         "\\u202egpj.exe"},  // right-to-left override
        {"\xE2\x81\xA6\xE2\x81\xA9", "\\u2066\\u2069"},
        {"\xE2\x80\x8F\xD8\x9C", "\\u200f\\u061c"},
        {"\xE2\x80\xA7\xE2\x80\xAF", "\xE2\x80\xA7\xE2\x80\xAF"},  // their neighbours
        {"caf\xC3\xA9 \xF0\x9F\xA6\x85", "caf\xC3\xA9 \xF0\x9F\xA6\x85"},
        {"\xFF\xFE", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"a\xE2\x82z", "a\xEF\xBF\xBDz"},  // one for a cut character
        {"\x9B"
         "31m",
         "\xEF\xBF\xBD"
         "31m"},  // CSI of an 8-bit terminal
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (const Row& row : rows) {
        CHECK(text::escaped(row.in) == row.out);
    }
}

TEST_CASE("escaped text of any bytes is valid UTF-8 without controls") {
    std::string all;
    for (int high = 0; high < 256; ++high) {
        for (int low = 0; low < 256; ++low) {
            all += static_cast<char>(high);
            all += static_cast<char>(low);
        }
    }
    const std::string out = text::escaped(all);
    CHECK(text::valid_prefix(out) == out.size());
    for (const char c : out) REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
}

TEST_CASE("escaping appends") {
    std::string out = "before ";
    text::append_escaped(out, "\n");
    CHECK(out == "before \\n");
}

TEST_CASE("valid_prefix ends before the first invalid byte") {
    CHECK(text::valid_prefix("") == 0);
    CHECK(text::valid_prefix("caf\xC3\xA9") == 5);
    CHECK(text::valid_prefix("caf\xC3") == 3);
}

TEST_CASE("code points are cut and counted whole") {
    CHECK(text::first_code_points("\xC3\xA9t\xC3\xA9", 2) == "\xC3\xA9t");
    CHECK(text::first_code_points("ab", 5) == "ab");
    CHECK(text::first_code_points("ab", 0).empty());
    CHECK(text::count_code_points("\xC3\xA9t\xC3\xA9") == 3);
    CHECK(text::count_code_points("\xFF\xFF") == 2);
}

TEST_CASE("equals_ignore_case folds ASCII letters only") {
    CHECK(text::equals_ignore_case("WaRning", "wArning"));
    CHECK_FALSE(text::equals_ignore_case("a", "ab"));
    CHECK_FALSE(text::equals_ignore_case("@", "`"));
    CHECK_FALSE(text::equals_ignore_case("[", "{"));
}
