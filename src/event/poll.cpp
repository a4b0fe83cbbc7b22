// SPDX-License-Identifier: Apache-2.0
#include "event/poll.h"

#include "event/fd.h"
#include "fmt/core.h"

namespace saker::event {
namespace {

// The kernel's bits (asm-generic/poll.h), in the order of those that rules know.
constexpr std::uint16_t kKernelBits[] = {0x1,  0x2,  0x4,  0x2000, 0x8,  0x10,
                                         0x20, 0x40, 0x80, 0x100,  0x200};

unsigned rule_bits(std::uint16_t kernel) {
    unsigned bits = 0;
    unsigned bit = 1;
    for (const std::uint16_t one : kKernelBits) {
        if ((kernel & one) != 0) bits |= bit;
        bit <<= 1;
    }
    return bits;
}

std::optional<Event::Fd> descriptor(Bytes bytes) {
    if (bytes.size() < sizeof(saker_fd)) return std::nullopt;
    const auto facts = read_struct<saker_fd>(bytes);
    if (facts.type == SAKER_FD_NONE) return std::nullopt;
    return Event::Fd{facts, bytes.subspan(sizeof(saker_fd))};
}

}  // namespace

std::optional<PollEntry> next_poll(Bytes& rest) {
    if (rest.size() < sizeof(saker_poll)) return std::nullopt;
    const auto poll = read_struct<saker_poll>(rest);
    rest = rest.subspan(sizeof(saker_poll));
    if (rest.size() < poll.size) return std::nullopt;
    const PollEntry entry{poll.number, poll.events, poll.revents,
                          descriptor(rest.first(poll.size))};
    rest = rest.subspan(poll.size);
    return entry;
}

void append_poll(Bytes entries, std::string& out) {
    std::string_view separator;
    while (const auto entry = next_poll(entries)) {
        const char letter = entry->fd ? type_char(fd_kind(*entry->fd)) : '?';
        fmt::format_to(std::back_inserter(out), "{}{}:{}{:x}", separator, entry->number, letter,
                       rule_bits(entry->revents));
        separator = " ";
    }
}

}  // namespace saker::event
