// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rule/diagnostics.h"
#include "rule/yaml.h"

namespace saker::rule {

// Typed access to one item of a rules file: a map. Whatever is wrong with a key is reported where
// its value stands, and the item is then no longer good().
class Item {
public:
    // `way` leads to the item, which is its last step: an item may be a part of another one.
    Item(const SourceFile& file, const YamlNode& map, std::vector<Subject> way,
         Diagnostics& diagnostics)
        : file_(file), map_(map), way_(std::move(way)), diagnostics_(diagnostics) {}

    const Subject& subject() const { return way_.back(); }
    const std::vector<Subject>& way() const { return way_; }
    const SourceFile& file() const { return file_; }
    Diagnostics& diagnostics() { return diagnostics_; }
    bool good() const { return good_; }
    void spoil() { good_ = false; }  // something is wrong that was reported elsewhere

    bool has(std::string_view key) const { return find_key(map_, key) != nullptr; }
    const YamlNode* node(std::string_view key) const { return find_key(map_, key); }

    // A text that is not empty. nullopt if there is none, which is an error if `required`.
    std::optional<Scalar> text(std::string_view key, bool required);

    // Any scalar, also an empty one; nullopt if the key is not there.
    std::optional<Scalar> scalar(std::string_view key);

    bool flag(std::string_view key, bool otherwise);

    // A number of up to 32 bits.
    std::uint32_t number(std::string_view key, std::uint32_t otherwise);

    // A sequence of scalars; nullopt if the key is not there.
    std::optional<std::vector<Scalar>> scalars(std::string_view key);

    // Warns of keys that are not in `known`, and of those that occur twice.
    void check_keys(std::span<const std::string_view> known);

    // An error at the value of a key, or at the item if it has none.
    void error(Code code, std::string_view key, std::string message);
    void error_at(Code code, std::string_view detail, const YamlNode& node, std::string message);
    void warning(Code code, std::string_view key, std::string message);

private:
    Place place(const YamlNode& node) const { return {&file_, node.offset}; }
    Subject value(std::string_view key, const YamlNode& node) const;
    void add(Code code, Subject detail, std::string message);

    const SourceFile& file_;
    const YamlNode& map_;
    std::vector<Subject> way_;
    Diagnostics& diagnostics_;
    bool good_ = true;
};

// The word `null` is a name like any other where names stand.
bool is_word(const YamlNode& node);

}  // namespace saker::rule
