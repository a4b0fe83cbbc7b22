// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rule/definition.h"
#include "rule/mapped_text.h"
#include "rule/yaml.h"

namespace saker::rule {

class Diagnostics;

// A list as files define it.
struct ListDefinition : Definition {
    std::vector<Scalar> items;
};

using ListTable = DefinitionTable<ListDefinition>;

// Puts lists where their names stand in conditions.
//
// A name counts where it stands alone: between the ends of the text, blanks, parentheses, commas
// and equals signs. Decided for what an author expects, where Falco does something else:
//   - Inside quotes nothing is replaced: what is quoted is meant as it stands.
//   - Lists in lists are expanded all the way, not one level. A list that is not visible yet (see
//     Definition::sees), the list itself, and a list that is already being expanded stay words:
//     the list `python: [python, python3]` has an item of its own name.
//   - An item that the grammar could not read as one word is put in quotes, whatever makes it so
//     (a blank, a comma, a parenthesis, a quote, nothing at all). One that is in quotes stays.
//   - After an operator that takes a list, the parentheses may be left out: `proc.name in shells`.
// A list without items takes one comma next to it along.
class ListExpander {
public:
    // Bounds: steps to expand one list and all of them (an item is one), and bytes of all lists and
    // all conditions together.
    static constexpr std::size_t kMaxSteps = 200'000;
    static constexpr std::size_t kMaxAllSteps = 2'000'000;
    static constexpr std::size_t kMaxBytes = 64u << 20;

    // Expands all lists; those that grow too large are reported, and empty. The table must outlive
    // this.
    ListExpander(const ListTable& lists, Diagnostics& diagnostics);

    // The condition with lists put in. `named`: gets the names of those lists, sorted.
    MappedText expand(const MappedText& condition, std::vector<std::string>* named = nullptr);

    // The lists that are items of a list, sorted.
    std::vector<std::string> lists_in(std::size_t list) const;

    // True once all that was expanded is more than kMaxBytes: nothing more is put in.
    bool is_full() const { return bytes_ > kMaxBytes; }

    // The items of the list at a position of the table, quoted where the grammar needs it.
    const std::vector<std::string>& items(std::size_t list) const { return expanded_[list].items; }

    // True if a condition or a list names it.
    bool is_used(std::size_t list) const { return expanded_[list].used; }

private:
    struct Expanded {
        std::vector<std::string> items;
        bool used = false;
    };
    struct Walk;

    void expand_list(std::size_t list, Diagnostics& diagnostics);
    void add_items(std::size_t list, Walk& walk);
    void add_item(std::string item, Walk& walk);
    void step(std::size_t cost, Walk& walk);
    std::size_t visible_list(std::size_t from, const std::string& item, const Walk& walk) const;

    const ListTable& lists_;
    std::vector<Expanded> expanded_;  // by position in the table
    std::size_t done_ = 0;            // lists before this position are expanded
    std::size_t bytes_ = 0;
    std::size_t steps_ = 0;
};

}  // namespace saker::rule
