// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saker::filter {

// Ways to read a text byte by byte: read() gives the next one, or kEnd. A trie takes one way for
// all its texts.
struct ReadForward {
    static constexpr int kEnd = -1;

    explicit ReadForward(std::string_view text) : rest(text) {}
    int read() {
        if (rest.empty()) return kEnd;
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        return byte;
    }
    std::string_view rest;
};

struct ReadBackward {
    static constexpr int kEnd = -1;

    explicit ReadBackward(std::string_view text) : rest(text) {}
    int read() {
        if (rest.empty()) return kEnd;
        const auto byte = static_cast<unsigned char>(rest.back());
        rest.remove_suffix(1);
        return byte;
    }
    std::string_view rest;
};

// A path from its first component on; slashes in a row are one, and those at its beginning none.
struct ReadPath {
    static constexpr int kEnd = -1;

    explicit ReadPath(std::string_view text) : rest(text) { skip_slashes(); }
    int read() {
        if (rest.empty()) return kEnd;
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        if (byte == '/') skip_slashes();
        return byte;
    }
    void skip_slashes() {
        while (rest.starts_with('/')) rest.remove_prefix(1);
    }
    std::string_view rest;
};

// Which of many texts another one begins with, in the order in which Reader gives its bytes. Each
// text carries numbers. A look-up takes as many steps as the other text has bytes in common with
// any of them. Immutable after build(); any thread may ask then.
template <typename Reader>
class Trie {
public:
    void add(std::string_view text, std::uint32_t number) {
        std::string bytes;
        Reader reader(text);
        for (int byte = reader.read(); byte != Reader::kEnd; byte = reader.read()) {
            bytes.push_back(static_cast<char>(byte));
        }
        entries_.emplace_back(std::move(bytes), number);
    }

    void build() {
        std::ranges::sort(entries_);
        const auto doubled = std::ranges::unique(entries_);
        entries_.erase(doubled.begin(), doubled.end());
        nodes_.assign(1, Node{});
        bytes_.assign(1, '\0');
        numbers_.reserve(entries_.size());
        for (const Entry& entry : entries_) numbers_.push_back(entry.second);
        if (!entries_.empty()) fill(0, 0, entries_, 0);
        entries_ = {};
    }

    bool empty() const { return numbers_.empty(); }

    // Calls `hit(std::span<const std::uint32_t>)` with the numbers of each text that `text` begins
    // with.
    template <typename Hit>
    void find(std::string_view text, Hit hit) const {
        Reader reader(text);
        const Node* node = nodes_.data();
        while (true) {
            if (node->count > 0) hit(std::span(numbers_).subspan(node->first, node->count));
            if (node->child_count == 0) return;
            const int byte = reader.read();
            if (byte == Reader::kEnd || !may_follow(*node, byte)) return;
            std::uint32_t child = node->child;
            const std::uint32_t end = child + node->child_count;
            while (child != end && bytes_[child] != static_cast<char>(byte)) ++child;
            if (child == end) return;
            node = &nodes_[child];
            const char* label = labels_.data() + node->label;
            for (const char* const stop = label + node->label_size; label != stop; ++label) {
                if (reader.read() != static_cast<unsigned char>(*label)) return;
            }
        }
    }

private:
    using Entry = std::pair<std::string, std::uint32_t>;

    // Reached by the byte bytes_[its own index] and then the label.
    struct Node {
        std::uint32_t label = 0;
        std::uint32_t label_size = 0;
        std::uint32_t child = 0;  // index of the first; they lie side by side
        std::uint32_t child_count = 0;
        std::uint32_t first = 0;  // numbers of the text that ends here
        std::uint32_t count = 0;
        std::uint64_t follow = 0;  // a bit for each byte that leads to a child
    };

    // Most texts leave the trie soon: that is seen without a search.
    static constexpr std::uint64_t follow_bit(int byte) { return std::uint64_t{1} << (byte % 64); }
    static bool may_follow(const Node& node, int byte) {
        return (node.follow & follow_bit(byte)) != 0;
    }

    // `entries` are sorted, and alike in their first `depth` bytes; `first` is the position of
    // their first number. Recursion goes one level deeper for each node: for each byte at most,
    // and kMaxDepth cuts texts that are longer; what is cut off only makes the trie find more.
    void fill(std::uint32_t at, std::size_t depth, std::span<const Entry> entries,
              std::uint32_t first) {
        depth = set_label(at, depth, entries);
        std::uint32_t ending = 0;
        while (ending < entries.size() &&
               (entries[ending].first.size() == depth || depth >= kMaxDepth)) {
            ++ending;
        }
        nodes_[at].first = first;
        nodes_[at].count = ending;
        add_children(at, depth, entries.subspan(ending), first + ending);
    }

    // The bytes that all entries have in common from `depth` on (the root has no label).
    std::size_t set_label(std::uint32_t at, std::size_t depth, std::span<const Entry> entries) {
        if (at == 0) return 0;
        const std::string& least = entries.front().first;
        const std::string& most = entries.back().first;
        std::size_t end = depth;
        while (end < least.size() && end < most.size() && end < kMaxDepth &&
               least[end] == most[end]) {
            ++end;
        }
        nodes_[at].label = static_cast<std::uint32_t>(labels_.size());
        nodes_[at].label_size = static_cast<std::uint32_t>(end - depth);
        labels_.append(least, depth, end - depth);
        return end;
    }

    void add_children(std::uint32_t at, std::size_t depth, std::span<const Entry> entries,
                      std::uint32_t first) {
        struct Group {
            std::span<const Entry> entries;
            std::uint32_t first;
        };
        std::vector<Group> groups;
        while (!entries.empty()) {
            const char byte = entries.front().first[depth];
            const auto other = std::ranges::find_if(
                entries, [&](const Entry& entry) { return entry.first[depth] != byte; });
            const auto size = static_cast<std::size_t>(other - entries.begin());
            groups.push_back({entries.first(size), first});
            first += static_cast<std::uint32_t>(size);
            entries = entries.subspan(size);
        }
        const auto child = static_cast<std::uint32_t>(nodes_.size());
        nodes_[at].child = child;
        nodes_[at].child_count = static_cast<std::uint32_t>(groups.size());
        nodes_.resize(nodes_.size() + groups.size());
        for (const Group& group : groups) {
            const char byte = group.entries.front().first[depth];
            bytes_.push_back(byte);
            nodes_[at].follow |= follow_bit(static_cast<unsigned char>(byte));
        }
        for (std::uint32_t i = 0; i < groups.size(); ++i) {
            fill(child + i, depth + 1, groups[i].entries, groups[i].first);
        }
    }

    static constexpr std::size_t kMaxDepth = 512;

    std::vector<Entry> entries_;  // until build()
    std::vector<Node> nodes_ = std::vector<Node>(1);
    std::string bytes_ = std::string(1, '\0');  // the byte that leads to each node
    std::string labels_;
    std::vector<std::uint32_t> numbers_;
};

}  // namespace saker::filter
