// SPDX-License-Identifier: Apache-2.0
//
//   engine RECORDING RULES [EVENTS [RUNS]]      replays a recording through the engine, on one
//                                               thread, and says what an event costs
//   engine --check RECORDING                    exit status 0: this version can read it
//
// A run replays the whole recording as often as it takes to make EVENTS events (a million). Each
// replay has an engine of its own, made before the clock starts, so that all begin with an empty
// process table. The runs of the different sets of rules are interleaved, and those count that the
// processor made at its best pace (pace.h).
#include <malloc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "event/event.h"
#include "fmt/core.h"
#include "generated_rules.h"
#include "pace.h"
#include "rules.h"
#include "source/recording.h"

using namespace saker;

namespace {

constexpr double kTargetPerSecond = 3e6;
constexpr std::size_t kLeastRuns = 3;
constexpr std::size_t kTypesShown = 12;
constexpr int kTypeReplays = 5;

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;
using Records = std::vector<event::Bytes>;

double since(Clock::time_point start) {
    return Nanoseconds(Clock::now() - start).count();
}

std::uint64_t alerts = 0;

engine::Engine make_engine(const rule::RuleSet& rules) {
    engine::EngineOptions options;
    // No /proc of the machine that replays: the processes of the recording are not those of now.
    options.host_root = "/nonexistent";
    return {rules, options, [](const engine::Alert&) { ++alerts; }};
}

struct Run {
    double ns = 0;    // an event
    double pace = 0;  // before or after it, the slower one
};

// A set of rules, and what its runs cost.
struct Candidate {
    std::string name;
    rule::RuleSet rules;
    std::vector<Run> runs{};
    double compile_ms = 0;
    std::size_t bytes = 0;  // that it and an engine with it take
    std::size_t enabled = 0;
    std::uint64_t alerts = 0;  // of one replay

