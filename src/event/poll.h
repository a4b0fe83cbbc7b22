// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "event/event.h"

// The descriptors that poll and ppoll wait for (record.h: struct saker_poll).
namespace saker::event {

struct PollEntry {
    std::int32_t number;
    std::uint16_t events;         // POLLIN, ...: what is waited for
    std::uint16_t revents;        // what was there when the call returned
    std::optional<Event::Fd> fd;  // nullopt: there is no such descriptor
};

// Walks over the entries of a capture: takes the first of `rest` and moves `rest` behind it.
// nullopt at the end, and at an entry that is cut.
std::optional<PollEntry> next_poll(Bytes& rest);

// Appends "NUMBER:LETTER" and what was there in hexadecimal, for each, joined by blanks: the letter
// is that of fd.typechar, `?` where there is no descriptor; the bits are those that existing rules
// know: POLLIN 1, POLLPRI 2, POLLOUT 4, POLLRDHUP 8, POLLERR 0x10, POLLHUP 0x20, POLLNVAL 0x40,
// POLLRDNORM 0x80, POLLRDBAND 0x100, POLLWRNORM 0x200, POLLWRBAND 0x400.
void append_poll(Bytes entries, std::string& out);

}  // namespace saker::event
