// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <cstring>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "sensor.h"

namespace saker::engine {
namespace {

using filter::MatchMode;
using rule::Priority;
using test::Image;
using test::RecordBuilder;
using test::rule_text;
using test::Sensor;
using Texts = std::vector<std::string>;

RecordBuilder opening(std::string_view asked, std::string_view real) {
    return RecordBuilder("openat").ret(3).path(0, asked).fd(1, 3, SAKER_FD_FILE, real);
}

TEST_CASE("an event that a rule describes raises an alert, another one does not") {
    Sensor sensor(rule_text("Shadow", "evt.type = openat and fd.name = /etc/shadow",
                            "read %fd.name by %proc.name"));
    CHECK(sensor.feel(opening("/etc/shadow", "/etc/shadow")) == Texts{"read /etc/shadow by cat"});
    CHECK(sensor.feel(opening("/etc/passwd", "/etc/passwd")).empty());
    CHECK(sensor.feel(RecordBuilder("open").path(0, "/etc/shadow")).empty());
    CHECK(sensor.engine().counters().alerts == 1);
    CHECK(sensor.engine().counters().events == 3);
}

TEST_CASE("an alert carries all that outputs need, and owns it") {
    Sensor sensor(rule_text("Shadow", "evt.type = openat", "%fd.name %proc.tty %fd.sip", "CRITICAL",
                            "  tags: [T1003, filesystem, T1003]\n"));
    sensor.feel(opening("/etc/shadow", "/etc/shadow").time(123'456'789'000));
    REQUIRE(sensor.alerts.size() == 1);
    const Alert alert = sensor.alerts[0];
    CHECK(alert.rule == "Shadow");
    CHECK(alert.priority == Priority::kCritical);
    CHECK(alert.source == "syscall");
    CHECK(alert.tags == Texts{"T1003", "filesystem"});
    CHECK(alert.time_ns == Sensor::kEpochOffset + 123'456'789'000);
    CHECK(alert.text == "/etc/shadow 0 <NA>");
    CHECK(alert.hostname == "box");
    REQUIRE(alert.fields.size() == 3);
    CHECK(alert.fields[0] == rule::OutputField{"fd.name", std::string("/etc/shadow")});
    CHECK(alert.fields[1] == rule::OutputField{"fd.sip", std::monostate{}});
    CHECK(alert.fields[2] == rule::OutputField{"proc.tty", std::uint64_t{0}});
}

TEST_CASE("an alert carries what the configuration adds, each field once") {
    rule::OutputAddition addition;
    addition.text = "by %proc.name";
    addition.fields = {{"proc.tty", ""}, {"fd.name", "the file %fd.name"}, {"a.key", "%fd.num"}};
    Sensor sensor(rule_text("Shadow", "evt.type = openat", "%fd.name %proc.tty"), {addition});
    CHECK(sensor.feel(opening("/etc/shadow", "/etc/shadow")) == Texts{"/etc/shadow 0 by cat"});
    REQUIRE(sensor.alerts.size() == 1);
    CHECK(sensor.alerts[0].fields ==
          std::vector<rule::OutputField>{{"a.key", std::string("3")},
                                         {"fd.name", std::string("the file /etc/shadow")},
                                         {"proc.name", std::string("cat")},
                                         {"proc.tty", std::uint64_t{0}}});
}

TEST_CASE("the clock may be set while the engine runs") {
    Sensor sensor(rule_text("Any", "evt.type = openat", "%evt.rawtime"));
    sensor.engine().set_epoch_offset(5);
    CHECK(sensor.feel(opening("/a", "/a").time(100)) == Texts{"105"});
    CHECK(sensor.alerts[0].time_ns == 105);
}

TEST_CASE("the number of an event counts from 1") {
    Sensor sensor(rule_text("Any", "evt.type = openat", "%evt.num"));
    CHECK(sensor.feel(opening("/a", "/a")) == Texts{"1"});
    sensor.feel(RecordBuilder("setuid"));
    CHECK(sensor.feel(opening("/a", "/a")) == Texts{"3"});
}

const std::string kThreeRules = rule_text("A", "evt.type = openat and fd.name = /b", "a") +
                                rule_text("B", "evt.type = openat", "b", "NOTICE") +
                                rule_text("C", "evt.type = openat", "c", "ERROR");

TEST_CASE("the first rule that matches speaks, or all of them in their order") {
    Sensor first(kThreeRules);
    CHECK(first.feel(opening("/a", "/a")) == Texts{"b"});
    CHECK(first.feel(opening("/b", "/b")) == Texts{"a"});
    Sensor all(kThreeRules, MatchMode::kAll);
    CHECK(all.feel(opening("/a", "/a")) == Texts{"b", "c"});
    CHECK(all.feel(opening("/b", "/b")) == Texts{"a", "b", "c"});
}

TEST_CASE("a new name and a new program are seen at once, by whichever thread") {
    Sensor sensor(
        rule_text("Name", "evt.type in (openat, creat) and proc.name = tool", "name") +
            rule_text("Image", "evt.type in (openat, creat) and proc.exepath = /opt/tool", "image"),
        MatchMode::kAll);
    const auto feel = [&sensor](const char* event, const char* comm, std::uint32_t thread = 100) {
        RecordBuilder record(event);
        return sensor.feel(record.ret(3).path(0, "/x").pid(100).tid(thread).comm(comm));
    };
    const auto execute = [&sensor](const char* program, const char* comm) {
        sensor.feel(RecordBuilder("execve").pid(100).comm(comm).process({.exe = program}));
    };
    execute("/bin/cat", "cat");
    CHECK(feel("openat", "cat").empty());
    CHECK(feel("openat", "tool") == Texts{"name"});       // prctl(PR_SET_NAME)
    CHECK(feel("openat", "cat", 101).empty());            // another thread
    CHECK(feel("openat", "tool", 102) == Texts{"name"});  // and a third one
    CHECK(feel("creat", "cat").empty());                  // with rules of its own
    CHECK(feel("openat", "cat").empty());
    execute("/opt/tool", "tool");
    CHECK(feel("openat", "tool") == Texts{"name", "image"});
    CHECK(feel("openat", "cat") == Texts{"image"});
    CHECK(feel("creat", "cat") == Texts{"image"});
    execute("/bin/cat", "cat");
    CHECK(feel("openat", "cat").empty());
    // Another process, which runs the same image from its first record on.
    sensor.feel(RecordBuilder("execve").pid(200).comm("tool").process({.exe = "/opt/tool"}));
    CHECK(sensor.feel(RecordBuilder("openat").ret(3).path(0, "/x").pid(200).comm("x")) ==
          Texts{"image"});
    CHECK(feel("openat", "cat").empty());
}

TEST_CASE("rules below the priority and those that are switched off are left out") {
    const std::string rules =
        kThreeRules + rule_text("D", "evt.type = setuid", "d", "ALERT", "  enabled: false\n");
    Sensor sensor(rules, MatchMode::kAll, Priority::kWarning);
    CHECK(sensor.engine().enabled_rules() == 2);
    CHECK(sensor.feel(opening("/b", "/b")) == Texts{"a", "c"});
    CHECK(sensor.feel(RecordBuilder("setuid")).empty());
    CHECK_FALSE(sensor.engine().events()[SAKER_EVENT_setuid]);
}

std::set<std::string> event_names(const filter::EventTypeSet& events) {
    std::set<std::string> names;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (events[type]) names.emplace(event::info(type).name);
    }
    return names;
}

TEST_CASE("a rule that names its events needs these and no others") {
    Sensor sensor(rule_text("A", "evt.type in (openat, setuid) and proc.name = cat", "a") +
                  rule_text("B", "evt.type = setuid or syscall.type = kill", "b"));
    CHECK(event_names(sensor.engine().events()) ==
          std::set<std::string>{"openat", "setuid", "kill"});
}

TEST_CASE("a rule that names no events needs all but those that only move data") {
    Sensor sensor(rule_text("Any", "proc.name = cat", "a", "INFO", "  warn_evttypes: false\n"));
    const std::set<std::string> names = event_names(sensor.engine().events());
    for (const char* name : {"openat", "close", "mkdir", "unlinkat", "ptrace", "sendto", "futex",
                             "getpid", "landlock_restrict_self", "procexit"}) {
        CAPTURE(std::string(name));
        CHECK(names.contains(name));
    }
    for (const char* name : {"read", "readv", "pread", "preadv", "write", "writev", "pwrite",
                             "pwritev", "sendfile", "recv", "send", "switch", "sched_fork"}) {
        CAPTURE(std::string(name));
        CHECK_FALSE(names.contains(name));
    }
    CHECK(sensor.feel(opening("/a", "/a")) == Texts{"a"});
    CHECK(sensor.feel(RecordBuilder("close")) == Texts{"a"});
    CHECK(sensor.feel(RecordBuilder("read")).empty());
}

TEST_CASE("an event that is named beside a test without any is collected") {
    Sensor sensor(rule_text("Either", "proc.name = dog or evt.type = mkdir", "a", "INFO",
                            "  warn_evttypes: false\n"));
    CHECK(sensor.feel(RecordBuilder("mkdir")) == Texts{"a"});
    CHECK(sensor.feel(RecordBuilder("rmdir")).empty());
}

TEST_CASE("what rules must never see, they do not") {
    Sensor sensor(
        rule_text("Any", "evt.type in (stat64, switch, openat)", "a") +
        rule_text("Not", "evt.type != openat", "%evt.type", "INFO", "  warn_evttypes: false\n"));
    const std::set<std::string> names = event_names(sensor.engine().events());
    for (const char* name : {"stat64", "switch", "sched_fork", "cgroup_mkdir"}) {
        CAPTURE(name);
        CHECK_FALSE(names.contains(name));
    }
    CHECK(names.contains("close"));  // != openat is true of everything else, by name
    CHECK(sensor.feel(RecordBuilder("sched_fork")).empty());
    CHECK(sensor.feel(RecordBuilder("cgroup_mkdir")).empty());
    CHECK(sensor.feel(RecordBuilder("close")) == Texts{"close"});
}

TEST_CASE("no rules need no events, and events do no harm") {
    Sensor sensor("");
    CHECK(sensor.engine().events().none());
    CHECK(sensor.engine().enabled_rules() == 0);
    CHECK(sensor.feel(opening("/a", "/a")).empty());
    CHECK(sensor.engine().counters().events == 1);
}

TEST_CASE("records that cannot be understood are counted, and nothing else") {
    Sensor sensor(rule_text("Any", "evt.type = openat", "a"));
    CHECK(sensor.feel(event::Bytes{}).empty());
    test::Record record = opening("/a", "/a").build();
    CHECK(sensor.feel(record.bytes().first(record.bytes().size() - 1)).empty());
    const auto damaged = [&](std::size_t offset) {
        test::Record copy = record;
        copy.writable()[offset] ^= std::byte{0xff};
        return sensor.feel(copy.bytes());
    };
    CHECK(damaged(offsetof(saker_record, size)).empty());
    CHECK(damaged(offsetof(saker_record, event) + 1).empty());
    CHECK(damaged(offsetof(saker_record, lengths)).empty());
    CHECK(sensor.engine().counters().malformed == 5);
    CHECK(sensor.engine().counters().events == 0);
    CHECK(sensor.feel(record.bytes()) == Texts{"a"});
}

}  // namespace
}  // namespace saker::engine
