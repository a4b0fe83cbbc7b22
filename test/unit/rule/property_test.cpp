// SPDX-License-Identifier: Apache-2.0
//
// Rules files made at random, each in two forms that must mean the same: lists and macros against
// the condition written out by hand, exceptions against `and not`, appending against concatenation.
// SAKER_RULE_SEED chooses the seed.
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "load.h"

// Last: its CAPTURE would replace that of the table of events.
#include "catch.h"

using saker::test::condition_of;
using saker::test::load;
using saker::test::rule_text;

namespace {

using Texts = std::vector<std::string>;

constexpr int kRounds = 150;

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool maybe() { return below(2) == 0; }
    const std::string& pick(const Texts& texts) { return texts[below(texts.size())]; }

    // With some that need quotes.
    std::string value() {
        static const Texts kValues = {"a", "b", "/etc", "x.y", "\"a b\"", "\"c,d\"", "'e'", "-1"};
        return pick(kValues);
    }

    std::string test() {
        static const Texts kTests = {"proc.name = ", "fd.name startswith ", "proc.pname != "};
        return pick(kTests) + value();
    }

    // A condition of some of these parts.
    std::string condition(const Texts& parts, std::size_t depth = 2) {
        if (depth == 0 || below(3) == 0) return pick(parts);
        const std::string inner = condition(parts, depth - 1);
        if (below(4) == 0) return "not (" + inner + ")";
        return "(" + inner + (maybe() ? ") and (" : ") or (") + condition(parts, depth - 1) + ")";
    }

    Texts tests() {
        Texts all;
        for (int i = 0; i < 4; ++i) all.push_back(test());
        return all;
    }

private:
    std::mt19937 random_;
};

std::string join(const Texts& texts, const std::string& separator) {
    std::string joined;
    for (const std::string& text : texts) joined += (joined.empty() ? "" : separator) + text;
    return joined;
}

// A text as YAML.
std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
    return out + "'";
}

std::string quoted(const Texts& texts) {
    Texts all;
    for (const std::string& text : texts) all.push_back(quoted(text));
    return "[" + join(all, ", ") + "]";
}

constexpr const char* kQuiet = "  warn_evttypes: false\n";

std::string rule(const std::string& condition, const std::string& more = "") {
    return rule_text("r", quoted(condition), kQuiet + more);
}

// The two mean the same, and something.
void check_same(const std::vector<std::string>& files, const std::vector<std::string>& by_hand) {
    const std::string condition = condition_of(load(files));
    CHECK_FALSE(condition.starts_with("not one rule"));
    CHECK(condition == condition_of(load(by_hand)));
}

// Calls `round` many times; the seed is printed and shown with a failure.
template <typename Round>
void repeat(Round round) {
    const char* given = std::getenv("SAKER_RULE_SEED");
    const unsigned seed =
        given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
    std::cout << "rule property test: SAKER_RULE_SEED=" << seed << '\n';
    CAPTURE(seed);
    Generator generator(seed);
    for (int i = 0; i < kRounds; ++i) round(generator);
}

}  // namespace

TEST_CASE("lists in lists are their items in order") {
    repeat([](Generator& random) {
        std::string file;
        std::vector<Texts> flat;  // items of the list l<i>
        for (std::size_t list = 0; list < 6; ++list) {
            Texts items;
            Texts all;
            for (std::size_t i = random.below(4); i > 0; --i) {
                if (list > 0 && random.maybe()) {
                    const std::size_t inner = random.below(list);
                    items.push_back("l" + std::to_string(inner));
                    all.insert(all.end(), flat[inner].begin(), flat[inner].end());
                } else {
                    items.push_back(random.value());
                    all.push_back(items.back());
                }
            }
            file += "- list: l" + std::to_string(list) + "\n  items: " + quoted(items) + "\n";
            flat.push_back(all);
        }
        Texts names;
        Texts values;
        for (std::size_t i = 1 + random.below(3); i > 0; --i) {
            const std::size_t list = random.below(flat.size());
            names.push_back("l" + std::to_string(list));
            values.insert(values.end(), flat[list].begin(), flat[list].end());
        }
        CAPTURE(file, join(names, ", "));
        check_same({file + rule("proc.name in (" + join(names, ", ") + ")")},
                   {rule("proc.name in (" + join(values, ", ") + ")")});
    });
}

