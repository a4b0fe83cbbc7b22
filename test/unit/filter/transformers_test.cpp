// SPDX-License-Identifier: Apache-2.0
#include "filter/transformers.h"

#include <optional>
#include <string>
#include <vector>

#include "catch.h"

namespace saker::filter {
namespace {

using field::Value;
using Texts = std::vector<std::string>;

std::vector<Value> values(const Texts& texts) {
    std::vector<Value> result;
    for (const std::string& text : texts) result.push_back(Value::of(text));
    return result;
}

// The result of a transformer on texts: one argument for each vector; several texts are a list.
Texts call(Transformer transformer, const std::vector<Texts>& arguments, char selector = 0) {
    std::vector<std::vector<Value>> rows;
    std::vector<Argument> views;
    for (const Texts& argument : arguments) rows.push_back(values(argument));
    for (const auto& row : rows) views.push_back({row, row.size() > 1});
    field::Scratch scratch;
    Texts result;
    for (const Value& value : apply(transformer, selector, views, scratch)) {
        result.emplace_back(value.text);
    }
    return result;
}

std::optional<std::uint64_t> length(const Texts& texts, bool list) {
    const auto row = values(texts);
    const Argument argument{row, list};
    field::Scratch scratch;
    const auto result = apply(Transformer::kLen, 0, {&argument, 1}, scratch);
    if (result.empty()) return std::nullopt;
    return result[0].number;
}

}  // namespace

TEST_CASE("letters are converted, other bytes are not") {
    CHECK(call(Transformer::kTolower, {{"Az[\xc3\x84"}}) == Texts{"az[\xc3\x84"});
    CHECK(call(Transformer::kToupper, {{"aZ{`"}}) == Texts{"AZ{`"});
    CHECK(call(Transformer::kTolower, {{"A", "B"}}) == Texts{"a", "b"});
}

TEST_CASE("a basename is what follows the last slash") {
    CHECK(call(Transformer::kBasename, {{"/usr/bin/cat"}}) == Texts{"cat"});
    CHECK(call(Transformer::kBasename, {{"cat"}}) == Texts{"cat"});
    CHECK(call(Transformer::kBasename, {{"/usr/"}}) == Texts{""});
}

TEST_CASE("base64 is decoded, padded or not") {
    CHECK(call(Transformer::kB64, {{"YWJj"}}) == Texts{"abc"});
    CHECK(call(Transformer::kB64, {{"YWI="}}) == Texts{"ab"});
    CHECK(call(Transformer::kB64, {{"YWI"}}) == Texts{"ab"});
    CHECK(call(Transformer::kB64, {{"YQ=="}}) == Texts{"a"});
    CHECK(call(Transformer::kB64, {{"+/+/"}}) == Texts{"\xfb\xff\xbf"});
    CHECK(call(Transformer::kB64, {{""}}) == Texts{""});
    for (const char* bad : {"Y", "YWJjY", "YW!j", "YQ=a", "===="}) {
        INFO(bad);
        CHECK(call(Transformer::kB64, {{bad}}).empty());
    }
}

TEST_CASE("length is that of a text or of a list") {
    CHECK(length({"abc"}, false) == 3u);
    CHECK(length({""}, false) == 0u);
    CHECK(length({"abc"}, true) == 1u);
    CHECK(length({"a", "b"}, true) == 2u);
    CHECK_FALSE(length({}, true).has_value());
}

TEST_CASE("texts are joined") {
    CHECK(call(Transformer::kJoin, {{", "}, {"a", "b", "c"}}) == Texts{"a, b, c"});
    CHECK(call(Transformer::kJoin, {{""}, {"a"}}) == Texts{"a"});
    CHECK(call(Transformer::kConcat, {{"a"}, {""}, {"c"}}) == Texts{"ac"});
}

TEST_CASE("an argument without a value leaves none") {
    CHECK(call(Transformer::kTolower, {{}}).empty());
    CHECK(call(Transformer::kConcat, {{"a"}, {}}).empty());
    CHECK(call(Transformer::kJoin, {{","}, {}}).empty());
}

TEST_CASE("results have a limit") {
    const std::string large(600'000, 'x');
    CHECK(call(Transformer::kConcat, {{large}, {"y"}}).size() == 1);
    CHECK(call(Transformer::kConcat, {{large}, {large}}).empty());
    CHECK(call(Transformer::kJoin, {{large}, {"a", "b", "c"}}).empty());
}

TEST_CASE("options are read as getopt() reads them") {
    const auto options = [](const Texts& words, const std::string& letters, char selector = 0) {
        return call(Transformer::kGetopt, {words, {letters}}, selector);
    };
    CHECK(options({"-n", "-t", "x"}, "nt:") == Texts{"n", "t", "x"});
    CHECK(options({"-nt", "x"}, "nt:") == Texts{"n", "t", "x"});
    CHECK(options({"-ntx", "-n"}, "nt:") == Texts{"n", "t", "x", "n"});
    CHECK(options({"-t", "-n"}, "nt:") == Texts{"t", "-n"});
    CHECK(options({"file", "-n", "file"}, "n") == Texts{"n"});
    CHECK(options({"-n", "--", "-t"}, "nt") == Texts{"n"});
    CHECK(options({"--name", "-n", "-"}, "nam") == Texts{"n"});
    CHECK(options({"-x", "-:", "-n"}, "n:") == Texts{"?", "?", "n", ""});
    CHECK(options({"-n", "x"}, "") == Texts{"?"});
    CHECK(options({"a", "b"}, "n").empty());

    CHECK(options({"-e", "a", "-e", "b", "-n"}, "e:n", 'e') == Texts{"b"});
    CHECK(options({"-n", "-e"}, "e:n", 'e') == Texts{""});
    CHECK(options({"-n", "x"}, "e:n", 'n') == Texts{"n"});
    CHECK(options({"-n", "x"}, "e:n", 'e').empty());
}

}  // namespace saker::filter
