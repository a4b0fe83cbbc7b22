// SPDX-License-Identifier: Apache-2.0
#include "output/statistics.h"

#include "alerts.h"
#include "catch.h"

using saker::engine::Alert;
using saker::rule::Priority;

TEST_CASE("the summary of a run without alerts") {
    CHECK(saker::output::Statistics().summary() ==
          "Events detected: 0\nRule counts by severity:\nTriggered rules by rule name:\n");
}

TEST_CASE("the summary counts by severity and by rule") {
    saker::output::Statistics statistics;
    struct Row {
        const char* rule;
        Priority priority;
    };
    for (const Row& row : {Row{"b", Priority::kInformational}, Row{"a", Priority::kCritical},
                           Row{"b", Priority::kInformational}, Row{"c", Priority::kDebug}}) {
        Alert alert = saker::test::plain_alert();
        alert.rule = row.rule;
        alert.priority = row.priority;
        statistics.count(alert);
    }
    CHECK(statistics.total() == 4);
    CHECK(statistics.summary() ==
          "Events detected: 4\n"
          "Rule counts by severity:\n"
          "   CRITICAL: 1\n"
          "   INFO: 2\n"
          "   DEBUG: 1\n"
          "Triggered rules by rule name:\n"
          "   a: 1\n"
          "   b: 2\n"
          "   c: 1\n");
}