    double median() {
        std::ranges::sort(runs, {}, &Run::ns);
        return runs[runs.size() / 2].ns;
    }
    double best() const { return std::ranges::min(runs, {}, &Run::ns).ns; }
};

double replay(Candidate& candidate, const Records& records) {
    const auto compile_start = Clock::now();
    engine::Engine engine = make_engine(candidate.rules);
    candidate.compile_ms = since(compile_start) / 1e6;
    candidate.enabled = engine.enabled_rules();
    alerts = 0;
    const auto start = Clock::now();
    for (const event::Bytes record : records) engine.process(record);
    const double time = since(start);
    candidate.alerts = alerts;
    return time;
}

void run_once(Candidate& candidate, const Records& records, std::size_t replays) {
    double time = 0;
    const double before = bench::pace();
    for (std::size_t i = 0; i < replays; ++i) time += replay(candidate, records);
    candidate.runs.push_back({.ns = time / static_cast<double>(replays * records.size()),
                              .pace = std::max(before, bench::pace())});
}

// Leaves out the runs of a candidate that are not of the best pace, unless too few are.
std::size_t leave_out_slow(Candidate& candidate, double best) {
    std::vector<Run> quick;
    std::ranges::copy_if(candidate.runs, std::back_inserter(quick),
                         [&](const Run& run) { return run.pace <= bench::kSlowPace * best; });
    if (quick.size() < kLeastRuns) return 0;
    const std::size_t left_out = candidate.runs.size() - quick.size();
    candidate.runs = std::move(quick);
    return left_out;
}

std::size_t leave_out_slow(std::vector<Candidate>& candidates) {
    double best = bench::pace();
    for (const Candidate& one : candidates) {
        for (const Run& run : one.runs) best = std::min(best, run.pace);
    }
    std::size_t left_out = 0;
    for (Candidate& one : candidates) left_out += leave_out_slow(one, best);
    return left_out;
}

std::size_t allocated() {
    const auto all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

std::vector<Candidate> make_candidates(const std::string& rules_file) {
    std::vector<Candidate> candidates;
    const auto add = [&](std::string name, const std::function<rule::RuleSet()>& load) {
        const std::size_t before = allocated();
        candidates.push_back({.name = std::move(name), .rules = load()});
        const engine::Engine engine = make_engine(candidates.back().rules);
        candidates.back().bytes = allocated() - before;
    };
    add("none: decode and state", [] { return rule::RuleSet{}; });
    add("default rules", [&] { return bench::load_file(rules_file); });
    for (const std::size_t count : {25, 100, 1000, 5000}) {
        add(fmt::format("{} generated", count),
            [count] { return bench::load_text("generated", bench::generated_rules(count)); });
    }
    return candidates;
}

void print_candidates(std::vector<Candidate>& candidates) {
    fmt::print("{:<22}{:>8}{:>10}{:>9}{:>12}{:>11}{:>8}{:>12}{:>11}\n", "rules", "enabled",
               "ns/event", "best", "events/s", "best", "alerts", "compiled", "KiB/rule");
    // An engine without rules has its tables, which do not grow with them.
    const std::size_t empty = candidates.front().bytes;
    for (Candidate& one : candidates) {
        const double rules = std::max<double>(1, static_cast<double>(one.enabled));
        fmt::print("{:<22}{:>8}{:>10.1f}{:>9.1f}{:>10.2f} M{:>9.2f} M{:>8}{:>9.1f} ms{:>11.1f}\n",
                   one.name, one.enabled, one.median(), one.best(), 1e3 / one.median(),
                   1e3 / one.best(), one.alerts, one.compile_ms,
                   static_cast<double>(one.bytes - empty) / rules / 1024);
    }
}

// The line that test/bench/run collects.
void print_target(Candidate& none, Candidate& defaults) {
    const double rate = 1e9 / defaults.median();
    fmt::print(
        "\ntarget: engine, default rules | >= {:.1f} M events/s | {:.2f} M events/s | "
        "{:.2f} M events/s without rules | {}\n",
        kTargetPerSecond / 1e6, rate / 1e6, 1e3 / none.median(),
        rate >= kTargetPerSecond ? "met" : "NOT MET");
}

struct TypeCost {
    event::EventType type = 0;
    std::uint64_t count = 0;
    double ns = 0;  // in all
};
using TypeCosts = std::array<TypeCost, SAKER_EVENT_COUNT>;

// What reading the clock twice adds to each time that is taken. The least of several means: what
// else the machine does only adds.
double clock_cost() {
    constexpr int kTimes = 10'000;
    double least = 1e9;
    for (int attempt = 0; attempt < 20; ++attempt) {
        double sum = 0;
        for (int i = 0; i < kTimes; ++i) sum += since(Clock::now());
        least = std::min(least, sum / kTimes);
    }
    return least;
}

void add_replay(TypeCosts& costs, const rule::RuleSet& rules, const Records& records) {
    engine::Engine engine = make_engine(rules);
    for (const event::Bytes record : records) {
        TypeCost& cost = costs[event::Event::parse(record)->type()];
        const auto start = Clock::now();
        engine.process(record);
        cost.ns += since(start);
        ++cost.count;
    }
}

// Of each type the cheapest of some replays.
TypeCosts cost_by_type(const rule::RuleSet& rules, const Records& records) {
    const double overhead = clock_cost();
    TypeCosts least;
    for (int attempt = 0; attempt < kTypeReplays; ++attempt) {
        TypeCosts costs;
        add_replay(costs, rules, records);
        for (event::EventType type = 0; type < costs.size(); ++type) {
            TypeCost& cost = costs[type];
            cost.type = type;
            cost.ns = std::max(0.0, cost.ns - overhead * static_cast<double>(cost.count));
            if (attempt == 0 || cost.ns < least[type].ns) least[type] = cost;
        }
    }
    return least;
}

// Replays of their own, since taking the time of every event costs more than the event.
void print_types(const Candidate& none, const Candidate& defaults, const Records& records) {
    const TypeCosts floor = cost_by_type(none.rules, records);
    TypeCosts costs = cost_by_type(defaults.rules, records);
    double total = 0;
    for (const TypeCost& cost : costs) total += cost.ns;
    std::ranges::sort(costs, std::greater{}, &TypeCost::ns);

    fmt::print("\nWhere the time goes, with the default rules:\n");
    fmt::print("{:<24}{:>12}{:>12}{:>12}{:>20}\n", "event type", "of events", "of time", "ns/event",
               "decode and state");
    for (std::size_t i = 0; i < kTypesShown && costs[i].count > 0; ++i) {
        const TypeCost& cost = costs[i];
        const auto count = static_cast<double>(cost.count);
        fmt::print("{:<24}{:>10.1f} %{:>10.1f} %{:>12.1f}{:>20.1f}\n", event::info(cost.type).name,
                   100.0 * count / static_cast<double>(records.size()), 100.0 * cost.ns / total,
                   cost.ns / count, floor[cost.type].ns / count);
    }
}

source::Recording read_or_exit(const std::string& path) {
    auto recording = source::Recording::read(path);
    if (recording && !recording->records().empty()) return std::move(*recording);
    fmt::print(stderr, "engine: {}\n",
               recording ? path + " holds no records" : recording.error().message);
    std::exit(2);
}

std::size_t number_or(const char* text, std::size_t otherwise) {
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        fmt::print(stderr, "usage: engine RECORDING RULES [EVENTS [RUNS]]\n");
        return 1;
    }
    if (std::string_view(argv[1]) == "--check") {
        read_or_exit(argv[2]);
        return 0;
    }
    const source::Recording recording = read_or_exit(argv[1]);
    const Records& records = recording.records();
    const std::size_t events = number_or(argc > 3 ? argv[3] : nullptr, 1'000'000);
    const std::size_t runs = number_or(argc > 4 ? argv[4] : nullptr, 9);
    const std::size_t replays = (events + records.size() - 1) / records.size();

    std::vector<Candidate> candidates = make_candidates(argv[2]);
    for (Candidate& candidate : candidates) replay(candidate, records);  // warms up
    for (std::size_t run = 0; run < runs; ++run) {
        for (Candidate& candidate : candidates) run_once(candidate, records, replays);
    }
    fmt::print(
        "{} recorded events, {} times: {} events a run; {} runs, medians and best; {} runs "
        "at a pace below the machine's best left out\n\n",
        records.size(), replays, replays * records.size(), runs * candidates.size(),
        leave_out_slow(candidates));
    print_candidates(candidates);
    print_types(candidates[0], candidates[1], records);
    print_target(candidates[0], candidates[1]);
}
