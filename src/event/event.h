// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "event/table.h"
#include "saker/record.h"
#include "util/result.h"

namespace saker::event {

using Bytes = std::span<const std::byte>;

// A typed view of one record: it points into the bytes (a ring buffer's, a fixture's) and is valid
// as long as they are. Copies are cheap; one thread at a time. `parse` checks every length against
// the record's size, so that no accessor can read outside, whatever the bytes are.
class Event {
public:
    // The record at the start of `record`, which may go on after it. Fails unless the bytes are
    // aligned to 8 (as a ring buffer's are), hold the whole record, name an event of the table, and
    // the captures' lengths add up to the size that the header states.
    static Result<Event> parse(Bytes record);

    const saker_record& header() const { return *header_; }
    EventType type() const { return header_->event; }
    const EventInfo& info() const { return event::info(header_->event); }
    std::uint64_t time() const { return header_->time; }
    std::int64_t ret() const { return header_->ret; }
    std::string_view comm() const;

    // True if the captures are those of enum saker_process_capture (a fork, or an execve that
    // succeeded) and not those that the event's row in the table names.
    bool is_process_record() const;

    // A capture's bytes; empty where it was not taken. `slot` is below SAKER_MAX_CAPTURES, here and
    // below.
    Bytes capture(std::size_t slot) const {
        return {data_ + offsets_[slot], header_->lengths[slot]};
    }

    // What the kernel used where capture `slot`, one of a call's, says what user memory holds: a
    // walked path, or a string. Empty where nothing is known.
    Bytes real(std::size_t slot) const {
        const bool told = (header_->flags & SAKER_REAL_NAMES) != 0;
        return told ? capture(SAKER_REAL + slot) : Bytes{};
    }

    // A capture as text, up to its first NUL.
    std::string_view text(std::size_t slot) const;

    // The descriptor in a capture (struct saker_fd), and what follows it; nullopt where there is
    // none.
    struct Fd {
        saker_fd facts;
        Bytes rest;  // a walked path, a saker_inet, or a unix address: by facts.type
    };
    std::optional<Fd> fd(std::size_t slot) const;

    // The named path in a capture (struct saker_path); nullopt where there is none, or where the
    // name could not be read. An empty name is a name: some calls then mean the descriptor itself.
    struct Path {
        std::string_view asked;  // without NUL
        Bytes base;              // walked path of the base directory; empty for an absolute path
        bool cut;                // a walk of this record ended before the root
        std::optional<Fd> empty = {};  // what an empty name stands for, with `base` behind it
    };
    std::optional<Path> path(std::size_t slot) const;

private:
    const saker_record* header_ = nullptr;
    const std::byte* data_ = nullptr;
    std::uint32_t offsets_[SAKER_MAX_CAPTURES] = {};
};

// Reads a plain struct out of a capture; what the capture does not hold is zero.
template <typename T>
T read_struct(Bytes bytes) {
    T value{};
    if (bytes.size() >= sizeof(T)) {
        std::memcpy(&value, bytes.data(), sizeof(T));
    } else if (!bytes.empty()) {
        std::memcpy(&value, bytes.data(), bytes.size());
    }
    return value;
}

}  // namespace saker::event
