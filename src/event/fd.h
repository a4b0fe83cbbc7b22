// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/event.h"

// What a descriptor is, and its name, from what the kernel side captures (struct saker_fd).
namespace saker::event {

enum class FdKind : std::uint8_t {
    kFile,  // also character and block devices
    kDirectory,
    kIpv4,
    kIpv6,
    kUnix,
    kPipe,  // also named ones
    kEventfd,
    kSignalfd,
    kEventpoll,
    kInotify,
    kTimerfd,
    kNetlink,
    kBpf,
    kUserfaultfd,
    kIoUring,
    kMemfd,
    kPidfd,
    kOther,
};

// The kind of a descriptor. An IPv6 socket between IPv4 addresses (::ffff:a.b.c.d) is IPv4.
FdKind fd_kind(const Event::Fd& fd);
std::string_view fd_type_name(const Event::Fd& fd);  // type_name of that

// "file", "ipv4", ... and the one letter that stands for it; empty and 'o' for kOther. The names
// and letters are those of the fields fd.type and fd.typechar.
std::string_view type_name(FdKind kind);
char type_char(FdKind kind);

// "tcp", "udp", "icmp" or "raw" of an IP socket; empty for anything else.
std::string_view l4_protocol(const saker_fd& socket);

// The real path of a file, directory, device or named pipe, as event/name.h has it; nullopt for
// what has no place in the tree. `buffer` holds walked_bound(fd.rest) bytes.
std::optional<std::string_view> real_path(const Event::Fd& fd, char* buffer);

// Appends the printable name of the descriptor in a capture: a real path, a tuple, a unix path,
// `memfd:NAME`, `pipe:[INODE]`, `anon_inode:[eventpoll]` as /proc/PID/fd shows them; of a pidfd
// `pid:PID` (the target, in the initial pid namespace), `bpf-map:NAME`, `bpf-prog:NAME`,
// `netlink:FAMILY`. Nothing where there is no descriptor, or where it has no name (a socket that is
// neither bound nor connected).
void append_fd_name(const Event& event, std::size_t slot, std::string& out);

// The same of a descriptor that the call is not about (a process's standard input).
void append_fd_name(const Event::Fd& fd, std::string& out);
std::string fd_name(const Event::Fd& fd);

// The same, marked with the kind and, for an IP socket, the first letter of its protocol:
// "<f>/etc/passwd", "<4t>1.2.3.4:5->6.7.8.9:80".
void append_marked_fd_name(const Event& event, std::size_t slot, std::string& out);

void append_marked_fd_name(const Event::Fd& fd, std::string& out);

}  // namespace saker::event
