// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "event/event.h"

// What an event is about: its descriptor and its path. Where these stand in a record follows from
// the event's row in the table.
namespace saker::field {

// Places in the records of one event type.
struct FilePlaces {
    std::int8_t fd = -1;
    std::int8_t opened_path = -1;
};
// Filled before main(): every event asks, and would pay for asking whether it is filled.
extern const std::array<FilePlaces, SAKER_EVENT_COUNT> kFilePlaces;

// The capture with the event's descriptor: the one that it creates or uses; -1 if it has none.
inline int fd_slot(event::EventType type) {
    return kFilePlaces[type].fd;
}

// The capture with the path that a call of the open family names; -1 for all others.
inline int opened_path_slot(event::EventType type) {
    return kFilePlaces[type].opened_path;
}

// The event's descriptor, as the kernel has it; nullopt where there is none (the call failed).
inline std::optional<event::Event::Fd> event_fd(const event::Event& event) {
    const int slot = fd_slot(event.type());
    if (slot < 0 || event.is_process_record()) return std::nullopt;
    return event.fd(static_cast<std::size_t>(slot));
}

}  // namespace saker::field
