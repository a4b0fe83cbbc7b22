// SPDX-License-Identifier: Apache-2.0
#include "filter/sets.h"

#include <algorithm>
#include <cstring>

namespace saker::filter {
namespace {

constexpr std::uint64_t length_bit(std::size_t length) {
    return std::uint64_t{1} << std::min<std::size_t>(length, 63);
}

template <typename T>
void sort_unique(std::vector<T>& items) {
    std::ranges::sort(items);
    const auto doubled = std::ranges::unique(items);
    items.erase(doubled.begin(), doubled.end());
}

bool less_from_end(std::string_view a, std::string_view b) {
    return std::lexicographical_compare(
        a.rbegin(), a.rend(), b.rbegin(), b.rend(), [](char left, char right) {
            return static_cast<unsigned char>(left) < static_cast<unsigned char>(right);
        });
}

// Drops every text that a shorter one before it covers.
template <typename Covers>
std::vector<std::string> without_covered(std::vector<std::string> sorted, Covers covers) {
    std::vector<std::string> kept;
    for (std::string& text : sorted) {
        if (kept.empty() || !covers(kept.back(), text)) kept.push_back(std::move(text));
    }
    return kept;
}

std::array<std::uint8_t, 16> masked(const field::IpAddress& ip, unsigned bits) {
    std::array<std::uint8_t, 16> bytes = ip.bytes;
    for (unsigned i = 0; i < bytes.size(); ++i) {
        const unsigned kept =
            std::clamp<int>(static_cast<int>(bits) - static_cast<int>(8 * i), 0, 8);
        bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00u >> kept));
    }
    return bytes;
}

}  // namespace

TextSet::TextSet(std::vector<std::string> texts) : texts_(std::move(texts)) {
    sort_unique(texts_);
    for (const std::string& text : texts_) lengths_ |= length_bit(text.size());
    if (texts_.size() > kLinear) index_.insert(texts_.begin(), texts_.end());
}

bool TextSet::contains(std::string_view text) const {
    if ((lengths_ & length_bit(text.size())) == 0) return false;
    if (!index_.empty()) return index_.contains(text);
    return std::ranges::find(texts_, text) != texts_.end();
}

PrefixSet::PrefixSet(std::vector<std::string> prefixes) {
    std::ranges::sort(prefixes);
    prefixes_ = without_covered(std::move(prefixes), [](std::string_view a, std::string_view b) {
        return b.starts_with(a);
    });
}

bool PrefixSet::contains_prefix_of(std::string_view text) const {
    const auto after = std::ranges::upper_bound(prefixes_, text);
    return after != prefixes_.begin() && text.starts_with(*std::prev(after));
}

SuffixSet::SuffixSet(std::vector<std::string> suffixes) {
    std::ranges::sort(suffixes, less_from_end);
    suffixes_ = without_covered(
        std::move(suffixes), [](std::string_view a, std::string_view b) { return b.ends_with(a); });
}

bool SuffixSet::contains_suffix_of(std::string_view text) const {
    const auto after = std::ranges::upper_bound(suffixes_, text, less_from_end);
    return after != suffixes_.begin() && text.ends_with(*std::prev(after));
}

bool TextList::any_within(std::string_view text) const {
    return std::ranges::any_of(texts_, [&](const auto& part) { return contains(text, part); });
}

NumberSet::NumberSet(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {
    sort_unique(numbers_);
}

bool NumberSet::contains(std::uint64_t number) const {
    return std::ranges::binary_search(numbers_, number);
}

bool RealSet::contains(double number) const {
    return std::ranges::find(numbers_, number) != numbers_.end();
}

NetSet::NetSet(std::vector<Net> nets) : nets_(std::move(nets)) {
    for (const Net& net : nets_) {
        auto group = std::ranges::find_if(groups_, [&](const Group& known) {
            return known.v6 == net.ip.v6 && known.bits == net.bits;
        });
        if (group == groups_.end()) group = groups_.insert(group, {net.ip.v6, net.bits, {}});
        group->addresses.insert(masked(net.ip, net.bits));
    }
}

bool NetSet::contains(const field::IpAddress& ip) const {
    return std::ranges::any_of(groups_, [&](const Group& group) {
        return group.v6 == ip.v6 && group.addresses.contains(masked(ip, group.bits));
    });
}

// memmem() is linear (two-way search), std::string_view::find() is not.
bool contains(std::string_view text, std::string_view part) {
    return part.size() <= text.size() &&
           (part.empty() || memmem(text.data(), text.size(), part.data(), part.size()) != nullptr);
}

}  // namespace saker::filter
