// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "field/value.h"

// The constants of tests that compare with several at once. Immutable; any thread may ask them.
namespace saker::filter {

// Texts to be equal to.
class TextSet {
public:
    explicit TextSet(std::vector<std::string> texts);
    TextSet(const TextSet&) = delete;  // index_ points into texts_
    TextSet& operator=(const TextSet&) = delete;

    bool contains(std::string_view text) const;
    const std::vector<std::string>& texts() const { return texts_; }

private:
    // Up to so many are compared one by one: faster than hashing a text of usual length.
    static constexpr std::size_t kLinear = 6;

    std::vector<std::string> texts_;  // sorted, no duplicates
    std::uint64_t lengths_ = 0;       // a bit for each length that occurs; the last: 63 and more
    absl::flat_hash_set<std::string_view> index_;
};

// Texts that one may begin with (or, reversed, end with).
class PrefixSet {
public:
    explicit PrefixSet(std::vector<std::string> prefixes);

    bool contains_prefix_of(std::string_view text) const;
    const std::vector<std::string>& prefixes() const { return prefixes_; }

private:
    // Sorted, and none is a prefix of another: then only the last one that is not greater than a
    // text can be a prefix of it.
    std::vector<std::string> prefixes_;
};

class SuffixSet {
public:
    explicit SuffixSet(std::vector<std::string> suffixes);

    bool contains_suffix_of(std::string_view text) const;
    const std::vector<std::string>& suffixes() const { return suffixes_; }

private:
    std::vector<std::string> suffixes_;  // as PrefixSet's, compared from their ends
};

// Texts that one may contain. Each is searched for on its own: there are few.
class TextList {
public:
    explicit TextList(std::vector<std::string> texts) : texts_(std::move(texts)) {}

    bool any_within(std::string_view text) const;
    const std::vector<std::string>& texts() const { return texts_; }

private:
    std::vector<std::string> texts_;
};

// 64-bit numbers, signed or not: only equality counts.
class NumberSet {
public:
    explicit NumberSet(std::vector<std::uint64_t> numbers);

    bool contains(std::uint64_t number) const;
    const std::vector<std::uint64_t>& numbers() const { return numbers_; }

private:
    std::vector<std::uint64_t> numbers_;  // sorted
};

class RealSet {
public:
    explicit RealSet(std::vector<double> numbers) : numbers_(std::move(numbers)) {}

    bool contains(double number) const;
    const std::vector<double>& numbers() const { return numbers_; }

private:
    std::vector<double> numbers_;
};

// Addresses and networks. Of each prefix length there is one hash set.
class NetSet {
public:
    struct Net {
        field::IpAddress ip;
        std::uint8_t bits = 128;  // that count, of ip.bytes
    };

    explicit NetSet(std::vector<Net> nets);

    bool contains(const field::IpAddress& ip) const;
    const std::vector<Net>& nets() const { return nets_; }

private:
    using Address = std::array<std::uint8_t, 16>;
    struct Group {
        bool v6;
        std::uint8_t bits;
        absl::flat_hash_set<Address> addresses;
    };

    std::vector<Net> nets_;
    std::vector<Group> groups_;
};

// True if `part` is within `text`, in time linear in their lengths.
bool contains(std::string_view text, std::string_view part);

}  // namespace saker::filter
