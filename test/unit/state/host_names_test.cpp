// SPDX-License-Identifier: Apache-2.0
#include "state/host_names.h"

#include <array>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "catch.h"

namespace saker::state {
namespace {

using event::IpAddress;
using Texts = std::vector<std::string>;

IpAddress v4(std::uint8_t last) {
    IpAddress address;
    address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, last};
    return address;
}

Texts names_of(HostNames& hosts, const IpAddress& address, std::size_t room = 4) {
    std::vector<std::string_view> names(room);
    names.resize(hosts.find(address, names));
    return {names.begin(), names.end()};
}

// What a resolver does in a test: answers, and tells when it is asked for `last`.
struct Resolver {
    std::promise<void> asked_for_last;
    std::promise<void> go_on;

    std::optional<std::vector<IpAddress>> resolve(const std::string& name) {
        if (name == "both.example") return std::vector{v4(1), v4(2)};
        if (name == "one.example") return std::vector{v4(1)};
        if (name == "last.example") {
            asked_for_last.set_value();
            go_on.get_future().wait();
        }
        return std::nullopt;
    }
};

}  // namespace

TEST_CASE("an address has the names that resolve to it, and a hung resolver holds nobody up") {
    auto resolver = std::make_shared<Resolver>();
    {
        HostNames hosts({"both.example", "none.example", "one.example", "last.example"},
                        [resolver](const std::string& name) { return resolver->resolve(name); });
        hosts.start();
        hosts.start();
        resolver->asked_for_last.get_future().wait();
        // From here on the resolver hangs.
        CHECK(names_of(hosts, v4(1)) == Texts{"both.example", "one.example"});
        CHECK(names_of(hosts, v4(1), 1) == Texts{"both.example"});
        CHECK(names_of(hosts, v4(2)) == Texts{"both.example"});
        CHECK(names_of(hosts, v4(3)).empty());
    }
    // It ends by itself, on memory that is still there.
    resolver->go_on.set_value();
}

TEST_CASE("the first question starts the resolver") {
    auto asked = std::make_shared<std::promise<std::string>>();
    HostNames hosts({"a.example"}, [asked](const std::string& name) {
        asked->set_value(name);
        return std::nullopt;
    });
    CHECK(names_of(hosts, v4(1)).empty());
    CHECK(asked->get_future().get() == "a.example");
}

TEST_CASE("an address is kept for an hour after it was last seen") {
    HostAddresses addresses;
    addresses.update(7, std::array{v4(1), v4(2)}, 0);
    addresses.update(7, std::array{v4(2), v4(3)}, HostAddresses::kKeptNs);
    addresses.update(3, std::array{v4(3)}, HostAddresses::kKeptNs);

    auto names = addresses.names(HostAddresses::kKeptNs);
    CHECK(names.size() == 3);
    CHECK(names[v4(3).bytes] == std::vector<std::uint32_t>{3, 7});

    names = addresses.names(HostAddresses::kKeptNs + 1);
    CHECK(names.size() == 2);
    CHECK_FALSE(names.contains(v4(1).bytes));
    CHECK(addresses.names(3 * HostAddresses::kKeptNs).empty());
}

TEST_CASE("a name's owner does not choose how much memory it takes") {
    std::vector<IpAddress> many(5000);
    for (std::size_t i = 0; i < many.size(); ++i) {
        many[i].bytes[0] = static_cast<std::uint8_t>(i);
        many[i].bytes[1] = static_cast<std::uint8_t>(i >> 8);
    }
    HostAddresses addresses;
    addresses.update(0, many, 0);
    CHECK(addresses.names(0).size() == HostAddresses::kMaxAddresses);
    // Those that are known are still kept up to date.
    addresses.update(0, std::span(many).first(1), HostAddresses::kKeptNs);
    CHECK(addresses.names(HostAddresses::kKeptNs + 1).size() == 1);
}

TEST_CASE("names of this machine resolve without a network") {
    const auto addresses = resolve_host("127.0.0.1");
    REQUIRE(addresses);
    REQUIRE(addresses->size() == 1);
    CHECK(addresses->front().bytes ==
          std::array<std::uint8_t, 16>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1});
    CHECK_FALSE(addresses->front().v6);
    const auto v6 = resolve_host("::1");
    REQUIRE(v6);
    REQUIRE(v6->size() == 1);
    CHECK(v6->front().v6);
    CHECK(v6->front().bytes[15] == 1);
    CHECK_FALSE(resolve_host("no such name"));
}

}  // namespace saker::state
