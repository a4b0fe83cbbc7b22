// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <emmintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Work on texts that are mostly shorter than a dozen bytes, as names of files and folders are: for
// these, calls of the C library cost more than what they do. Pure functions, safe from any thread.
namespace saker::text {

inline std::uint64_t load_word(const char* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
}

constexpr std::uint64_t in_every_byte(unsigned char byte) {
    return byte * 0x0101010101010101ull;
}

// A bit for each of 16 bytes, the first one's lowest: whether it is `byte`.
using Places = std::uint32_t;
inline constexpr std::size_t kPlaces = 16;

// SSE2 is part of x86-64.
inline Places places_in_block(__m128i block, char byte) {
    return static_cast<Places>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(byte))));
}

inline Places places_of_16(const char* bytes, char byte) {
    return places_in_block(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)), byte);
}

// Likewise for fewer than 16 bytes: two words that overlap, or one that is not full.
inline Places places_of_fewer(std::string_view text, char byte) {
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    if (text.size() >= sizeof(first)) {
        first = load_word(&text[0]);
        second = load_word(&text[text.size() - sizeof(second)]);
        second = second >> 8 * (kPlaces - 1 - text.size()) >> 8;
    } else {
        for (std::size_t i = text.size(); i > 0; --i) {
            first = first << 8 | static_cast<unsigned char>(text[i - 1]);
        }
    }
    const __m128i block =
        _mm_set_epi64x(static_cast<long long>(second), static_cast<long long>(first));
    return places_in_block(block, byte) & ((Places{1} << text.size()) - 1);
}

// Likewise for the up to 16 bytes from `at` on, to the end of the text at most.
inline Places places_of(std::string_view text, std::size_t at, char byte) {
    const std::size_t left = text.size() - at;
    if (left >= kPlaces) return places_of_16(text.data() + at, byte);
    if (text.size() < kPlaces) return places_of_fewer(text, byte) >> at % kPlaces;
    // The last 16 bytes, of which some stand before.
    return places_of_16(text.data() + text.size() - kPlaces, byte) >> (kPlaces - left);
}

// How many bytes stand before the first NUL from `at` on; to the end of the text if there is none.
inline std::size_t length_until_nul(std::string_view text, std::size_t at) {
    for (std::size_t block = at; block < text.size(); block += kPlaces) {
        const Places nuls = places_of(text, block, '\0');
        if (nuls != 0) return block - at + static_cast<unsigned>(std::countr_zero(nuls));
    }
    return text.size() - at;
}

inline std::string_view until_nul(std::string_view text) {
    return text.substr(0, length_until_nul(text, 0));
}

// Where the last such byte is; npos if there is none.
inline std::size_t last_of(std::string_view text, char byte) {
    std::size_t end = text.size();
    for (; end >= kPlaces; end -= kPlaces) {
        const Places places = places_of_16(text.data() + end - kPlaces, byte);
        if (places != 0) return end - kPlaces + static_cast<unsigned>(std::bit_width(places)) - 1;
    }
    const Places places = places_of_fewer(text.substr(0, end), byte);
    return static_cast<std::size_t>(std::bit_width(places)) - 1;  // npos is -1
}

// Whether `size` bytes are the same, one or two words of them: the two words may overlap.
template <typename Word>
bool equal_ends(const char* a, const char* b, std::size_t size) {
    Word words[4];
    std::memcpy(&words[0], a, sizeof(Word));
    std::memcpy(&words[1], b, sizeof(Word));
    std::memcpy(&words[2], a + size - sizeof(Word), sizeof(Word));
    std::memcpy(&words[3], b + size - sizeof(Word), sizeof(Word));
    return ((words[0] ^ words[1]) | (words[2] ^ words[3])) == 0;
}

inline bool equal(const char* a, const char* b, std::size_t size) {
    while (size >= 16) {
        if (!equal_ends<std::uint64_t>(a, b, 16)) return false;
        a += 16;
        b += 16;
        size -= 16;
    }
    if (size >= 8) return equal_ends<std::uint64_t>(a, b, size);
    if (size >= 4) return equal_ends<std::uint32_t>(a, b, size);
    if (size >= 2) return equal_ends<std::uint16_t>(a, b, size);
    return size == 0 || *a == *b;
}

template <typename Word>
void copy_ends(char* to, const char* from, std::size_t size) {
    Word first;
    Word last;
    std::memcpy(&first, from, sizeof(Word));
    std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
    std::memcpy(to, &first, sizeof(Word));
    std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
}

// The two must not overlap.
inline void copy(char* to, const char* from, std::size_t size) {
    while (size >= 16) {
        copy_ends<std::uint64_t>(to, from, 16);
        to += 16;
        from += 16;
        size -= 16;
    }
    if (size >= 8) return copy_ends<std::uint64_t>(to, from, size);
    if (size >= 4) return copy_ends<std::uint32_t>(to, from, size);
    if (size >= 2) return copy_ends<std::uint16_t>(to, from, size);
    if (size == 1) *to = *from;
}

}  // namespace saker::text
