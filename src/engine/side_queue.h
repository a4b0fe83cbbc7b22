// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "container/containers.h"
#include "event/event.h"

namespace saker::engine {

// A copy of a record that waits, aligned as Event::parse asks.
class HeldRecord {
public:
    HeldRecord(event::Bytes record, std::uint64_t number);
    event::Bytes bytes() const { return {reinterpret_cast<const std::byte*>(words_.get()), size_}; }
    std::uint64_t number() const { return number_; }  // of the event

private:
    std::unique_ptr<std::uint64_t[]> words_;
    std::size_t size_;
    std::uint64_t number_;
};

// Records of containers whose facts are being fetched, in the order in which they came. Holds at
// most a given number of bytes. One thread.
class SideQueue {
public:
    explicit SideQueue(std::size_t limit) : limit_(limit) {}

    // False if there is no room.
    bool hold(const container::Container& container, event::Bytes record, std::uint64_t number);
    // Gives the records of a container out.
    std::vector<HeldRecord> take(const container::Container& container);

    std::size_t bytes() const { return bytes_; }

private:
    // What a record costs beside its bytes.
    static constexpr std::size_t kOverhead = 64;

    std::size_t limit_;
    std::size_t bytes_ = 0;
    absl::flat_hash_map<const container::Container*, std::vector<HeldRecord>> records_;
};

}  // namespace saker::engine
