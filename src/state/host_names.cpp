// SPDX-License-Identifier: Apache-2.0
#include "state/host_names.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

namespace saker::state {

namespace {

using event::IpAddress;

std::optional<IpAddress> address_of(const addrinfo& info) {
    IpAddress address;
    if (info.ai_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, info.ai_addr, sizeof v4);
        address.bytes[10] = address.bytes[11] = 0xff;
        std::memcpy(&address.bytes[12], &v4.sin_addr, sizeof v4.sin_addr);
        return address;
    }
    if (info.ai_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, info.ai_addr, sizeof v6);
    std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    address.v6 = true;
    return address;
}

std::int64_t now_ns() {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

std::optional<std::vector<IpAddress>> resolve_host(const std::string& name) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;  // else each address comes once for each type
    addrinfo* first = nullptr;
    if (getaddrinfo(name.c_str(), nullptr, &hints, &first) != 0) return std::nullopt;
    std::vector<IpAddress> addresses;
    for (const addrinfo* info = first; info != nullptr; info = info->ai_next) {
        if (const auto address = address_of(*info)) addresses.push_back(*address);
    }
    freeaddrinfo(first);
    return addresses;
}

void HostAddresses::update(std::uint32_t name, std::span<const IpAddress> addresses,
                           std::int64_t now_ns) {
    auto& seen = seen_[name];
    for (const IpAddress& address : addresses) {
        if (seen.size() < kMaxAddresses || seen.contains(address.bytes)) {
            seen[address.bytes] = now_ns;
        }
    }
}

HostAddresses::Names HostAddresses::names(std::int64_t now_ns) {
    Names names;
    for (auto& [name, seen] : seen_) {
        absl::erase_if(seen, [&](const auto& row) { return now_ns - row.second > kKeptNs; });
        for (const auto& [address, time] : seen) names[address].push_back(name);
    }
    for (auto& [address, row] : names) std::ranges::sort(row);
    return names;
}

// Outlives the HostNames if its thread hangs in the resolver.
struct HostNames::Shared {
    std::vector<std::string> names;
    ResolveHost resolve;
    std::atomic<std::shared_ptr<const HostAddresses::Names>> found;
    std::mutex mutex;
    std::condition_variable wake;
    bool ended = false;  // guarded by mutex

    bool has_ended() {
        const std::lock_guard lock(mutex);
        return ended;
    }
};

HostNames::HostNames(std::vector<std::string> names, ResolveHost resolve)
    : shared_(std::make_shared<Shared>()) {
    shared_->names = std::move(names);
    shared_->resolve = std::move(resolve);
}

HostNames::~HostNames() {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->ended = true;
    }
    shared_->wake.notify_all();
}

void HostNames::start() {
    if (std::exchange(started_, true)) return;
    std::thread([shared = shared_] { run(shared); }).detach();
}

void HostNames::run(const std::shared_ptr<Shared>& shared) {
    HostAddresses addresses;
    while (true) {
        for (std::uint32_t i = 0; i < shared->names.size(); ++i) {
            const auto found = shared->resolve(shared->names[i]);
            if (shared->has_ended()) return;
            if (!found) continue;
            addresses.update(i, *found, now_ns());
            shared->found = std::make_shared<const HostAddresses::Names>(addresses.names(now_ns()));
        }
        std::unique_lock lock(shared->mutex);
        const auto interval = std::chrono::nanoseconds(kIntervalNs);
        if (shared->wake.wait_for(lock, interval, [&] { return shared->ended; })) return;
    }
}

std::size_t HostNames::find(const IpAddress& address, std::span<std::string_view> names) {
    start();
    const auto found = shared_->found.load();
    if (found == nullptr) return 0;
    const auto row = found->find(address.bytes);
    if (row == found->end()) return 0;
    const std::size_t count = std::min(row->second.size(), names.size());
    for (std::size_t i = 0; i < count; ++i) names[i] = shared_->names[row->second[i]];
    return count;
}

}  // namespace saker::state
