// SPDX-License-Identifier: Apache-2.0
#include "util/short_text.h"

#include <algorithm>
#include <cstdint>
#include <string>
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

TEST_CASE("all NULs of the next 64 bytes are told, from any place on") {
    for (std::size_t size = 0; size < 150; ++size) {
        std::vector<char> text(size);
        for (std::size_t i = 0; i < size; ++i) text[i] = i * i % 7 < 2 ? '\0' : '\x80';
        for (std::size_t at = 0; at <= size; ++at) {
            const std::uint64_t nuls = nuls_from({text.data(), size}, at);
            for (std::size_t i = 0; i < 64; ++i) {
                const bool is_nul = at + i < size && text[at + i] == '\0';
                REQUIRE((nuls >> i & 1) == (is_nul ? 1u : 0u));
            }
        }
    }
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
