// SPDX-License-Identifier: Apache-2.0
#include "field/event_file.h"

#include <algorithm>

namespace saker::field {

namespace {

using event::EventInfo;

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

FilePlaces places_of(const EventInfo& info) {
    FilePlaces places;
    places.fd = find_capture(info, holds_fd);
    if (info.has(event::kOpens)) places.opened_path = find_capture(info, holds_path);
    return places;
}

}  // namespace

const std::array<FilePlaces, SAKER_EVENT_COUNT> kFilePlaces = [] {
    std::array<FilePlaces, SAKER_EVENT_COUNT> rows;
    std::ranges::transform(event::events(), rows.begin(), places_of);
    return rows;
}();

}  // namespace saker::field
