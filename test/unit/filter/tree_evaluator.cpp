// SPDX-License-Identifier: Apache-2.0
#include "unit/filter/tree_evaluator.h"

#include <fnmatch.h>
#include <regex.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace saker::filter {
namespace {

using field::Several;
using field::ValueType;

// A value that owns its text.
struct Item {
    Item() = default;
    explicit Item(std::string text) : text(std::move(text)) {}

    std::string text;
    std::uint64_t number = 0;
    std::int64_t integer = 0;
    double real = 0;
    field::IpAddress ip;
    int prefix_bits = 128;
};
using Items = std::vector<Item>;

bool is_bytes_or_text(ValueType type) {
    return type == ValueType::kString || type == ValueType::kPath || type == ValueType::kBytes;
}

Item item_of(const field::Value& value, ValueType type) {
    Item item;
    if (is_bytes_or_text(type)) {
        item.text = value.text;
    } else if (type == ValueType::kInt) {
        item.integer = value.integer;
    } else if (type == ValueType::kDouble) {
        item.real = value.real;
    } else if (type == ValueType::kIp || type == ValueType::kNet) {
        item.ip = value.ip;
    } else {
        item.number = value.number;
    }
    return item;
}

std::string from_hex(const std::string& digits) {
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

Item item_of(const Constant& constant, ValueType type, Op op) {
    Item item;
    item.text = constant.text;
    if (op == Op::kBcontains || op == Op::kBstartswith) item.text = from_hex(constant.text);
    if (type == ValueType::kInt) {
        item.integer = constant.integer;
    } else if (type == ValueType::kDouble) {
        item.real = constant.real;
    } else if (!is_bytes_or_text(type)) {
        item.number = constant.number;
    }
    item.ip = constant.ip;
    item.prefix_bits = constant.prefix_bits;
    return item;
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

bool in_net(const field::IpAddress& ip, const field::IpAddress& net, int bits) {
    if (ip.v6 != net.v6) return false;
    for (int bit = 0; bit < bits; ++bit) {
        const int mask = 0x80 >> (bit % 8);
        if ((ip.bytes[bit / 8] & mask) != (net.bytes[bit / 8] & mask)) return false;
    }
    return true;
}

std::vector<std::string> components(const std::string& path) {
    std::vector<std::string> result(1);
    for (const char c : path) {
        if (c == '/') {
            result.emplace_back();
        } else {
            result.back() += c;
        }
    }
    std::erase(result, "");
    return result;
}

bool path_match(const std::string& path, const std::string& above) {
    const auto names = components(path);
    const auto patterns = components(above);
    if (patterns.size() > names.size()) return false;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (fnmatch(patterns[i].c_str(), names[i].c_str(), 0) != 0) return false;
    }
    return true;
}

class Regex {
public:
    explicit Regex(const std::string& pattern) {
        const std::string whole = "^(" + pattern + ")$";
        if (regcomp(&regex_, whole.c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
            throw std::invalid_argument(pattern);
        }
    }
    ~Regex() { regfree(&regex_); }
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    bool matches(const std::string& text) const {
        return regexec(&regex_, text.c_str(), 0, nullptr, 0) == 0;
    }

private:
    regex_t regex_;
};

// In the C locale a byte is a character, as a byte that is not UTF-8 is in regex.h.
bool regex_match(const std::string& text, const std::string& pattern) {
    static std::map<std::string, Regex> known;
    return known.try_emplace(pattern, pattern).first->second.matches(text);
}

// -1, 0 or 1.
int order(ValueType type, const Item& a, const Item& b) {
    if (is_bytes_or_text(type)) {
        const int difference = a.text.compare(b.text);
        return difference < 0 ? -1 : difference > 0;
    }
    if (type == ValueType::kInt) return a.integer < b.integer ? -1 : a.integer > b.integer;
    if (type == ValueType::kDouble) return a.real < b.real ? -1 : a.real > b.real;
    return a.number < b.number ? -1 : a.number > b.number;
}

bool equal(ValueType type, const Item& a, const Item& b) {
    if (type == ValueType::kIp || type == ValueType::kNet) {
        return in_net(a.ip, b.ip, b.prefix_bits);
    }
    return order(type, a, b) == 0;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// One value against one constant.
bool compare(Op op, ValueType type, const Item& a, const Item& b) {
    switch (op) {
        case Op::kExists:
            return true;
        case Op::kEq:
        case Op::kIn:
        case Op::kIntersects:
            return equal(type, a, b);
        case Op::kNe:
            return !equal(type, a, b);
        case Op::kLt:
            return order(type, a, b) < 0;
        case Op::kLe:
            return order(type, a, b) <= 0;
        case Op::kGt:
            return order(type, a, b) > 0;
        case Op::kGe:
            return order(type, a, b) >= 0;
        case Op::kContains:
        case Op::kBcontains:
            return has(a.text, b.text);
        case Op::kIcontains:
            return has(lower(a.text), lower(b.text));
        case Op::kStartswith:
        case Op::kBstartswith:
            return a.text.substr(0, b.text.size()) == b.text;
        case Op::kEndswith:
            return a.text.size() >= b.text.size() &&
                   a.text.substr(a.text.size() - b.text.size()) == b.text;
        case Op::kGlob:
            return fnmatch(b.text.c_str(), a.text.c_str(), 0) == 0;
        case Op::kIglob:
            return fnmatch(b.text.c_str(), a.text.c_str(), FNM_CASEFOLD) == 0;
        case Op::kRegex:
            return regex_match(a.text, b.text);
        case Op::kPmatch:
            return path_match(a.text, b.text);
    }
    return false;
}

std::string base64_decoded(const std::string& text, bool& valid) {
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bits;
    std::size_t size = text.size();
    while (size > 0 && text.size() - size < 2 && text[size - 1] == '=') --size;
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t digit = alphabet.find(text[i]);
        if (digit == std::string::npos) valid = false;
        for (int bit = 5; bit >= 0; --bit) bits += (digit >> bit & 1) != 0 ? '1' : '0';
    }
    if (size % 4 == 1) valid = false;
    std::string bytes;
    for (std::size_t i = 0; i + 8 <= bits.size(); i += 8) {
        bytes += static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
    }
    return bytes;
}

Items getopt_of(const Items& words, const std::string& letters, char selector) {
    std::vector<std::pair<std::string, std::string>> found;  // letter, value or the letter
    Items all;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string word = words[i].text;
        if (word == "--") break;
        if (word.size() < 2 || word[0] != '-' || word[1] == '-') continue;
        word.erase(0, 1);
        while (!word.empty()) {
            const std::string letter = word.substr(0, 1);
            word.erase(0, 1);
            const std::size_t at = letter == ":" ? std::string::npos : letters.find(letter);
            if (at == std::string::npos) {
                all.emplace_back("?");
                continue;
            }
            all.emplace_back(letter);
            found.emplace_back(letter, letter);
            if (at + 1 == letters.size() || letters[at + 1] != ':') continue;
            if (word.empty() && i + 1 < words.size()) word = words[++i].text;
            all.emplace_back(word);
            found.back().second = word;
            word.clear();
        }
    }
    if (selector == 0) return all;
    for (auto option = found.rbegin(); option != found.rend(); ++option) {
        if (option->first == std::string(1, selector)) return {Item(option->second)};
    }
    return {};
}

class Evaluator {
public:
    explicit Evaluator(const field::Context& context) : context_(context) {}

    bool evaluate(const Expr& expr) {
        if (const auto* row = std::get_if<And>(&expr.node)) {
            return std::ranges::all_of(row->children,
                                       [&](auto& child) { return evaluate(*child); });
        }
        if (const auto* row = std::get_if<Or>(&expr.node)) {
            return std::ranges::any_of(row->children,
                                       [&](auto& child) { return evaluate(*child); });
        }
        if (const auto* negated = std::get_if<Not>(&expr.node)) return !evaluate(*negated->child);
        return evaluate(std::get<Test>(expr.node));
    }

private:
    bool evaluate(const Test& test) {
        const Items lhs = values(test.lhs);
        if (lhs.empty()) return false;
        Items rhs;
        if (test.rhs) {
            rhs = values(*test.rhs);
            if (rhs.empty()) return false;
        }
        for (const Constant& constant : test.constants) {
            rhs.push_back(item_of(constant, test.lhs.type, test.op));
        }
        if (test.op == Op::kExists) return true;
        const auto passes = [&](const Item& value) { return enough(test, {value}, rhs); };
        if (test.lhs.several == Several::kList && test.op == Op::kIn) {
            return std::ranges::all_of(lhs, passes);
        }
        if (test.lhs.several == Several::kEither && test.op == Op::kNe) {
            return enough(test, lhs, rhs);
        }
        return std::ranges::any_of(lhs, passes);
    }

    // Whether as many constants as the test asks for hold for all of these values.
    static bool enough(const Test& test, const Items& values, const Items& rhs) {
        const auto count = static_cast<std::size_t>(std::ranges::count_if(rhs, [&](auto& other) {
            return std::ranges::all_of(
                values, [&](auto& value) { return compare(test.op, test.lhs.type, value, other); });
        }));
        if (test.quantifier == Quantifier::kAllof) return count == rhs.size();
        if (test.quantifier == Quantifier::kOneof) return count == 1;
        return count > 0;
    }

    Items values(const Operand& operand) {
        switch (operand.kind) {
            case Operand::Kind::kConstant:
                return {Item(operand.constant.text)};
            case Operand::Kind::kCall:
                return call(operand);
            case Operand::Kind::kList: {
                Items list;
                for (const Operand& element : operand.operands) {
                    const Items one = values(element);
                    if (one.empty()) return {};
                    list.push_back(one[0]);
                }
                return list;
            }
            case Operand::Kind::kField:
                break;
        }
        Items items;
        for (const field::Value& value : operand.use.info->extract(operand.use, context_)) {
            items.push_back(item_of(value, operand.type));
        }
        return items;
    }

    Items call(const Operand& operand) {
        std::vector<Items> arguments;
        for (const Operand& argument : operand.operands) {
            arguments.push_back(values(argument));
            if (arguments.back().empty()) return {};
        }
        const std::string text = arguments[0][0].text;
        switch (operand.transformer) {
            case Transformer::kTolower:
                return {Item(lower(text))};
            case Transformer::kToupper:
                return {Item(upper(text))};
            case Transformer::kBasename: {
                const std::size_t slash = text.find_last_of('/');
                return {Item(slash == std::string::npos ? text : text.substr(slash + 1))};
            }
            case Transformer::kB64: {
                bool valid = true;
                const std::string decoded = base64_decoded(text, valid);
                return valid ? Items{Item(decoded)} : Items{};
            }
            case Transformer::kLen: {
                const bool list = operand.operands[0].several == Several::kList;
                Item length;
                length.number = list ? arguments[0].size() : text.size();
                return {length};
            }
            case Transformer::kJoin: {
                std::string joined;
                for (const Item& item : arguments[1]) joined += item.text + text;
                return {Item(joined.substr(0, joined.size() - text.size()))};
            }
            case Transformer::kConcat: {
                std::string all;
                for (const Items& argument : arguments) all += argument[0].text;
                return {Item(all)};
            }
            case Transformer::kGetopt:
                return getopt_of(arguments[0], arguments[1][0].text,
                                 operand.argument ? operand.argument->front() : '\0');
        }
        return {};
    }

    const field::Context& context_;
};

}  // namespace

bool evaluate_tree(const Expr& expr, const field::Context& context) {
    return Evaluator(context).evaluate(expr);
}

}  // namespace saker::filter
