// SPDX-License-Identifier: Apache-2.0
#pragma once

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
    Item(const SourceFile& file, const YamlNode& map, Subject subject, Diagnostics& diagnostics)
        : file_(file), map_(map), subject_(std::move(subject)), diagnostics_(diagnostics) {}

    const Subject& subject() const { return subject_; }
    bool good() const { return good_; }

    bool has(std::string_view key) const { return find_key(map_, key) != nullptr; }
    const YamlNode* node(std::string_view key) const { return find_key(map_, key); }

    // A text that is not empty. nullopt if there is none, which is an error if `required`.
    std::optional<Scalar> text(std::string_view key, bool required);

    // Any scalar, also an empty one; nullopt if the key is not there.
    std::optional<Scalar> scalar(std::string_view key);

    bool flag(std::string_view key, bool otherwise);

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
    bool is_word(const YamlNode& node) const;

    const SourceFile& file_;
    const YamlNode& map_;
    Subject subject_;
    Diagnostics& diagnostics_;
    bool good_ = true;
};

}  // namespace saker::rule
