// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "field/value.h"

namespace saker::field {

// Memory for the values of one event: handed out from one block, given back all at once. One
// thread.
class Scratch {
public:
    char* bytes(std::size_t count) {
        if (used_ + count > block_.size()) return overflow(count);
        char* begin = block_.data() + used_;
        used_ += count;
        return begin;
    }

    std::string_view copy(std::string_view text) {
        char* begin = bytes(text.size());
        text.copy(begin, text.size());
        return {begin, text.size()};
    }

    // A row of `count` values to be filled in by the caller.
    std::span<Value> values(std::size_t count) {
        used_ = (used_ + alignof(Value) - 1) & ~(alignof(Value) - 1);
        auto* begin = reinterpret_cast<Value*>(bytes(count * sizeof(Value)));
        std::uninitialized_default_construct_n(begin, count);
        return {begin, count};
    }

    Values one(const Value& value) {
        auto row = values(1);
        row[0] = value;
        return row;
    }

    void reset() {
        used_ = 0;
        extra_.clear();
    }

private:
    // More than the block holds: a block of its own, until reset().
    char* overflow(std::size_t count) {
        extra_.push_back(
            std::make_unique<std::max_align_t[]>(count / sizeof(std::max_align_t) + 1));
        return reinterpret_cast<char*>(extra_.back().get());
    }

    static constexpr std::size_t kBlock = 128 * 1024;
    std::vector<char> block_ = std::vector<char>(kBlock);
    std::size_t used_ = 0;
    std::vector<std::unique_ptr<std::max_align_t[]>> extra_;
};

}  // namespace saker::field
