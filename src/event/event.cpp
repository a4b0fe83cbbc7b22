// SPDX-License-Identifier: Apache-2.0
#include "event/event.h"

#include <cstdint>

namespace saker::event {
namespace {

// Text that ends at its first NUL, or with the bytes.
std::string_view as_text(Bytes bytes) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return text.substr(0, text.find('\0'));
}

bool is_aligned(const std::byte* data) {
    return reinterpret_cast<std::uintptr_t>(data) % alignof(saker_record) == 0;
}

std::optional<Event::Fd> fd_of(Bytes bytes) {
    if (bytes.size() < sizeof(saker_fd)) return std::nullopt;
    const auto facts = read_struct<saker_fd>(bytes);
    if (facts.type == SAKER_FD_NONE) return std::nullopt;
    return Event::Fd{facts, bytes.subspan(sizeof(saker_fd))};
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

bool Event::is_process_record() const {
    if (type() == SAKER_EVENT_sched_fork) return true;
    return (type() == SAKER_EVENT_execve || type() == SAKER_EVENT_execveat) && ret() >= 0;
}

std::string_view Event::comm() const {
    return as_text(std::as_bytes(std::span(header_->comm)));
}

std::string_view Event::text(std::size_t slot) const {
    return as_text(capture(slot));
}

std::optional<Event::Fd> Event::fd(std::size_t slot) const {
    return fd_of(capture(slot));
}

std::optional<Event::Path> Event::path(std::size_t slot) const {
    const Bytes bytes = capture(slot);
    if (bytes.size() < sizeof(saker_path)) return std::nullopt;
    const auto sizes = read_struct<saker_path>(bytes);
    const Bytes names = bytes.subspan(sizeof(saker_path));
    if (sizes.asked == 0 || names.size() < std::size_t{sizes.asked} + sizes.base) {
        return std::nullopt;
    }
    const Bytes base = names.subspan(sizes.asked, sizes.base);
    const bool cut = (header_->flags & SAKER_PATH_CUT) != 0;
    const std::string_view asked = as_text(names.first(sizes.asked));
    if (!sizes.described) return Path{asked, base, cut};
    const auto empty = fd_of(base);
    return Path{asked, empty ? empty->rest : Bytes{}, cut, empty};
}

}  // namespace saker::event
