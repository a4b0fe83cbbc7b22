// SPDX-License-Identifier: Apache-2.0
#include "state/process_map.h"

#include <algorithm>
#include <utility>

namespace saker::state {
namespace {

// How many ended processes one call may drop: more than can end between two calls on average.
constexpr int kDropsPerCall = 64;

// Lets go of what is too many generations above a process to be seen from it, where nobody else
// sees it: where each ancestor is kept by its one child in this line. (A process of the map has the
// map for another owner.)
void cut_lineage(Process& from) {
    Process* eldest = &from;
    for (std::size_t i = 0; i < kMaxGenerations; ++i) {
        if (eldest->parent.use_count() != 1) return;
        eldest = eldest->parent.get();
    }
    eldest->parent.reset();
}

}  // namespace

ProcessMap::ProcessMap(std::size_t limit) : limit_(std::max<std::size_t>(limit, 1)) {}

Process* ProcessMap::look_up(const ProcessKey& key) const {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    return last_ = found->second.get();
}

Process* ProcessMap::find(const ProcessKey& key) const {
    if (Process* exact = find_exact(key)) return exact;
    Process* rounded = find_exact({key.tgid, round_to_tick(key.start_time)});
    return rounded != nullptr && rounded->start_rounded ? rounded : nullptr;
}

Process* ProcessMap::newest(std::uint32_t tgid) const {
    const auto found = newest_.find(tgid);
    return found == newest_.end() ? nullptr : found->second;
}

std::shared_ptr<Process> ProcessMap::share(const Process& process) const {
    const auto found = by_key_.find(process.key);
    return found == by_key_.end() ? nullptr : found->second;
}

Process& ProcessMap::insert(std::shared_ptr<Process> process) {
    if (by_key_.size() >= limit_) make_room();
    Process& added = *process;
    Process*& newest = newest_[added.key.tgid];
    if (newest == nullptr || newest->key.start_time <= added.key.start_time) {
        if (newest != nullptr && newest->end_time == 0) end(*newest, added.key.start_time);
        newest = &added;
    }
    by_key_[added.key] = std::move(process);
    youngest_ = added.key;
    return added;
}

void ProcessMap::rekey(Process& process, const ProcessKey& exact) {
    auto entry = by_key_.extract(process.key);
    if (youngest_ == process.key) youngest_ = exact;
    process.key = exact;
    process.facts.start_time = exact.start_time;
    process.start_rounded = false;
    entry.key() = exact;
    by_key_.insert(std::move(entry));
    if (process.end_time != 0) ended_.push_back({exact, process.end_time});
}

void ProcessMap::end(Process& process, std::uint64_t now) {
    process.end_time = std::max<std::uint64_t>(now, 1);
    ended_.push_back({process.key, process.end_time});
}

void ProcessMap::make_room() {
    ++evicted_;
    while (!ended_.empty()) {
        const Ended oldest = ended_.front();
        ended_.pop_front();
        if (drop_ended(oldest)) return;
    }
    auto victim = by_key_.find(youngest_);
    drop(victim == by_key_.end() ? by_key_.begin() : victim);
}

bool ProcessMap::drop_ended(const Ended& ended) {
    const auto found = by_key_.find(ended.key);
    if (found == by_key_.end() || found->second->end_time != ended.time) return false;
    drop(found);
    return true;
}

void ProcessMap::drop_expired(std::uint64_t now, const Grace& grace) {
    for (int i = 0; i < kDropsPerCall && !ended_.empty(); ++i) {
        const Ended oldest = ended_.front();
        if (!is_expired(oldest, now, grace)) return;
        ended_.pop_front();
        drop_ended(oldest);
    }
}

void ProcessMap::drop(ByKey::iterator entry) {
    std::shared_ptr<Process> process = std::move(entry->second);
    by_key_.erase(entry);
    if (last_ == process.get()) last_ = nullptr;
    const auto newest = newest_.find(process->key.tgid);
    if (newest != newest_.end() && newest->second == process.get()) newest_.erase(newest);
    if (process.use_count() > 1) {
        retain(process);
        cut_lineage(*process);
    } else if (process->parent != nullptr) {
        // Its ancestors may have been kept for its sake, beside another child's.
        const std::weak_ptr<Process> parent = process->parent;
        process.reset();
        if (const auto left = parent.lock()) cut_lineage(*left);
    }
}

void ProcessMap::retain(const std::shared_ptr<Process>& ancestor) {
    if (retained_.size() >= limit_) trim_retained();
    retained_.push_back(ancestor);
}

// Without this, a process that forks and ends, again and again, would grow its lineage for ever.
// What keeps an ancestor are its children: processes of the map, or ancestors of this list, or
// ancestors that were cut from theirs, which keep nothing. So twice the limit bounds them all.
void ProcessMap::trim_retained() {
    std::erase_if(retained_, [](const auto& ancestor) { return ancestor.expired(); });
    const std::size_t keep = limit_ / 2;
    if (retained_.size() <= keep) return;
    const auto cut = retained_.begin() + static_cast<std::ptrdiff_t>(retained_.size() - keep);
    for (auto it = retained_.begin(); it != cut; ++it) {
        if (const auto ancestor = it->lock()) {
            ancestor->parent.reset();
            ++evicted_;
        }
    }
    retained_.erase(retained_.begin(), cut);
}

}  // namespace saker::state
