// SPDX-License-Identifier: Apache-2.0
#include "filter/guard_index.h"

#include <algorithm>

namespace saker::filter {
namespace {

// The element whose `member` has that value; made if there is none.
template <typename Element>
Element& find(std::vector<Element>& row, std::uint32_t Element::* member, std::uint32_t value) {
    const auto found = std::ranges::find(row, value, member);
    if (found != row.end()) return *found;
    row.emplace_back().*member = value;
    return row.back();
}

using Add = void (TextIndex::*)(std::string_view, std::uint32_t);

// By Atom::Kind.
constexpr Add kAdders[] = {
    &TextIndex::add_equal,  &TextIndex::add_prefix, &TextIndex::add_path,
    &TextIndex::add_suffix, &TextIndex::add_within,
};

}  // namespace

std::size_t RuleBits::count() const {
    std::size_t bits = 0;
    for (const std::uint64_t word : words_) bits += static_cast<std::size_t>(std::popcount(word));
    return bits;
}

void GuardIndex::add(const Atom& atom, std::uint32_t slot, bool steady, std::uint32_t rule) {
    if (atom.kind == Atom::Kind::kNumber) {
        find(numbers, &Numbers::slot, slot).rules[atom.number].push_back(rule);
        return;
    }
    const Add add = kAdders[static_cast<std::size_t>(atom.kind)];
    (find(steady ? steady_texts : texts, &Texts::slot, slot).index.*add)(atom.text, rule);
}

void GuardIndex::add_test(std::uint32_t at, std::uint32_t rule) {
    find(tests, &Tests::at, at).rules.push_back(rule);
}

void GuardIndex::build() {
    for (Texts& of_slot : texts) of_slot.index.build();
    for (Texts& of_slot : steady_texts) of_slot.index.build();
}

}  // namespace saker::filter
