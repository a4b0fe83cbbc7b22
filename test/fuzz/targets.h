// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// What is fuzzed. Each takes any bytes, and must come back: no crash, no sanitizer's report, no
// hang. A property that does not hold aborts. libFuzzer (fuzzer.cpp) and the replay of the corpus
// in `make test` (replay_test.cpp) call the same functions.
namespace saker::fuzz {

using Input = std::span<const std::uint8_t>;

inline std::string_view as_text(Input input) {
    return {reinterpret_cast<const char*>(input.data()), input.size()};
}

void rules(Input input);      // a rules file
void condition(Input input);  // a condition, compiled and run
void format(Input input);     // an output
void record(Input input);     // records, decoded, shown, and applied to the process table
void recording(Input input);  // a file of records
void tests(Input input);      // a file of rule tests

struct Target {
    std::string_view name;
    void (*run)(Input input);
};

inline constexpr Target kTargets[] = {
    {"rules", rules},   {"condition", condition}, {"format", format},
    {"record", record}, {"recording", recording}, {"tests", tests},
};

}  // namespace saker::fuzz
