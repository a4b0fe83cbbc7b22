// SPDX-License-Identifier: Apache-2.0
#include "event/fd.h"

#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "event/name.h"
#include "event/socket.h"

namespace saker::event {
namespace {

struct KindInfo {
    FdKind kind;
    std::string_view name;
    char letter;
};

// In the order of FdKind. Unix sockets and userfaultfds share a letter, as they do for every rule.
constexpr KindInfo kKinds[] = {
    {FdKind::kFile, "file", 'f'},
    {FdKind::kDirectory, "directory", 'd'},
    {FdKind::kIpv4, "ipv4", '4'},
    {FdKind::kIpv6, "ipv6", '6'},
    {FdKind::kUnix, "unix", 'u'},
    {FdKind::kPipe, "pipe", 'p'},
    {FdKind::kEventfd, "event", 'e'},
    {FdKind::kSignalfd, "signalfd", 's'},
    {FdKind::kEventpoll, "eventpoll", 'l'},
    {FdKind::kInotify, "inotify", 'i'},
    {FdKind::kTimerfd, "timerfd", 't'},
    {FdKind::kNetlink, "netlink", 'n'},
    {FdKind::kBpf, "bpf", 'b'},
    {FdKind::kUserfaultfd, "userfaultfd", 'u'},
    {FdKind::kIoUring, "io_uring", 'r'},
    {FdKind::kMemfd, "memfd", 'm'},
    {FdKind::kPidfd, "pidfd", 'P'},
    {FdKind::kOther, "", 'o'},
};

// The kinds of saker_fd.type, in the order of enum saker_fd_type; IPv6 and anonymous inodes are
// looked at more closely.
constexpr FdKind kByType[] = {
    FdKind::kOther,      // NONE
    FdKind::kFile,       // FILE
    FdKind::kDirectory,  // DIRECTORY
    FdKind::kFile,       // CHAR
    FdKind::kFile,       // BLOCK
    FdKind::kPipe,       // FIFO
    FdKind::kIpv4,       // INET4
    FdKind::kIpv6,       // INET6
    FdKind::kUnix,       // UNIX
    FdKind::kNetlink,    // NETLINK
    FdKind::kOther,      // PACKET
    FdKind::kOther,      // SOCKET
    FdKind::kMemfd,      // MEMFD
    FdKind::kOther,      // ANON
};
static_assert(std::size(kByType) == SAKER_FD_ANON + 1);

struct AnonymousName {
    std::string_view name;
    FdKind kind;
};

// What the kernel calls its anonymous inodes: the name given to anon_inode_getfd and its like.
constexpr AnonymousName kAnonymous[] = {
    {"[eventpoll]", FdKind::kEventpoll},
    {"[eventfd]", FdKind::kEventfd},
    {"[signalfd]", FdKind::kSignalfd},
    {"[timerfd]", FdKind::kTimerfd},
    {"inotify", FdKind::kInotify},
    {"bpf-map", FdKind::kBpf},
    {"bpf-prog", FdKind::kBpf},
    {"bpf_link", FdKind::kBpf},
    {"bpf_iter", FdKind::kBpf},
    {"bpf-raw-tracepoint", FdKind::kBpf},
    {"bpf-token", FdKind::kBpf},
    {"btf", FdKind::kBpf},
    {"[userfaultfd]", FdKind::kUserfaultfd},
    {"[io_uring]", FdKind::kIoUring},
    {"[pidfd]", FdKind::kPidfd},
    {"pidfd", FdKind::kPidfd},
};

// NETLINK_* of linux/netlink.h, by number.
constexpr std::string_view kNetlinkFamilies[] = {
    "route",         "unused",   "usersock", "firewall",       "sock_diag",  "nflog",
    "xfrm",          "selinux",  "iscsi",    "audit",          "fib_lookup", "connector",
    "netfilter",     "ip6_fw",   "dnrtmsg",  "kobject_uevent", "generic",    "",
    "scsitransport", "ecryptfs", "rdma",     "crypto",         "smc"};
static_assert(std::size(kNetlinkFamilies) == NETLINK_SMC + 1);

constexpr bool kinds_are_in_order() {
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
        if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
    }
    return std::size(kKinds) == static_cast<std::size_t>(FdKind::kOther) + 1;
}
static_assert(kinds_are_in_order());

const KindInfo& info_of(FdKind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

// The single name of an object without a place in the tree.
std::string_view only_name(const Event::Fd& fd) {
    return text_in(fd.rest);
}

FdKind anonymous_kind(std::string_view name) {
    const auto* found = std::ranges::find(kAnonymous, name, &AnonymousName::name);
    return found == std::end(kAnonymous) ? FdKind::kOther : found->kind;
}

// What follows that name: whatever it stands for.
Bytes behind_name(const Event::Fd& fd) {
    return fd.rest.subspan(std::min(only_name(fd).size() + 1, fd.rest.size()));
}

bool is_pipe_without_name(const Event::Fd& fd) {
    return fd.facts.type == SAKER_FD_FIFO && only_name(fd).empty();
}

bool has_path(const Event::Fd& fd) {
    return fd.facts.type >= SAKER_FD_FILE && fd.facts.type <= SAKER_FD_FIFO &&
           !is_pipe_without_name(fd);
}

// `pid:1234`, `bpf-map:events`, and of what the record tells no more of, `anon_inode:[eventpoll]`.
void append_anonymous_name(const Event::Fd& fd, std::string& out) {
    const std::string_view name = only_name(fd);
    const FdKind kind = anonymous_kind(name);
    const Bytes behind = behind_name(fd);
    if (std::int32_t pid = 0; kind == FdKind::kPidfd && behind.size() >= sizeof(pid)) {
        std::memcpy(&pid, behind.data(), sizeof(pid));
        (out += "pid:") += std::to_string(pid);
    } else if (kind == FdKind::kBpf && !text_in(behind).empty()) {
        ((out += name) += ':') += text_in(behind);
    } else if (!name.empty()) {
        (out += "anon_inode:") += name;
    }
}

// `netlink:route`; of a family without a name here its number.
void append_netlink_name(const saker_fd& socket, std::string& out) {
    const bool known =
        socket.protocol < std::size(kNetlinkFamilies) && !kNetlinkFamilies[socket.protocol].empty();
    out += "netlink:";
    out += known ? std::string(kNetlinkFamilies[socket.protocol]) : std::to_string(socket.protocol);
}

// The names of what has no path and is no IP socket.
void append_other_name(const Event::Fd& fd, std::string& out) {
    switch (fd.facts.type) {
        case SAKER_FD_UNIX:
            append_unix_address(fd.rest, out);
            break;
        case SAKER_FD_FIFO:
            out += "pipe:[" + std::to_string(fd.facts.ino) + "]";
            break;
        case SAKER_FD_MEMFD:
            out += only_name(fd);
            break;
        case SAKER_FD_ANON:
            append_anonymous_name(fd, out);
            break;
        case SAKER_FD_NETLINK:
            append_netlink_name(fd.facts, out);
            break;
        default:
            break;
    }
}

void append_mark(const Event::Fd& fd, std::string& out) {
    out += '<';
    out += type_char(fd_kind(fd));
    if (const auto protocol = l4_protocol(fd.facts); !protocol.empty()) out += protocol.front();
    out += '>';
}

void append_name(const Event::Fd& fd, const std::optional<Connection>& ends, std::string& out) {
    if (has_path(fd)) {
        append_walked_name(fd.rest, (fd.facts.flags & SAKER_FD_CUT) != 0, out);
    } else if (ends) {
        append_tuple(*ends, out);
    } else {
        append_other_name(fd, out);
    }
}

}  // namespace

FdKind fd_kind(const Event::Fd& fd) {
    const std::uint8_t type = fd.facts.type;
    if (type >= std::size(kByType)) return FdKind::kOther;
    if (type == SAKER_FD_ANON) return anonymous_kind(only_name(fd));
    if (type == SAKER_FD_INET6) {
        const auto ends = connection(fd);
        return ends && !ends->v6() ? FdKind::kIpv4 : FdKind::kIpv6;
    }
    return kByType[type];
}

std::string_view fd_type_name(const Event::Fd& fd) {
    return type_name(fd_kind(fd));
}

std::string_view type_name(FdKind kind) {
    return info_of(kind).name;
}

char type_char(FdKind kind) {
    return info_of(kind).letter;
}

std::string_view l4_protocol(const saker_fd& socket) {
    if (socket.type != SAKER_FD_INET4 && socket.type != SAKER_FD_INET6) return {};
    switch (socket.protocol) {
        case IPPROTO_TCP:
            return "tcp";
        case IPPROTO_UDP:
            return "udp";
        case IPPROTO_ICMP:
        case IPPROTO_ICMPV6:
            return "icmp";
        default:
            return socket.socket_type == SOCK_RAW ? "raw" : std::string_view();
    }
}

std::optional<std::string_view> real_path(const Event::Fd& fd, char* buffer) {
    if (!has_path(fd)) return std::nullopt;
    return walked_name(fd.rest, (fd.facts.flags & SAKER_FD_CUT) != 0, buffer);
}

void append_fd_name(const Event& event, std::size_t slot, std::string& out) {
    if (const auto fd = event.fd(slot)) append_name(*fd, connection(event, slot), out);
}

void append_fd_name(const Event::Fd& fd, std::string& out) {
    append_name(fd, connection(fd), out);
}

std::string fd_name(const Event::Fd& fd) {
    std::string name;
    append_fd_name(fd, name);
    return name;
}

void append_marked_fd_name(const Event& event, std::size_t slot, std::string& out) {
    const auto fd = event.fd(slot);
    if (!fd) return;
    append_mark(*fd, out);
    append_name(*fd, connection(event, slot), out);
}

void append_marked_fd_name(const Event::Fd& fd, std::string& out) {
    append_mark(fd, out);
    append_fd_name(fd, out);
}

}  // namespace saker::event
