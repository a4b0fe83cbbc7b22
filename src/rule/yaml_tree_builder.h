// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <yaml-cpp/eventhandler.h>

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rule/yaml.h"

namespace saker::rule {

// Builds a tree from the events of yaml-cpp's parser, and bounds it. For yaml.cpp: files are parsed
// with parse_yaml(). Anchors are numbered from 1 in each document.
class YamlTreeBuilder final : public YAML::EventHandler {
public:
    // Leaves yaml-cpp's parser from inside a callback. Must be caught around it.
    struct Refused : std::exception {
        Refused(std::string text, std::size_t at) : message(std::move(text)), offset(at) {}
        const char* what() const noexcept override { return message.c_str(); }
        std::string message;
        std::size_t offset;
    };

    // `source` is the whole file. Both must outlive it.
    YamlTreeBuilder(YamlTree& tree, std::string_view source) : tree_(tree), source_(source) {}

    // The parser is given the source from this byte on.
    void begin_part(std::size_t begin);

    // After a mistake: takes the item that it is in, the last one of the last document, out of the
    // tree. Gives that item's place; nullopt if the mistake is in none.
    std::optional<std::size_t> drop_last_item();

    // The tree has as much as it may have.
    bool is_full() const;
    // Of the first sequence's dashes, from 0.
    std::size_t column() const { return column_.value_or(0); }

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;

private:
    // What a part of the tree costs whoever reads it.
    struct Cost {
        std::size_t nodes = 0;
        std::size_t bytes = 0;  // of text
    };
    // `node` is set once it is complete.
    struct Anchor {
        const YamlNode* node = nullptr;
        Cost cost;
    };
    // A sequence or a map that has begun.
    struct Open {
        YamlNode* node;
        YAML::anchor_t anchor;
        Cost before;
    };

    std::size_t offset_of(const YAML::Mark& mark) const;
    std::string_view source_from(std::size_t offset) const;
    std::string null_word(std::size_t offset) const;
    bool is_written_null(const YamlNode& node) const;
    void charge(const Cost& cost, const YAML::Mark& mark);
    YamlNode& add(YamlNode::Kind kind, const YAML::Mark& mark);
    YamlNode& add_leaf(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
                       const std::string& text);
    void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor);
    void close();
    void remember(YAML::anchor_t anchor, const YamlNode& node, const Cost& cost);
    void attach(YamlNode& node);

    YamlTree& tree_;
    std::string_view source_;
    std::size_t begin_ = 0;        // of the part
    std::vector<Open> open_;       // from the root to where the parser is
    std::vector<Anchor> anchors_;  // by number
    YamlNode* root_ = nullptr;     // of the last document
    std::optional<std::size_t> column_;
    Cost spent_;
    int document_start_ = -1;
};

}  // namespace saker::rule