TEST_CASE("macros are their conditions in parentheses") {
    repeat([](Generator& random) {
        std::string file;
        Texts written;  // the condition of m<i> without macros
        for (std::size_t macro = 0; macro < 5; ++macro) {
            Texts parts = random.tests();
            Texts plain = parts;
            for (std::size_t inner = 0; inner < macro; ++inner) {
                parts.push_back("m" + std::to_string(inner));
                plain.push_back("(" + written[inner] + ")");
            }
            Generator twin = random;  // the same choices, over other parts
            const std::string condition = random.condition(parts);
            written.push_back(twin.condition(plain));
            file +=
                "- macro: m" + std::to_string(macro) + "\n  condition: " + quoted(condition) + "\n";
        }
        CAPTURE(file);
        check_same({file + rule("proc.ppid = 1 and m4")},
                   {rule("proc.ppid = 1 and (" + written[4] + ")")});
    });
}

TEST_CASE("exceptions are what they stand for") {
    repeat([](Generator& random) {
        static const Texts kFields = {"proc.name", "proc.pname", "fd.name", "tolower(proc.name)"};
        static const Texts kOne = {"=", "!=", "startswith", "contains"};
        static const Texts kMany = {"in", "pmatch", "startswith anyof", "contains oneof"};
        const std::string condition = random.condition(random.tests());
        std::string yaml = "  exceptions:\n";
        std::string by_hand = "(" + condition + ")";
        for (std::size_t number = random.below(3) + 1; number > 0; --number) {
            const bool single = random.maybe();
            const std::size_t width = single ? 1 : 1 + random.below(3);
            Texts fields;
            Texts comps;
            std::vector<bool> many;
            for (std::size_t i = 0; i < width; ++i) {
                fields.push_back(random.pick(kFields));
                many.push_back(single || random.maybe());
                comps.push_back(random.pick(many.back() ? kMany : kOne));
            }
            Texts rows;
            Texts cases;
            for (std::size_t row = 1 + random.below(3); row > 0; --row) {
                Texts values;
                Texts tests;
                for (std::size_t i = 0; i < width; ++i) {
                    const Texts items = {random.value(), random.value()};
                    const bool list = many[i] && !single && random.maybe();
                    values.push_back(list ? quoted(items) : quoted(items[0]));
                    const std::string right = list ? join(items, ", ") : items[0];
                    tests.push_back(fields[i] + " " + comps[i] + " " +
                                    (many[i] ? "(" + right + ")" : right));
                    if (single) cases.push_back(right);
                }
                rows.push_back(single ? values[0] : "[" + join(values, ", ") + "]");
                if (!single) cases.push_back("(" + join(tests, " and ") + ")");
            }
            yaml += "    - name: e" + std::to_string(number) +
                    "\n      fields: " + (single ? quoted(fields[0]) : quoted(fields)) +
                    "\n      comps: " + (single ? quoted(comps[0]) : quoted(comps)) +
                    "\n      values: [" + join(rows, ", ") + "]\n";
            by_hand +=
                single ? " and not (" + fields[0] + " " + comps[0] + " (" + join(cases, ", ") + "))"
                       : " and not (" + join(cases, " or ") + ")";
        }
        CAPTURE(condition, yaml);
        check_same({rule(condition, yaml)}, {rule(by_hand)});
    });
}

TEST_CASE("appending is writing it behind") {
    repeat([](Generator& random) {
        const std::string condition = random.condition(random.tests());
        const std::string more =
            std::string(random.maybe() ? "and " : "or ") + random.condition(random.tests());
        const Texts items = {random.value(), random.value()};
        const Texts more_items = {random.value()};
        const std::string how = random.maybe() ? "  append: true\n" : "  override: {KEY: append}\n";
        const auto append = [&](const std::string& kind, const std::string& key,
                                const std::string& value) {
            std::string op = how;
            if (const auto at = op.find("KEY"); at != op.npos) op.replace(at, 3, key);
            return "- " + kind + "\n  " + key + ": " + value + "\n" + op;
        };
        const std::string definitions = "- list: l\n  items: " + quoted(items) +
                                        "\n- macro: m\n  condition: " + quoted(condition) + "\n";
        const std::string appended = append("list: l", "items", quoted(more_items)) +
                                     append("macro: m", "condition", quoted(more)) +
                                     append("rule: r", "condition", quoted(more));
        Texts all = items;
        all.insert(all.end(), more_items.begin(), more_items.end());
        const std::string whole = "- list: l\n  items: " + quoted(all) +
                                  "\n- macro: m\n  condition: " + quoted(condition + " " + more) +
                                  "\n";
        const std::string use = "proc.name in (l) and m and " + condition;
        CAPTURE(definitions, appended, use);
        check_same({definitions + rule(use), appended}, {whole + rule(use + " " + more)});
    });
}
