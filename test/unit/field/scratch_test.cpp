// SPDX-License-Identifier: Apache-2.0
#include "field/scratch.h"

#include <cstdint>
#include <string>
#include <vector>

#include "catch.h"

namespace saker::field {
namespace {

TEST_CASE("what was handed out stays until the reset, in the block and beyond it") {
    Scratch scratch;
    std::vector<std::string> expected;
    std::vector<std::string_view> copies;
    for (int i = 0; i < 100; ++i) {
        expected.push_back(std::string(7000, static_cast<char>('a' + i % 26)));
        copies.push_back(scratch.copy(expected.back()));
    }
    for (std::size_t i = 0; i < copies.size(); ++i) CHECK(copies[i] == expected[i]);
}

TEST_CASE("the memory of one event is given out again to the next") {
    Scratch scratch;
    const char* const first = scratch.bytes(100);
    scratch.reset();
    CHECK(scratch.bytes(100) == first);
}

TEST_CASE("more than a whole block can be had at once") {
    Scratch scratch;
    char* const large = scratch.bytes(1 << 20);
    large[0] = 'a';
    large[(1 << 20) - 1] = 'z';
    // The block itself is untouched by that.
    CHECK(scratch.copy("small") == "small");
}

TEST_CASE("values are aligned whatever stood before them") {
    Scratch scratch;
    for (int round = 0; round < 3000; ++round) {
        scratch.bytes(1 + static_cast<std::size_t>(round % 7));
        const auto row = scratch.values(3);
        REQUIRE(reinterpret_cast<std::uintptr_t>(row.data()) % alignof(Value) == 0);
        row[2] = Value::of_uint(7);
    }
    CHECK(scratch.one(Value::of("x"))[0].text == "x");
    CHECK(scratch.values(0).empty());
}

}  // namespace
}  // namespace saker::field
