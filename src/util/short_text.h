// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <emmintrin.h>

#include <algorithm>
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

// How many bytes stand before the first NUL from `at` on; to the end of the text if there is none.
inline std::size_t length_until_nul(std::string_view text, std::size_t at) {
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    std::size_t end = at;
    for (; end + sizeof(std::uint64_t) <= text.size(); end += sizeof(std::uint64_t)) {
        const std::uint64_t word = load_word(&text[end]);
        // The lowest bit that is set belongs to the first byte that is zero.
        const std::uint64_t zeros = (word - in_every_byte(1)) & ~word & in_every_byte(0x80);
        if (zeros != 0) return end - at + static_cast<std::size_t>(__builtin_ctzll(zeros)) / 8;
    }
    while (end < text.size() && text[end] != '\0') ++end;
    return end - at;
}

// A bit for each of 16 bytes, the first one's lowest: whether it is NUL. SSE2 is part of x86-64.
inline std::uint64_t nuls_of_16(const char* bytes) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const int nuls = _mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_setzero_si128()));
    return static_cast<std::uint64_t>(static_cast<unsigned>(nuls));
}

// Likewise for up to 64 bytes from `at` on, to the end of the text at most.
inline std::uint64_t nuls_from(std::string_view text, std::size_t at) {
    constexpr std::size_t kStep = 16;
    const std::size_t count = std::min<std::size_t>(text.size() - at, 64);
    std::uint64_t nuls = 0;
    std::size_t i = 0;
    for (; i + kStep <= count; i += kStep) nuls |= nuls_of_16(&text[at + i]) << i;
    if (i == count) return nuls;
    if (text.size() < kStep) {
        for (; i < count; ++i) nuls |= std::uint64_t{text[at + i] == '\0'} << i;
        return nuls;
    }
    // The last 16 bytes, of which some were looked at.
    const std::size_t left = count - i;
    return nuls | nuls_of_16(text.data() + text.size() - kStep) >> (kStep - left) << i;
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
