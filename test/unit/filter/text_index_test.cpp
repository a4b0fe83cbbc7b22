// SPDX-License-Identifier: Apache-2.0
#include "filter/text_index.h"

#include <functional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "filter/path_patterns.h"
#include "unit/filter/random_text.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

using Numbers = std::multiset<std::uint32_t>;

Numbers found(const TextIndex& index, std::string_view text) {
    Numbers numbers;
    index.find(text, [&](std::span<const std::uint32_t> some) {
        numbers.insert(some.begin(), some.end());
    });
    return numbers;
}

bool is_path_start(std::string_view path, std::string_view text) {
    std::string normal;
    for (const char c : text) {
        const bool slash = c == '/' && (normal.empty() || normal.back() == '/');
        if (!slash) normal += c;
    }
    return normal.starts_with(path);
}

struct Way {
    const char* name;
    void (TextIndex::*add)(std::string_view, std::uint32_t);
    bool (*says_yes)(std::string_view constant, std::string_view text);
    std::size_t least;  // bytes of a constant
};

const Way kWays[] = {
    {"equal", &TextIndex::add_equal, [](auto constant, auto text) { return constant == text; }, 0},
    {"prefix", &TextIndex::add_prefix,
     [](auto constant, auto text) { return text.starts_with(constant); }, 0},
    {"path", &TextIndex::add_path, is_path_start, 1},
    {"suffix", &TextIndex::add_suffix,
     [](auto constant, auto text) { return text.ends_with(constant); }, 0},
    {"within", &TextIndex::add_within,
     [](auto constant, auto text) { return text.find(constant) != std::string_view::npos; },
     Within::kLeast},
};

std::string constant_for(std::mt19937& random, const Way& way) {
    std::string text;
    do {
        text = random_text(random, "ab/\xff", 7);
        if (std::string_view(way.name) == "path") text = PathPatterns::literal_start(text);
    } while (text.size() < way.least);
    return text;
}

}  // namespace

TEST_CASE("an index of texts finds what a search one by one finds") {
    std::mt19937 random(7);
    for (const Way& way : kWays) {
        INFO(way.name);
        std::size_t hits = 0;
        for (int round = 0; round < 300; ++round) {
            TextIndex index;
            std::vector<std::string> constants(random() % 20);
            for (std::uint32_t i = 0; i < constants.size(); ++i) {
                constants[i] = constant_for(random, way);
                (index.*way.add)(constants[i], i);
            }
            index.build();
            for (int i = 0; i < 40; ++i) {
                const std::string text = random_text(random, "ab/\xff", 12);
                Numbers expected;
                for (std::uint32_t n = 0; n < constants.size(); ++n) {
                    if (way.says_yes(constants[n], text)) expected.insert(n);
                }
                Numbers actual = found(index, text);
                const std::set<std::uint32_t> distinct(actual.begin(), actual.end());
                INFO(text);
                REQUIRE(Numbers(distinct.begin(), distinct.end()) == expected);
                hits += expected.size();
            }
        }
        CHECK(hits > 300);
    }
}

TEST_CASE("the ways to ask of one index do not disturb each other") {
    TextIndex index;
    index.add_equal("/etc/shadow", 1);
    index.add_prefix("/etc/", 2);
    index.add_path("etc/sh", 3);
    index.add_suffix("dow", 4);
    index.add_within("c/sha", 5);
    index.add_equal("/etc/shadow", 6);
    index.build();
    CHECK(found(index, "/etc/shadow") == Numbers{1, 2, 3, 4, 5, 6});
    CHECK(found(index, "//etc/shadow") == Numbers{3, 4, 5});
    CHECK(found(index, "/etc/passwd") == Numbers{2});
    CHECK(found(index, "").empty());
}

TEST_CASE("texts longer than a trie looks at are found, and so may others be") {
    const std::string start(600, 'a');
    TextIndex index;
    index.add_prefix(start + "b", 1);
    index.add_prefix(start + "c", 2);
    index.build();
    CHECK(found(index, start + "b").contains(1));
    CHECK(found(index, start + "c").contains(2));
    CHECK(found(index, std::string(400, 'a')).empty());
}

}  // namespace saker::filter
