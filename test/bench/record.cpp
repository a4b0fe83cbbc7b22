// SPDX-License-Identifier: Apache-2.0
//
//   record RULES FILE EVENTS COMMAND [ARGUMENT...]
//
// Records into FILE what the machine does while COMMAND runs, again and again until at least that
// many events are there: those that the rules need, as the sensor would get them.
//
// Exit status 2: nothing can be recorded on this machine.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "engine/engine.h"
#include "fmt/core.h"
#include "probe/probe.h"
#include "rules.h"
#include "source/recording.h"

using namespace saker;

namespace {

// Four times the sensor's default: a loss would be a gap in the fixture.
constexpr std::size_t kBulkBytes = std::size_t{16} << 20;
constexpr std::size_t kVitalBytes = std::size_t{4} << 20;

template <typename T>
T value_or_exit(Result<T> result, int status) {
    if (result) return std::move(*result);
    fmt::print(stderr, "record: {}\n", result.error().message);
    std::exit(status);
}

probe::Probe open_probe(const std::string& rules_file) {
    const rule::RuleSet rules = bench::load_file(rules_file);
    const engine::Engine engine(rules, {}, [](const engine::Alert&) {});
    const auto found = value_or_exit(probe::check_requirements(), 2);
    return value_or_exit(probe::Probe::open({.events = engine.events(),
                                             .bulk_bytes = kBulkBytes,
                                             .vital_bytes = kVitalBytes,
                                             .filter = {}},
                                            found),
                         2);
}

class Recorder {
public:
    Recorder(probe::Probe probe, source::RecordingWriter writer)
        : probe_(std::move(probe)), writer_(std::move(writer)) {}

    std::uint64_t events() const { return events_; }

    // Records until the command has ended. False if it failed.
    bool run(char** command) {
        const pid_t child = fork();
        if (child == 0) {
            execvp(command[0], command);
            _exit(127);
        }
        if (child < 0) return false;
        int status = 0;
        while (waitpid(child, &status, WNOHANG) == 0) {
            drain();
            probe_.wait(std::chrono::milliseconds(20));
        }
        drain();
        return status == 0;
    }

    Result<probe::Ledger> finish() {
        probe_.detach();
        drain();
        if (written_) written_ = writer_.close();
        if (!written_) return std::unexpected(written_.error());
        return probe_.ledger();
    }

private:
    void drain() {
        events_ += probe_.drain([&](event::Bytes record) {
            if (written_) written_ = writer_.write(record);
        });
    }

    probe::Probe probe_;
    source::RecordingWriter writer_;
    std::uint64_t events_ = 0;
    Result<void> written_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) {
        fmt::print(stderr, "usage: record RULES FILE EVENTS COMMAND [ARGUMENT...]\n");
        return 1;
    }
    const std::uint64_t wanted = std::strtoull(argv[3], nullptr, 10);
    Recorder recorder(open_probe(argv[1]),
                      value_or_exit(source::RecordingWriter::create(argv[2]), 1));
    while (recorder.events() < wanted) {
        if (recorder.run(argv + 4)) continue;
        fmt::print(stderr, "record: {} failed\n", argv[4]);
        return 1;
    }
    const probe::Ledger ledger = value_or_exit(recorder.finish(), 1);
    fmt::print("{} events recorded, {} lost\n", recorder.events(), ledger.lost());
}
