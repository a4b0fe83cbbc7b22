// SPDX-License-Identifier: Apache-2.0
#include "util/short_text.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"

namespace saker::text {

TEST_CASE("a NUL is found at every place of texts of every short length") {
    for (std::size_t size = 0; size < 40; ++size) {
        for (std::size_t at = 0; at <= size; ++at) {
            CHECK(length_until_nul(std::string(size, '\xff'), at) == size - at);
            for (std::size_t nul = at; nul < size; ++nul) {
                std::string text(size, '\x01');
                text[nul] = '\0';
                if (nul + 2 < size) text[nul + 2] = '\0';
                REQUIRE(length_until_nul(text, at) == nul - at);
            }
        }
    }
}

TEST_CASE("all places of a byte among the next 16 are told, from any place on") {
    for (std::size_t size = 0; size < 70; ++size) {
        // Of its own size, so that the sanitizers see a byte too many.
        std::vector<char> text(size);
        for (std::size_t i = 0; i < size; ++i) text[i] = i * i % 7 < 2 ? '\0' : '\x80';
        for (std::size_t at = 0; at <= size; ++at) {
            for (const char byte : {'\0', '\x80', 'x'}) {
                const Places places = places_of({text.data(), size}, at, byte);
                for (std::size_t i = 0; i < 32; ++i) {
                    const bool there = i < 16 && at + i < size && text[at + i] == byte;
                    REQUIRE((places >> i & 1) == (there ? 1u : 0u));
                }
            }
        }
    }
}

TEST_CASE("the last of a byte is found in texts of every short length") {
    for (std::size_t size = 0; size < 70; ++size) {
        CHECK(last_of(std::string(size, '\0'), '/') == std::string_view::npos);
        for (std::size_t at = 0; at < size; ++at) {
            std::string text(size, '.');
            text[at] = '/';
            if (at > 1) text[at / 2] = '/';
            REQUIRE(last_of({text.data(), size}, '/') == at);
        }
    }
}

TEST_CASE("a text ends before its first NUL, if it has one") {
    using namespace std::string_view_literals;
    CHECK(until_nul("") == "");
    CHECK(until_nul("\0a"sv) == "");
    CHECK(until_nul("ab\0c\0"sv) == "ab");
    CHECK(until_nul("abc") == "abc");
}

TEST_CASE("texts that differ in one byte are not equal, and copies are") {
    for (std::size_t size = 0; size < 40; ++size) {
        std::string a(size, 'x');
        for (std::size_t i = 0; i < size; ++i) a[i] = static_cast<char>(i * 7);
        std::string b(size + 1, '#');
        copy(b.data(), a.data(), size);
        CHECK(b == a + "#");
        CHECK(equal(a.data(), b.data(), size));
        for (std::size_t i = 0; i < size; ++i) {
            std::string other = a;
            other[i] ^= 1;
            REQUIRE_FALSE(equal(a.data(), other.data(), size));
        }
    }
}

}  // namespace saker::text
