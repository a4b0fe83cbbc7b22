// SPDX-License-Identifier: Apache-2.0
#include "engine/side_queue.h"

#include <cstring>
#include <utility>

namespace saker::engine {

HeldRecord::HeldRecord(event::Bytes record, std::uint64_t number)
    : words_(std::make_unique_for_overwrite<std::uint64_t[]>((record.size() + 7) / 8)),
      size_(record.size()),
      number_(number) {
    std::memcpy(words_.get(), record.data(), record.size());
}

bool SideQueue::hold(const container::Container& container, event::Bytes record,
                     std::uint64_t number) {
    const std::size_t cost = record.size() + kOverhead;
    if (bytes_ + cost > limit_) return false;
    bytes_ += cost;
    records_[&container].emplace_back(record, number);
    return true;
}

std::vector<HeldRecord> SideQueue::take(const container::Container& container) {
    const auto found = records_.find(&container);
    if (found == records_.end()) return {};
    std::vector<HeldRecord> records = std::move(found->second);
    records_.erase(found);
    for (const HeldRecord& record : records) bytes_ -= record.bytes().size() + kOverhead;
    return records;
}

}  // namespace saker::engine
