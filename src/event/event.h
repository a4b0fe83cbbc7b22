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
#include "util/short_text.h"

namespace saker::event {

using Bytes = std::span<const std::byte>;

inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Text that ends at its first NUL, or with the bytes.
inline std::string_view text_in(Bytes bytes) {
    return text::until_nul(as_text(bytes));
}

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
    std::string_view comm() const { return text_in(std::as_bytes(std::span(header_->comm))); }

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

    // True if one of the record's walked paths ended before the root: it has no NUL at its end
    // then. One without a byte could be the root, or cut if any of them was.
    bool is_cut(Bytes walk) const {
        if (walk.empty()) return (header_->flags & SAKER_PATH_CUT) != 0;
        return walk.back() != std::byte{0};
    }

    // A capture as text, up to its first NUL.
    std::string_view text(std::size_t slot) const { return text_in(capture(slot)); }

    // The descriptor in a capture (struct saker_fd), and what follows it; nullopt where there is
    // none.
    struct Fd {
        saker_fd facts;
        Bytes rest;  // a walked path, a saker_inet, or a unix address: by facts.type
    };
    std::optional<Fd> fd(std::size_t slot) const { return fd_in(capture(slot)); }

    // The named path in a capture (struct saker_path); nullopt where there is none, or where the
    // name could not be read. An empty name is a name: some calls then mean the descriptor itself.
    struct Path {
        std::string_view asked;  // without NUL
        Bytes base;              // walked path of the base directory; empty for an absolute path
        bool cut;                // that ended before the root
        std::optional<Fd> empty = {};  // what an empty name stands for, with `base` behind it
    };
    std::optional<Path> path(std::size_t slot) const;

private:
    static std::optional<Fd> fd_in(Bytes bytes);

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

// Every event asks for these: they are here to be inlined.

inline bool Event::is_process_record() const {
    if (type() == SAKER_EVENT_sched_fork) return true;
    return (type() == SAKER_EVENT_execve || type() == SAKER_EVENT_execveat) && ret() >= 0;
}

inline std::optional<Event::Fd> Event::fd_in(Bytes bytes) {
    if (bytes.size() < sizeof(saker_fd)) return std::nullopt;
    const auto facts = read_struct<saker_fd>(bytes);
    if (facts.type == SAKER_FD_NONE) return std::nullopt;
    return Fd{facts, bytes.subspan(sizeof(saker_fd))};
}

inline std::optional<Event::Path> Event::path(std::size_t slot) const {
    const Bytes bytes = capture(slot);
    if (bytes.size() < sizeof(saker_path)) return std::nullopt;
    const auto sizes = read_struct<saker_path>(bytes);
    const Bytes names = bytes.subspan(sizeof(saker_path));
    if (sizes.asked == 0 || names.size() < std::size_t{sizes.asked} + sizes.base) {
        return std::nullopt;
    }
    const Bytes base = names.subspan(sizes.asked, sizes.base);
    const std::string_view asked = text_in(names.first(sizes.asked));
    if (!sizes.described) return Path{asked, base, is_cut(base)};
    const auto empty = fd_in(base);
    const Bytes rest = empty ? empty->rest : Bytes{};
    return Path{asked, rest, is_cut(rest), empty};
}

}  // namespace saker::event
