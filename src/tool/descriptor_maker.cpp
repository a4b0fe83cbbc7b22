// SPDX-License-Identifier: Apache-2.0
#include "tool/descriptor_maker.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "event/socket.h"
#include "filter/constants.h"
#include "saker/record.h"
#include "tool/given.h"
#include "util/number.h"

namespace saker::tool {

namespace {

using event::Endpoint;

template <typename T>
std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

// "/etc/shadow" -> "shadow\0etc\0", as the kernel walks it.
std::string walked(std::string_view path) {
    std::string walk;
    while (!path.empty()) {
        const std::size_t slash = path.rfind('/');
        const std::string_view name = path.substr(slash == path.npos ? 0 : slash + 1);
        path = path.substr(0, slash == path.npos ? 0 : slash);
        if (!name.empty()) walk.append(name) += '\0';
    }
    return walk;
}

// What a descriptor is, by the names of fd.type and fd.typechar.
struct Kind {
    std::string_view type;
    std::string_view letter;
    std::uint8_t kind;
};
constexpr Kind kKinds[] = {
    {"file", "f", SAKER_FD_FILE},   {"directory", "d", SAKER_FD_DIRECTORY},
    {"ipv4", "4", SAKER_FD_INET4},  {"ipv6", "6", SAKER_FD_INET6},
    {"unix", "u", SAKER_FD_UNIX},   {"pipe", "p", SAKER_FD_FIFO},
    {"memfd", "m", SAKER_FD_MEMFD}, {"netlink", "n", SAKER_FD_NETLINK},
};

std::uint8_t kind_of(std::string_view type, std::string_view Kind::* name) {
    const auto found = std::ranges::find(kKinds, type, name);
    return found == std::end(kKinds) ? std::uint8_t{SAKER_FD_NONE} : found->kind;
}

std::optional<event::IpAddress> parse_ip(std::string_view text) {
    filter::Constant constant(std::string(text), false, {});
    if (filter::parse_constant(constant, field::ValueType::kIp)) return std::nullopt;
    return constant.ip;
}

// "1.2.3.4:80", "::1:80": the port is behind the last colon.
std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    Endpoint endpoint;
    const auto port = text::parse_number<decltype(endpoint.port)>(text.substr(colon + 1));
    const auto address = parse_ip(text.substr(0, colon));
    if (!port || !address) return std::nullopt;
    endpoint.port = *port;
    endpoint.address = *address;
    return endpoint;
}

// The ends of a connection, as far as they are given.
struct Ends {
    std::optional<Endpoint> local;
    std::optional<Endpoint> remote;
    bool accepted = false;  // the local end is the server

