// SPDX-License-Identifier: Apache-2.0
#include "event/name_filter.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace saker::event {

namespace {

// The next eight bytes, or what there is of them and zeros.
std::uint64_t word_at(std::string_view text) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), std::min(text.size(), sizeof word));
    return word;
}

}  // namespace

void NameFilter::add(std::string_view component, std::uint8_t classes) {
    std::vector<__u64> words(component.size() / sizeof(__u64) + 1);
    std::memcpy(words.data(), component.data(), component.size());
    const std::uint64_t hash =
        saker_name_hash_all(words.data(), static_cast<std::uint32_t>(component.size()));
    table_.slots[SAKER_NAME_SLOT(hash)] |= classes;
    table_.slots[SAKER_NAME_OTHER_SLOT(hash)] |= classes;
}

void NameFilter::add_shallow(std::uint8_t classes) {
    table_.shallow |= classes;
    // Counted as components, though the name may end up with fewer.
    add(".", classes);
    add("..", classes);
}

std::uint8_t scan_name(const saker_name_filter& filter, std::string_view name) {
    saker_name_scan scan{};
    scan.hash = SAKER_NAME_SEED;
    int words = 0;
    while (!name.empty()) {
        if (++words > SAKER_NAME_WORDS) return SAKER_NAME_ANY;
        name.remove_prefix(
            std::min<std::size_t>(saker_name_word(&scan, &filter, word_at(name)), name.size()));
    }
    if (scan.components <= 1) scan.classes |= filter.shallow;
    return static_cast<std::uint8_t>(scan.classes);
}

}  // namespace saker::event
