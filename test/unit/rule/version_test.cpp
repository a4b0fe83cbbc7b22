// SPDX-License-Identifier: Apache-2.0
#include "rule/version.h"

#include "catch.h"

using namespace saker::rule;

TEST_CASE("versions are three numbers") {
    CHECK(parse_version("1.22.333") == Version{1, 22, 333});
    for (const char* text :
         {"", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.3 ", "-1.2.3", "1..3", "1.2.99999999999"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_version(text));
    }
}

TEST_CASE("an engine version may be the minor number alone") {
    CHECK(parse_engine_version("26") == Version{0, 26, 0});
    CHECK(parse_engine_version("0.57.0") == Version{0, 57, 0});
    CHECK_FALSE(parse_engine_version("0.57"));
    CHECK_FALSE(parse_engine_version("new"));
}

TEST_CASE("a version is satisfied by the same major one, not older") {
    const Version have{0, 63, 1};
    CHECK(have.satisfies({0, 63, 1}));
    CHECK(have.satisfies({0, 63, 0}));
    CHECK(have.satisfies({0, 5, 9}));
    CHECK_FALSE(have.satisfies({0, 63, 2}));
    CHECK_FALSE(have.satisfies({0, 64, 0}));
    CHECK_FALSE(have.satisfies({1, 0, 0}));
    CHECK_FALSE(Version{1, 0, 0}.satisfies({0, 9, 0}));
}
