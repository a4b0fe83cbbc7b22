// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "filter/guard.h"
#include "filter/text_index.h"

namespace saker::filter {

// A set of a program's rules, by their positions in it.
class RuleBits {
public:
    void resize(std::size_t rules) { words_.assign((rules + 63) / 64, 0); }
    void add(std::uint32_t rule) { words_[rule / 64] |= std::uint64_t{1} << (rule % 64); }
    void add(std::span<const std::uint32_t> rules) {
        for (const std::uint32_t rule : rules) add(rule);
    }
    std::size_t count() const;

    // These have room for all of `others`.
    void add(const RuleBits& others) {
        for (std::size_t i = 0; i < others.words_.size(); ++i) words_[i] |= others.words_[i];
    }

    // Calls `visit(rule)` for each of these and of `others`, which there is room for, in their
    // order, until one call gives true. Leaves this one empty: cheaper than to begin with a copy.
    template <typename Visit>
    void take_with(const RuleBits& others, Visit visit) {
        bool done = false;
        for (std::uint32_t i = 0; i < others.words_.size(); ++i) {
            std::uint64_t word = std::exchange(words_[i], 0) | others.words_[i];
            for (; word != 0 && !done; word &= word - 1) {
                done = visit(i * 64 + static_cast<std::uint32_t>(std::countr_zero(word)));
            }
        }
    }

private:
    std::vector<std::uint64_t> words_;
};

// The guards of a program's rules, turned round: from what an event has to the rules that it may
// match. Immutable after build(); any thread may read it.
struct GuardIndex {
    struct Texts {
        std::uint32_t slot = 0;
        TextIndex index;
    };
    struct Numbers {
        std::uint32_t slot = 0;
        absl::flat_hash_map<std::uint64_t, std::vector<std::uint32_t>> rules;
    };
    struct Tests {
        std::uint32_t at = 0;  // an instruction that makes the test
        std::vector<std::uint32_t> rules;
    };

    std::vector<Texts> texts;
    std::vector<Texts> steady_texts;  // their slots are steady, and asked once for many events
    std::vector<Numbers> numbers;
    std::vector<Tests> tests;
    RuleBits unguarded;  // rules that have to be run in any case

    // Any atom but a test; `slot` has the value that it asks about.
    void add(const Atom& atom, std::uint32_t slot, bool steady, std::uint32_t rule);
    void add_test(std::uint32_t at, std::uint32_t rule);
    void build();
};

}  // namespace saker::filter
