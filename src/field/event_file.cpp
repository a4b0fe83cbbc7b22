// SPDX-License-Identifier: Apache-2.0
#include "field/event_file.h"

#include <algorithm>
#include <array>

namespace saker::field {

namespace {

using event::EventInfo;
using event::EventType;

// Places in the records of one event type; looked up for every event, so kept in one table.
struct Places {
    std::int8_t fd = -1;
    std::int8_t opened_path = -1;
};

bool holds_fd(const saker_capture& capture) {
    return capture.kind == SAKER_CAPTURE_FD || capture.kind == SAKER_CAPTURE_FD_AT ||
           capture.kind == SAKER_CAPTURE_MAPPED_FD || capture.kind == SAKER_CAPTURE_IOCB_FD;
}

bool holds_path(const saker_capture& capture) {
    return capture.kind == SAKER_CAPTURE_PATH;
}

std::int8_t find_capture(const EventInfo& info, bool (*wanted)(const saker_capture&)) {
    const auto found = std::ranges::find_if(info.captures, wanted);
    return found == info.captures.end() ? std::int8_t{-1}
                                        : static_cast<std::int8_t>(found - info.captures.begin());
}

Places places_of(const EventInfo& info) {
    Places places;
    places.fd = find_capture(info, holds_fd);
    if (info.has(event::kOpens)) places.opened_path = find_capture(info, holds_path);
    return places;
}

// Filled before main(): every event asks, and would pay for asking whether it is filled.
const auto kPlaces = [] {
    std::array<Places, SAKER_EVENT_COUNT> rows;
    std::ranges::transform(event::events(), rows.begin(), places_of);
    return rows;
}();

}  // namespace

int fd_slot(EventType type) {
    return kPlaces[type].fd;
}

int opened_path_slot(EventType type) {
    return kPlaces[type].opened_path;
}

std::optional<event::Event::Fd> event_fd(const event::Event& event) {
    const int slot = fd_slot(event.type());
    if (slot < 0 || event.is_process_record()) return std::nullopt;
    return event.fd(static_cast<std::size_t>(slot));
}

}  // namespace saker::field
