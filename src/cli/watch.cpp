// SPDX-License-Identifier: Apache-2.0
#include "cli/watch.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "cli/clock.h"
#include "cli/repairs.h"
#include "fmt/core.h"
#include "spdlog/spdlog.h"

namespace saker::cli {

namespace {

// How long what blocks may still take after the first signal.
constexpr unsigned kGraceSeconds = 2;

volatile std::sig_atomic_t stop_signal = 0;
volatile std::sig_atomic_t stop_overdue = 0;

// A second signal means that the grace is over.
void remember_signal(int signal) {
    if (stop_signal != 0) stop_overdue = 1;
    stop_signal = signal;
    alarm(kGraceSeconds);
}

// Again and again, since it may come a moment before a call that blocks.
void end_grace(int /*signal*/) {
    stop_overdue = 1;
    alarm(1);
}

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::chrono::milliseconds kLongestWait{250};
// While events wait for what is being found out about their containers.
constexpr std::chrono::milliseconds kShortWait{1};

// What happens about once a second.
class Housekeeping {
public:
    Housekeeping(const probe::Probe& probe, engine::Engine& engine)
        : probe_(probe), engine_(engine) {}

    void run(std::uint64_t now) {
        if (now < next_) return;
        next_ = now + kSecond;
        engine_.set_epoch_offset(epoch_offset_ns());
        const probe::Ledger ledger = probe_.ledger();
        const std::string when = since_last(now);
        report_losses(ledger, when);
        report_missed(ledger, when);
        last_ = now;
        if (repairs_.is_due(now)) repair(now);
        report_tables();
    }

private:
    // Longer than a second ago if the reader of the alerts, or /proc, kept this thread.
    std::string since_last(std::uint64_t now) const {
        if (last_ == 0) return "since the start";
        return fmt::format("in the last {:.1f} s", static_cast<double>(now - last_) / kSecond);
    }

    // Losses are told when they happen, not only at the end. Those of the vital ring leave gaps in
    // the process table, which a repair fills.
    void report_losses(const probe::Ledger& ledger, const std::string& when) {
        const std::uint64_t vital = ledger.classes[SAKER_RING_VITAL].lost;
        if (ledger.lost() == lost_) return;
        spdlog::warn(
            "lost {} events {} ({} in all), since a ring buffer was full: "
            "rules may have missed something. Raise {}",
            ledger.lost() - lost_, when, ledger.lost(),
            vital == vital_lost_ ? "engine.modern_ebpf.buf_size_preset" : "probe.vital_bytes");
        if (vital != vital_lost_) repairs_.want();
        lost_ = ledger.lost();
        vital_lost_ = vital;
    }

    void report_missed(const probe::Ledger& ledger, const std::string& when) {
        if (ledger.missed == missed_) return;
        spdlog::warn(
            "up to {} events {} were not seen ({} in all): a program was already "
            "under way on the same processor. Rules may have missed something",
            ledger.missed - missed_, when, ledger.missed);
        if (ledger.vital_missed != vital_missed_) repairs_.want();
        missed_ = ledger.missed;
        vital_missed_ = ledger.vital_missed;
    }

    void repair(std::uint64_t now) {
        engine_.take_snapshot();
        const std::uint64_t end = clock_ns(CLOCK_MONOTONIC);
        repairs_.note(now, end);
        spdlog::debug("the processes were read anew in {} ms", (end - now) / 1'000'000);
    }

    // For whoever wants to see whether the tables grow.
    void report_tables() const {
        spdlog::debug("known: {} processes, {} containers", engine_.processes().size(),
                      engine_.containers().size());
    }

