// SPDX-License-Identifier: Apache-2.0
#include "filter/text_index.h"

#include <algorithm>

namespace saker::filter {

void Within::build() {
    if (entries_.size() <= kFew) {
        for (const Entry& entry : entries_) needles_.emplace_back(entry.text);
        return;
    }
    absl::flat_hash_map<std::uint32_t, std::uint32_t> counts;
    for (const Entry& entry : entries_) {
        for (std::size_t at = 0; at + kLeast <= entry.text.size(); ++at) {
            ++counts[gram_at(entry.text, at)];
        }
    }
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        Entry& entry = entries_[i];
        for (std::size_t at = 1; at + kLeast <= entry.text.size(); ++at) {
            if (counts[gram_at(entry.text, at)] < counts[gram_at(entry.text, entry.gram_at)]) {
                entry.gram_at = at;
            }
        }
        const std::uint32_t gram = gram_at(entry.text, entry.gram_at);
        by_gram_[gram].push_back(i);
        seen_.set(bit_of(gram));
    }
}

void TextIndex::add_equal(std::string_view text, std::uint32_t number) {
    auto known = equal_.find(text);
    if (known == equal_.end()) known = equal_.try_emplace(texts_.emplace_back(text)).first;
    known->second.push_back(number);
}

void TextIndex::build() {
    for (auto& [text, numbers] : equal_) {
        outlines_.set(outline(text));
        std::ranges::sort(numbers);
        const auto doubled = std::ranges::unique(numbers);
        numbers.erase(doubled.begin(), doubled.end());
    }
    prefixes_.build();
    paths_.build();
    suffixes_.build();
    within_.build();
    others_ = (prefixes_.empty() ? 0 : kPrefixes) | (paths_.empty() ? 0 : kPaths) |
              (suffixes_.empty() ? 0 : kSuffixes) | (within_.empty() ? 0 : kWithin);
}

}  // namespace saker::filter
