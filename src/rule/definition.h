// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rule/source_file.h"

namespace saker::rule {

// What lists, macros and rules have in common.
struct Definition {
    std::string name;
    Place place;              // of the name in its last definition
    std::size_t index = 0;    // counts first definitions: the order in which rules are evaluated
    std::size_t horizon = 0;  // counts all definitions and appends
    bool broken = false;      // it was reported; whatever uses it fails without a further word

    // Lists see lists and macros see macros that were first defined before their own last
    // definition or append; not themselves.
    bool sees(const Definition& other) const { return other.index < horizon && this != &other; }
};

// Definitions of one kind in the order of their first definition. A name that is defined again
// keeps its place in the order.
template <typename T>
class DefinitionTable {
public:
    std::span<const T> all() const { return all_; }
    std::size_t size() const { return all_.size(); }
    const T& operator[](std::size_t position) const { return all_[position]; }

    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    // The position in all(), or kNone.
    std::size_t position(std::string_view name) const {
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? kNone : found->second;
    }

    // nullptr if there is none. Valid until the next define().
    T* find(std::string_view name) {
        const std::size_t at = position(name);
        return at == kNone ? nullptr : &all_[at];
    }

    void define(T definition) {
        definition.horizon = counter_++;
        if (T* old = find(definition.name)) {
            definition.index = old->index;
            *old = std::move(definition);
            return;
        }
        definition.index = definition.horizon;
        by_name_.emplace(definition.name, all_.size());
        all_.push_back(std::move(definition));
    }

    // After something was appended: it now sees all that is there.
    void widen(T& definition) { definition.horizon = counter_++; }

private:
    std::vector<T> all_;
    std::map<std::string, std::size_t, std::less<>> by_name_;
    std::size_t counter_ = 0;
};

}  // namespace saker::rule
