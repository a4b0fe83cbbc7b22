// SPDX-License-Identifier: Apache-2.0
//
// How long rules take to load: 1,000 rules, each of which uses one of 100 lists with 10,000 items
// in all, put there by `override`.
//
//   loading
#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <vector>

#include "fmt/core.h"
#include "generated_rules.h"
#include "rules.h"

namespace {

using saker::bench::generated_rules;
using saker::bench::load_text;

constexpr std::size_t kRules = 1'000;
constexpr std::size_t kLists = 100;
constexpr std::size_t kItems = 10'000;
constexpr int kRuns = 15;
constexpr double kTargetMs = 300;

// The items of every second list are those of a list inside of it, and its own.
std::string lists() {
    std::string text;
    for (std::size_t list = 0; list < kLists; ++list) {
        fmt::format_to(std::back_inserter(text), "- list: list_{}\n  items:\n", list);
        if (list % 2 == 1) {
            fmt::format_to(std::back_inserter(text), "    - list_{}\n", list - 1);
        }
        for (std::size_t item = 0; item < kItems / kLists; ++item) {
            fmt::format_to(std::back_inserter(text), "    - /opt/tool{}/bin/item{}\n", list, item);
        }
    }
    return text;
}

std::string overrides() {
    std::string text;
    for (std::size_t rule = 1; rule <= kRules; ++rule) {
        fmt::format_to(std::back_inserter(text),
                       "- rule: Generated {}\n  condition: and not proc.pexepath in (list_{})\n"
                       "  override: {{condition: append}}\n",
                       rule, rule % kLists);
    }
    return text;
}

double load_ms(const std::string& text) {
    const auto begin = std::chrono::steady_clock::now();
    const auto rules = load_text("generated.yaml", text);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    return rules.rules.size() == kRules ? took.count() : 0;
}

}  // namespace

int main() {
    const std::string text = lists() + generated_rules(kRules) + overrides();
    std::vector<double> runs;
    for (int i = 0; i < kRuns; ++i) runs.push_back(load_ms(text));
    std::ranges::sort(runs);
    const double median = runs[kRuns / 2];
    fmt::print("{} rules, {} items in {} lists, {} KiB of YAML; median of {} loads: {:.0f} ms\n",
               kRules, kItems, kLists, text.size() / 1024, kRuns, median);
    fmt::print("\ntarget: loading {} rules with {} list items | < {:.0f} ms | {:.0f} ms | - | {}\n",
               kRules, kItems, kTargetMs, median, median < kTargetMs ? "met" : "NOT MET");
}