    const probe::Probe& probe_;
    engine::Engine& engine_;
    Repairs repairs_;
    std::uint64_t next_ = 0;
    std::uint64_t last_ = 0;  // when it ran before
    std::uint64_t lost_ = 0;
    std::uint64_t vital_lost_ = 0;
    std::uint64_t missed_ = 0;
    std::uint64_t vital_missed_ = 0;
};

// Events that went on without the facts about their containers are said to be there, since rules
// may have missed something.
void log_questions(const engine::GateCounters& questions) {
    spdlog::debug("facts were fetched {} times, {} us at the longest", questions.asked,
                  questions.longest_ns / 1000);
    if (questions.late + questions.crowded == 0) return;
    spdlog::warn(
        "events of {} containers went on before the facts about them were there, of {} since too "
        "many waited: rules may have missed something. Raise {}",
        questions.late + questions.crowded, questions.crowded,
        questions.crowded > 0 ? "containers.queue_bytes" : "containers.wait_ms");
}

void log_ledger(const probe::Ledger& ledger, const engine::Engine& engine) {
    spdlog::info("events: produced {}, consumed {}, lost {}", ledger.produced(), ledger.consumed(),
                 ledger.lost());
    if (ledger.filtered > 0) {
        spdlog::info("not produced: {} calls that no rule can match", ledger.filtered);
    }
    spdlog::info("known at the end: {} processes, {} containers", engine.processes().size(),
                 engine.containers().size());
    log_questions(engine.gate_counters());
    for (const auto& one : ledger.classes) {
        if (!one.balanced()) spdlog::error("the ledger does not add up: a bug, please report it");
    }
    if (ledger.missed > 0) {
        spdlog::warn("not seen: up to {} events, since a program was already under way",
                     ledger.missed);
    }
    if (ledger.unnamed > 0) {
        spdlog::warn(
            "the kernel did not tell the names of the files of {} calls and requests of io_uring: "
            "they are those that were asked for",
            ledger.unnamed);
    }
    if (engine.counters().malformed > 0) {
        spdlog::error("{} records could not be read: a bug, please report it",
                      engine.counters().malformed);
    }
}

// As nohup has it.
bool is_ignored(int signal) {
    struct sigaction action{};
    return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// What waits for facts has them soon, or goes on without after containers.wait_ms.
void finish_waiting(engine::Engine& engine) {
    engine.settle(clock_ns(CLOCK_BOOTTIME));
    while (engine.is_waiting()) {
        std::this_thread::sleep_for(kShortWait);
        engine.settle(clock_ns(CLOCK_BOOTTIME));
    }
    engine.settle_all();
}

}  // namespace

bool stop_is_overdue() {
    return stop_overdue != 0;
}

void catch_signals() {
    struct sigaction action{};
    action.sa_handler = remember_signal;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    if (!is_ignored(SIGHUP)) sigaction(SIGHUP, &action, nullptr);
    action.sa_handler = end_grace;
    sigaction(SIGALRM, &action, nullptr);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
    sigaction(SIGUSR1, &action, nullptr);
}

Result<void> watch(probe::Probe& probe, engine::Engine& engine, output::AlertWriter& alerts,
                   unsigned seconds, const Result<void>& write_error) {
    const std::uint64_t start = clock_ns(CLOCK_MONOTONIC);
    const std::uint64_t end = seconds == 0 ? UINT64_MAX : start + seconds * kSecond;
    const probe::Probe::Handler handle = [&](event::Bytes record) { engine.process(record); };
    Housekeeping housekeeping(probe, engine);
    Result<void> flushed;
    while (stop_signal == 0 && write_error && flushed) {
        const std::uint64_t now = clock_ns(CLOCK_MONOTONIC);
        if (now >= end) break;
        housekeeping.run(now);
        const std::uint64_t alerts_before = engine.counters().alerts;
        const bool drained = probe.drain(handle) > 0;
        engine.settle(clock_ns(CLOCK_BOOTTIME));
        if (drained || engine.counters().alerts != alerts_before) flushed = alerts.flush();
        probe.wait(engine.is_waiting() ? kShortWait : kLongestWait);
    }
    if (stop_signal != 0) {
        spdlog::info("SIG{} received, exiting", sigabbrev_np(stop_signal));
    }
    probe.detach();
    while (probe.drain(handle) > 0) {
    }
    finish_waiting(engine);
    auto last = alerts.flush();
    if (flushed) flushed = std::move(last);
    log_ledger(probe.ledger(), engine);
    if (alerts.lost() > 0) spdlog::error("{} alerts could not be written", alerts.lost());
    return write_error ? flushed : write_error;
}

}  // namespace saker::cli
