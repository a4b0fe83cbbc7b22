// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "event/socket.h"
#include "field/event_file.h"
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"

// fd.*ip, fd.*port, fd.*net: the ends of the event's connection.
namespace saker::field {

namespace {

using event::Connection;
using event::Endpoint;

std::optional<Connection> connection(const Context& context) {
    const int slot = fd_slot(context.event->type());
    if (slot < 0) return std::nullopt;
    return event::connection(*context.event, static_cast<std::size_t>(slot));
}

using End = const Endpoint& (*)(const Connection& connection);

const Endpoint& client(const Connection& connection) {
    return connection.client();
}
const Endpoint& server(const Connection& connection) {
    return connection.server();
}
const Endpoint& local(const Connection& connection) {
    return connection.local;
}
const Endpoint& remote(const Connection& connection) {
    return connection.remote;
}

template <End end>
Values address(const FieldUse& /*use*/, const Context& context) {
    const auto found = connection(context);
    if (!found || end(*found).is_unset()) return none();
    return context.scratch->one(Value::of_ip(end(*found).address));
}

template <End end>
Values port(const FieldUse& /*use*/, const Context& context) {
    const auto found = connection(context);
    if (!found || end(*found).is_unset()) return none();
    return unsigned_number(context, end(*found).port);
}

template <End end>
Values port_text(const FieldUse& /*use*/, const Context& context) {
    const auto found = connection(context);
    if (!found || end(*found).is_unset()) return none();
    return text_copy(context, std::to_string(end(*found).port));
}

template <Value (*value_of)(const Endpoint&)>
Values both(const FieldUse& /*use*/, const Context& context) {
    const auto found = connection(context);
    if (!found) return none();
    if (found->local.is_unset() && found->remote.is_unset()) return none();
    if (found->remote.is_unset()) return context.scratch->one(value_of(found->local));
    const auto row = context.scratch->values(2);
    row[0] = value_of(found->client());
    row[1] = value_of(found->server());
    return row;
}

Value address_of(const Endpoint& endpoint) {
    return Value::of_ip(endpoint.address);
}
Value port_of(const Endpoint& endpoint) {
    return Value::of_uint(endpoint.port);
}

// Names that rules compare with and that have the address. Nothing else is asked for: a look-up of
// each address would tell the name's owner that he is watched.
template <End end>
Values host_names(const FieldUse& /*use*/, const Context& context) {
    const auto found = connection(context);
    if (!found || end(*found).is_unset() || context.hosts == nullptr) return none();
    std::array<std::string_view, 16> names;
    const std::size_t count = context.hosts->find(end(*found).address, names);
    const auto row = context.scratch->values(count);
    std::ranges::transform(std::span(names).first(count), row.begin(), Value::of);
    return row;
}

std::optional<Values> descriptors_only(const FieldUse& /*use*/, event::EventType type) {
    return fd_slot(type) >= 0 ? std::nullopt : std::optional<Values>(Values{});
}

using namespace row;

// clang-format off
const FieldInfo kRows[] = {
    {"fd.ip", kIp, kNone, kEither, kFilterOnly, both<address_of>, descriptors_only, "Address of either end; != holds if it is neither."},
    {"fd.cip", kIp, kNone, kOne, 0, address<client>, descriptors_only, "Address of the client; fd.is_server says how the two are told apart."},
    {"fd.sip", kIp, kNone, kOne, 0, address<server>, descriptors_only, "Address of the server; fd.is_server says how the two are told apart."},
    {"fd.lip", kIp, kNone, kOne, 0, address<local>, descriptors_only, "Local address."},
    {"fd.rip", kIp, kNone, kOne, 0, address<remote>, descriptors_only, "Remote address."},
    {"fd.port", kPort, kNone, kEither, kFilterOnly, both<port_of>, descriptors_only, "Port of either end; != holds if it is neither."},
    {"fd.cport", kPort, kNone, kOne, 0, port<client>, descriptors_only, "Port of the client; fd.is_server says how the two are told apart."},
    {"fd.sport", kPort, kNone, kOne, 0, port<server>, descriptors_only, "Port of the server; fd.is_server says how the two are told apart."},
    {"fd.lport", kPort, kNone, kOne, 0, port<local>, descriptors_only, "Local port."},
    {"fd.rport", kPort, kNone, kOne, 0, port<remote>, descriptors_only, "Remote port."},
    {"fd.proto", kPort, kNone, kEither, kFilterOnly, both<port_of>, descriptors_only, "The same as fd.port."},
    {"fd.cproto", kStr, kNone, kOne, 0, port_text<client>, descriptors_only, "Port of the client as text."},
    {"fd.sproto", kStr, kNone, kOne, 0, port_text<server>, descriptors_only, "Port of the server as text."},
    {"fd.lproto", kStr, kNone, kOne, 0, port_text<local>, descriptors_only, "Local port as text."},
    {"fd.rproto", kStr, kNone, kOne, 0, port_text<remote>, descriptors_only, "Remote port as text."},
    {"fd.net", kNet, kNone, kEither, kFilterOnly, both<address_of>, descriptors_only, "Network of either end."},
    {"fd.cnet", kNet, kNone, kOne, kFilterOnly, address<client>, descriptors_only, "Network of the client."},
    {"fd.snet", kNet, kNone, kOne, kFilterOnly, address<server>, descriptors_only, "Network of the server."},
    {"fd.lnet", kNet, kNone, kOne, kFilterOnly, address<local>, descriptors_only, "Local network."},
    {"fd.rnet", kNet, kNone, kOne, kFilterOnly, address<remote>, descriptors_only, "Remote network."},
    {"fd.cip.name", kStr, kNone, kAny, kResolvesHosts, host_names<client>, descriptors_only, "Host name of the client; compared with host names by their addresses. Known of the names that rules compare with."},
    {"fd.sip.name", kStr, kNone, kAny, kResolvesHosts, host_names<server>, descriptors_only, "Host name of the server; compared with host names by their addresses. Known of the names that rules compare with."},
    {"fd.lip.name", kStr, kNone, kAny, kResolvesHosts, host_names<local>, descriptors_only, "Local host name; compared with host names by their addresses. Known of the names that rules compare with."},
    {"fd.rip.name", kStr, kNone, kAny, kResolvesHosts, host_names<remote>, descriptors_only, "Remote host name; compared with host names by their addresses. Known of the names that rules compare with."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> socket_fields() {
    return kRows;
}

}  // namespace saker::field
