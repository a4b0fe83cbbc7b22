// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "event/socket.h"

namespace saker::state {

// What a name resolves to; nullopt: that cannot be told now. May take as long as it likes.
using ResolveHost =
    std::function<std::optional<std::vector<event::IpAddress>>(const std::string& name)>;

// As the system does (getaddrinfo(3)): /etc/hosts, DNS.
std::optional<std::vector<event::IpAddress>> resolve_host(const std::string& name);

// The addresses that names had lately. A name often has another one a minute later, while
// connections to the old one go on: an address is kept for an hour after it was last seen. One
// thread.
class HostAddresses {
public:
    static constexpr std::int64_t kKeptNs = 3'600'000'000'000;
    // Of one name: whoever owns it chooses how many it has.
    static constexpr std::size_t kMaxAddresses = 1024;

    // `name` is any number that the caller gives a name.
    void update(std::uint32_t name, std::span<const event::IpAddress> addresses,
                std::int64_t now_ns);

    // IPv4 as ::ffff:a.b.c.d, as in event::IpAddress; names in ascending order.
    using Key = std::array<std::uint8_t, 16>;
    using Names = absl::flat_hash_map<Key, std::vector<std::uint32_t>>;
    Names names(std::int64_t now_ns);

private:
    absl::flat_hash_map<std::uint32_t, absl::flat_hash_map<Key, std::int64_t>> seen_;
};

// Which of some host names an address belongs to: the names that rules compare with. A thread of
// its own resolves them, one after the other, and again every two minutes. Nobody ever waits for
// it: until a name is resolved it has no address, and while the resolver hangs all names keep those
// that they had. The thread is left alone in the end: what it works on is its own.
class HostNames {
public:
    static constexpr std::int64_t kIntervalNs = 120'000'000'000;

    explicit HostNames(std::vector<std::string> names, ResolveHost resolve = resolve_host);
    ~HostNames();
    HostNames(const HostNames&) = delete;
    HostNames& operator=(const HostNames&) = delete;

    // Begins to resolve, if that has not begun. One thread.
    void start();

    // Fills in the names that have the address, as many as there is room for, and gives their
    // number. They are valid as long as this is. Starts if nobody did. One thread.
    std::size_t find(const event::IpAddress& address, std::span<std::string_view> names);

private:
    struct Shared;  // with the thread
    static void run(const std::shared_ptr<Shared>& shared);

    std::shared_ptr<Shared> shared_;
    bool started_ = false;
};

}  // namespace saker::state
