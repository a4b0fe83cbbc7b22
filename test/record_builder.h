// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "event/event.h"
#include "event/table.h"
#include "saker/record.h"

// Records for tests, built as the kernel side builds them (include/saker/record.h):
//
//   const Record record = RecordBuilder("openat").ret(3).arg(2, O_RDONLY).comm("cat")
//                             .path(0, "shadow", "/etc").fd(1, 3, SAKER_FD_FILE, "/etc/shadow")
//                             .build();
//   const event::Event event = record.event();
//
// Slots are those of the event's CAPTURE lines in syscalls.def, or, for process records, those of
// enum saker_process_capture. What is not set has length 0. Mistakes in a test throw.
namespace saker::test {

// Owns the bytes of one record, aligned to 8. Events point into it.
class Record {
public:
    explicit Record(const std::vector<std::byte>& bytes)
        : words_(bytes.size() / sizeof(std::uint64_t) + 1), size_(bytes.size()) {
        std::memcpy(words_.data(), bytes.data(), bytes.size());
    }

    event::Bytes bytes() const {
        return {reinterpret_cast<const std::byte*>(words_.data()), size_};
    }
    operator event::Bytes() const { return bytes(); }  // NOLINT(google-explicit-constructor)

    // For tests of damaged records.
    std::span<std::byte> writable() { return {reinterpret_cast<std::byte*>(words_.data()), size_}; }

