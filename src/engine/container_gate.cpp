// SPDX-License-Identifier: Apache-2.0
#include "engine/container_gate.h"

#include <algorithm>
#include <utility>

#include "engine/container_hint.h"
#include "state/process_record.h"

namespace saker::engine {

namespace {

using container::Container;
using container::Facts;
using Inquiry = Container::Inquiry;

// Whether any source had heard of the container.
bool tells_something(const Facts& facts) {
    return facts.mounts.has_value() || !facts.name.empty() || !facts.image.empty();
}

}  // namespace

ContainerGate::ContainerGate(const ContainerOptions& options, Handlers handlers)
    : options_(options), handlers_(std::move(handlers)), queue_(options.queue_bytes) {}

bool ContainerGate::keep(const Arrival& arrival) {
    settle(arrival.event.time());
    Container* container = containers_.find(arrival.event.header().cgroup);
    if (container == nullptr || container->inquiry != Inquiry::kOpen) return false;
    if (queue_.hold(*container, arrival.record, arrival.number)) return true;
    ++counters_.crowded;
    give_up(*container);
    return false;
}

bool ContainerGate::keeps_first(Container& container, const state::Process& process,
                                const Arrival& arrival) {
    note_time(arrival.event.time());
    if (container.inquiry == Inquiry::kNone) {
        ask(container, process, true);
    } else if (container.inquiry == Inquiry::kClosed) {
        // Nothing was found when the cgroup was made: perhaps by somebody who is not the runtime,
        // as systemd. Now the runtime is among the ancestors.
        const bool is_new = !container.hinted;
        container.hinted = true;
        if (is_new && !container_hint(process, container.full_id).empty()) {
            ask(container, process, true);
        } else {
            settle_container(container);
        }
    }
    return container.inquiry == Inquiry::kOpen &&
           queue_.hold(container, arrival.record, arrival.number);
}

void ContainerGate::begin(const event::Event& event, const state::Process& process) {
    note_time(event.time());
    announce(containers_.begin(event.header().args[0], event.text(0)), process);
}

void ContainerGate::enter(const event::Event& event, const state::Process& process) {
    note_time(event.time());
    announce(containers_.learn(event.header().args[0], state::walked_path(event, 0, {})), process);
}

void ContainerGate::announce(Container& container, const state::Process& process) {
    if (container.inquiry == Inquiry::kNone && !container.is_host()) {
        ask(container, process, false);
    }
}

void ContainerGate::end(const event::Event& event) {
    const Container* ended = containers_.end(event.header().args[0], event.text(0), event.time());
    if (ended != nullptr && ended->announced) handlers_.removed(*ended);
}

void ContainerGate::meet(const state::Process& process) {
    Container& container = containers_.meet(process.cgroup);
    if (container.inquiry == Inquiry::kNone && !container.is_host()) ask(container, process, true);
}

void ContainerGate::refresh(Container& container, const state::Process& process) {
    if (options_.facts == nullptr || container.inquiry != Inquiry::kClosed) return;
    if (now_ - container.asked_time < container.refresh_ns) return;
    container.is_stale = false;
    container.asked_time = now_;
    container.refresh_ns = std::min(2 * container.refresh_ns, kLongestRefreshNs);
    options_.facts->ask({.id = container,
                         .cgroup = container.cgroup,
                         .pid = process.key.tgid,
                         .hint = container_hint(process, container.full_id)});
}

// The time of a question is that of the clock: a record may be old when it is read, and its
// container's facts have only been asked for now.
std::uint64_t ContainerGate::asked_now() {
    if (options_.clock != nullptr) note_time(options_.clock());
    return now_;
}

// `is_inside`: the process is one of the container, and not the one that makes it.
void ContainerGate::ask(Container& container, const state::Process& process, bool is_inside) {
    container::Request request{.id = container,
                               .cgroup = container.cgroup,
                               .pid = is_inside ? process.key.tgid : 0,
                               .hint = container_hint(process, container.full_id)};
    container.hinted = is_inside || !request.hint.empty();
    container.asked_time = asked_now();
    if (options_.facts == nullptr || !options_.facts->ask(std::move(request))) {
        container.inquiry = Inquiry::kClosed;
        container.hinted = true;
        settle_container(container);
        return;
    }
    ++counters_.asked;
    container.inquiry = Inquiry::kOpen;
    container.settled = false;
    open_.push_back(container.shared_from_this());
}

void ContainerGate::accept(container::Answer answer) {
    const Shared container = containers_.find_by_id(answer.id.full_id);
    if (container == nullptr) return;
    // An answer that is not the last is for the case that this comes too late. All that was known
    // before is more.
    if (!answer.is_last && container->inquiry == Inquiry::kClosed) return;
    const bool found = tells_something(answer.facts);
    container->is_stale = answer.facts.unanswered;
    // The files go with the container: what was known stays.
    if (found || container->facts == nullptr) {
        container->facts = std::make_unique<const Facts>(std::move(answer.facts));
    }
    if (answer.is_last) close(*container, found);
}

void ContainerGate::close(Container& container, bool found) {
    const bool was_open = container.inquiry == Inquiry::kOpen;
    counters_.longest_ns = std::max(counters_.longest_ns, now_ - container.asked_time);
    container.inquiry = Inquiry::kClosed;
    if (found || container.hinted) settle_container(container);
    if (was_open) release(container);
}

void ContainerGate::give_up(Container& container) {
    container.inquiry = Inquiry::kLate;
    container.settled = true;
    release(container);
}

void ContainerGate::settle_container(Container& container) {
    container.settled = true;
    if (container.announced) return;
    container.announced = true;
    handlers_.started(container);
    if (container.end_time != 0) handlers_.removed(container);
}

void ContainerGate::release(const Container& container) {
    for (const HeldRecord& record : queue_.take(container)) handlers_.replay(record);
}

void ContainerGate::settle(std::uint64_t now) {
    const bool is_last = now == UINT64_MAX;
    if (!is_last) note_time(now);
    while (options_.facts != nullptr) {
        auto answer = options_.facts->poll();
        if (!answer) break;
        accept(std::move(*answer));
    }
    while (!open_.empty()) {
        const Shared oldest = open_.front();
        const bool is_open = oldest->inquiry == Inquiry::kOpen;
        if (is_open && !is_last && now_ < oldest->asked_time + options_.wait_ns) break;
        open_.pop_front();
        if (!is_open) continue;
        ++counters_.late;
        give_up(*oldest);
    }
    containers_.expire(now_);
}

}  // namespace saker::engine
