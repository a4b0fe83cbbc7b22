// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "filter/glob.h"

namespace saker::filter {

// The paths of a `pmatch`: a path matches if one of them is the path itself or a folder above it.
// Components may be patterns; empty ones (doubled slashes, one at either end) do not count, so that
// `/` is above everything. A trie over components: the time of one look-up is bounded by its size.
// Immutable once filled.
class PathPatterns {
public:
    void add(std::string_view path);
    bool matches(std::string_view path) const { return matches(0, path); }

    // The first components of one of the paths, as far as they are no patterns, with single slashes
    // between them: `/usr//local/*/bin` gives `usr/local`. Each path that matches begins with
    // these.
    static std::string literal_start(std::string_view path);

    const std::vector<std::string>& paths() const { return paths_; }

private:
    struct Node {
        bool end = false;
        std::map<std::string, std::uint32_t, std::less<>> names;
        std::vector<std::pair<Glob, std::uint32_t>> patterns;
    };

    std::uint32_t child(std::uint32_t node, std::string_view component);
    bool matches(std::uint32_t node, std::string_view rest) const;

    std::vector<std::string> paths_;
    std::vector<Node> nodes_ = std::vector<Node>(1);
};

}  // namespace saker::filter
