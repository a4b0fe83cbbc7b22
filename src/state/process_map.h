// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "state/process.h"

namespace saker::state {

// /proc gives start times in units of 1/100 s (USER_HZ, which is 100 on every architecture that
// Saker runs on), rounded down.
inline constexpr std::uint64_t kClockTickNs = 10'000'000;

constexpr std::uint64_t round_to_tick(std::uint64_t time) {
    return time - time % kClockTickNs;
}

// The store behind ProcessTable: finds, keeps and lets go of processes, and knows nothing of
// records. One thread. Pointers that it gives are valid until the process is dropped, which only
// insert() and expire() do.
class ProcessMap {
public:
    explicit ProcessMap(std::size_t limit);

    // The process of exactly that key.
    Process* find_exact(const ProcessKey& key) const {
        return last_ != nullptr && last_->key == key ? last_ : look_up(key);
    }
    // The process of exactly that key, or else one with a rounded start time that fits.
    Process* find(const ProcessKey& key) const;
    // The process with the latest start time of that tgid.
    Process* newest(std::uint32_t tgid) const;
    // Shares the ownership of a process of this map.
    std::shared_ptr<Process> share(const Process& process) const;

    // Adds a process whose key is not in the map. An older one of the same tgid had ended when this
    // one started, if not before. At the limit, another process is dropped.
    Process& insert(std::shared_ptr<Process> process);

    // Gives a process its exact key.
    void rekey(Process& process, const ProcessKey& exact);

    // Marks a process as ended; expire() drops it.
    void end(Process& process, std::uint64_t now);

    // How long those that have ended are kept, in ns: the time while they are few, and while they
    // are many.
    struct Grace {
        std::uint64_t few;
        std::uint64_t many;
    };
    static constexpr std::size_t kFewEnded = 256;

    // Drops processes that ended so long before `now`; a few with each call, so that no call takes
    // long.
    void expire(std::uint64_t now, const Grace& grace) {
        if (!ended_.empty() && is_expired(ended_.front(), now, grace)) drop_expired(now, grace);
    }

    template <typename Function>
    void for_each(Function function) const {
        for (const auto& [key, process] : by_key_) function(*process);
    }

    std::size_t size() const { return by_key_.size(); }
    std::uint64_t evicted() const { return evicted_; }

private:
    struct Ended {
        ProcessKey key;
        std::uint64_t time;
    };
    using ByKey = absl::flat_hash_map<ProcessKey, std::shared_ptr<Process>>;

    Process* look_up(const ProcessKey& key) const;
    void make_room();
    bool drop_ended(const Ended& ended);
    bool is_expired(const Ended& ended, std::uint64_t now, const Grace& grace) const {
        // Nearly always the shorter time is not over: the number has not to be known then.
        if (ended.time + std::min(grace.few, grace.many) >= now) return false;
        return ended.time + (ended_.size() <= kFewEnded ? grace.few : grace.many) < now;
    }
    void drop_expired(std::uint64_t now, const Grace& grace);
    void drop(ByKey::iterator entry);
    void retain(const std::shared_ptr<Process>& ancestor);
    void trim_retained();

    std::size_t limit_;
    ByKey by_key_;
    absl::flat_hash_map<std::uint32_t, Process*> newest_;
    std::deque<Ended> ended_;  // in the order of their ends; stale where the process lives again
    std::vector<std::weak_ptr<Process>> retained_;  // dropped, and kept by children; oldest first
    ProcessKey youngest_;                           // inserted last
    mutable Process* last_ = nullptr;               // found last: records come in runs
    std::uint64_t evicted_ = 0;
};

}  // namespace saker::state
