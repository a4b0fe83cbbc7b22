// SPDX-License-Identifier: Apache-2.0
#include "event/event.h"

#include <cstdint>

namespace saker::event {
namespace {

bool is_aligned(const std::byte* data) {
    return reinterpret_cast<std::uintptr_t>(data) % alignof(saker_record) == 0;
}

}  // namespace

Result<Event> Event::parse(Bytes record) {
    if (record.size() < sizeof(saker_record)) return fail("record is shorter than its header");
    if (!is_aligned(record.data())) return fail("record is not aligned");

    Event event;
    event.header_ = reinterpret_cast<const saker_record*>(record.data());
    event.data_ = record.data() + sizeof(saker_record);
    if (event.header_->size > record.size()) return fail("record is cut off");
    if (event.header_->event >= SAKER_EVENT_COUNT) return fail("record of an unknown event");

    std::uint64_t used = 0;
    for (std::size_t slot = 0; slot < SAKER_MAX_CAPTURES; ++slot) {
        event.offsets_[slot] = static_cast<std::uint32_t>(used);
        used += event.header_->lengths[slot];
    }
    if (sizeof(saker_record) + used != event.header_->size) {
        return fail("record whose captures do not add up to its size");
    }
    return event;
}

}  // namespace saker::event
