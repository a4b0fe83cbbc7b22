// SPDX-License-Identifier: Apache-2.0
#include "tool/explain.h"

#include <string>

#include "catch.h"
#include "given_case.h"
#include "rule/loader.h"

namespace saker::tool {
namespace {

rule::RuleSet load(const std::string& condition) {
    rule::Loader loader(given_fields());
    loader.add_text("r.yaml",
                    "- list: files\n  items: [/etc/shadow]\n- rule: r\n  desc: d\n"
                    "  condition: " +
                        condition + "\n  output: o\n  priority: NOTICE\n");
    return std::move(loader.finish().rules);
}

TEST_CASE("explain shows the condition, and what is left of it for each type") {
    const auto rules = load(
        "(evt.type in (open, openat) and fd.name in (files) and not proc.tty = 0) or "
        "evt.type = setsid");
    const std::string text = explain(rules.rules.at(0));
    CHECK(test::contains(text, "Rule: r\n  r.yaml:3:9, Notice\n"));
    CHECK(test::contains(text,
                         "  any of\n    all of\n      evt.type in (open, openat)\n"
                         "      fd.name in (/etc/shadow)\n      not proc.tty = 0\n"));
    CHECK(test::contains(text, "Events: 3 types\nCost: medium"));
    CHECK(test::contains(text, "For open, openat:\n  all of\n"));
    CHECK(test::contains(text, "For setsid:\n  all of\n") == false);
    CHECK(test::contains(text, "For setsid:\n  true\n"));
    CHECK(test::contains(text, "fd.name: "));  // the bytecode
}

struct Row {
    const char* condition;
    const char* cost;
};

TEST_CASE("a rule costs what its most frequent event costs") {
    const Row rows[] = {
        {"evt.type = execve", "low"},
        {"evt.type in (execve, openat)", "medium"},
        {"evt.type in (execve, openat, read)", "high"},
        {"evt.type = futex", "high"},
        {"proc.name = a", "high"},
    };
    for (const Row& row : rows) {
        INFO(row.condition);
        CHECK(test::contains(explain(load(row.condition).rules.at(0)),
                             std::string("Cost: ") + row.cost));
    }
}

TEST_CASE("explain shows which tests decided for an event") {
    const auto rules = load("evt.type = openat and fd.name in (files) and not proc.name = su");
    const auto explained = [&](const std::string& event) {
        const TestFile file = parse_test_file("e.yaml", event);
        const auto text = explain_events(rules.rules.at(0), file);
        return text ? *text : "error: " + text.error().message;
    };
    CHECK(explained("{evt.type: openat, fd.name: /etc/shadow, proc.name: cat}") ==
          "The event\n  openat: the rule fires\n"
          "    true   evt.type = openat    [evt.type is openat]\n"
          "    true   fd.name in (/etc/shadow)    [fd.name is /etc/shadow]\n"
          "    false  proc.name = su    [proc.name is cat]\n");
    CHECK(explained("{evt.type: openat, fd.name: /etc/passwd}") ==
          "The event\n  openat: the rule does not fire\n"
          "    false  fd.name in (/etc/shadow)    [fd.name is /etc/passwd]\n");
    CHECK(test::contains(explained("{evt.type: openat, fd.name: /a, fd.realpath: /etc/shadow}"),
                         "the rule fires, under the file's real name"));
    CHECK(test::contains(explained("cases: [{name: n, event: {evt.type: setsid}, silent: others}]"),
                         "n\n  setsid: the rule does not fire"));
    CHECK(test::contains(explained("{evt.type: nope}"), "error: e.yaml:1:12: there is no event"));
}

}  // namespace
}  // namespace saker::tool
