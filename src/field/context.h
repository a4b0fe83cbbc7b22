// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "container/containers.h"
#include "event/event.h"
#include "field/field.h"
#include "field/scratch.h"
#include "state/host_names.h"
#include "state/live_process.h"
#include "state/process.h"
#include "state/process_table.h"
#include "state/users.h"

namespace saker::field {

// Which of a file's two names the fields show: see docs/architecture.md, "Names of files".
enum class NameView : std::uint8_t { kAsked, kReal };

// What the fields of one event are taken from. Made by the engine for each event; `event` and
// `process` are set and valid until the next event, and find_file() (field/file_names.h) was
// called.
struct Context {
    const event::Event* event = nullptr;
    const state::Process* process = nullptr;
    const container::Container* container = nullptr;
    const state::ProcessTable* processes = nullptr;
    state::Users* users = nullptr;
    state::HostNames* hosts = nullptr;            // nullptr: no rule names any
    const state::LiveProcesses* live = nullptr;   // nullptr: nothing is read from /proc
    const StaticFields* static_fields = nullptr;  // nullptr: there are none
    Scratch* scratch = nullptr;
    const std::string* hostname = nullptr;
    std::uint64_t number = 0;           // evt.num
    std::uint64_t epoch_offset_ns = 0;  // add to a CLOCK_BOOTTIME time to get ns since the epoch
    // Times of the first event and of the one before this, ns of CLOCK_BOOTTIME; 0: there is none.
    std::uint64_t first_time = 0;
    std::uint64_t previous_time = 0;
    // The descriptor that the event creates or uses.
    std::optional<event::Event::Fd> fd;
    NameView names = NameView::kAsked;
    // The file that the event has opened, under both names; empty where there is none.
    std::string_view asked_name;
    std::string_view real_name;
    // The event has names of files (of that one, or of those that its arguments name) that differ
    // between the two views.
    bool has_two_names = false;
};

}  // namespace saker::field
