// SPDX-License-Identifier: Apache-2.0
#include "util/number.h"

#include <cstdint>

#include "catch.h"

namespace saker::text {
namespace {

TEST_CASE("A text is a number as a whole, or none") {
    CHECK(parse_number<std::uint16_t>("65535") == std::uint16_t{65535});
    CHECK(parse_number<std::int64_t>("-9223372036854775808") == INT64_MIN);
    for (const char* text : {"", "-", "-1", "+1", " 1", "1 ", "1x", "0x1", "65536", "1.0"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_number<std::uint16_t>(text).has_value());
    }
}

}  // namespace
}  // namespace saker::text
