// SPDX-License-Identifier: Apache-2.0
#include "rule/yaml_tree_builder.h"

#include <yaml-cpp/mark.h>

#include <algorithm>

namespace saker::rule {

using Kind = YamlNode::Kind;

void YamlTreeBuilder::begin_part(std::size_t begin) {
    begin_ = begin;
    document_start_ = -1;
    open_.clear();
    root_ = nullptr;
}

std::optional<std::size_t> YamlTreeBuilder::drop_last_item() {
    if (root_ == nullptr) return std::nullopt;
    // No row of items: none of it is of use.
    if (root_->kind != Kind::kSequence) {
        if (!tree_.documents.empty() && tree_.documents.back() == root_) tree_.documents.pop_back();
        return root_->offset;
    }
    // Between two items.
    if (open_.size() == 1 || root_->items.empty()) return std::nullopt;
    const std::size_t offset = root_->items.back()->offset;
    root_->items.pop_back();
    return offset;
}

bool YamlTreeBuilder::is_full() const {
    return spent_.nodes > kMaxYamlNodes || spent_.bytes > kMaxYamlBytes;
}

// The parser does not get over a stray `,` or `]` between documents, and would begin an empty one
// there for ever.
void YamlTreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
    root_ = nullptr;
    if (mark.pos == document_start_) throw Refused("unexpected character", offset_of(mark));
    document_start_ = mark.pos;
    anchors_.clear();
    open_.clear();
}

// The parser places a value that is left out at what follows it, maybe another item: it belongs to
// its key.
void YamlTreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    YamlNode& node = add_leaf(Kind::kNull, mark, anchor, null_word(offset_of(mark)));
    if (open_.empty() || open_.back().node->kind != Kind::kMap || is_written_null(node)) return;
    const std::vector<const YamlNode*>& items = open_.back().node->items;
    if (items.size() % 2 == 0) node.offset = items[items.size() - 2]->offset;
}

void YamlTreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& /*tag*/,
                               YAML::anchor_t anchor, const std::string& value) {
    add_leaf(Kind::kScalar, mark, anchor, value);
}

void YamlTreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                                      YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
    open(Kind::kSequence, mark, anchor);
}

void YamlTreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/,
                                 YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
    open(Kind::kMap, mark, anchor);
}

// An alias shares its node, but counts for all that is in there: whoever reads the tree goes
// through it again. One that stands inside its own anchor would make the tree endless.
void YamlTreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const Anchor* target = anchor < anchors_.size() ? &anchors_[anchor] : nullptr;
    if (target == nullptr || target->node == nullptr) {
        throw Refused("alias inside its own anchor", offset_of(mark));
    }
    charge(target->cost, mark);
    if (!open_.empty()) {
        open_.back().node->items.push_back(target->node);
    } else if (target->node->kind != Kind::kNull) {
        tree_.documents.push_back(target->node);
    }
}

std::size_t YamlTreeBuilder::offset_of(const YAML::Mark& mark) const {
    return begin_ + static_cast<std::size_t>(std::max(mark.pos, 0));
}

std::string_view YamlTreeBuilder::source_from(std::size_t offset) const {
    return source_.substr(std::min(offset, source_.size()));
}

// The word null is a program's name as good as any other, where names are asked for.
std::string YamlTreeBuilder::null_word(std::size_t offset) const {
    const std::string_view rest = source_from(offset);
    for (const std::string_view word : {"null", "Null", "NULL"}) {
        if (rest.starts_with(word)) return std::string(word);
    }
    return {};
}

bool YamlTreeBuilder::is_written_null(const YamlNode& node) const {
    return !node.text.empty() || source_from(node.offset).starts_with('~');
}

void YamlTreeBuilder::charge(const Cost& cost, const YAML::Mark& mark) {
    spent_.nodes += cost.nodes;
    spent_.bytes += cost.bytes;
    if (is_full()) throw Refused("too much YAML for a rules file", offset_of(mark));
}

YamlNode& YamlTreeBuilder::add(Kind kind, const YAML::Mark& mark) {
    YamlNode& node = tree_.nodes.emplace_back();
    node.kind = kind;
    node.offset = static_cast<std::uint32_t>(offset_of(mark));
    attach(node);
    return node;
}

YamlNode& YamlTreeBuilder::add_leaf(Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
                                    const std::string& text) {
    const Cost cost{1, text.size()};
    charge(cost, mark);
    YamlNode& node = add(kind, mark);
    node.text = text;
    remember(anchor, node, cost);
    return node;
}

void YamlTreeBuilder::open(Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    const Cost before = spent_;
    charge({1, 0}, mark);
    open_.push_back({&add(kind, mark), anchor, before});
}

void YamlTreeBuilder::close() {
    const Open done = open_.back();
    open_.pop_back();
    remember(done.anchor, *done.node,
             {spent_.nodes - done.before.nodes, spent_.bytes - done.before.bytes});
}

void YamlTreeBuilder::remember(YAML::anchor_t anchor, const YamlNode& node, const Cost& cost) {
    if (anchor == YAML::NullAnchor) return;
    anchors_.resize(std::max<std::size_t>(anchors_.size(), anchor + 1));
    anchors_[anchor] = {&node, cost};
}

void YamlTreeBuilder::attach(YamlNode& node) {
    if (!open_.empty()) {
        open_.back().node->items.push_back(&node);
        return;
    }
    if (node.kind == Kind::kNull) return;
    root_ = &node;
    tree_.documents.push_back(&node);
    if (node.kind != Kind::kSequence || column_) return;
    const std::size_t line_end = source_.substr(0, node.offset).rfind('\n');
    column_ = line_end == source_.npos ? node.offset : node.offset - line_end - 1;
}

}  // namespace saker::rule
