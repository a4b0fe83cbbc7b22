// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "filter/ast.h"
#include "filter/program.h"

// Tests -> instructions.
namespace saker::filter {

// The same test with fewer operators: icontains becomes contains on the letters in lower case (so
// that a text is converted once for all tests), bcontains and bstartswith become contains and
// startswith on bytes. `test` has been checked.
Test simplify(Test test);

// Makes the constants of instructions, and keeps them as long as it, or `cache`, lives.
class ConstantPool {
public:
    explicit ConstantPool(ConstantCache* cache = nullptr) : cache_(cache) {}

    template <typename T, typename Make>
    const T* get(const std::string& key, Make make) {
        std::shared_ptr<const void> constant;
        if (cache_ != nullptr) constant = (*cache_)[key];
        if (!constant) constant = std::shared_ptr<const T>(make());
        if (cache_ != nullptr) (*cache_)[key] = constant;
        constants_.push_back(constant);
        return static_cast<const T*>(constant.get());
    }

    template <typename T>
    const T* keep(std::shared_ptr<const T> constant) {
        const T* kept = constant.get();
        constants_.push_back(std::move(constant));
        return kept;
    }

    // Hands the constants over to a program.
    std::vector<std::shared_ptr<const void>> take() { return std::move(constants_); }

private:
    ConstantCache* cache_;
    std::vector<std::shared_ptr<const void>> constants_;
};

// A number as sets and instructions hold it: equality is that of the bits, signed or not.
std::uint64_t bits_of(const Constant& constant, field::ValueType type);

// What tells two simplified tests of the same value apart.
std::string test_key(const Test& test);

// The instruction of a simplified test; slots and jumps are the caller's to fill in.
Instruction lower(const Test& test, ConstantPool& pool);

}  // namespace saker::filter
