// SPDX-License-Identifier: Apache-2.0
#include "filter/glob.h"

#include <fnmatch.h>

#include <random>
#include <string>
#include <string_view>

#include "catch.h"
#include "unit/filter/random_text.h"

namespace saker::filter {
TEST_CASE("patterns match as fnmatch() has it") {
    std::mt19937 random(20240611);
    unsigned matches = 0;
    for (int i = 0; i < 60'000; ++i) {
        const std::string pattern = random_text(random, "aab/**??[[]]!^-\\z", 9);
        const std::string text = random_text(random, "aab/.-[]!^\\\xff", 6);
        const bool expected = fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
        matches += expected ? 1 : 0;
        INFO(pattern << " on " << text);
        REQUIRE(Glob(pattern).matches(text) == expected);
    }
    CHECK(matches > 500);
}

TEST_CASE("patterns ignore case as fnmatch() has it") {
    std::mt19937 random(7);
    for (int i = 0; i < 30'000; ++i) {
        const std::string pattern = random_text(random, "aAbB*?[]!Z", 7);
        const std::string text = random_text(random, "aAbBzZ1", 5);
        INFO(pattern << " on " << text);
        REQUIRE(Glob(pattern, true).matches(text) ==
                (fnmatch(pattern.c_str(), text.c_str(), FNM_CASEFOLD) == 0));
    }
}

TEST_CASE("classes of characters are those of the C locale") {
    for (const char* name : {"alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print",
                             "punct", "space", "upper", "xdigit"}) {
        for (const std::string& pattern :
             {"[[:" + std::string(name) + ":]]", "[![:" + std::string(name) + ":]_]"}) {
            const Glob glob(pattern);
            for (int byte = 1; byte < 256; ++byte) {
                const std::string text(1, static_cast<char>(byte));
                INFO(pattern << " on " << byte);
                REQUIRE(glob.matches(text) == (fnmatch(pattern.c_str(), text.c_str(), 0) == 0));
            }
        }
    }
}

TEST_CASE("many stars on a long hostile text take no time") {
    const Glob glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b");
    CHECK_FALSE(glob.matches(std::string(30'000, 'a')));
}

}  // namespace saker::filter
