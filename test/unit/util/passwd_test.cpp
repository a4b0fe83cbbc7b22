// SPDX-License-Identifier: Apache-2.0
#include "util/passwd.h"

#include <string>

#include "catch.h"

namespace saker {
namespace {

TEST_CASE("users are found by id; of several lines with one id the first counts") {
    const UserTable users(
        "root:x:0:0:root:/root:/bin/sh\n"
        "ann:x:7:7::/home/ann:/bin/zsh\n"
        "again:x:7:7::/:/bin/sh\n"
        "no line\n"
        ":x:8:8::/:/bin/sh\n"
        "bob:x:nine:9::/:/bin/sh\n"
        "eve:x:4294967296:1::/:/bin/sh\n"
        "max:x:4294967295:1::/:/bin/sh");
    REQUIRE(users.find(7) != nullptr);
    CHECK(users.find(7)->name == "ann");
    CHECK(users.find(7)->home == "/home/ann");
    CHECK(users.find(7)->shell == "/bin/zsh");
    REQUIRE(users.find(0) != nullptr);
    CHECK(users.find(0)->name == "root");
    CHECK(users.find(UINT32_MAX)->name == "max");
    CHECK(users.find(8) == nullptr);
    CHECK(users.find(9) == nullptr);
}

TEST_CASE("a field that no name can be is no entry") {
    const UserTable users(std::string(5000, 'x') + ":x:1:1::/:/bin/sh\n");
    CHECK(users.find(1) == nullptr);
    const GroupTable groups("staff:x:50:ann\nwheel:x:10:\n");
    CHECK(*groups.find(50) == "staff");
    CHECK(groups.find(51) == nullptr);
}

}  // namespace
}  // namespace saker
