// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "catch.h"
#include "sensor.h"

// Which container an event is of.
namespace saker::engine {
namespace {

using test::RecordBuilder;
using test::rule_text;
using test::Sensor;
using Texts = std::vector<std::string>;

const std::string kId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kPath = "/system.slice/docker-" + kId + ".scope";
const std::string kRule = rule_text("R", "evt.type = setuid", "%container.id %container.type");

RecordBuilder called(std::uint64_t cgroup) {
    return RecordBuilder("setuid").cgroup(cgroup);
}

TEST_CASE("a container is known from the cgroup that was made for it") {
    Sensor sensor(kRule);
    CHECK(sensor.feel(called(42)) == Texts{"<NA> <NA>"});
    sensor.feel(RecordBuilder("cgroup_mkdir").pid(50).arg(0, 42).text(0, kPath));
    CHECK(sensor.feel(called(42)) == Texts{"0123456789ab docker"});
}

TEST_CASE("a container is known from the record of a process in it") {
    Sensor sensor(kRule);
    sensor.feel(RecordBuilder("execve").cgroup(42).process({.cgroup = kPath}));
    CHECK(sensor.feel(called(42)) == Texts{"0123456789ab docker"});
    // And then for every other process of that cgroup.
    CHECK(sensor.feel(called(42).pid(77)) == Texts{"0123456789ab docker"});
}

TEST_CASE("a process that enters a container is in it from the next event on") {
    Sensor sensor(kRule);
    sensor.feel(RecordBuilder("cgroup_mkdir").pid(50).arg(0, 42).text(0, kPath));
    sensor.feel(RecordBuilder("execve").cgroup(7).process({.cgroup = "/init.scope"}));
    CHECK(sensor.feel(called(7)) == Texts{"host host"});
    CHECK(sensor.feel(called(42)) == Texts{"0123456789ab docker"});
    CHECK(sensor.feel(called(7)) == Texts{"host host"});
}

TEST_CASE("an event after the end of its cgroup is still told where it was") {
    Sensor sensor(kRule);
    sensor.feel(RecordBuilder("cgroup_mkdir").pid(50).arg(0, 42).text(0, kPath));
    sensor.feel(RecordBuilder("cgroup_rmdir").pid(50).arg(0, 42).text(0, kPath));
    CHECK(sensor.feel(called(42)) == Texts{"0123456789ab docker"});
}

TEST_CASE("the name of a user is not the host's in a container") {
    Sensor sensor(rule_text("R", "evt.type = setuid", "%user.name %evt.arg.uid"));
    sensor.feel(RecordBuilder("cgroup_mkdir").pid(50).arg(0, 42).text(0, kPath));
    sensor.feel(RecordBuilder("cgroup_mkdir").pid(50).arg(0, 7).text(0, "/init.scope"));
    CHECK(sensor.feel(called(7).uid(1001).arg(0, 1001)) == Texts{"ann ann"});
    CHECK(sensor.feel(called(42).uid(1001).arg(0, 1001)) == Texts{"<NA> <NA>"});
}

}  // namespace
}  // namespace saker::engine
