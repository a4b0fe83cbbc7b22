// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "container/containers.h"
#include "container/facts_source.h"
#include "engine/side_queue.h"
#include "event/event.h"
#include "state/process.h"

namespace saker::engine {

struct ContainerOptions {
    container::FactsSource* facts = nullptr;  // must outlive the engine; nullptr: ids only
    std::uint64_t wait_ns = 250'000'000;      // longest wait of an event for facts
    // The time now, ns of CLOCK_BOOTTIME; nullptr: it is that of the records.
    std::uint64_t (*clock)() = nullptr;
    std::size_t queue_bytes = std::size_t{4} << 20;  // of events that wait
};

// A record that has come, and the number of its event.
struct Arrival {
    const event::Event& event;
    event::Bytes record;
    std::uint64_t number;
};

// What became of the questions.
struct GateCounters {
    std::uint64_t asked = 0;
    std::uint64_t late = 0;     // whose events went on without an answer, since the time was over
    std::uint64_t crowded = 0;  // ..., since there was no more room for them
    std::uint64_t longest_ns = 0;  // until an answer was taken
};

// Lets an event of a container through when there are facts about the container: asks for them when
// the container's cgroup is made, or else at its first event, and keeps its records, in order,
// until the answer is there, the time is over, or there is no more room for them. Records of the
// host and of containers that are known pass without a look-up of their own. One thread.
//
// Time is that of the records and of settle(), whichever is later, ns of CLOCK_BOOTTIME.
class ContainerGate {
public:
    using Container = container::Container;

    struct Handlers {
        // A container was met, and what can be known of it soon is known; another has ended.
        std::function<void(const Container&)> started;
        std::function<void(const Container&)> removed;
        // A record that waited goes on: to be handled as if it came now.
        std::function<void(const HeldRecord&)> replay;
    };

    ContainerGate(const ContainerOptions& options, Handlers handlers);

    // True if the record has to wait: nothing is to be done with it now. To be asked before all
    // else.
    bool keeps(const Arrival& arrival) { return !open_.empty() && keep(arrival); }

    // The container that the event's thread is in, or the host; nullptr: that cannot be told.
    Container* container_of(const event::Event& event, const state::Process& process) {
        const std::uint64_t cgroup = event.header().cgroup;
        if (Container* known = containers_.find(cgroup)) return known;
        return process.cgroup.empty() ? nullptr : &containers_.learn(cgroup, process.cgroup);
    }

    // For the first event of a container, that is as long as it is not settled: true if the record
    // is kept. The tables know it already; they will see it again.
    bool keeps_first(Container& container, const state::Process& process, const Arrival& arrival);

    // cgroup_mkdir, cgroup_attach_task and cgroup_rmdir, and the process that did it.
    void begin(const event::Event& event, const state::Process& process);
    void enter(const event::Event& event, const state::Process& process);
    void end(const event::Event& event);
    // A process of the snapshot.
    void meet(const state::Process& process);
    // The container is stale: its facts are fetched again, each time after twice as long as before,
    // since most users without a name will never have one.
    void refresh(Container& container, const state::Process& process);

    // Takes answers, and lets go what has waited long enough. To be called whenever there is time.
    void settle(std::uint64_t now);
    // Lets everything go.
    void settle_all() { settle(UINT64_MAX); }

    // The latest time that is known here.
    std::uint64_t now() const { return now_; }
    bool is_waiting() const { return !open_.empty(); }
    const container::Containers& containers() const { return containers_; }
    const GateCounters& counters() const { return counters_; }

private:
    using Shared = std::shared_ptr<Container>;
    static constexpr std::uint64_t kLongestRefreshNs = 300'000'000'000;

    bool keep(const Arrival& arrival);
    void announce(Container& container, const state::Process& process);
    void ask(Container& container, const state::Process& process, bool is_inside);
    void accept(container::Answer answer);
    void close(Container& container, bool found);
    void give_up(Container& container);
    void settle_container(Container& container);
    void release(const Container& container);
    std::uint64_t asked_now();
    void note_time(std::uint64_t time) { now_ = time > now_ ? time : now_; }

    ContainerOptions options_;
    Handlers handlers_;
    container::Containers containers_;
    SideQueue queue_;
    std::deque<Shared> open_;  // asked about, in that order
    GateCounters counters_;
    std::uint64_t now_ = 0;
};

}  // namespace saker::engine
