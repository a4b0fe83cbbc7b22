// SPDX-License-Identifier: Apache-2.0
#include "filter/needle.h"

#include <random>
#include <string>

#include "catch.h"
#include "unit/filter/random_text.h"

namespace saker::filter {
TEST_CASE("a needle is found where it is, and only there") {
    std::mt19937 random(3);
    unsigned found = 0;
    for (int i = 0; i < 30'000; ++i) {
        const std::string needle = random_text(random, "ab\xff", 6, 1);
        const std::string text = random_text(random, "ab\xff", 30);
        const bool expected = text.find(needle) != std::string::npos;
        INFO(needle << " in " << text);
        REQUIRE(Needle(needle).within(text) == expected);
        found += expected ? 1 : 0;
    }
    CHECK(found > 1000);
}

TEST_CASE("needles longer than a step can be are found") {
    const std::string needle = std::string(400, 'a') + "b";
    const std::string text =
        std::string(3, 'x') + std::string(700, 'a') + "b" + std::string(9, 'x');
    CHECK(Needle(needle).within(text));
    CHECK_FALSE(Needle(needle + "c").within(text));
}

TEST_CASE("a text that nearly has the needle everywhere is answered too") {
    const std::string text(4096, 'a');
    CHECK_FALSE(Needle("b" + std::string(200, 'a')).within(text));
    CHECK(Needle("b" + std::string(200, 'a')).within(text + "b" + std::string(200, 'a')));
}

}  // namespace saker::filter
