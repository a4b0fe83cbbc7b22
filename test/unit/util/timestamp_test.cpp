// SPDX-License-Identifier: Apache-2.0
#include "util/timestamp.h"

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <string>

#include "catch.h"

namespace {

// Sets the time zone of the process for one test.
class Zone {
public:
    explicit Zone(const char* name) {
        setenv("TZ", name, 1);
        tzset();
    }
    ~Zone() {
        unsetenv("TZ");
        tzset();
    }
};

std::string clock_of(std::uint64_t epoch_ns) {
    std::string out;
    saker::timestamp::append_clock(out, epoch_ns);
    return out;
}

std::string iso_of(std::uint64_t epoch_ns) {
    std::string out;
    saker::timestamp::append_iso8601(out, epoch_ns, "Z");
    return out;
}

}  // namespace

TEST_CASE("the clock shows local time with nine digits") {
    const Zone zone("XXX-05:30");  // east of Greenwich
    CHECK(clock_of(0) == "05:30:00.000000000");
    CHECK(clock_of(1'700'000'000'000'000'042) == "03:43:20.000000042");
}

TEST_CASE("ISO 8601 is UTC wherever the machine stands") {
    const Zone zone("XXX-05:30");
    CHECK(iso_of(0) == "1970-01-01T00:00:00.000000000Z");
    CHECK(iso_of(1'700'000'000'123'456'789) == "2023-11-14T22:13:20.123456789Z");
    CHECK(iso_of(std::numeric_limits<std::uint64_t>::max()) == "2554-07-21T23:34:33.709551615Z");
}
