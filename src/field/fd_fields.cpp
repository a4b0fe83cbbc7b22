// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "event/fd.h"
#include "event/flags.h"
#include "event/name.h"
#include "event/poll.h"
#include "event/socket.h"
#include "field/event_file.h"
#include "field/file_names.h"
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"
#include "fmt/core.h"
#include "util/short_text.h"

// fd.*: the descriptor that an event creates or uses.
namespace saker::field {

namespace {

using Fd = event::Event::Fd;

// What a descriptor has, if the event has one.
template <Values (*value_of)(const Context& context, const Fd& fd)>
Values of_fd(const FieldUse& /*use*/, const Context& context) {
    return context.fd ? value_of(context, *context.fd) : none();
}

Values number(const Context& context, const Fd& fd) {
    return signed_number(context, fd.facts.number);
}

Values type(const Context& context, const Fd& fd) {
    const std::string_view name = event::type_name(event::fd_kind(fd));
    return text(context, name.empty() ? "<NA>" : name);
}

Values type_character(const Context& context, const Fd& fd) {
    const char letter = event::type_char(event::fd_kind(fd));
    return text_copy(context, {&letter, 1});
}

bool is_socket(const Fd& fd) {
    return fd.facts.type >= SAKER_FD_INET4 && fd.facts.type <= SAKER_FD_SOCKET;
}

Values protocol(const Context& context, const Fd& fd) {
    const std::string_view name = event::l4_protocol(fd.facts);
    return text(context, name.empty() ? "<NA>" : name);
}

Values family(const Context& context, const Fd& fd) {
    if (!is_socket(fd)) return none();
    const bool ip = fd.facts.family == AF_INET || fd.facts.family == AF_INET6;
    if (ip) return text(context, "ip");
    return fd.facts.family == AF_UNIX ? text(context, "unix") : none();
}

Values connected(const Context& context, const Fd& fd) {
    if (!is_socket(fd)) return none();
    return truth(context, (fd.facts.flags & SAKER_FD_CONNECTED) != 0);
}

Values is_server(const Context& context, const Fd& fd) {
    if (!is_socket(fd)) return none();
    const auto slot = static_cast<std::size_t>(fd_slot(context.event->type()));
    const auto connection = event::connection(*context.event, slot);
    const bool listens = (fd.facts.flags & SAKER_FD_LISTENING) != 0;
    return truth(context, listens || (connection && connection->local_is_server));
}

// What a request of io_uring will open has no facts yet. Its number is 0: rules on files that were
// opened ask for one that is not negative.
bool is_promise(const Context& context, const Fd& fd) {
    return (context.event->header().flags & SAKER_NO_RESULT) != 0 &&
           fd.facts.type == SAKER_FD_FILE && fd.facts.mode == 0;
}

template <auto part>
Values device(const Context& context, const Fd& fd) {
    if (is_promise(context, fd)) return none();
    return signed_number(context, part(fd.facts.dev));
}
Values inode(const Context& context, const Fd& fd) {
    if (is_promise(context, fd)) return none();
    return signed_number(context, static_cast<std::int64_t>(fd.facts.ino));
}

template <std::uint8_t flag>
Values has_flag(const Context& context, const Fd& fd) {
    return truth(context, (fd.facts.flags & flag) != 0);
}

// --- names ---

[[gnu::noinline]] std::string_view descriptor_name(const Context& context) {
    const int slot = fd_slot(context.event->type());
    if (slot < 0) return {};
    std::string name;
    event::append_fd_name(*context.event, static_cast<std::size_t>(slot), name);
    return context.scratch->copy(name);
}

// The name of what the event is about: of the file that was or should have been opened, else of
// the descriptor. Empty if it has none.
std::string_view name_of(const Context& context) {
    const std::string_view name = file_name(context);
    return name.empty() ? descriptor_name(context) : name;
}

Values name(const FieldUse& /*use*/, const Context& context) {
    const std::string_view found = name_of(context);
    return found.empty() ? none() : text(context, found);
}

// Whether the name is one of the file system, and whose: an open that failed was of a file.
enum class PathKind : std::uint8_t { kNone, kFile, kDirectory };

PathKind path_kind(const Context& context) {
    if (!context.fd) {
        return context.event->info().has(event::kOpens) ? PathKind::kFile : PathKind::kNone;
    }
    switch (context.fd->facts.type) {
        case SAKER_FD_FILE:
        case SAKER_FD_CHAR:
        case SAKER_FD_BLOCK:
            return PathKind::kFile;
        case SAKER_FD_DIRECTORY:
            return PathKind::kDirectory;
        case SAKER_FD_FIFO:  // some have a name
            return name_of(context).starts_with('/') ? PathKind::kFile : PathKind::kNone;
        default:
            return PathKind::kNone;
    }
}

Values directory(const FieldUse& /*use*/, const Context& context) {
    const PathKind kind = path_kind(context);
    if (kind == PathKind::kNone) return none();
    const std::string_view path = name_of(context);
    if (path.empty()) return none();
    if (kind == PathKind::kDirectory) return text(context, path);
    const auto slash = saker::text::last_of(path, '/');
    if (slash == std::string_view::npos) return none();
    return text(context, path.substr(0, slash == 0 ? 1 : slash));
}

Values file(const FieldUse& /*use*/, const Context& context) {
    if (path_kind(context) != PathKind::kFile) return none();
    const std::string_view path = name_of(context);
    const std::string_view last = path.substr(saker::text::last_of(path, '/') + 1);
    return last.empty() ? none() : text(context, last);
}

// The path as the caller passed it, doubled slashes made one.
Values raw_name(const FieldUse& /*use*/, const Context& context) {
    const int slot = opened_path_slot(context.event->type());
    if (slot < 0) return none();
    const auto path = context.event->path(static_cast<std::size_t>(slot));
    if (!path) return none();
    char* begin = context.scratch->bytes(path->asked.size());
    const char* end = std::unique_copy(path->asked.begin(), path->asked.end(), begin,
                                       [](char a, char b) { return a == '/' && b == '/'; });
    return text(context, {begin, static_cast<std::size_t>(end - begin)});
}

Values unique_id(const Context& context, const Fd& fd) {
    return text_copy(context, fmt::format("{}{}", context.event->header().tid, fd.facts.number));
}

// The container's id in front of a name.
Values in_container(const Context& context, Values name) {
    if (name.empty() || context.container == nullptr) return none();
    return text(context, concatenated(context, context.container->id, ":", name[0].text));
}
Values container_name(const FieldUse& use, const Context& context) {
    return in_container(context, name(use, context));
}
Values container_directory(const FieldUse& use, const Context& context) {
    return in_container(context, directory(use, context));
}

// A call that gives a socket, or a message of it, another peer than the socket has.
Values name_changed(const Context& context, const Fd& fd) {
    if (!is_socket(fd)) return none();
    const event::EventType type = context.event->type();
    if (type == SAKER_EVENT_connect) return truth(context, !context.event->capture(1).empty());
    const auto slot = static_cast<std::size_t>(fd_slot(type));
    const auto of_message = event::connection(*context.event, slot);
    const auto of_socket = event::connection(fd);
    if (!of_message || !of_socket) return truth(context, false);
    return truth(context, of_message->remote != of_socket->remote);
}

// The real path, whichever name a rule is evaluated under.
Values real_path(const FieldUse& /*use*/, const Context& context) {
    if (!context.fd) return none();
    char* buffer = context.scratch->bytes(event::walked_bound(context.fd->rest));
    const auto path = event::real_path(*context.fd, buffer);
    return path ? text(context, *path) : none();
}

// --- several descriptors ---

// The types that are known of a process's descriptors: of the event's own, and of standard input,
// output and error as they were when the program was started. There is no table of all of them:
// it would be right only as long as no event is lost.
constexpr std::size_t kStandard = std::tuple_size_v<decltype(state::Image::stdio)>;

std::string_view standard_type(const Context& context, std::size_t number) {
    const state::Image* image = context.process->image.get();
    return image == nullptr ? std::string_view{} : std::string_view(image->stdio[number].type);
}

// fd.types[n].
Values type_of_number(const Context& context, std::uint32_t number) {
    const auto& fd = context.fd;
    if (fd && std::cmp_equal(fd->facts.number, number)) return type(context, *fd);
    const std::string_view name =
        number < kStandard ? standard_type(context, number) : std::string_view{};
    return name.empty() ? none() : text(context, name);
}

Values types(const FieldUse& use, const Context& context) {
    if (use.index) return type_of_number(context, *use.index);
    std::array<std::string_view, kStandard + 1> names;
    std::size_t count = 0;
    const auto add = [&](std::string_view name) {
        const auto known = std::span(names).first(count);
        if (!name.empty() && std::ranges::find(known, name) == known.end()) names[count++] = name;
    };
    for (std::size_t i = 0; i < kStandard; ++i) add(standard_type(context, i));
    if (context.fd) add(event::type_name(event::fd_kind(*context.fd)));
    const auto row = context.scratch->values(count);
    std::ranges::transform(std::span(names).first(count), row.begin(), Value::of);
    return row;
}

// --- the descriptors of poll ---

int poll_slot(event::EventType type) {
    const auto& captures = event::info(type).captures;
    const auto found = std::ranges::find(captures, SAKER_CAPTURE_POLL, &saker_capture::kind);
    return found == captures.end() ? -1 : static_cast<int>(found - captures.begin());
}

// The functions below append what a descriptor of the list has of it, followed by a comma.
using Append = void (*)(const event::PollEntry& entry, std::string& out);

void append_number(const event::PollEntry& entry, std::string& out) {
    (out += std::to_string(entry.number)) += ',';
}

void append_name(const event::PollEntry& entry, std::string& out) {
    const std::size_t begin = out.size();
    if (entry.fd) event::append_fd_name(*entry.fd, out);
    if (out.size() == begin) out += "<NA>";
    out += ',';
}

// Of IP sockets alone.
template <const event::Endpoint& (event::Connection::*end)() const>
void append_address(const event::PollEntry& entry, std::string& out) {
    const auto connection = entry.fd ? event::connection(*entry.fd) : std::nullopt;
    if (!connection) return;
    event::append_ip(((*connection).*end)().address, out);
    out += ',';
}

template <const event::Endpoint& (event::Connection::*end)() const>
void append_port(const event::PollEntry& entry, std::string& out) {
    const auto connection = entry.fd ? event::connection(*entry.fd) : std::nullopt;
    if (connection) (out += std::to_string(((*connection).*end)().port)) += ',';
}

template <Append append>
Values poll_list(const FieldUse& /*use*/, const Context& context) {
    const int slot = poll_slot(context.event->type());
    if (slot < 0) return none();
    event::Bytes rest = context.event->capture(static_cast<std::size_t>(slot));
    std::string list;
    while (const auto entry = event::next_poll(rest)) append(*entry, list);
    if (list.empty()) return none();
    list.pop_back();
    return text_copy(context, list);
}

std::optional<Values> polls_only(const FieldUse& /*use*/, event::EventType type) {
    return poll_slot(type) >= 0 ? std::nullopt : std::optional<Values>(Values{});
}

using event::Connection;

std::optional<Values> descriptors_only(const FieldUse& /*use*/, event::EventType type) {
    const bool may_have = fd_slot(type) >= 0 || event::info(type).has(event::kOpens);
    return may_have ? std::nullopt : std::optional<Values>(Values{});
}

std::optional<Values> opens_only(const FieldUse& /*use*/, event::EventType type) {
    return opened_path_slot(type) >= 0 ? std::nullopt : std::optional<Values>(Values{});
}

using namespace row;
constexpr auto kNames = kNamesFile;
constexpr std::uint16_t kComponents = kNamesFile + kOfFileNames;

// clang-format off
const FieldInfo kRows[] = {
    {"fd.num", kInt, kNone, kOne, 0, of_fd<number>, descriptors_only, "Number of the descriptor that the event creates or uses."},
    {"fd.type", kStr, kNone, kOne, kFewValues, of_fd<type>, descriptors_only, "What it is: file, directory, ipv4, ipv6, unix, pipe, event, signalfd, eventpoll, inotify, timerfd, netlink, bpf, userfaultfd, io_uring, memfd, pidfd."},
    {"fd.typechar", kStr, kNone, kOne, kFewValues, of_fd<type_character>, descriptors_only, "The same as one letter."},
    {"fd.name", kPath, kNone, kOne, kComponents, name, descriptors_only, "Path of a file, addresses of a socket; of others what they stand for: pid:1234, bpf-map:NAME, netlink:route, memfd:NAME, pipe:[INODE], anon_inode:[eventfd]. Evaluated under the name that was asked for and under the real one."},
    {"fd.directory", kPath, kNone, kOne, kComponents, directory, descriptors_only, "Directory of a file; of a directory its path."},
    {"fd.filename", kStr, kNone, kOne, kComponents, file, descriptors_only, "Name of a file without its directory."},
    {"fd.nameraw", kPath, kNone, kOne, kOfFileNames, raw_name, opens_only, "Path as it was passed, doubled slashes made one."},
    {"fd.realpath", kPath, kNone, kOne, kOwn + kOfFileNames, real_path, descriptors_only, "Path of the file as the kernel has it, without symbolic links."},
    {"fd.l4proto", kStr, kNone, kOne, kFewValues, of_fd<protocol>, descriptors_only, "tcp, udp, icmp or raw."},
    {"fd.sockfamily", kStr, kNone, kOne, kFewValues, of_fd<family>, descriptors_only, "ip or unix."},
    {"fd.connected", kBool, kNone, kOne, 0, of_fd<connected>, descriptors_only, "The socket is connected."},
    {"fd.name_changed", kBool, kNone, kOne, 0, of_fd<name_changed>, descriptors_only, "The call gave the socket, or this message, a peer."},
    {"fd.is_server", kBool, kNone, kOne, 0, of_fd<is_server>, descriptors_only, "The local end is the server: it listens, was accepted, or is bound without a peer. A socket that connects is the client. Where a socket does not tell (datagrams; a listener whose queue has length 0), its port decides: one below 32768 is the server's if the other is not, or, of datagrams, if it is the smaller one of two such; else the local end is the client."},
    {"fd.uid", kStr, kNone, kOne, 0, of_fd<unique_id>, descriptors_only, "Thread id and descriptor number in one."},
    {"fd.containername", kStr, kNone, kOne, kNames, container_name, descriptors_only, "Container id and fd.name, with a colon between them."},
    {"fd.containerdirectory", kStr, kNone, kOne, kNames, container_directory, descriptors_only, "Container id and fd.directory, with a colon between them."},
    {"fd.dev", kInt, kNone, kOne, kHexadecimal, of_fd<device<event::user_device>>, descriptors_only, "Device that holds the file."},
    {"fd.dev.major", kInt, kNone, kOne, 0, of_fd<device<event::device_major>>, descriptors_only, "Major number of that device."},
    {"fd.dev.minor", kInt, kNone, kOne, 0, of_fd<device<event::device_minor>>, descriptors_only, "Minor number of that device."},
    {"fd.ino", kInt, kNone, kOne, 0, of_fd<inode>, descriptors_only, "Inode number."},
    {"fd.is_upper_layer", kBool, kNone, kOne, 0, of_fd<has_flag<SAKER_FD_UPPER>>, descriptors_only, "The file is in an overlay's upper layer."},
    {"fd.is_lower_layer", kBool, kNone, kOne, 0, of_fd<has_flag<SAKER_FD_LOWER>>, descriptors_only, "The file is in an overlay's lower layer."},
    {"fd.types", kStr, kIndex, kList, 0, types, nullptr, "Types of the process's descriptors, as far as they are known: 0, 1 and 2 when the program was started, and the event's own; with a number the type of that one."},
    {"fdlist.nums", kStr, kNone, kOne, 0, poll_list<append_number>, polls_only, "Numbers of the descriptors that poll or ppoll waits for, the first 16, with commas between them."},
    {"fdlist.names", kStr, kNone, kOne, 0, poll_list<append_name>, polls_only, "Names of the descriptors that poll or ppoll waits for, the first 16, with commas between them."},
    {"fdlist.cips", kStr, kNone, kOne, 0, poll_list<append_address<&Connection::client>>, polls_only, "Client addresses of the descriptors that poll or ppoll waits for, the first 16, with commas between them; of IP sockets alone."},
    {"fdlist.sips", kStr, kNone, kOne, 0, poll_list<append_address<&Connection::server>>, polls_only, "Server addresses of the descriptors that poll or ppoll waits for, the first 16, with commas between them; of IP sockets alone."},
    {"fdlist.cports", kStr, kNone, kOne, 0, poll_list<append_port<&Connection::client>>, polls_only, "Client ports of the descriptors that poll or ppoll waits for, the first 16, with commas between them; of IP sockets alone."},
    {"fdlist.sports", kStr, kNone, kOne, 0, poll_list<append_port<&Connection::server>>, polls_only, "Server ports of the descriptors that poll or ppoll waits for, the first 16, with commas between them; of IP sockets alone."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> fd_fields() {
    return kRows;
}

}  // namespace saker::field
