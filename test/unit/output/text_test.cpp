// SPDX-License-Identifier: Apache-2.0
#include "output/text.h"

#include <algorithm>
#include <string>

#include "alerts.h"
#include "catch.h"

using saker::engine::Alert;
using saker::output::Options;

namespace {

std::string line_of(const Alert& alert, const Options& options = {}) {
    std::string out;
    saker::output::append_text_line(out, alert, options);
    return out;
}

}  // namespace

TEST_CASE("a text line is time, priority, text") {
    const saker::test::Utc utc;
    CHECK(line_of(saker::test::plain_alert()) ==
          "22:13:20.123456789: Warning Sensitive file read (file=/etc/shadow tty=0)");
}

TEST_CASE("a text line can carry the date") {
    Options options;
    options.time_format_iso_8601 = true;
    CHECK(line_of(saker::test::plain_alert(), options) ==
          "2023-11-14T22:13:20.123456789+0000: Warning Sensitive file read "
          "(file=/etc/shadow tty=0)");
}

TEST_CASE("every priority is spelled out") {
    const saker::test::Utc utc;
    const char* const names[] = {"Emergency", "Alert",  "Critical",      "Error",
                                 "Warning",   "Notice", "Informational", "Debug"};
    Alert alert = saker::test::plain_alert();
    alert.text = "x";
    for (std::size_t i = 0; i < saker::rule::kPriorities; ++i) {
        alert.priority = static_cast<saker::rule::Priority>(i);
        CHECK(line_of(alert) == std::string("22:13:20.123456789: ") + names[i] + " x");
    }
}

TEST_CASE("a file name cannot forge a second alert or reach the terminal") {
    const saker::test::Utc utc;
    Alert alert = saker::test::plain_alert();
    alert.text =
        "file=/tmp/a\n00:00:00.000000000: Emergency forged \x1B]0;title\x07 \xC2\x9B"
        "2J";
    const std::string line = line_of(alert);
    CHECK(line ==
          "22:13:20.123456789: Warning file=/tmp/a\\n00:00:00.000000000: Emergency forged "
          "\\u001b]0;title\\u0007 \\u009b2J");
    CHECK(std::ranges::count(line, '\n') == 0);
}

TEST_CASE("quotes and backslashes in a text line are escaped as in JSON") {
    const saker::test::Utc utc;
    Alert alert = saker::test::plain_alert();
    alert.text = R"(command=sh -c "echo \n")";
    CHECK(line_of(alert) == R"(22:13:20.123456789: Warning command=sh -c \"echo \\n\")");
}

TEST_CASE("an explanation follows in lines that no alert looks like") {
    const saker::test::Utc utc;
    Alert alert = saker::test::plain_alert();
    alert.explanation = {true,
                         {{"fd.name = /x", true, "fd.name is a\n00:00:00: Critical \033[0m"},
                          {"proc.tty = 1", false, "proc.tty is 0"}}};
    CHECK(line_of(alert) ==
          line_of(saker::test::plain_alert()) +
              "\n    under the file's real name"
              "\n    true   fd.name = /x    [fd.name is a?00:00:00: Critical ?[0m]"
              "\n    false  proc.tty = 1    [proc.tty is 0]");
}
