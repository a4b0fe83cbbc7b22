// SPDX-License-Identifier: Apache-2.0
#include "filter/transformers.h"

#include <algorithm>
#include <array>

#include "util/short_text.h"

namespace saker::filter {
namespace {

using field::Scratch;
using field::Value;
using field::Values;

constexpr std::string_view kNames[] = {"tolower", "toupper", "b64",    "basename",
                                       "len",     "join",    "concat", "getopt"};

// Results are not longer than this: nested concat() could grow without bound.
constexpr std::size_t kMaxResult = 1u << 20;

// ASCII only, whatever the locale.
constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

template <typename Convert>
Values map_letters(Values values, Scratch& scratch, Convert convert) {
    auto results = scratch.values(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string_view text = values[i].text;
        char* copy = scratch.bytes(text.size());
        std::ranges::transform(text, copy, convert);
        results[i] = Value::of({copy, text.size()});
    }
    return results;
}

Values basename(Values values, Scratch& scratch) {
    auto results = scratch.values(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string_view text = values[i].text;
        results[i] = Value::of(text.substr(saker::text::last_of(text, '/') + 1));  // npos + 1 is 0
    }
    return results;
}

// -1 for what is no digit.
constexpr auto kBase64Digits = [] {
    std::array<std::int8_t, 256> digits{};
    digits.fill(-1);
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
    }
    return digits;
}();

Values decode_base64(Values values, Scratch& scratch) {
    std::string_view text = values[0].text;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    if (text.size() % 4 == 1) return {};
    char* decoded = scratch.bytes(text.size() * 3 / 4);
    std::size_t size = 0;
    std::uint32_t bits = 0;
    unsigned pending = 0;
    for (const char c : text) {
        const std::int8_t digit = kBase64Digits[static_cast<unsigned char>(c)];
        if (digit < 0) return {};
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        pending += 6;
        if (pending < 8) continue;
        pending -= 8;
        decoded[size++] = static_cast<char>(bits >> pending & 0xff);
    }
    return scratch.one(Value::of({decoded, size}));
}

Values join(Values separator, Values values, Scratch& scratch) {
    std::size_t size = 0;
    for (const Value& value : values) size += value.text.size() + separator[0].text.size();
    if (size > kMaxResult) return {};
    char* result = scratch.bytes(size);
    char* end = result;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) end += separator[0].text.copy(end, separator[0].text.size());
        end += values[i].text.copy(end, values[i].text.size());
    }
    return scratch.one(Value::of({result, static_cast<std::size_t>(end - result)}));
}

Values concat(std::span<const Argument> arguments, Scratch& scratch) {
    std::size_t size = 0;
    for (const Argument& argument : arguments) size += argument.values[0].text.size();
    if (size > kMaxResult) return {};
    char* result = scratch.bytes(size);
    char* end = result;
    for (const Argument& argument : arguments) {
        end += argument.values[0].text.copy(end, argument.values[0].text.size());
    }
    return scratch.one(Value::of({result, size}));
}

enum class Letter : std::uint8_t { kUnknown, kAlone, kWithValue };
using Letters = std::array<Letter, 256>;

Letters read_optstring(std::string_view optstring) {
    Letters letters{};
    for (std::size_t i = 0; i < optstring.size(); ++i) {
        if (optstring[i] == ':') continue;
        const bool value = i + 1 < optstring.size() && optstring[i + 1] == ':';
        letters[static_cast<unsigned char>(optstring[i])] =
            value ? Letter::kWithValue : Letter::kAlone;
    }
    return letters;
}

// Collects what getopt() gives; without room it only counts.
class Options {
public:
    Options(std::span<Value> room, char selector) : room_(room), selector_(selector) {}

    void alone(std::string_view letter) {
        if (selector_ == 0) {
            push(letter);
        } else if (letter[0] == selector_) {
            select(letter);
        }
    }

    void with_value(std::string_view letter, std::string_view value) {
        if (selector_ == 0) {
            push(letter);
            push(value);
        } else if (letter[0] == selector_) {
            select(value);
        }
    }

    void unknown() {
        if (selector_ == 0) push("?");
    }

    std::size_t size() const { return size_; }

private:
    void push(std::string_view text) {
        if (size_ < room_.size()) room_[size_] = Value::of(text);
        ++size_;
    }

    void select(std::string_view text) {
        size_ = 0;
        push(text);
    }

    std::span<Value> room_;
    char selector_;
    std::size_t size_ = 0;
};

// Reads the letters of `word`; true if the next word is the value of its last one.
bool read_word(std::string_view word, const Letters& letters, bool last, Options& options) {
    for (std::size_t i = 1; i < word.size(); ++i) {
        const std::string_view letter = word.substr(i, 1);
        switch (letters[static_cast<unsigned char>(letter[0])]) {
            case Letter::kUnknown:
                options.unknown();
                break;
            case Letter::kAlone:
                options.alone(letter);
                break;
            case Letter::kWithValue:
                if (i + 1 == word.size() && !last) return true;
                options.with_value(letter, word.substr(i + 1));
                return false;
        }
    }
    return false;
}

void read_words(Values words, const Letters& letters, Options& options) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i].text;
        if (word == "--") break;
        if (word.size() < 2 || word[0] != '-' || word[1] == '-') continue;
        if (read_word(word, letters, i + 1 == words.size(), options)) {
            options.with_value(word.substr(word.size() - 1), words[++i].text);
        }
    }
}

Values getopt(Values words, std::string_view optstring, char selector, Scratch& scratch) {
    const Letters letters = read_optstring(optstring);
    Options count({}, selector);
    read_words(words, letters, count);
    const std::span<Value> room = scratch.values(count.size());
    Options options(room, selector);
    read_words(words, letters, options);
    return room;
}

}  // namespace

std::string_view name(Transformer transformer) {
    return kNames[static_cast<std::size_t>(transformer)];
}

std::optional<Transformer> find_transformer(std::string_view name) {
    const auto* found = std::ranges::find(kNames, name);
    if (found == std::end(kNames)) return std::nullopt;
    return static_cast<Transformer>(found - std::begin(kNames));
}

Values apply(Transformer transformer, char selector, std::span<const Argument> arguments,
             Scratch& scratch) {
    for (const Argument& argument : arguments) {
        if (argument.values.empty()) return {};
    }
    const Values first = arguments[0].values;
    switch (transformer) {
        case Transformer::kTolower:
            return map_letters(first, scratch, to_lower);
        case Transformer::kToupper:
            return map_letters(first, scratch, to_upper);
        case Transformer::kB64:
            return decode_base64(first, scratch);
        case Transformer::kBasename:
            return basename(first, scratch);
        case Transformer::kLen:
            return scratch.one(
                Value::of_uint(arguments[0].list ? first.size() : first[0].text.size()));
        case Transformer::kJoin:
            return join(first, arguments[1].values, scratch);
        case Transformer::kConcat:
            return concat(arguments, scratch);
        case Transformer::kGetopt:
            return getopt(first, arguments[1].values[0].text, selector, scratch);
    }
    return {};
}

}  // namespace saker::filter
