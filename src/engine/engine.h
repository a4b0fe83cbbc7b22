// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/alert.h"
#include "engine/container_gate.h"
#include "event/event.h"
#include "event/kernel_filter.h"
#include "field/context.h"
#include "filter/event_types.h"
#include "filter/program.h"
#include "filter/vm.h"
#include "rule/rule.h"
#include "state/host_names.h"
#include "state/process_table.h"
#include "state/users.h"

namespace saker::engine {

struct EngineOptions {
    filter::MatchMode matching = filter::MatchMode::kFirst;
    rule::Priority priority = rule::Priority::kDebug;  // rules below it are left out
    std::string hostname;
    std::string host_root;                             // prefix of /proc and /etc (HOST_ROOT)
    std::uint64_t epoch_offset_ns = 0;                 // CLOCK_REALTIME - CLOCK_BOOTTIME
    field::StaticFields static_fields{};               // that the rules were loaded with
    state::ResolveHost resolve = state::resolve_host;  // for rules that name hosts
    ContainerOptions containers{};
    // Why a rule has just matched, for its alert. Called in process(), with the context that the
    // rule matched in. Empty: no alert is explained.
    std::function<std::optional<Explanation>(const rule::Rule&, const field::Context&)> explain{};
};

// Events in, alerts out: keeps the tables up to date and runs the rules of each event's type. Takes
// its records from wherever they come: the live probe, a recording, a test. One thread.
class Engine {
public:
    using AlertHandler = std::function<void(const Alert&)>;

    // `rules` must outlive the engine.
    Engine(const rule::RuleSet& rules, const EngineOptions& options, AlertHandler handler);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // The events that the rules need, which is what a source should deliver. A rule that names
    // its event types gets these. One that does not gets all but those that only move data (read,
    // write and their kin).
    const filter::EventTypeSet& events() const { return events_; }
    // What of these they do not need.
    const event::KernelFilter& kernel_filter() const { return kernel_filter_; }
    std::size_t enabled_rules() const { return enabled_rules_; }

    // Handles one record. The bytes need to be valid only during the call. A record of a container
    // whose facts are still being fetched is kept, and handled later.
    void process(event::Bytes record);

    // Handles what was kept and may go on; `now` in ns of CLOCK_BOOTTIME. To be called after each
    // reading of the source, and every millisecond or so while is_waiting().
    void settle(std::uint64_t now) { gate_.settle(now); }
    // Handles all that was kept: at the end.
    void settle_all() { gate_.settle_all(); }
    bool is_waiting() const { return gate_.is_waiting(); }
    const GateCounters& gate_counters() const { return gate_.counters(); }

    // All processes as they are now: to be called when the source has begun to deliver, so that no
    // process falls between.
    state::SnapshotResult take_snapshot();

    // Begins to look up the hosts that rules name, in a thread of its own, which has whatever
    // rights the caller has now: to be called when privileges are given up. Nothing if no rule
    // names one; process() does it at the first use if nobody has.
    void resolve_hosts();

    // To be called about once a second: the wall clock may have been set.
    void set_epoch_offset(std::uint64_t offset_ns) { context_.epoch_offset_ns = offset_ns; }

    struct Counters {
        std::uint64_t events = 0;     // records that were understood
        std::uint64_t malformed = 0;  // records that were not: a bug in one of the two sides
        std::uint64_t alerts = 0;
    };
    const Counters& counters() const { return counters_; }
    const state::ProcessTable& processes() const { return processes_; }
    const container::Containers& containers() const { return gate_.containers(); }

private:
    ContainerGate::Handlers gate_handlers();
    void compile(const rule::RuleSet& rules, const EngineOptions& options);
    void handle(const Arrival& arrival);
    void match_in_container(const Arrival& arrival, const state::Process& process);
    void note_cgroup(const event::Event& event, const state::Process& process);
    void raise_container_event(event::EventType type, const container::Container& container);
    void match(const event::Event& event);
    void raise_matches(std::size_t asked);
    void raise(std::uint32_t rule);

    const rule::RuleSet& rules_;
    std::string hostname_;
    std::string host_root_;
    filter::MatchMode matching_;
    AlertHandler handler_;
    decltype(EngineOptions::explain) explain_;
    filter::EventTypeSet events_;
    event::KernelFilter kernel_filter_;
    std::size_t enabled_rules_ = 0;
    std::array<filter::Program, SAKER_EVENT_COUNT> programs_;
    filter::Vm vm_;
    state::ProcessTable processes_;
    state::Users users_;
    state::LiveProcesses live_;
    field::StaticFields static_fields_;
    std::unique_ptr<state::HostNames> hosts_;  // nullptr: no rule names any
    ContainerGate gate_;
    state::Process nobody_;  // of events that no process causes
    field::Scratch scratch_;
    field::Context context_;
    std::vector<std::uint32_t> matches_;  // kept for its memory
    Counters counters_;
};

}  // namespace saker::engine
