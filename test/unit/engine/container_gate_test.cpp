// SPDX-License-Identifier: Apache-2.0
#include "engine/container_gate.h"

#include <deque>
#include <string>
#include <vector>

#include "catch.h"
#include "fmt/core.h"
#include "sensor.h"

// Events of containers whose facts are on their way.
namespace saker::engine {
namespace {

using container::Facts;
using test::Image;
using test::RecordBuilder;
using test::rule_text;
using test::Sensor;
using Texts = std::vector<std::string>;

const std::string kId = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kOther = "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kPath = "/docker/" + kId;
const std::string kShown = rule_text("R", "evt.type = setuid", "%evt.rawres %container.name");
constexpr std::uint64_t kStart = 1'000'000'000'000;  // of a record, if it says nothing else
constexpr std::uint64_t kWait = 250'000'000;

// Answers when it is told to.
class FakeSource final : public container::FactsSource {
public:
    bool ask(container::Request request) override {
        if (is_full) return false;
        questions.push_back(std::move(request));
        return true;
    }
    std::optional<container::Answer> poll() override {
        if (answers.empty()) return std::nullopt;
        container::Answer answer = std::move(answers.front());
        answers.pop_front();
        return answer;
    }
    void answer(const container::Request& question, const std::string& name, bool is_last = true) {
        Facts facts;
        facts.name = name;
        answers.push_back({question.id, std::move(facts), is_last});
    }

    bool is_full = false;
    std::deque<container::Request> questions;
    std::deque<container::Answer> answers;
};

struct Bench {
    explicit Bench(const std::string& rules = kShown, std::size_t queue_bytes = 1 << 20)
        : sensor(rules, filter::MatchMode::kAll, rule::Priority::kDebug, state::ResolveHost{},
                 {.facts = &source, .wait_ns = kWait, .queue_bytes = queue_bytes}) {}

    Texts settle(std::uint64_t now = kStart) {
        const std::size_t before = sensor.alerts.size();
        sensor.engine().settle(now);
        Texts texts;
        for (std::size_t i = before; i < sensor.alerts.size(); ++i) {
            texts.push_back(sensor.alerts[i].text);
        }
        return texts;
    }
    Texts begin(std::uint64_t cgroup, const std::string& path) {
        return sensor.feel(RecordBuilder("cgroup_mkdir").pid(50).arg(0, cgroup).text(0, path));
    }
    Texts end(std::uint64_t cgroup, const std::string& path) {
        return sensor.feel(RecordBuilder("cgroup_rmdir").pid(50).arg(0, cgroup).text(0, path));
    }

