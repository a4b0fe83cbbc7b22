// SPDX-License-Identifier: Apache-2.0
#include "rule/priority.h"

#include <string>

#include "catch.h"

using namespace saker::rule;

TEST_CASE("priorities have a number, a name and a short name") {
    const char* const names[] = {"Emergency", "Alert",  "Critical",      "Error",
                                 "Warning",   "Notice", "Informational", "Debug"};
    for (std::size_t i = 0; i < kPriorities; ++i) {
        CHECK(priority_name(static_cast<Priority>(i)) == names[i]);
        CHECK(parse_priority(names[i]) == static_cast<Priority>(i));
    }
    CHECK(priority_short_name(Priority::kInformational) == "INFO");
    CHECK(priority_short_name(Priority::kWarning) == "WARNING");
}

TEST_CASE("priorities are read in any case, and by their alias") {
    CHECK(parse_priority("WARNING") == Priority::kWarning);
    CHECK(parse_priority("nOtIcE") == Priority::kNotice);
    CHECK(parse_priority("info") == Priority::kInformational);
    CHECK(parse_priority("INFO") == Priority::kInformational);
    CHECK_FALSE(parse_priority(""));
    CHECK_FALSE(parse_priority("warn"));
    CHECK_FALSE(parse_priority("4"));
}
