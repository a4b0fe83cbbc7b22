// SPDX-License-Identifier: Apache-2.0
#include "rule/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>

#include "util/text.h"

namespace saker::rule {
namespace {

// Leaves yaml-cpp's parser from inside a callback. Never leaves this file.
struct Refused : std::exception {
    Refused(std::string text, std::size_t at) : message(std::move(text)), offset(at) {}
    const char* what() const noexcept override { return message.c_str(); }
    std::string message;
    std::size_t offset;
};

// Builds the tree from the parser's events. Anchors are numbered from 1 in each document.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(YamlTree& tree, std::string_view source) : tree_(tree), source_(source) {}

    // The parser does not get over a stray `,` or `]` between documents, and would begin an empty
    // one there for ever.
    void OnDocumentStart(const YAML::Mark& mark) override {
        if (mark.pos == document_start_) throw Refused("unexpected character", offset_of(mark));
        document_start_ = mark.pos;
        anchors_.clear();
        open_.clear();
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add_leaf(YamlNode::Kind::kNull, mark, anchor, null_word(offset_of(mark)));
    }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  const std::string& value) override {
        add_leaf(YamlNode::Kind::kScalar, mark, anchor, value);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::kSequence, mark, anchor);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::kMap, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

    // An alias shares its node, but counts for all that is in there: whoever reads the tree goes
    // through it again. One that stands inside its own anchor would make the tree endless.
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const Anchor* target = anchor < anchors_.size() ? &anchors_[anchor] : nullptr;
        if (target == nullptr || target->node == nullptr) {
            throw Refused("alias inside its own anchor", offset_of(mark));
        }
        charge(target->cost, mark);
        attach(*target->node);
    }

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

    static std::size_t offset_of(const YAML::Mark& mark) {
        return static_cast<std::size_t>(std::max(mark.pos, 0));
    }

    // The word null is a program's name as good as any other, where names are asked for.
    std::string null_word(std::size_t offset) const {
        const std::string_view rest = source_.substr(std::min(offset, source_.size()));
        for (const std::string_view word : {"null", "Null", "NULL"}) {
            if (rest.starts_with(word)) return std::string(word);
        }
        return {};
    }

    void charge(const Cost& cost, const YAML::Mark& mark) {
        spent_.nodes += cost.nodes;
        spent_.bytes += cost.bytes;
        if (spent_.nodes > kMaxYamlNodes || spent_.bytes > kMaxYamlBytes) {
            throw Refused("too much YAML for a rules file", offset_of(mark));
        }
    }

    YamlNode& add(YamlNode::Kind kind, const YAML::Mark& mark) {
        YamlNode& node = tree_.nodes.emplace_back();
        node.kind = kind;
        node.offset = static_cast<std::uint32_t>(offset_of(mark));
        attach(node);
        return node;
    }

    void add_leaf(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
                  const std::string& text) {
        const Cost cost{1, text.size()};
        charge(cost, mark);
        YamlNode& node = add(kind, mark);
        node.text = text;
        remember(anchor, node, cost);
    }

    void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        const Cost before = spent_;
        charge({1, 0}, mark);
        open_.push_back({&add(kind, mark), anchor, before});
    }

    void close() {
        const Open done = open_.back();
        open_.pop_back();
        remember(done.anchor, *done.node,
                 {spent_.nodes - done.before.nodes, spent_.bytes - done.before.bytes});
    }

    void remember(YAML::anchor_t anchor, const YamlNode& node, const Cost& cost) {
        if (anchor == YAML::NullAnchor) return;
        anchors_.resize(std::max<std::size_t>(anchors_.size(), anchor + 1));
        anchors_[anchor] = {&node, cost};
    }

    void attach(const YamlNode& node) {
        if (!open_.empty()) {
            open_.back().node->items.push_back(&node);
        } else if (node.kind != YamlNode::Kind::kNull) {
            tree_.documents.push_back(&node);
        }
    }

    YamlTree& tree_;
    std::string_view source_;
    std::vector<Open> open_;       // from the root to where the parser is
    std::vector<Anchor> anchors_;  // by number
    Cost spent_;
    int document_start_ = -1;
};

