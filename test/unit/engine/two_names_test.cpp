// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "catch.h"
#include "sensor.h"

// A file has two names: the one that was asked for and the one that was opened. A link, a bind
// mount or a rewritten argument must hide a file from neither.
namespace saker::engine {
namespace {

using filter::MatchMode;
using test::RecordBuilder;
using test::rule_text;
using test::Sensor;
using Texts = std::vector<std::string>;

// open("/tmp/x"), a link to /etc/shadow.
RecordBuilder through_link() {
    return RecordBuilder("open").ret(3).path(0, "/tmp/x").fd(1, 3, SAKER_FD_FILE, "/etc/shadow");
}

const std::string kShadow = rule_text("Shadow", "evt.type = open and fd.name = /etc/shadow",
                                      "shadow %fd.name %fd.realpath");
const std::string kTmp =
    rule_text("Tmp", "evt.type = open and fd.name startswith /tmp", "tmp %fd.name %fd.realpath");

TEST_CASE("a rule about the real name fires once, and shows it") {
    Sensor sensor(kShadow);
    CHECK(sensor.feel(through_link()) == Texts{"shadow /etc/shadow /etc/shadow"});
}

TEST_CASE("a rule about the asked name fires once, and shows it") {
    Sensor sensor(kTmp);
    CHECK(sensor.feel(through_link()) == Texts{"tmp /tmp/x /etc/shadow"});
}

TEST_CASE("every field with a file's name has both") {
    const std::vector<std::string> conditions = {
        "fd.name = /etc/shadow",          "fd.directory = /etc",
        "fd.filename = shadow",           "fd.containername = host:/etc/shadow",
        "fd.name in (/a, /etc/shadow)",   "fd.name pmatch (/etc)",
        "toupper(fd.name) = /ETC/SHADOW", "fd.name endswith shadow and fd.directory = /etc",
    };
    for (const std::string& condition : conditions) {
        CAPTURE(condition);
        Sensor sensor(rule_text("R", "evt.type = open and " + condition, "%fd.name"));
        // The container is that of the process: on the host.
        sensor.feel(RecordBuilder("execve").process({.cgroup = "/init.scope"}));
        CHECK(sensor.feel(through_link()) == Texts{"/etc/shadow"});
    }
}

TEST_CASE("one name must do for the whole condition") {
    // Neither name is both below /tmp and called shadow.
    Sensor sensor(rule_text(
        "R", "evt.type = open and fd.name startswith /tmp and fd.filename = shadow", "%fd.name"));
    CHECK(sensor.feel(through_link()).empty());
}

TEST_CASE("a rule that matches under both names fires once, under the asked one") {
    Sensor sensor(rule_text("R", "evt.type = open and fd.name startswith /", "%fd.name"),
                  MatchMode::kAll);
    CHECK(sensor.feel(through_link()) == Texts{"/tmp/x"});
}

TEST_CASE("a rule that excludes a name is held to both") {
    // As its author means it: the asked name is not excluded.
    Sensor sensor(rule_text("R", "evt.type = open and not fd.name startswith /tmp", "%fd.name"));
    CHECK(sensor.feel(through_link()) == Texts{"/etc/shadow"});
    CHECK(
        sensor
            .feel(RecordBuilder("open").ret(3).path(0, "/tmp/y").fd(1, 3, SAKER_FD_FILE, "/tmp/y"))
            .empty());
}

TEST_CASE("rules that name no file are not run a second time") {
    Sensor sensor(rule_text("R", "evt.type = open", "any %fd.name") + kShadow, MatchMode::kAll);
    CHECK(sensor.feel(through_link()) == Texts{"any /tmp/x", "shadow /etc/shadow /etc/shadow"});
}

TEST_CASE("in first mode the order of the rules decides, whichever name they match") {
    CHECK(Sensor(kTmp + kShadow).feel(through_link()) == Texts{"tmp /tmp/x /etc/shadow"});
    CHECK(Sensor(kShadow + kTmp).feel(through_link()) == Texts{"shadow /etc/shadow /etc/shadow"});
    // Under the real name alone, the first in order.
    const std::string second =
        rule_text("Second", "evt.type = open and fd.directory = /etc", "second");
    CHECK(Sensor(kShadow + second).feel(through_link()) == Texts{"shadow /etc/shadow /etc/shadow"});
    CHECK(Sensor(second + kShadow).feel(through_link()) == Texts{"second"});
}

TEST_CASE("in all mode both are told, each with the name that matched") {
    Sensor sensor(kShadow + kTmp, MatchMode::kAll);
    CHECK(sensor.feel(through_link()) ==
          Texts{"tmp /tmp/x /etc/shadow", "shadow /etc/shadow /etc/shadow"});
}

TEST_CASE("one name of two: a call without a path, and one that failed") {
    Sensor sensor(rule_text("R", "evt.type in (open, open_by_handle_at) and fd.name = /etc/shadow",
                            "%evt.type"));
    CHECK(sensor.feel(
              RecordBuilder("open_by_handle_at").ret(3).fd(0, 3, SAKER_FD_FILE, "/etc/shadow")) ==
          Texts{"open_by_handle_at"});
    CHECK(sensor.feel(RecordBuilder("open").ret(-13).path(0, "/etc/shadow")) == Texts{"open"});
}

TEST_CASE("a walk that was cut matches no prefix") {
    Sensor sensor(rule_text("R", "evt.type = open and fd.name startswith /", "%fd.name"));
    CHECK(sensor
              .feel(RecordBuilder("open")
                        .ret(3)
                        .path(0, "x", "")
                        .flags(SAKER_PATH_CUT)
                        .fd(1, 3, SAKER_FD_FILE, "/deep/x", SAKER_FD_CUT))
              .empty());
}

}  // namespace
}  // namespace saker::engine
