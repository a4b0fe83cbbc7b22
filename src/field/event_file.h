// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "event/event.h"

// What an event is about: its descriptor and its path. Where these stand in a record follows from
// the event's row in the table.
namespace saker::field {

// The capture with the event's descriptor: the one that it creates or uses; -1 if it has none.
int fd_slot(event::EventType type);

// The capture with the path that a call of the open family names; -1 for all others.
int opened_path_slot(event::EventType type);

// The event's descriptor, as the kernel has it; nullopt where there is none (the call failed).
std::optional<event::Event::Fd> event_fd(const event::Event& event);

}  // namespace saker::field
