// SPDX-License-Identifier: Apache-2.0
//
//   containers FIXTURES RULES      what containers cost: their first sight, their events, their
//   memory
//
// FIXTURES is test/unit/container/fixtures: files of real runtimes. Of Docker's there, hosts with
// many containers are made.
#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "container/resolver.h"
#include "engine/engine.h"
#include "fmt/core.h"
#include "record_builder.h"
#include "rules.h"

using namespace saker;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kContainers = 500;
constexpr std::size_t kEvents = 1'000'000;
constexpr int kRuns = 5;
constexpr int kSights = 400;
constexpr double kTargetSightMs = 1;
constexpr double kTargetShare = 0.8;  // of the speed with one container
constexpr double kTargetKiB = 16;
constexpr std::uint64_t kStart = 1'000'000'000'000;  // of the records, ns

// The containers of the fixtures.
const std::string kDocker = "d56aa735f9f18d6c45e0408741d7068752ad946e1935a2479a1ece17f5187266";
const std::string kPodman = "ff68897826d18ce0e389506862e7176bda0b10496bc804d6c589ea28ccfd9654";
const std::string kPod = "10f49261289617021c74c0c2c6f1090edbeb1ffb569202b28ca4b41809966797";
const std::string kCrio = "63e6148f9af2a484b39e2c12ddd9c51552d6d056c701d2193813465fd56eced7";

double cpu_ms() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::size_t allocated() {
    const auto all = mallinfo2();
    return all.uordblks + all.hblkhd;
}

void print_target(std::string_view what, const std::string& limit, const std::string& measured,
                  const std::string& floor, bool met) {
    fmt::print("target: {} | {} | {} | {} | {}\n", what, limit, measured, floor,
               met ? "met" : "NOT MET");
}

// --- hosts ---

std::string read_file(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string id_of(std::size_t number) {
    return fmt::format("{:064x}", number + 1);
}

std::string cgroup_of(std::size_t number) {
    return "/docker/" + id_of(number);
}

// A host with many containers of Docker's, each with the files of the fixture's one.
class Host {
public:
    explicit Host(const fs::path& fixture) {
        std::string pattern = fs::temp_directory_path() / "saker-bench-XXXXXX";
        if (mkdtemp(pattern.data()) == nullptr) std::exit(2);
        root_ = pattern;
        for (std::size_t i = 0; i < kContainers; ++i) copy(fixture, i);
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    ~Host() {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }
    std::string path() const { return root_; }

private:
    // A container's files are those whose paths hold its id; the others are the host's.
    void copy(const fs::path& fixture, std::size_t number) const {
        const std::string id = id_of(number);
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fixture)) {
            if (!entry.is_regular_file()) continue;
            std::string name = fs::relative(entry.path(), fixture);
            if (number > 0 && name.find(kDocker) == name.npos) continue;
            std::string content = read_file(entry.path());
            replace_all(name, kDocker, id);
            replace_all(content, kDocker, id);
            fs::create_directories((root_ / name).parent_path());
            std::ofstream(root_ / name) << content;
        }
    }

    fs::path root_;
};

// --- first sight ---

container::Resolver resolver_of(const std::string& root) {
    container::ResolverOptions options;
    options.host_root = root;
    options.sockets = false;
    return container::Resolver(options);
}

double sight_ms(const std::string& root, const std::string& runtime, const std::string& id) {
    container::Resolver resolver = resolver_of(root);
    container::Request request;
    request.id = {id.substr(0, 12), id, runtime};
    std::vector<double> times;
    for (int i = 0; i < kSights; ++i) {
        const double before = cpu_ms();
        const container::Facts facts = resolver.resolve(request);
        times.push_back(cpu_ms() - before);
        if (facts.image.empty()) std::exit(2);
    }
    return median(times);
}

void measure_sights(const fs::path& fixtures, const Host& many) {
    struct Row {
        std::string_view name, runtime;
        std::string root, id;
    };
    const Row rows[] = {{"docker", "docker", fixtures / "docker", kDocker},
                        {"docker, 500 containers", "docker", many.path(), id_of(7)},
                        {"podman", "podman", fixtures / "podman", kPodman},
                        {"containerd, of a pod", "containerd", fixtures / "containerd", kPod},
                        {"CRI-O, of a pod", "cri-o", fixtures / "crio", kCrio}};
    double worst = 0;
    fmt::print("{:<26}{:>14}\n", "first sight, from files", "ms of CPU");
    for (const Row& row : rows) {
        const double ms = sight_ms(row.root, std::string(row.runtime), row.id);
        worst = std::max(worst, ms);
        fmt::print("{:<26}{:>14.3f}\n", row.name, ms);
    }
    fmt::print("\n");
    print_target("first sight of a container, files",
                 fmt::format("< {:.0f} ms of CPU", kTargetSightMs), fmt::format("{:.2f} ms", worst),
                 "-", worst < kTargetSightMs);
}

// --- events ---