    event::Event event() const {
        auto parsed = event::Event::parse(bytes());
        if (!parsed) throw std::runtime_error(parsed.error().message);
        return *parsed;
    }

private:
    std::vector<std::uint64_t> words_;
    std::size_t size_;
};

// "/etc/shadow" -> "shadow\0etc\0".
inline std::string walked(std::string_view path) {
    std::string walk;
    while (!path.empty()) {
        const std::size_t slash = path.rfind('/');
        const std::string_view name = path.substr(slash == path.npos ? 0 : slash + 1);
        path = path.substr(0, slash == path.npos ? 0 : slash);
        if (name.empty()) continue;
        walk += name;
        walk += '\0';
    }
    return walk;
}

// The same of a walk that was cut: "er/deep" is what was walked.
inline std::string cut_walked(std::string_view path) {
    std::string walk = walked(path);
    if (!walk.empty()) walk.pop_back();
    return walk;
}

// {"-a", "-b"} -> "-a\0-b\0".
inline std::string joined_with_nul(const std::vector<std::string>& strings) {
    std::string joined;
    for (const std::string& text : strings) joined += text + '\0';
    return joined;
}

template <typename T>
std::string struct_bytes(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

// An address and a port in numbers: {"127.0.0.1", 80}, {"::1", 80}.
struct Peer {
    std::string address;
    std::uint16_t port = 0;
};

inline bool is_v6(const Peer& peer) {
    return peer.address.find(':') != std::string::npos;
}

inline std::array<std::uint8_t, 16> address_bytes(const Peer& peer) {
    std::array<std::uint8_t, 16> bytes{};
    const int family = is_v6(peer) ? AF_INET6 : AF_INET;
    if (inet_pton(family, peer.address.c_str(), bytes.data()) != 1) {
        throw std::invalid_argument("no address: " + peer.address);
    }
    return bytes;
}

// A descriptor as a process record carries it, or as fd() and inet() put it into a capture.
struct Descriptor {
    saker_fd facts{};
    std::string rest;

    static Descriptor file(std::int32_t number, std::uint8_t type, std::string_view real_path,
                           std::uint8_t flags = 0) {
        Descriptor fd;
        fd.facts.number = number;
        fd.facts.type = type;
        fd.facts.flags = flags;
        fd.facts.dev = (8u << 20) | 1;
        fd.facts.ino = 4242;
        fd.rest = walked(real_path);
        return fd;
    }

    // A file as an open call returns it: with its f_flags.
    static Descriptor opened(std::int32_t number, std::string_view real_path,
                             std::uint32_t open_flags, std::uint8_t flags = 0) {
        Descriptor fd = file(number, SAKER_FD_FILE, real_path, flags);
        fd.facts.open_flags = open_flags;
        return fd;
    }

    // One name that is no path: "memfd:x" (SAKER_FD_MEMFD), "[eventpoll]" (SAKER_FD_ANON).
    static Descriptor named(std::int32_t number, std::uint8_t type, std::string_view name) {
        Descriptor fd = file(number, type, "");
        fd.rest = std::string(name) + '\0';
        return fd;
    }

    static Descriptor inet(std::int32_t number, const Peer& local, const Peer& remote,
                           std::uint16_t protocol = IPPROTO_TCP, std::uint8_t flags = 0) {
        const bool v6 = is_v6(local);
        Descriptor fd;
        fd.facts.number = number;
        fd.facts.type = v6 ? SAKER_FD_INET6 : SAKER_FD_INET4;
        fd.facts.flags = flags;
        fd.facts.family = v6 ? AF_INET6 : AF_INET;
        fd.facts.protocol = protocol;
        fd.facts.socket_type = protocol == IPPROTO_TCP   ? SOCK_STREAM
                               : protocol == IPPROTO_UDP ? SOCK_DGRAM
                                                         : SOCK_RAW;
        saker_inet inet{};
        std::ranges::copy(address_bytes(local), inet.local);
        std::ranges::copy(address_bytes(remote), inet.remote);
        inet.local_port = local.port;
        inet.remote_port = remote.port;
        fd.rest = struct_bytes(inet);
        return fd;
    }

    static Descriptor listening(std::int32_t number, const Peer& local, std::uint32_t queued,
                                std::uint32_t queue_max) {
        const Peer any{is_v6(local) ? "::" : "0.0.0.0", 0};
        Descriptor fd = inet(number, local, any, IPPROTO_TCP, SAKER_FD_LISTENING);
        saker_inet inet{};
        std::memcpy(&inet, fd.rest.data(), sizeof inet);
        inet.queue_length = queued;
        inet.queue_max = queue_max;
        fd.rest = struct_bytes(inet);
        return fd;
    }

    static Descriptor unix_socket(std::int32_t number, std::string_view path) {
        Descriptor fd;
        fd.facts.number = number;
        fd.facts.type = SAKER_FD_UNIX;
        fd.facts.family = AF_UNIX;
        fd.facts.socket_type = SOCK_STREAM;
        fd.rest = path;
        return fd;
    }

    std::string bytes() const { return struct_bytes(facts) + rest; }
};

// What a process record says. Unset numbers in `facts` are filled in from the record's header.
struct Image {
    std::string exe = "/usr/bin/cat";  // here and in `cwd`, no leading slash: the walk was cut
    std::string filename{};            // empty: as `exe`
    std::vector<std::string> args = {"cat"};
    std::vector<std::string> env{};
    std::string cwd = "/";
    std::string cgroup{};
    saker_process facts{};
    std::vector<Descriptor> stdio{};  // up to three
};

class RecordBuilder {
public:
    explicit RecordBuilder(std::string_view event_name) {
        const auto type = event::find_event(event_name);
        if (!type) throw std::invalid_argument("no event: " + std::string(event_name));
        header_.event = *type;
        header_.syscall = event::info(*type).syscall;
        header_.time = 1'000'000'000'000;
        header_.sequence = 1;
        header_.start_time = 900'000'000'000;
        header_.cgroup = 1;
        header_.tid = header_.tgid = 1000;
        header_.ptgid = 1;
        comm("cat");
    }

    RecordBuilder& time(std::uint64_t ns) { return set(header_.time, ns); }
    RecordBuilder& sequence(std::uint64_t n) { return set(header_.sequence, n); }
    RecordBuilder& start_time(std::uint64_t ns) { return set(header_.start_time, ns); }
    RecordBuilder& cgroup(std::uint64_t id) { return set(header_.cgroup, id); }
    RecordBuilder& ret(std::int64_t value) { return set(header_.ret, value); }
    RecordBuilder& arg(std::size_t index, std::uint64_t value) {
        if (index >= std::size(header_.args)) throw std::out_of_range("argument");
        return set(header_.args[index], value);
    }
    RecordBuilder& tid(std::uint32_t tid) { return set(header_.tid, tid); }
    RecordBuilder& tgid(std::uint32_t tgid) { return set(header_.tgid, tgid); }
    // Both, of a process with one thread.
    RecordBuilder& pid(std::uint32_t pid) { return tid(pid).tgid(pid); }
    RecordBuilder& ptgid(std::uint32_t ptgid) { return set(header_.ptgid, ptgid); }
    RecordBuilder& uid(std::uint32_t uid) { return set(header_.uid, uid); }
    RecordBuilder& gid(std::uint32_t gid) { return set(header_.gid, gid); }
    RecordBuilder& cpu(std::uint16_t cpu) { return set(header_.cpu, cpu); }
    RecordBuilder& abi(saker_abi abi) { return set(header_.abi, std::uint8_t(abi)); }
    // SAKER_TRUNCATED and so on.
    RecordBuilder& flags(std::uint32_t flags) { return set(header_.flags, flags); }
    RecordBuilder& comm(std::string_view name) {
        std::ranges::fill(header_.comm, '\0');
        name.substr(0, sizeof header_.comm - 1).copy(header_.comm, sizeof header_.comm - 1);
        return *this;
    }

    // Any capture, as it is.
    RecordBuilder& bytes(std::size_t slot, std::string_view bytes) {
        if (slot >= captures_.size()) throw std::out_of_range("slot");
        captures_[slot] = bytes;
        return *this;
    }
    // A string, with its NUL.
    RecordBuilder& text(std::size_t slot, std::string_view text) {
        return bytes(slot, std::string(text) + '\0');
    }
    RecordBuilder& strings(std::size_t slot, const std::vector<std::string>& strings) {
        return bytes(slot, joined_with_nul(strings));
    }
    template <typename T>
    RecordBuilder& structure(std::size_t slot, const T& value) {
        return bytes(slot, struct_bytes(value));
    }
    // A path argument; `base` is the absolute path of the directory that a relative one starts at.
    RecordBuilder& path(std::size_t slot, std::string_view asked, std::string_view base = "") {
        return path_below(slot, asked, walked(base));
    }
    // The same below a directory whose walk was cut: "er/deep" is what was walked of it.
    RecordBuilder& path_below_cut(std::size_t slot, std::string_view asked, std::string_view base) {
        header_.flags |= SAKER_PATH_CUT;
        return path_below(slot, asked, cut_walked(base));
    }
    // An empty path argument, which stands for a descriptor (AT_EMPTY_PATH).
    RecordBuilder& empty_path(std::size_t slot, const Descriptor& stands_for) {
        const std::string fd = stands_for.bytes();
        const saker_path sizes{.asked = 1,
                               .described = 1,
                               .reserved = 0,
                               .base = static_cast<std::uint32_t>(fd.size())};
        return bytes(slot, struct_bytes(sizes) + '\0' + fd);
    }
    // What the kernel used where capture `slot` says what the call named: a path, or a string.
    RecordBuilder& real(std::size_t slot, std::string_view path) {
        header_.flags |= SAKER_REAL_NAMES;
        const std::string walk = walked(path);
        return bytes(SAKER_REAL + slot, walk.empty() ? std::string(1, '\0') : walk);
    }
    RecordBuilder& real_text(std::size_t slot, std::string_view text) {
        header_.flags |= SAKER_REAL_NAMES;
        return bytes(SAKER_REAL + slot, std::string(text) + '\0');
    }
    // A walked path (SAKER_CAPTURE_CWD).
    RecordBuilder& walk(std::size_t slot, std::string_view path) {
        return bytes(slot, walked(path));
    }
    RecordBuilder& cut_walk(std::size_t slot, std::string_view path) {
        header_.flags |= SAKER_PATH_CUT;
        return bytes(slot, cut_walked(path));
    }
    RecordBuilder& fd(std::size_t slot, const Descriptor& descriptor) {
        return bytes(slot, descriptor.bytes());
    }
    RecordBuilder& fd(std::size_t slot, std::int32_t number, std::uint8_t type,
                      std::string_view real_path, std::uint8_t flags = 0) {
        return fd(slot, Descriptor::file(number, type, real_path, flags));
    }
    RecordBuilder& inet(std::size_t slot, std::int32_t number, const Peer& local,
                        const Peer& remote, std::uint16_t protocol = IPPROTO_TCP,
                        std::uint8_t flags = 0) {
        return fd(slot, Descriptor::inet(number, local, remote, protocol, flags));
    }
    RecordBuilder& unix_socket(std::size_t slot, std::int32_t number, std::string_view path) {
        return fd(slot, Descriptor::unix_socket(number, path));
    }
    // The sockaddr that a call was given.
    RecordBuilder& sockaddr(std::size_t slot, const Peer& peer) {
        const auto address = address_bytes(peer);
        if (is_v6(peer)) {
            sockaddr_in6 in6{};
            in6.sin6_family = AF_INET6;
            in6.sin6_port = htons(peer.port);
            std::memcpy(&in6.sin6_addr, address.data(), 16);
            return structure(slot, in6);
        }
        sockaddr_in in4{};
        in4.sin_family = AF_INET;
        in4.sin_port = htons(peer.port);
        std::memcpy(&in4.sin_addr, address.data(), 4);
        return structure(slot, in4);
    }
    RecordBuilder& sockaddr_unix(std::size_t slot, std::string_view path) {
        const sa_family_t family = AF_UNIX;
        return bytes(slot, struct_bytes(family) + std::string(path));
    }

    // Makes it a process record: of execve, execveat (ret 0) or sched_fork.
    RecordBuilder& process(const Image& image) {
        image_ = image;
        has_image_ = true;
        if (is_cut(image.exe) || is_cut(image.cwd)) header_.flags |= SAKER_PATH_CUT;
        return *this;
    }

    Record build() const {
        auto captures = captures_;
        if (has_image_) add_image(captures);
        saker_record header = header_;
        std::size_t size = sizeof header;
        for (std::size_t slot = 0; slot < captures.size(); ++slot) {
            if (captures[slot].size() > SAKER_DATA_MAX) throw std::length_error("capture");
            header.lengths[slot] = static_cast<std::uint32_t>(captures[slot].size());
            size += captures[slot].size();
        }
        header.size = static_cast<std::uint32_t>(size);

        std::vector<std::byte> record;
        record.reserve(size);
        append(record, struct_bytes(header));
        for (const std::string& capture : captures) append(record, capture);
        return Record(record);
    }

private:
    RecordBuilder& path_below(std::size_t slot, std::string_view asked, const std::string& walk) {
        saker_path sizes{};
        sizes.asked = static_cast<std::uint16_t>(asked.size() + 1);
        sizes.base = static_cast<std::uint32_t>(walk.size());
        return bytes(slot, struct_bytes(sizes) + std::string(asked) + '\0' + walk);
    }

    using Captures = std::array<std::string, SAKER_MAX_CAPTURES>;

    template <typename Field, typename T>
    RecordBuilder& set(Field& field, T value) {
        field = static_cast<Field>(value);
        return *this;
    }

    static void append(std::vector<std::byte>& record, std::string_view bytes) {
        const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
        record.insert(record.end(), begin, begin + bytes.size());
    }

    template <typename Field, typename T>
    static void set_default(Field& field, T value) {
        if (field == 0) field = value;
    }

    saker_process facts() const {
        saker_process facts = image_.facts;
        set_default(facts.tgid, header_.tgid);
        set_default(facts.ptgid, header_.ptgid);
        set_default(facts.start_time, header_.start_time);
        set_default(facts.vpid, facts.tgid);
        set_default(facts.pgid, facts.tgid);
        set_default(facts.vpgid, facts.pgid);
        set_default(facts.sid, facts.tgid);
        set_default(facts.cgroup, header_.cgroup);
        set_default(facts.uid, header_.uid);
        set_default(facts.gid, header_.gid);
        if (facts.comm[0] == '\0') std::ranges::copy(header_.comm, facts.comm);
        return facts;
    }

    static bool is_cut(std::string_view path) { return !path.empty() && path[0] != '/'; }
    static std::string image_walk(std::string_view path) {
        return is_cut(path) ? cut_walked(path) : walked(path);
    }

    void add_image(Captures& captures) const {
        saker_process process = facts();
        captures[SAKER_PROCESS_FILENAME] =
            (image_.filename.empty() ? image_.exe : image_.filename) + '\0';
        captures[SAKER_PROCESS_EXE] = image_walk(image_.exe);
        captures[SAKER_PROCESS_CWD] = image_walk(image_.cwd);
        captures[SAKER_PROCESS_CGROUP] = walked(image_.cgroup);
        captures[SAKER_PROCESS_ARGS] = joined_with_nul(image_.args);
        captures[SAKER_PROCESS_ENV] = joined_with_nul(image_.env);
        set_default(process.args_size, captures[SAKER_PROCESS_ARGS].size());
        set_default(process.env_size, captures[SAKER_PROCESS_ENV].size());
        captures[SAKER_PROCESS_FACTS] = struct_bytes(process);
        for (std::size_t i = 0; i < image_.stdio.size() && i < 3; ++i) {
            captures[SAKER_PROCESS_STDIN + i] = image_.stdio[i].bytes();
        }
    }

    saker_record header_{};
    Captures captures_;
    Image image_;
    bool has_image_ = false;
};

}  // namespace saker::test
