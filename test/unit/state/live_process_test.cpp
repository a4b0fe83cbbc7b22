// SPDX-License-Identifier: Apache-2.0
#include "state/live_process.h"

#include <cstdint>
#include <optional>
#include <string>

#include "catch.h"
#include "state/process_map.h"

namespace saker::state {
namespace {

TEST_CASE("threads and start time are found behind any name") {
    const std::string rest = " S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 123456 0 0\n";
    for (const char* name : {"cat", "", "a b", ") S 1 2 3", "new\nline"}) {
        CAPTURE(name);
        const auto stat = parse_live_stat("40 (" + std::string(name) + ")" + rest);
        REQUIRE(stat);
        CHECK(stat->threads == 7);
        CHECK(stat->start_time == 123456 * kClockTickNs);
    }
}

TEST_CASE("a stat file without threads and start time is none") {
    for (const char* text : {"", "40", "40 (cat)", "40 (cat) S 1 1 1",
                             "40 cat S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0 1",
                             "40 (cat) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 x 0 123456 0\n",
                             "40 (cat) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 7 0\n"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_live_stat(text));
    }
}

TEST_CASE("the innermost id is the last of its line") {
    struct Row {
        const char* text;
        std::optional<std::uint32_t> id;
    };
    for (const Row& row : {Row{"Name:\tx\nNSpid:\t40\nUid:\t0\n", 40},
                           {"Name:\tx\nNSpid:\t40\t7\t1\n", 1},
                           {"Name:\tx\nNSpid:\t40\t7", 7},
                           {"Name:\tNSpid:\t3\n", std::nullopt},
                           {"Name:\tx\nNSpid:\t\n", std::nullopt},
                           {"", std::nullopt}}) {
        CAPTURE(row.text);
        CHECK(parse_virtual_tid(row.text) == row.id);
    }
}

}  // namespace
}  // namespace saker::state