    bool any() const { return local || remote; }
    bool v6() const { return (local && local->address.v6) || (remote && remote->address.v6); }
};

void set_address(std::optional<Endpoint>& end, const BoundField* address, const BoundField* port) {
    if (address == nullptr && port == nullptr) return;
    if (!end) end.emplace();
    if (address != nullptr) end->address = address->value().ip;
    if (port != nullptr) end->port = static_cast<std::uint16_t>(port->value().number);
}

// The tuple is `client->server`; which of them is local follows from the event.
Ends find_ends(const std::vector<BoundField>& fields, event::EventType type) {
    const auto* given = find(fields, "fd.is_server");
    const bool accepts = type == SAKER_EVENT_accept || type == SAKER_EVENT_accept4;
    const bool server = given != nullptr ? given->value().number != 0 : accepts;
    std::optional<Endpoint> client_end;
    std::optional<Endpoint> server_end;
    if (const BoundField* name = find(fields, "fd.name")) {
        const std::string_view text = name->text();
        const std::size_t arrow = text.find("->");
        client_end = parse_endpoint(text.substr(0, arrow));
        if (arrow != text.npos) server_end = parse_endpoint(text.substr(arrow + 2));
    }
    set_address(client_end, find(fields, "fd.cip"), find(fields, "fd.cport"));
    set_address(server_end, find(fields, "fd.sip"), find(fields, "fd.sport"));
    Ends ends{server ? server_end : client_end, server ? client_end : server_end, server};
    set_address(ends.local, find(fields, "fd.lip"), find(fields, "fd.lport"));
    set_address(ends.remote, find(fields, "fd.rip"), find(fields, "fd.rport"));
    return ends;
}

std::uint8_t find_kind(const std::vector<BoundField>& fields, event::EventType type,
                       const Ends& ends) {
    if (const BoundField* name = find(fields, "fd.type")) return kind_of(name->text(), &Kind::type);
    if (const BoundField* letter = find(fields, "fd.typechar")) {
        return kind_of(letter->text(), &Kind::letter);
    }
    if (ends.any()) return ends.v6() ? SAKER_FD_INET6 : SAKER_FD_INET4;
    const BoundField* name = find(fields, "fd.name");
    const auto category = event::info(type).category;
    if (name != nullptr && category == event::Category::kNet) return SAKER_FD_UNIX;
    const bool file = (name != nullptr && name->text().starts_with('/')) ||
                      find(fields, "fd.realpath") != nullptr ||
                      event::info(type).has(event::kOpens);
    return file ? SAKER_FD_FILE : SAKER_FD_NONE;
}

std::uint16_t protocol_of(const std::vector<BoundField>& fields) {
    const BoundField* given = find(fields, "fd.l4proto");
    const std::string_view name = given == nullptr ? "tcp" : given->text();
    if (name == "udp") return IPPROTO_UDP;
    if (name == "icmp") return IPPROTO_ICMP;
    return name == "raw" ? IPPROTO_RAW : IPPROTO_TCP;
}

void put(const std::optional<Endpoint>& end, bool v6, std::uint8_t (&bytes)[16],
         std::uint16_t& port) {
    if (!end) return;
    // An IPv4 address is held mapped, in the last four bytes.
    std::copy(end->address.bytes.begin() + (v6 ? 0 : 12), end->address.bytes.end(), bytes);
    port = end->port;
}

std::string inet_bytes(const Ends& ends, bool v6) {
    saker_inet inet{};
    put(ends.local, v6, inet.local, inet.local_port);
    put(ends.remote, v6, inet.remote, inet.remote_port);
    if (ends.accepted) inet.queue_max = SOMAXCONN;  // by which the server's end is known
    return bytes_of(inet);
}

bool is_true(const std::vector<BoundField>& fields, std::string_view name) {
    const BoundField* field = find(fields, name);
    return field != nullptr && field->value().number != 0;
}

std::uint8_t flags_of(const std::vector<BoundField>& fields) {
    unsigned flags = 0;
    if (is_true(fields, "fd.is_upper_layer")) flags |= SAKER_FD_UPPER;
    if (is_true(fields, "fd.is_lower_layer")) flags |= SAKER_FD_LOWER;
    if (is_true(fields, "fd.connected")) flags |= SAKER_FD_CONNECTED;
    if (is_true(fields, "evt.is_open_create")) flags |= SAKER_FD_CREATED;
    const BoundField* open = find(fields, "evt.arg.flags");
    if (open != nullptr && open->text().find("O_F_CREATED") != std::string_view::npos) {
        flags |= SAKER_FD_CREATED;
    }
    return static_cast<std::uint8_t>(flags);
}

// The name behind the facts: a file's is the real one.
std::string name_bytes(const std::vector<BoundField>& fields, std::uint8_t kind) {
    const BoundField* name = find(fields, "fd.realpath");
    if (name == nullptr) name = find(fields, "fd.name");
    if (name == nullptr) return {};
    if (kind == SAKER_FD_UNIX) return std::string(name->text());
    return name->text().starts_with('/') ? walked(name->text()) : std::string(name->text()) + '\0';
}

}  // namespace

std::string make_descriptor(const std::vector<BoundField>& fields, event::EventType type,
                            int number) {
    const Ends ends = find_ends(fields, type);
    const std::uint8_t kind = find_kind(fields, type, ends);
    if (kind == SAKER_FD_NONE) return {};
    saker_fd facts{};
    facts.number = number;
    facts.type = kind;
    facts.flags = flags_of(fields);
    if (kind == SAKER_FD_UNIX) facts.family = AF_UNIX;
    if (kind != SAKER_FD_INET4 && kind != SAKER_FD_INET6) {
        return bytes_of(facts) + name_bytes(fields, kind);
    }
    const bool v6 = kind == SAKER_FD_INET6;
    facts.family = v6 ? AF_INET6 : AF_INET;
    facts.protocol = protocol_of(fields);
    facts.socket_type = facts.protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
    return bytes_of(facts) + inet_bytes(ends, v6);
}

std::string make_path(std::string_view name, std::string_view base) {
    saker_path sizes{};
    const std::string walk = name.starts_with('/') ? "" : walked(base);
    sizes.asked = static_cast<std::uint16_t>(name.size() + 1);
    sizes.base = static_cast<std::uint32_t>(walk.size());
    return bytes_of(sizes) + std::string(name) + '\0' + walk;
}

}  // namespace saker::tool
