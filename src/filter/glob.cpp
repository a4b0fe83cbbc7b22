// SPDX-License-Identifier: Apache-2.0
#include "filter/glob.h"

#include <cstddef>
#include <cstring>
#include <optional>

namespace saker::filter {
namespace {

constexpr bool is_lower(unsigned char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(unsigned char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(unsigned char c) {
    return is_lower(c) || is_upper(c);
}
constexpr bool is_alnum(unsigned char c) {
    return is_alpha(c) || is_digit(c);
}
constexpr bool is_graph(unsigned char c) {
    return c > ' ' && c < 0x7f;
}
constexpr bool is_space(unsigned char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct CharacterClass {
    std::string_view name;
    bool (*holds)(unsigned char);
};

// POSIX's classes in the C locale.
constexpr CharacterClass kClasses[] = {
    {"alnum", is_alnum},
    {"alpha", is_alpha},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned char c) { return c < ' ' || c == 0x7f; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_lower},
    {"print", [](unsigned char c) { return is_graph(c) || c == ' '; }},
    {"punct", [](unsigned char c) { return is_graph(c) && !is_alnum(c); }},
    {"space", is_space},
    {"upper", is_upper},
    {"xdigit",
     [](unsigned char c) {
         return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
     }},
};

constexpr unsigned char lower(unsigned char c) {
    return is_upper(c) ? static_cast<unsigned char>(c + 32) : c;
}
constexpr unsigned char other_case(unsigned char c) {
    return is_alpha(c) ? static_cast<unsigned char>(c ^ 0x20) : c;
}

// Reads what stands between `[` and `]`.
class SetReader {
public:
    SetReader(std::string_view text, bool ignore_case) : text_(text), ignore_case_(ignore_case) {}

    // The number of characters up to and with the bracket that closes; nullopt if none does.
    std::optional<std::size_t> read(std::bitset<256>& set) {
        const bool negated = at_ < text_.size() && (text_[at_] == '!' || text_[at_] == '^');
        if (negated) ++at_;
        const std::size_t first = at_;
        while (at_ < text_.size()) {
            if (text_[at_] == ']' && at_ != first) {
                if (ignore_case_) add_other_case(set);
                if (negated) set.flip();
                return at_ + 1;
            }
            if (!read_item(set)) return std::nullopt;
        }
        return std::nullopt;
    }

private:
    static void add_other_case(std::bitset<256>& set) {
        const std::bitset<256> written = set;
        for (unsigned byte = 0; byte < written.size(); ++byte) {
            if (written[byte]) set.set(other_case(static_cast<unsigned char>(byte)));
        }
    }

    bool read_item(std::bitset<256>& set) {
        if (text_.substr(at_).starts_with("[:") && read_class(set)) return true;
        const auto low = read_byte();
        if (!low) return false;
        const bool range = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
        if (!range) {
            set.set(*low);
            return true;
        }
        ++at_;
        const auto high = read_byte();
        if (!high) return false;
        for (unsigned byte = *low; byte <= *high; ++byte) set.set(byte);
        return true;
    }

    bool read_class(std::bitset<256>& set) {
        const std::string_view rest = text_.substr(at_ + 2);
        for (const CharacterClass& candidate : kClasses) {
            if (!rest.starts_with(candidate.name) ||
                !rest.substr(candidate.name.size()).starts_with(":]")) {
                continue;
            }
            for (unsigned byte = 0; byte < 256; ++byte) {
                if (candidate.holds(static_cast<unsigned char>(byte))) set.set(byte);
            }
            at_ += candidate.name.size() + 4;
            return true;
        }
        return false;
    }

    std::optional<unsigned char> read_byte() {
        if (text_[at_] == '\\') ++at_;
        if (at_ >= text_.size()) return std::nullopt;
        return static_cast<unsigned char>(text_[at_++]);
    }

    std::string_view text_;
    bool ignore_case_;
    std::size_t at_ = 0;
};

}  // namespace

bool Glob::is_pattern(std::string_view text) {
    return text.find_first_of("*?[\\") != std::string_view::npos;
}

Glob::Glob(std::string_view pattern, bool ignore_case)
    : pattern_(pattern), ignore_case_(ignore_case) {
    using Kind = Element::Kind;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        switch (pattern[i]) {
            case '*':
                if (elements_.empty() || elements_.back().kind != Kind::kStar) {
                    elements_.push_back({Kind::kStar});
                }
                break;
            case '?':
                elements_.push_back({Kind::kAny});
                break;
            case '[':
                i += read_set(pattern.substr(i + 1));
                break;
            case '\\':
                impossible_ = ++i == pattern.size();
                if (!impossible_) add_byte(static_cast<unsigned char>(pattern[i]));
                break;
            default:
                add_byte(static_cast<unsigned char>(pattern[i]));
        }
    }
    if (!ignore_case_) required_ = longest_literal();
}

Glob::Literal Glob::longest_literal() const {
    Literal longest;
    std::string run;
    for (std::size_t i = 0; i < elements_.size(); ++i) {
        if (elements_[i].kind != Element::Kind::kByte) {
            run.clear();
            continue;
        }
        run.push_back(static_cast<char>(elements_[i].byte));
        if (run.size() > longest.text.size()) {
            longest = {run, run.size() == i + 1, i + 1 == elements_.size()};
        }
    }
    return longest;
}

// `rest` follows a `[`. Gives how much of it the set takes; a bracket that is never closed is a
// character like others.
std::size_t Glob::read_set(std::string_view rest) {
    Bytes set;
    const auto size = SetReader(rest, ignore_case_).read(set);
    if (!size) {
        add_byte('[');
        return 0;
    }
    elements_.push_back({Element::Kind::kSet, 0, static_cast<std::uint32_t>(sets_.size())});
    sets_.push_back(set);
    return *size;
}

void Glob::add_byte(unsigned char byte) {
    elements_.push_back({Element::Kind::kByte, ignore_case_ ? lower(byte) : byte});
}

bool Glob::fits(const Element& element, unsigned char byte) const {
    switch (element.kind) {
        case Element::Kind::kByte:
            return element.byte == (ignore_case_ ? lower(byte) : byte);
        case Element::Kind::kSet:
            return sets_[element.set][byte];
        case Element::Kind::kAny:
        case Element::Kind::kStar:
            break;
    }
    return true;
}

// Only the last star met is ever tried again: what an earlier one could take, the last one can.
bool Glob::matches(std::string_view text) const {
    if (impossible_) return false;
    // Nearly every text lacks it, and a search for it takes no time.
    const std::string& required = required_.text;
    if (!required.empty() &&
        memmem(text.data(), text.size(), required.data(), required.size()) == nullptr) {
        return false;
    }
    constexpr std::size_t kNone = SIZE_MAX;
    std::size_t element = 0;
    std::size_t byte = 0;
    std::size_t after_star = kNone;
    std::size_t star_byte = 0;
    while (byte < text.size()) {
        if (element < elements_.size() && elements_[element].kind == Element::Kind::kStar) {
            after_star = ++element;
            star_byte = byte;
        } else if (element < elements_.size() &&
                   fits(elements_[element], static_cast<unsigned char>(text[byte]))) {
            ++element;
            ++byte;
        } else if (after_star != kNone) {
            element = after_star;
            byte = ++star_byte;
        } else {
            return false;
        }
    }
    while (element < elements_.size() && elements_[element].kind == Element::Kind::kStar) ++element;
    return element == elements_.size();
}

}  // namespace saker::filter
