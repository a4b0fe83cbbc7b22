// SPDX-License-Identifier: Apache-2.0
#include "filter/sets.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "filter/path_patterns.h"
#include "unit/filter/fake_fields.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

std::string word(std::mt19937& random, std::size_t longest) {
    std::string text;
    for (std::size_t size = random() % (longest + 1); size > 0; --size) {
        text += "ab\xf0"[random() % 3];
    }
    return text;
}

NetSet::Net net(const char* text, unsigned bits) {
    const field::IpAddress ip = fake::ip(text);
    return {ip, static_cast<std::uint8_t>(ip.v6 ? bits : bits + 96)};
}

PathPatterns patterns(std::initializer_list<std::string_view> paths) {
    PathPatterns result;
    for (const std::string_view path : paths) result.add(path);
    return result;
}

}  // namespace

TEST_CASE("sets of texts find what a search one by one finds") {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::string> words;
        for (std::size_t i = random() % 12; i > 0; --i) words.push_back(word(random, 5));
        const TextSet set(words);
        const PrefixSet prefixes(words);
        const SuffixSet suffixes(words);
        const TextList list(words);
        for (int i = 0; i < 20; ++i) {
            const std::string text = word(random, 8);
            const auto any = [&](auto holds) { return std::ranges::any_of(words, holds); };
            CHECK(set.contains(text) == any([&](auto& w) { return w == text; }));
            CHECK(prefixes.contains_prefix_of(text) ==
                  any([&](auto& w) { return text.starts_with(w); }));
            CHECK(suffixes.contains_suffix_of(text) ==
                  any([&](auto& w) { return text.ends_with(w); }));
            CHECK(list.any_within(text) ==
                  any([&](auto& w) { return text.find(w) != std::string::npos; }));
        }
    }
}

TEST_CASE("long texts are told apart, too") {
    const std::string base(100, 'x');
    const TextSet set({base + "1", base + "22", base + "333"});
    CHECK(set.contains(base + "22"));
    CHECK_FALSE(set.contains(base + "44"));
}

TEST_CASE("numbers are found by their bits") {
    const NumberSet set({5, 1, UINT64_MAX, 5});
    CHECK(set.contains(5));
    CHECK(set.contains(static_cast<std::uint64_t>(-1)));
    CHECK_FALSE(set.contains(2));
    CHECK_FALSE(NumberSet({}).contains(0));
}

TEST_CASE("an address is in a network of its own family") {
    const NetSet set({net("10.0.0.0", 8), net("192.168.1.77", 24), net("1.2.3.4", 32),
                      net("fe80::", 10), net("::1", 128)});
    for (const char* inside :
         {"10.255.0.1", "192.168.1.1", "1.2.3.4", "fe80::1", "febf::", "::1"}) {
        INFO(inside);
        CHECK(set.contains(fake::ip(inside)));
    }
    for (const char* outside :
         {"11.0.0.1", "192.168.2.1", "1.2.3.5", "fec0::", "::2", "::ffff:10.0.0.1"}) {
        INFO(outside);
        CHECK_FALSE(set.contains(fake::ip(outside)));
    }
    const NetSet everything({net("0.0.0.0", 0)});
    CHECK(everything.contains(fake::ip("203.0.113.9")));
    CHECK_FALSE(everything.contains(fake::ip("::1")));
}

TEST_CASE("a path matches itself and what is above it, component by component") {
    const PathPatterns set = patterns({"/etc", "/usr/*/bin", "var//log/"});
    for (const char* inside : {"/etc", "/etc/", "/etc/shadow", "//etc//x", "etc", "/usr/local/bin",
                               "/usr/a/bin/b", "/var/log", "/var/log/x"}) {
        INFO(inside);
        CHECK(set.matches(inside));
    }
    for (const char* outside :
         {"", "/", "/etcetera", "/usr/bin", "/usr/a/b/bin", "/usr/a/sbin", "/var", "/x/etc"}) {
        INFO(outside);
        CHECK_FALSE(set.matches(outside));
    }
    CHECK(patterns({"/"}).matches("/anything"));
    CHECK(patterns({"/"}).matches(""));
    CHECK_FALSE(patterns({}).matches("/"));
    // A name and a pattern for the same component: either may lead to the match.
    CHECK(patterns({"/a/x", "/*/y"}).matches("/a/y"));
    CHECK(patterns({"/[ab]/x", "/?/y"}).matches("/a/y"));
}

TEST_CASE("patterns of paths are linear on hostile paths") {
    PathPatterns set = patterns({"/*/*/*/*/*/*/*/*/end", "/a/*/a/*/a/*/a/*/end"});
    std::string path;
    for (int i = 0; i < 4000; ++i) path += "/a";
    CHECK_FALSE(set.matches(path));
}

TEST_CASE("a text is found within another") {
    CHECK(contains("", ""));
    CHECK(contains("abc", ""));
    CHECK(contains("abc", "bc"));
    CHECK_FALSE(contains("abc", "cb"));
    CHECK_FALSE(contains("", "a"));
}

}  // namespace saker::filter
