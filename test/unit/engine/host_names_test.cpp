// SPDX-License-Identifier: Apache-2.0
#include <netinet/in.h>

#include <future>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sensor.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::engine {
namespace {

using test::RecordBuilder;
using test::rule_text;
using test::Sensor;
using Texts = std::vector<std::string>;
using Addresses = std::optional<std::vector<event::IpAddress>>;

RecordBuilder connection_to(std::string_view address) {
    RecordBuilder record("connect");
    record.arg(0, 5).inet(0, 5, {"10.0.0.9", 40000}, {std::string(address), 443}, IPPROTO_TCP);
    return record;
}

event::IpAddress v4(std::uint8_t last) {
    event::IpAddress address;
    address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, last};
    return address;
}

}  // namespace

TEST_CASE("rules compare addresses with the names that they name, and no name is asked for twice") {
    std::promise<void> may_answer;
    const std::shared_future<void> answers = may_answer.get_future().share();
    std::promise<void> asked_for_last;
    std::multiset<std::string> asked;
    const auto resolve = [&](const std::string& name) -> Addresses {
        answers.wait();
        asked.insert(name);
        // The last one in alphabetical order: the others are known by now.
        if (name == "z.example") asked_for_last.set_value();
        if (name == "a.example") return std::vector{v4(1)};
        if (name == "b.example") return std::vector{v4(2)};
        return std::nullopt;
    };
    const std::string known = "evt.type = connect and fd.sip.name in (a.example, z.example)";
    const std::string other = "evt.type = connect and fd.sip.name != b.example";
    Sensor sensor(
        rule_text("known", known, "%fd.sip.name") + rule_text("other", other, "other %fd.sip.name"),
        filter::MatchMode::kAll, rule::Priority::kDebug, resolve);
    // Nothing is known yet, and the event does not wait for it.
    CHECK(sensor.feel(connection_to("10.0.0.1")) == Texts{"other <NA>"});
    may_answer.set_value();
    asked_for_last.get_future().wait();
    CHECK(sensor.feel(connection_to("10.0.0.1")) == Texts{"a.example", "other a.example"});
    CHECK(sensor.feel(connection_to("10.0.0.2")).empty());
    CHECK(sensor.feel(connection_to("10.0.0.3")) == Texts{"other <NA>"});
    CHECK(asked == std::multiset<std::string>{"a.example", "b.example", "z.example"});
}

TEST_CASE("rules that name no host resolve nothing") {
    bool asked = false;
    Sensor sensor(rule_text("r", "evt.type = connect", "%fd.sip.name"), filter::MatchMode::kAll,
                  rule::Priority::kDebug, [&](const std::string&) -> Addresses {
                      asked = true;
                      return std::nullopt;
                  });
    CHECK(sensor.feel(connection_to("10.0.0.1")) == Texts{"<NA>"});
    CHECK_FALSE(asked);
}

}  // namespace saker::engine
