// SPDX-License-Identifier: Apache-2.0
#include "filter/regex.h"

#include <string>
#include <string_view>

#include "catch.h"

namespace saker::filter {
namespace {

bool found(std::string_view pattern, std::string_view text) {
    field::Scratch scratch;
    return matches(*make_regex(pattern), text, scratch);
}

}  // namespace

TEST_CASE("a regular expression matches the whole text") {
    CHECK(found("a+", "aaa"));
    CHECK_FALSE(found("a+", "aab"));
    CHECK_FALSE(found("a", "ba"));
    CHECK(found("a|bc", "bc"));
    CHECK(found("^a$", "a"));
    CHECK(found("", ""));
    CHECK(found("[[:digit:]]{2}", "42"));
    CHECK(found("\\d\\d", "42"));
}

TEST_CASE("a newline does not hide the rest of a name") {
    CHECK(found(".*shadow", "/x\n/etc/shadow"));
    CHECK_FALSE(found("a", "a\nb"));
}

TEST_CASE("bytes that are not UTF-8 are characters") {
    using namespace std::string_view_literals;
    for (const std::string_view middle : {"\xff"sv, "\xc3"sv, "\x80"sv, "\xc0"sv, "\0"sv,
                                          "\xc3\xa4"sv, "\xe2\x82\xac"sv, "\xf0\x9f\xa6\x85"sv}) {
        INFO(middle);
        CHECK(found("a.b", "a" + std::string(middle) + "b"));
        CHECK(found("a.b.*", "a" + std::string(middle) + "b\xff"));
    }
    // Overlong, a surrogate, too large, cut off: not one character, but several.
    for (const std::string_view middle :
         {"\xc0\x80"sv, "\xe0\x80\x80"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xe2\x82"sv}) {
        CHECK_FALSE(found("a.b", "a" + std::string(middle) + "b"));
        CHECK(found("a.+b", "a" + std::string(middle) + "b"));
    }
}

TEST_CASE("a broken expression is told from a good one") {
    CHECK_FALSE(regex_error("a(b)*").has_value());
    CHECK(regex_error("a(b").has_value());
    CHECK(regex_error("*a").has_value());
    CHECK(regex_error("(?i)a").has_value());  // not POSIX
    CHECK(regex_error("[a") == "missing ]: [a");
    CHECK(regex_error("[a-") == "missing ]: [a-");
    CHECK(regex_error("\xff")->starts_with("invalid UTF-8"));
}

TEST_CASE("hostile texts take linear time") {
    CHECK_FALSE(found("(a*)*(a*)*(a*)*b", std::string(50'000, 'a')));
}

}  // namespace saker::filter
