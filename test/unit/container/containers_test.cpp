// SPDX-License-Identifier: Apache-2.0
#include "container/containers.h"

#include <string>

#include "catch.h"

namespace saker::container {
namespace {

const std::string kFirst = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kSecond = "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string docker(const std::string& id) {
    return "/docker/" + id;
}

TEST_CASE("Cgroups are learnt once") {
    Containers containers;
    CHECK(containers.find(7) == nullptr);
    CHECK(containers.learn(7, docker(kFirst)).full_id == kFirst);
    CHECK(containers.learn(7, "/").full_id == kFirst);
    REQUIRE(containers.find(7) != nullptr);
    CHECK(containers.find(7)->full_id == kFirst);

    SECTION("an empty path says nothing and is not remembered") {
        CHECK(containers.learn(8, "").is_host());
        CHECK(containers.find(8) == nullptr);
        CHECK(containers.learn(8, docker(kSecond)).full_id == kSecond);
    }
    SECTION("cgroups inside a container are the same container") {
        CHECK(&containers.learn(9, docker(kFirst) + "/inner") == containers.find(7));
    }
}

TEST_CASE("The table of cgroups is bounded and forgets the oldest") {
    Containers containers;
    constexpr std::uint64_t kMany = 3 * Containers::kLimit;
    for (std::uint64_t cgroup = 1; cgroup <= kMany; ++cgroup) {
        containers.learn(cgroup, docker(kFirst));
        REQUIRE(containers.cgroups() <= Containers::kLimit);
    }
    CHECK(containers.find(1) == nullptr);
    for (std::uint64_t back = 0; back < Containers::kLimit / 2; ++back) {
        REQUIRE(containers.find(kMany - back) != nullptr);
    }
}

TEST_CASE("A container ends with its own cgroup, and is forgotten later") {
    Containers containers;
    containers.begin(7, docker(kFirst));
    containers.begin(8, docker(kFirst) + "/inner");
    CHECK(containers.end(8, docker(kFirst) + "/inner", 100) == nullptr);
    const Container* ended = containers.end(7, docker(kFirst), 100);
    REQUIRE(ended != nullptr);
    CHECK(ended->end_time == 100);
    CHECK(containers.end(7, docker(kFirst), 101) == nullptr);

    containers.expire(100 + Containers::kKeepEndedNs - 1);
    CHECK(containers.find(7) == ended);
    containers.expire(100 + Containers::kKeepEndedNs);
    CHECK(containers.find(7) == nullptr);
    CHECK(containers.find(8) == nullptr);
    CHECK(containers.size() == 0);
    CHECK(containers.cgroups() == 0);
}

TEST_CASE("A container that runs again is told from the one before") {
    Containers containers;
    const Container& before = containers.begin(7, docker(kFirst));
    containers.end(7, docker(kFirst), 100);
    const Container& after = containers.begin(9, docker(kFirst));
    CHECK(&before != &after);
    CHECK(containers.find(7) == &before);
    CHECK(containers.find_by_id(kFirst).get() == &after);
    containers.expire(100 + Containers::kKeepEndedNs);
    CHECK(containers.find_by_id(kFirst).get() == &after);
    CHECK(containers.find(9) == &after);
}

TEST_CASE("A container of the snapshot gets its cgroup's id with its first event") {
    Containers containers;
    const Container& met = containers.meet(docker(kFirst));
    CHECK(met.full_id == kFirst);
    CHECK(&containers.meet(docker(kFirst)) == &met);
    CHECK(&containers.learn(7, docker(kFirst)) == &met);
    CHECK(containers.meet("/init.scope").is_host());
}

TEST_CASE("What is missing says why") {
    Container container;
    CHECK(missing_name(why_missing(container)) == "absent");
    container.inquiry = Container::Inquiry::kOpen;
    CHECK(missing_name(why_missing(container)) == "pending");
    container.inquiry = Container::Inquiry::kClosed;
    Facts facts;
    facts.denied = true;
    container.facts = std::make_unique<const Facts>(facts);
    CHECK(missing_name(why_missing(container)) == "denied");
}

}  // namespace
}  // namespace saker::container
