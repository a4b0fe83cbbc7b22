// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rule/source_file.h"

// YAML as a tree that knows where everything stands in its file. yaml-cpp does the parsing; its
// own tree is not used, because it has no bound on its size and no way to refuse what is too much.
namespace saker::rule {

struct YamlNode {
    enum class Kind : std::uint8_t { kNull, kScalar, kSequence, kMap };

    Kind kind = Kind::kNull;
    // Byte of the file where the node begins: a quote, the | or > of a block, or an anchor or tag
    // before it. An alias is the node that it names, with that one's place.
    std::uint32_t offset = 0;
    std::string text;                    // kScalar; kNull: the word null if it stands there
    std::vector<const YamlNode*> items;  // kSequence: elements; kMap: key, value, key, value, ...
};

struct YamlTree {
    std::deque<YamlNode> nodes;              // owns all nodes, which stay where they are
    std::vector<const YamlNode*> documents;  // the root of each document that is not empty
};

struct YamlError {
    std::string message;
    std::size_t offset = 0;
};

// What keeps a hostile file from eating memory: a rules file with a thousand rules has some ten
// thousand nodes and less than a MiB. What an alias repeats counts again. Depth is bounded by
// yaml-cpp (500).
inline constexpr std::size_t kMaxFileSize = 16u << 20;
inline constexpr std::size_t kMaxYamlNodes = 500'000;
inline constexpr std::size_t kMaxYamlBytes = 32u << 20;  // of text

// Parses all documents of a file. All of it must be UTF-8 without NUL.
std::expected<YamlTree, YamlError> parse_yaml(const SourceFile& file);

// What could be read of a file that has mistakes, and these; none: all of it was.
struct YamlItems {
    YamlTree tree;
    std::vector<YamlError> errors;  // in the order in which they were met
};
inline constexpr std::size_t kMaxYamlErrors = 20;

// The same for a file that is a sequence of items, as rules files are. Goes on behind a mistake:
// leaves out the item that it is in, and reads on where the next line begins with a dash in the
// column of the file's first one. What follows a mistake is a document of its own. Of a file that
// is not all UTF-8 (or has NUL), the items are left out that are not; in comments it is no mistake.
YamlItems parse_yaml_items(const SourceFile& file);

// The value of a key in a map, nullptr if it has none. Of a key that occurs twice, the first.
const YamlNode* find_key(const YamlNode& map, std::string_view key);

// The spellings of YAML 1.1 that yaml-cpp knows: true, yes, y, on and their opposites, in lower
// case, upper case or capitalised. Anything else is no boolean.
std::optional<bool> parse_yaml_bool(std::string_view text);

// A scalar together with the file that it stands in; both must outlive it.
struct Scalar {
    const SourceFile* file = nullptr;
    const YamlNode* node = nullptr;

    const std::string& text() const { return node->text; }
    Place place() const { return {file, node->offset}; }
};

// Where a scalar itself begins, behind its anchor (&name) and its tag (!name).
std::size_t skip_properties(std::string_view source, std::size_t at);

// Where a byte of a scalar's value stands in its file, whichever way the scalar was written: plain
// or quoted, over several lines, as a literal or folded block. Linear in the scalar's length, so
// for diagnostics only.
Place place_in_scalar(const Scalar& scalar, std::size_t offset);

}  // namespace saker::rule
