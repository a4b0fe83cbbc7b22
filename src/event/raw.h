// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "event/event.h"

// A parameter's value as the record has it, before anything is turned into text.
namespace saker::event {

// The number that a parameter's source gives, with the width and sign of its type: a negative one
// is sign-extended to 64 bits. nullopt where the record has none (a capture that was not taken),
// and for parameters that are no numbers.
std::optional<std::uint64_t> raw_number(const Event& event, const ParamInfo& param);

// Whether a condition of the table (CAPTURE_IF, PARAM_IF) holds of an event's call.
bool holds(const Event& event, const saker_condition& when);

// A struct timeval at `offset`, in ns; nullopt where it is not there, or no time (as UTIME_NOW is).
std::optional<std::uint64_t> timeval_at(Bytes bytes, std::size_t offset);

// The path that a parameter names; of a process record, the file name that execve was given, with
// the working directory as its base. nullopt where the parameter is no path.
std::optional<Event::Path> raw_path(const Event& event, const ParamInfo& param);

// The capture with the descriptor whose number a parameter holds; nullopt if the event has none.
std::optional<std::size_t> fd_slot(const EventInfo& event, const ParamInfo& param);

// The capture with the descriptor that a call returned.
std::optional<std::size_t> returned_fd_slot(const EventInfo& event);

// The capture with the path that starts at the directory whose descriptor a parameter holds.
std::optional<std::size_t> base_slot(const EventInfo& event, const ParamInfo& param);

}  // namespace saker::event