// Answers at once.
class DirectSource final : public container::FactsSource {
public:
    explicit DirectSource(const std::string& root) : resolver_(resolver_of(root)) {}
    bool ask(container::Request request) override {
        answers_.push_back({request.id, resolver_.resolve(request)});
        return true;
    }
    std::optional<container::Answer> poll() override {
        if (answers_.empty()) return std::nullopt;
        container::Answer answer = std::move(answers_.front());
        answers_.pop_front();
        return answer;
    }

private:
    container::Resolver resolver_;
    std::deque<container::Answer> answers_;
};

// An engine, kContainers processes in so many containers, and an event of each process.
class Bench {
public:
    Bench(const rule::RuleSet& rules, const std::string& root, std::size_t containers)
        : source_(root),
          engine_(rules, options(), [](const engine::Alert&) {}),
          containers_(containers) {
        for (std::size_t i = 0; i < containers; ++i) start_container(i);
        for (std::size_t i = 0; i < kContainers; ++i) start_process(i);
        engine_.settle(kStart);
        for (std::size_t i = 0; i < kContainers; ++i) opens_.push_back(open_of(i));
    }

    // Nanoseconds of CPU an event, one process after the other.
    double run() {
        const double begin = cpu_ms();
        for (std::size_t i = 0; i < kEvents; ++i) {
            engine_.process(opens_[i % opens_.size()].bytes());
        }
        return (cpu_ms() - begin) * 1e6 / kEvents;
    }

private:
    engine::EngineOptions options() {
        engine::EngineOptions options;
        options.host_root = "/nonexistent";
        options.containers.facts = &source_;
        return options;
    }

    test::RecordBuilder record(std::string_view event, std::size_t process) const {
        const auto pid = static_cast<std::uint32_t>(1000 + process);
        const std::uint64_t cgroup = 1000 + process % containers_;
        return test::RecordBuilder(event).pid(pid).cgroup(cgroup).time(kStart);
    }

    void start_container(std::size_t number) {
        engine_.process(test::RecordBuilder("cgroup_mkdir")
                            .time(kStart)
                            .arg(0, 1000 + number)
                            .text(0, cgroup_of(number))
                            .build()
                            .bytes());
    }

    void start_process(std::size_t process) {
        const std::string cgroup = cgroup_of(process % containers_);
        engine_.process(record("execve", process).process({.cgroup = cgroup}).build().bytes());
    }

    test::Record open_of(std::size_t process) const {
        return record("openat", process)
            .path(0, "/var/lib/app/data")
            .fd(1, 3, SAKER_FD_FILE, "/var/lib/app/data")
            .ret(3)
            .build();
    }

    DirectSource source_;
    engine::Engine engine_;
    std::size_t containers_;
    std::vector<test::Record> opens_;
};

// The runs are interleaved, so that what else the machine does is in both.
void measure_events(const rule::RuleSet& rules, const Host& host) {
    Bench one(rules, host.path(), 1);
    Bench many(rules, host.path(), kContainers);
    std::vector<double> with_one, with_many;
    for (int run = 0; run < kRuns; ++run) {
        with_one.push_back(one.run());
        with_many.push_back(many.run());
    }
    const double one_rate = 1e3 / median(with_one);
    const double many_rate = 1e3 / median(with_many);
    fmt::print(
        "\n{} openat events of {} processes, default rules: in 1 container {:.2f} M/s, in {} "
        "{:.2f} "
        "M/s\n\n",
        kEvents, kContainers, one_rate, kContainers, many_rate);
    print_target(fmt::format("engine, events of {} containers", kContainers),
                 fmt::format(">= {:.0f} % of one's", 100 * kTargetShare),
                 fmt::format("{:.2f} M events/s", many_rate),
                 fmt::format("{:.2f} M events/s with one", one_rate),
                 many_rate >= kTargetShare * one_rate);
}

// --- memory ---

void measure_memory(const Host& host) {
    container::Resolver resolver = resolver_of(host.path());
    const std::size_t before = allocated();
    container::Containers containers;
    for (std::size_t i = 0; i < kContainers; ++i) {
        container::Container& made = containers.begin(1000 + i, cgroup_of(i));
        container::Request request;
        request.id = made;
        made.facts = std::make_unique<const container::Facts>(resolver.resolve(request));
    }
    const std::size_t full = allocated();
    for (std::size_t i = 0; i < kContainers; ++i) containers.end(1000 + i, cgroup_of(i), kStart);
    containers.expire(kStart + container::Containers::kKeepEndedNs);
    const std::size_t after = allocated();
    const double kib = static_cast<double>(full - before) / kContainers / 1024;
    const double rest = (static_cast<double>(after) - static_cast<double>(before)) / 1024;
    fmt::print("\n{} containers: {:.1f} KiB each; {:.0f} KiB are left when all have gone\n\n",
               kContainers, kib, rest);
    print_target("memory of a container", fmt::format("<= {:.0f} KiB", kTargetKiB),
                 fmt::format("{:.1f} KiB", kib), "-", kib <= kTargetKiB);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: containers FIXTURES RULES\n");
        return 1;
    }
    const fs::path fixtures = argv[1];
    const rule::RuleSet rules = bench::load_file(argv[2]);
    const Host host(fixtures / "docker");
    measure_sights(fixtures, host);
    measure_events(rules, host);
    measure_memory(host);
}
