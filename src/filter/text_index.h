// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <cstdint>
#include <cstring>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "filter/needle.h"
#include "filter/trie.h"
#include "util/short_text.h"

namespace saker::filter {

// Texts with numbers, to be looked for within another text. Each is found by one run of four bytes
// of it, the one that the fewest of the others have. Immutable after build().
class Within {
public:
    static constexpr std::size_t kLeast = 4;  // bytes of a text

    void add(std::string_view text, std::uint32_t number) { entries_.emplace_back(text, number); }
    void build();
    bool empty() const { return entries_.empty(); }

    // Calls `hit(std::span<const std::uint32_t>)` with the number of each text within `text`; of
    // one that is there twice perhaps twice.
    template <typename Hit>
    void find(std::string_view text, Hit hit) const {
        for (std::size_t i = 0; i < needles_.size(); ++i) {
            if (needles_[i].within(text)) hit(std::span(&entries_[i].number, 1));
        }
        if (!needles_.empty()) return;
        for (std::size_t at = 0; at + kLeast <= text.size(); ++at) {
            const std::uint32_t gram = gram_at(text, at);
            if (seen_[bit_of(gram)]) verify(text, at, gram, hit);
        }
    }

private:
    struct Entry {
        Entry(std::string_view text, std::uint32_t number) : text(text), number(number) {}
        std::string text;
        std::uint32_t number;
        std::size_t gram_at = 0;
    };
    static constexpr unsigned kBits = 13;
    // So many are sooner searched for one by one: then each has its needle.
    static constexpr std::size_t kFew = 3;

    template <typename Hit>
    void verify(std::string_view text, std::size_t at, std::uint32_t gram, Hit hit) const {
        const auto found = by_gram_.find(gram);
        if (found == by_gram_.end()) return;
        for (const std::uint32_t i : found->second) {
            const Entry& entry = entries_[i];
            if (at >= entry.gram_at && text.substr(at - entry.gram_at).starts_with(entry.text)) {
                hit(std::span(&entry.number, 1));
            }
        }
    }

    static std::uint32_t gram_at(std::string_view text, std::size_t at) {
        std::uint32_t gram = 0;
        std::memcpy(&gram, text.data() + at, sizeof(gram));
        return gram;
    }
    static std::size_t bit_of(std::uint32_t gram) { return gram * 0x9E3779B1U >> (32 - kBits); }

    std::vector<Entry> entries_;
    std::vector<Needle> needles_;
    std::bitset<1 << kBits> seen_;
    absl::flat_hash_map<std::uint32_t, std::vector<std::uint32_t>> by_gram_;
};

// For each of many texts, what it asks of another one and the numbers that it stands for: given a
// text, all of them are answered at once. Immutable after build(); any thread may ask then.
class TextIndex {
public:
    TextIndex() = default;
    TextIndex(TextIndex&&) noexcept = default;  // not to be copied: equal_ points into texts_
    TextIndex& operator=(TextIndex&&) noexcept = default;

    void add_equal(std::string_view text, std::uint32_t number);
    void add_prefix(std::string_view text, std::uint32_t number) { prefixes_.add(text, number); }
    void add_path(std::string_view text, std::uint32_t number) { paths_.add(text, number); }
    void add_suffix(std::string_view text, std::uint32_t number) { suffixes_.add(text, number); }
    void add_within(std::string_view text, std::uint32_t number) { within_.add(text, number); }
    void build();

    // Calls `hit(std::span<const std::uint32_t>)` with the numbers of every text that says yes.
    // Numbers may come more than once.
    template <typename Hit>
    void find(std::string_view text, Hit hit) const {
        if (may_equal(text)) {
            const auto found = equal_.find(text);
            if (found != equal_.end()) hit(std::span<const std::uint32_t>(found->second));
        }
        if (others_ == 0) return;
        if ((others_ & kPrefixes) != 0) prefixes_.find(text, hit);
        if ((others_ & kPaths) != 0) paths_.find(text, hit);
        if ((others_ & kSuffixes) != 0) suffixes_.find(text, hit);
        if ((others_ & kWithin) != 0) within_.find(text, hit);
    }

private:
    // Whether any text of that length with that end is there: spares most texts the hash.
    static std::size_t outline(std::string_view text) {
        std::uint64_t end = 0;
        if (text.size() >= sizeof(end)) {
            end = saker::text::load_word(text.data() + text.size() - sizeof(end));
        } else {
            saker::text::copy(reinterpret_cast<char*>(&end), text.data(), text.size());
        }
        return static_cast<std::size_t>((end + text.size()) * 0x9E3779B97F4A7C15U >> (64 - kBits));
    }
    bool may_equal(std::string_view text) const { return outlines_[outline(text)]; }

    static constexpr unsigned kBits = 12;
    static constexpr unsigned kPrefixes = 1, kPaths = 2, kSuffixes = 4, kWithin = 8;

    unsigned others_ = 0;  // which of those below equal_ hold anything
    std::deque<std::string> texts_;
    absl::flat_hash_map<std::string_view, std::vector<std::uint32_t>> equal_;
    std::bitset<1 << kBits> outlines_;
    Trie<ReadForward> prefixes_;
    Trie<ReadPath> paths_;
    Trie<ReadBackward> suffixes_;
    Within within_;
};

}  // namespace saker::filter