    FakeSource source;
    Sensor sensor;
};

RecordBuilder setuid(std::uint64_t cgroup, std::int64_t result, std::uint64_t time = kStart) {
    return RecordBuilder("setuid").cgroup(cgroup).ret(result).time(time);
}

TEST_CASE("events of a new container wait for its facts, in order, and no others") {
    Bench bench;
    bench.begin(42, kPath);
    REQUIRE(bench.source.questions.size() == 1);
    CHECK(bench.source.questions[0].id.full_id == kId);
    CHECK(bench.sensor.feel(setuid(42, 1)).empty());
    CHECK(bench.sensor.feel(setuid(42, 2)).empty());
    CHECK(bench.sensor.engine().is_waiting());
    bench.sensor.feel(RecordBuilder("execve").cgroup(7).process({.cgroup = "/init.scope"}));
    CHECK(bench.sensor.feel(setuid(7, 3)) == Texts{"3 host"});

    bench.source.answer(bench.source.questions[0], "shop");
    CHECK(bench.settle() == Texts{"1 shop", "2 shop"});
    CHECK_FALSE(bench.sensor.engine().is_waiting());
    CHECK(bench.sensor.feel(setuid(42, 4)) == Texts{"4 shop"});
}

TEST_CASE("an answer that is there goes before the next event") {
    Bench bench;
    bench.begin(42, kPath);
    bench.source.answer(bench.source.questions[0], "shop");
    CHECK(bench.sensor.feel(setuid(42, 1)) == Texts{"1 shop"});
}

TEST_CASE("a container that nobody announced is asked about at its first event") {
    Bench bench;
    bench.sensor.feel(RecordBuilder("execve").cgroup(42).process({.cgroup = kPath}));
    CHECK(bench.source.questions.empty());  // no rule wants to know anything yet
    CHECK(bench.sensor.feel(setuid(42, 1)).empty());
    CHECK(bench.sensor.feel(setuid(42, 2)).empty());
    REQUIRE(bench.source.questions.size() == 1);
    CHECK(bench.source.questions[0].pid == 1000);
    bench.source.answer(bench.source.questions[0], "shop");
    CHECK(bench.settle() == Texts{"1 shop", "2 shop"});
}

TEST_CASE("a container that a process enters is asked about, though nobody saw it made") {
    Bench bench;
    bench.sensor.feel(RecordBuilder("execve").cgroup(7).process({.cgroup = "/init.scope"}));
    bench.sensor.feel(
        RecordBuilder("cgroup_attach_task").pid(50).arg(0, 42).arg(1, 1000).walk(0, kPath));
    REQUIRE(bench.source.questions.size() == 1);
    CHECK(bench.sensor.feel(setuid(42, 1)).empty());
    bench.source.answer(bench.source.questions[0], "shop");
    CHECK(bench.settle() == Texts{"1 shop"});

    SECTION("and left by one that goes back to the host") {
        CHECK(bench.sensor.feel(setuid(7, 2)) == Texts{"2 host"});
    }
}

TEST_CASE("after the longest wait events go on with what is known, and say what is missing") {
    Bench bench;
    bench.begin(42, kPath);
    bench.sensor.feel(setuid(42, 1));
    CHECK(bench.settle(kStart + kWait - 1).empty());
    CHECK(bench.settle(kStart + kWait) == Texts{"1 <NA>"});
    CHECK(bench.sensor.engine().gate_counters().late == 1);
    using Missing = std::vector<std::pair<std::string, std::string>>;
    CHECK(bench.sensor.alerts.back().missing == Missing{{"container.name", "pending"}});
    CHECK(bench.sensor.feel(setuid(42, 2)) == Texts{"2 <NA>"});
    // Late is better than never.
    bench.source.answer(bench.source.questions[0], "shop");
    bench.settle(kStart + kWait);
    CHECK(bench.sensor.feel(setuid(42, 3)) == Texts{"3 shop"});
    CHECK(bench.sensor.alerts.back().missing.empty());
}

// A reader that is late reads old records; its clock goes on meanwhile.
TEST_CASE("the wait begins with the question, however old the record is") {
    static std::uint64_t clock;
    clock = kStart + 10 * kWait;
    FakeSource source;
    Sensor sensor(kShown, filter::MatchMode::kAll, rule::Priority::kDebug, state::ResolveHost{},
                  {.facts = &source, .wait_ns = kWait, .clock = [] { return clock; }});
    sensor.feel(RecordBuilder("cgroup_mkdir").pid(50).time(kStart).arg(0, 42).text(0, kPath));
    CHECK(sensor.feel(setuid(42, 1, kStart + 1)).empty());
    CHECK(sensor.feel(setuid(42, 2, kStart + 9 * kWait)).empty());
    sensor.engine().settle(clock + kWait - 1);
    CHECK(sensor.alerts.empty());
    source.answer(source.questions[0], "shop");
    sensor.engine().settle(clock + kWait);
    REQUIRE(sensor.alerts.size() == 2);
    CHECK(sensor.alerts[0].text == "1 shop");
}

TEST_CASE("if the last answer is late, events go on with what those before it told") {
    Bench bench(rule_text("R", "evt.type = setuid", "%container.name %container.label[app]"));
    bench.begin(42, kPath);
    bench.source.answer(bench.source.questions[0], "shop", false);
    CHECK(bench.sensor.feel(setuid(42, 1)).empty());
    CHECK(bench.settle(kStart + kWait) == Texts{"shop <NA>"});
    using Missing = std::vector<std::pair<std::string, std::string>>;
    CHECK(bench.sensor.alerts.back().missing == Missing{{"container.label[app]", "pending"}});
    bench.source.answer(bench.source.questions[0], "shop");
    CHECK(bench.settle(kStart + kWait).empty());
    bench.sensor.feel(setuid(42, 2));
    CHECK(bench.sensor.alerts.back().missing == Missing{{"container.label[app]", "absent"}});
}

TEST_CASE("a later event ends the wait too, if nobody looks at the clock") {
    Bench bench;
    bench.begin(42, kPath);
    bench.sensor.feel(setuid(42, 1));
    CHECK(bench.sensor.feel(setuid(42, 2, kStart + kWait)) == Texts{"1 <NA>", "2 <NA>"});
}

TEST_CASE("events that have no room to wait go on, those before them first") {
    Bench bench(kShown, 2 * (sizeof(saker_record) + 64));
    bench.begin(42, kPath);
    bench.sensor.feel(setuid(42, 1));
    bench.sensor.feel(setuid(42, 2));
    CHECK(bench.sensor.feel(setuid(42, 3)) == Texts{"1 <NA>", "2 <NA>", "3 <NA>"});
    CHECK(bench.sensor.engine().gate_counters().crowded == 1);
}

TEST_CASE("a question that is turned down keeps nothing back") {
    Bench bench;
    bench.source.is_full = true;
    bench.begin(42, kPath);
    CHECK(bench.sensor.feel(setuid(42, 1)) == Texts{"1 <NA>"});
    CHECK(bench.sensor.alerts.back().missing[0].second == "absent");
}

TEST_CASE("at the end nothing stays behind") {
    Bench bench;
    bench.begin(42, kPath);
    bench.sensor.feel(setuid(42, 1));
    bench.sensor.engine().settle_all();
    CHECK(bench.sensor.alerts.size() == 1);
}

TEST_CASE("what the runtime's processes say is passed on, the container's own are not believed") {
    Bench bench;
    const auto runc = [&](const std::string& bundle, const std::string& cgroup) {
        return RecordBuilder("execve").pid(50).start_time(5).cgroup(3).process(
            {.exe = "/usr/sbin/runc",
             .args = {"runc", "create", "--bundle", bundle, kId},
             .cgroup = cgroup});
    };
    const auto made =
        RecordBuilder("cgroup_mkdir").pid(50).start_time(5).cgroup(3).arg(0, 42).text(0, kPath);
    SECTION("of the host") {
        bench.sensor.feel(runc("/data/bundle", "/init.scope"));
        bench.sensor.feel(made);
        REQUIRE(bench.source.questions.size() == 1);
        CHECK(bench.source.questions[0].hint.bundle == "/data/bundle");
    }
    SECTION("of a container") {
        bench.sensor.feel(runc("/data/bundle", "/docker/" + kOther));
        bench.sensor.feel(made);
        REQUIRE(bench.source.questions.size() == 1);
        CHECK(bench.source.questions[0].hint.bundle.empty());
    }
}

TEST_CASE("containers that start and end raise events, once each") {
    Bench bench(rule_text("S", "evt.type = container", "%evt.type %container.name %evt.arg.json") +
                rule_text("E", "evt.type = container_removed", "%evt.type %container.id"));
    bench.begin(42, kPath);
    bench.begin(43, kPath + "/inner");
    REQUIRE(bench.source.questions.size() == 1);
    bench.source.answer(bench.source.questions[0], "shop");
    const Texts started = bench.settle();
    REQUIRE(started.size() == 1);
    CHECK(started[0].starts_with(
        "container shop {\"container\":{\"type\":0,\"id\":\"0123456789ab\""));
    CHECK(bench.end(43, kPath + "/inner").empty());
    CHECK(bench.end(42, kPath) == Texts{"container_removed 0123456789ab"});

    SECTION("again, where it runs again") {
        bench.begin(44, kPath);
        REQUIRE(bench.source.questions.size() == 2);
        bench.source.answer(bench.source.questions[1], "shop");
        CHECK(bench.settle().size() == 1);
    }
}

TEST_CASE("a user without a name has the container's files read again, not too often") {
    Bench bench(rule_text("R", "evt.type = setuid", "%user.name"));
    bench.begin(42, kPath);
    bench.source.answer(bench.source.questions[0], "shop");
    CHECK(bench.sensor.feel(setuid(42, 1).uid(5)) == Texts{"<NA>"});
    CHECK(bench.source.questions.size() == 1);  // asked less than a second ago
    bench.settle(kStart + 2'000'000'000);
    bench.sensor.feel(setuid(42, 1, kStart + 2'000'000'000).uid(5));
    REQUIRE(bench.source.questions.size() == 2);
    Facts facts;
    facts.name = "shop";
    facts.users.emplace("ann:x:5:5::/:/bin/sh\n");
    bench.source.answers.push_back({bench.source.questions[1].id, std::move(facts)});
    bench.settle(kStart + 2'000'000'000);
    CHECK(bench.sensor.feel(setuid(42, 1).uid(5)) == Texts{"ann"});
}

// A container that runs one program: from its cgroup's beginning to its end.
void live_briefly(Bench& bench, std::uint32_t number, std::uint64_t time) {
    const std::string path = "/docker/" + fmt::format("{:064x}", number);
    const std::uint64_t cgroup = 1000 + number;
    const auto record = [&](const char* event) {
        return RecordBuilder(event).pid(2000 + number).start_time(time).cgroup(cgroup).time(time);
    };
    bench.sensor.feel(
        RecordBuilder("cgroup_mkdir").pid(50).time(time).arg(0, cgroup).text(0, path));
    bench.sensor.feel(record("execve").process({.cgroup = path}));
    bench.sensor.feel(record("setuid").ret(number));
    bench.source.answer(bench.source.questions.back(), fmt::format("storm-{}", number));
    bench.sensor.feel(record("procexit"));
    bench.sensor.feel(
        RecordBuilder("cgroup_rmdir").pid(50).time(time).arg(0, cgroup).text(0, path));
}

TEST_CASE("a storm of short containers is named, and leaves nothing behind") {
    Bench bench;
    constexpr std::uint32_t kStorm = 200;
    bench.sensor.feel(setuid(7, 0));
    const std::size_t processes = bench.sensor.engine().processes().size();
    const std::size_t alerts = bench.sensor.alerts.size();
    std::uint64_t time = kStart;
    for (std::uint32_t number = 0; number < kStorm; ++number) {
        live_briefly(bench, number, time += 1'000'000);
    }
    bench.settle(time);
    REQUIRE(bench.sensor.alerts.size() == alerts + kStorm);
    for (std::uint32_t number = 0; number < kStorm; ++number) {
        CHECK(bench.sensor.alerts[alerts + number].text ==
              fmt::format("{} storm-{}", number, number));
    }
    CHECK(bench.sensor.engine().containers().size() == kStorm);

    time += 2 * container::Containers::kKeepEndedNs;  // and longer than ended processes are kept
    bench.settle(time);
    // Each record has the table forget a few.
    for (std::uint32_t i = 0; i < kStorm; ++i) bench.sensor.feel(setuid(7, 0, time));
    CHECK(bench.sensor.engine().containers().size() == 0);
    CHECK(bench.sensor.engine().containers().cgroups() <= 1);          // the host's
    CHECK(bench.sensor.engine().processes().size() <= processes + 1);  // that which made them
    CHECK_FALSE(bench.sensor.engine().is_waiting());
}

TEST_CASE("a runtime that was too slow is asked again, and until then facts are pending") {
    Bench bench(rule_text("R", "evt.type = setuid", "%container.name %container.label[app]"));
    bench.begin(42, kPath);
    const auto answer = [&](std::size_t question, bool unanswered) {
        Facts facts;
        facts.name = "shop";
        facts.unanswered = unanswered;
        if (!unanswered) facts.labels = {{"app", "cart"}};
        bench.source.answers.push_back({bench.source.questions[question].id, std::move(facts)});
    };
    answer(0, true);
    CHECK(bench.sensor.feel(setuid(42, 1)) == Texts{"shop <NA>"});
    using Missing = std::vector<std::pair<std::string, std::string>>;
    CHECK(bench.sensor.alerts.back().missing == Missing{{"container.label[app]", "pending"}});
    bench.settle(kStart + 2'000'000'000);
    bench.sensor.feel(setuid(42, 1, kStart + 2'000'000'000));
    REQUIRE(bench.source.questions.size() == 2);
    answer(1, false);
    bench.settle(kStart + 2'000'000'000);
    CHECK(bench.sensor.feel(setuid(42, 1, kStart + 2'000'000'000)) == Texts{"shop cart"});
    bench.settle(kStart + 9'000'000'000);
    bench.sensor.feel(setuid(42, 1, kStart + 9'000'000'000));
    CHECK(bench.source.questions.size() == 2);
}

}  // namespace
}  // namespace saker::engine
