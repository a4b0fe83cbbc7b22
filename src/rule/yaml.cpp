// SPDX-License-Identifier: Apache-2.0
#include "rule/yaml.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <ranges>
#include <sstream>

#include "rule/masked_text.h"
#include "rule/yaml_tree_builder.h"
#include "util/text.h"

namespace saker::rule {
namespace {

// What cannot be parsed at all.
std::optional<YamlError> find_wrong_file(std::string_view text) {
    if (text.size() > kMaxFileSize) return YamlError{"larger than 16 MiB", 0};
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
        return YamlError{"UTF-16: save the file as UTF-8", 0};
    }
    return std::nullopt;
}

// Says of each scalar in a node that is no UTF-8 where. True if there is one. An alias is looked
// into again, which the bound on the tree's nodes counts.
bool find_masked(const YamlNode& node, std::string_view text, const MaskedText& masked,
                 std::vector<YamlError>& errors) {
    bool found = masked.has_mask(node.text);
    if (found) errors.push_back(bad_byte(text, masked.bad_from(node.offset)));
    for (const YamlNode* item : node.items) found |= find_masked(*item, text, masked, errors);
    return found;
}

// yaml-cpp takes the end of the file for a missing quote, and so a forgotten one would swallow
// whatever follows it. Only the last scalar can be without. `first` is the node from which on to
// look.
std::optional<YamlError> find_open_quote(std::string_view source, const YamlTree& tree,
                                         std::size_t first) {
    auto nodes = tree.nodes | std::views::drop(first) | std::views::reverse;
    const auto last = std::ranges::find(nodes, YamlNode::Kind::kScalar, &YamlNode::kind);
    if (last == nodes.end()) return std::nullopt;
    const std::size_t begin = skip_properties(source, last->offset);
    const char quote = begin < source.size() ? source[begin] : '\0';
    if (quote != '"' && quote != '\'') return std::nullopt;
    for (std::size_t at = begin + 1; at < source.size(); ++at) {
        if (source[at] == quote) return std::nullopt;
        if (source[at] == '\\' && quote == '"') ++at;
    }
    return YamlError{"the closing quote is missing", begin};
}

std::size_t to_offset(std::size_t begin, const YAML::Mark& mark) {
    return begin + static_cast<std::size_t>(std::max(mark.pos, 0));
}

// Parses a text from a byte on; the tree gets what there is before the first mistake.
std::optional<YamlError> parse_part(std::string_view text, std::size_t begin, YamlTree& tree,
                                    YamlTreeBuilder& builder) {
    const std::size_t nodes = tree.nodes.size();
    std::istringstream stream{std::string(text.substr(begin))};
    builder.begin_part(begin);
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::DeepRecursion& error) {
        return YamlError{"nested too deep", to_offset(begin, error.mark)};
    } catch (const YAML::Exception& error) {
        return YamlError{error.msg, to_offset(begin, error.mark)};
    } catch (const YamlTreeBuilder::Refused& error) {
        return YamlError{error.message, error.offset};
    } catch (const std::exception& error) {
        return YamlError{error.what(), begin};
    }
    return find_open_quote(text, tree, nodes);
}

std::size_t next_line(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', std::min(at, text.size()));
    return end == text.npos ? text.size() : end + 1;
}

// A dash in that column, or the beginning of a document.
bool begins_item(std::string_view line, std::size_t column) {
    const bool document = line.starts_with("---");
    const std::size_t indent = document ? 0 : line.find_first_not_of(' ');
    const std::size_t behind = document ? 3 : column + 1;
    if (!document && (indent != column || line[indent] != '-')) return false;
    return behind >= line.size() || std::string_view(" \t\r\n").find(line[behind]) != line.npos;
}

// Where to go on after a mistake in the item that begins at `item`: the first line behind that
// one's first which looks like the beginning of an item. (Not behind the mistake: a quote or a
// bracket that is not closed takes it far down.)
std::size_t find_next_item(std::string_view text, std::size_t item, std::size_t column) {
    std::size_t at = next_line(text, item);
    while (at < text.size() && !begins_item(text.substr(at), column)) at = next_line(text, at);
    return at;
}

// Of an anchor in front of a mistake nothing is known behind it.
bool is_lost_anchor(const YamlError& error) {
    return error.message.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR);
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
    const std::string_view text = file.text();
    if (auto error = find_wrong_file(text)) return std::unexpected(std::move(*error));
    const std::size_t bad = find_bad_byte(text);
    if (bad < text.size()) return std::unexpected(bad_byte(text, bad));
    YamlTree tree;
    YamlTreeBuilder builder(tree, text);
    if (auto error = parse_part(text, 0, tree, builder)) return std::unexpected(std::move(*error));
    return tree;
}

namespace {

// All items, as they are in the text.
YamlItems parse_all_items(std::string_view text) {
    YamlItems result;
    YamlTreeBuilder builder(result.tree, text);
    std::size_t parsed = 0;  // bytes, those that were parsed again too
    for (std::size_t begin = 0; begin < text.size() || begin == 0;) {
        auto error = parse_part(text, begin, result.tree, builder);
        if (!error) break;
        const std::size_t mistake = std::max(error->offset, begin);
        const std::size_t item = builder.drop_last_item().value_or(mistake);
        if (begin == 0 || !is_lost_anchor(*error)) result.errors.push_back(std::move(*error));
        parsed += mistake - begin;
        if (builder.is_full() || parsed > kMaxFileSize) break;
        if (result.errors.size() == kMaxYamlErrors) break;
        begin = find_next_item(text, std::max(item, begin), builder.column());
    }
    return result;
}

// Takes the items that are no UTF-8 out of the tree. Other bad bytes stand in comments, where they
// do not matter: in the encodings of old, people write their names there.
void drop_masked_items(std::string_view text, const MaskedText& masked, YamlItems& items) {
    if (masked.bad.empty()) return;
    for (const YamlNode*& document : items.tree.documents) {
        if (document->kind != YamlNode::Kind::kSequence) {
            find_masked(*document, text, masked, items.errors);
            continue;
        }
        YamlNode& good = items.tree.nodes.emplace_back(*document);
        std::erase_if(good.items, [&](const YamlNode* item) {
            return find_masked(*item, text, masked, items.errors);
        });
        document = &good;
    }
    std::ranges::sort(items.errors, {}, &YamlError::offset);
    if (items.errors.size() > kMaxYamlErrors) items.errors.resize(kMaxYamlErrors);
}

}  // namespace

YamlItems parse_yaml_items(const SourceFile& file) {
    const std::string_view text = file.text();
    if (auto error = find_wrong_file(text)) return {{}, {std::move(*error)}};
    const auto masked = mask_bad_bytes(text);
    if (!masked) return {{}, {masked.error()}};
    YamlItems items = parse_all_items(masked->text);
    drop_masked_items(text, *masked, items);
    return items;
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