// What yaml-cpp would repair by itself (and so shift all offsets) or stumble over.
std::optional<YamlError> find_bad_bytes(std::string_view text) {
    const std::size_t valid = text::valid_prefix(text);
    if (valid < text.size()) return YamlError{"not UTF-8", valid};
    const std::size_t nul = text.find('\0');
    if (nul != text.npos) return YamlError{"NUL byte: not UTF-8 text", nul};
    return std::nullopt;
}

void parse_documents(const SourceFile& file, YamlTree& tree) {
    std::istringstream stream{std::string(file.text())};
    YAML::Parser parser(stream);
    TreeBuilder builder(tree, file.text());
    while (parser.HandleNextDocument(builder)) {
    }
}

// yaml-cpp takes the end of the file for a missing quote, and so a forgotten one would swallow
// whatever follows it. Only the last scalar can be without.
std::optional<YamlError> find_open_quote(std::string_view source, const YamlTree& tree) {
    const auto last = std::ranges::find(tree.nodes.rbegin(), tree.nodes.rend(),
                                        YamlNode::Kind::kScalar, &YamlNode::kind);
    if (last == tree.nodes.rend()) return std::nullopt;
    const std::size_t begin = skip_properties(source, last->offset);
    const char quote = begin < source.size() ? source[begin] : '\0';
    if (quote != '"' && quote != '\'') return std::nullopt;
    for (std::size_t at = begin + 1; at < source.size(); ++at) {
        if (source[at] == quote) return std::nullopt;
        if (source[at] == '\\' && quote == '"') ++at;
    }
    return YamlError{"the closing quote is missing", begin};
}

}  // namespace

std::size_t skip_properties(std::string_view source, std::size_t at) {
    constexpr std::string_view kBlanks = " \t\r\n";
    while (at < source.size() && (source[at] == '&' || source[at] == '!')) {
        at = std::min(source.find_first_of(kBlanks, at), source.size());
        at = std::min(source.find_first_not_of(kBlanks, at), source.size());
    }
    return at;
}

std::expected<YamlTree, YamlError> parse_yaml(const SourceFile& file) {
    if (file.text().size() > kMaxFileSize) {
        return std::unexpected(YamlError{"larger than 16 MiB", 0});
    }
    if (auto error = find_bad_bytes(file.text())) return std::unexpected(std::move(*error));
    YamlTree tree;
    try {
        parse_documents(file, tree);
    } catch (const YAML::Exception& error) {
        return std::unexpected(
            YamlError{error.msg, static_cast<std::size_t>(std::max(error.mark.pos, 0))});
    } catch (const Refused& error) {
        return std::unexpected(YamlError{error.message, error.offset});
    } catch (const std::exception& error) {
        return std::unexpected(YamlError{error.what(), 0});
    }
    if (auto error = find_open_quote(file.text(), tree)) return std::unexpected(std::move(*error));
    return tree;
}

const YamlNode* find_key(const YamlNode& map, std::string_view key) {
    for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
        if (map.items[i]->text == key) return map.items[i + 1];
    }
    return nullptr;
}

std::optional<bool> parse_yaml_bool(std::string_view text) {
    struct Spelling {
        std::string_view name;
        bool value;
    };
    constexpr Spelling kSpellings[] = {{"y", true},      {"yes", true}, {"true", true},
                                       {"on", true},     {"n", false},  {"no", false},
                                       {"false", false}, {"off", false}};
    // "tRUE" is no boolean: after the first letter all have the same case.
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const bool rest_upper =
        std::ranges::any_of(text.substr(std::min<std::size_t>(1, text.size())), is_upper);
    const bool all_upper = std::ranges::all_of(text, is_upper);
    if (rest_upper && !all_upper) return std::nullopt;
    for (const Spelling& spelling : kSpellings) {
        if (text::equals_ignore_case(text, spelling.name)) return spelling.value;
    }
    return std::nullopt;
}

}  // namespace saker::rule
