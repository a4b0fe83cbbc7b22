// SPDX-License-Identifier: Apache-2.0
#include "state/users.h"

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "catch.h"
#include "temp_folder.h"

namespace saker::state {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct UsersFixture {
    test::TempFolder root;
    std::int64_t now = 100 * kSecond;
    Users users{root.path(), [this] { return now; }};

    std::string name_of(std::uint32_t uid) {
        const User* user = users.user(uid);
        return user == nullptr ? "-" : user->name;
    }
    std::string group_of(std::uint32_t gid) {
        const std::string* group = users.group(gid);
        return group == nullptr ? "-" : *group;
    }
};

TEST_CASE_METHOD(UsersFixture, "Users and groups are found by id") {
    root.write("etc/passwd",
               "root:x:0:0:root:/root:/bin/bash\n"
               "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
               "bare:x:7:7:::\n");
    root.write("etc/group", "root:x:0:\nvideo:x:44:alice,bob\nlast:x:4294967295:");
    const User* nobody = users.user(65534);
    REQUIRE(nobody != nullptr);
    CHECK(nobody->name == "nobody");
    CHECK(nobody->home == "/nonexistent");
    CHECK(nobody->shell == "/usr/sbin/nologin");
    REQUIRE(users.user(7) != nullptr);
    CHECK(users.user(7)->shell == "");
    CHECK(name_of(0) == "root");
    CHECK(name_of(1) == "-");
    CHECK(group_of(44) == "video");
    CHECK(group_of(4294967295) == "last");
    CHECK(group_of(1) == "-");
}

TEST_CASE_METHOD(UsersFixture, "Broken lines are left out, and the others are not") {
    const std::string line = GENERATE(values<std::string>({
        "",
        ":",
        "short:x:5",
        "short:x:5:5:::",
        ":x:5:5::/:/bin/sh",
        "word:x:five:5::/:/bin/sh",
        "sign:x:-5:5::/:/bin/sh",
        "tail:x:5x:5::/:/bin/sh",
        "blank:x: 5:5::/:/bin/sh",
        "empty:x::5::/:/bin/sh",
        "large:x:4294967301:5::/:/bin/sh",
        std::string(5000, 'n') + ":x:5:5::/:/bin/sh",
        "shell:x:5:5::/:" + std::string(5000, 's'),
        std::string(100000, ':') + "x",
        std::string("\0:x:5", 5),
    }));
    // The one well-formed line among them shows that the check itself works.
    const bool well_formed = line == "short:x:5:5:::";
    CAPTURE(line.substr(0, 40), line.size());
    root.write("etc/passwd", line + "\ngood:x:6:6::/:/bin/sh\n");
    CHECK(name_of(5) == (well_formed ? "short" : "-"));
    CHECK(name_of(6) == "good");
}

TEST_CASE_METHOD(UsersFixture, "The first entry of an id counts, as in getpwuid") {
    root.write("etc/passwd", "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n");
    root.write("etc/group", "root:x:0:\nwheel:x:0:\n");
    CHECK(name_of(0) == "root");
    CHECK(group_of(0) == "root");
}

TEST_CASE_METHOD(UsersFixture, "Changes are seen, at most once a second") {
    root.write("etc/passwd", "old:x:5:5::/:/bin/sh\n");
    root.write("etc/group", "old:x:5:\n");
    REQUIRE(name_of(5) == "old");
    REQUIRE(group_of(5) == "old");

    root.write("etc/passwd", "renamed:x:5:5::/:/bin/sh\n");
    root.write("etc/group", "renamed:x:5:\n");
    now += kSecond - 1;
    CHECK(name_of(5) == "old");
    CHECK(group_of(5) == "old");
    now += 1;
    CHECK(name_of(5) == "renamed");
    CHECK(group_of(5) == "renamed");

    SECTION("also a replacement of the same size") {
        root.write("etc/passwd.new", "remaned:x:5:5::/:/bin/sh\n");
        std::filesystem::rename(root.path("etc/passwd.new"), root.path("etc/passwd"));
        now += kSecond;
        CHECK(name_of(5) == "remaned");
    }
    SECTION("and the end of the file") {
        std::filesystem::remove(root.path("etc/passwd"));
        now += kSecond;
        CHECK(name_of(5) == "-");
        CHECK(group_of(5) == "renamed");
    }
}

TEST_CASE_METHOD(UsersFixture, "Without files there are no users") {
    CHECK(name_of(0) == "-");
    CHECK(group_of(0) == "-");
}

TEST_CASE_METHOD(UsersFixture, "A file that cannot be one is not read") {
    std::filesystem::create_directories(root.path("etc"));
    SECTION("a pipe would block") {
        REQUIRE(mkfifo(root.path("etc/passwd").c_str(), 0600) == 0);
    }
    SECTION("a folder") {
        std::filesystem::create_directories(root.path("etc/passwd"));
    }
    SECTION("too large") {
        root.write("etc/passwd", "root:x:0:0::/:/bin/sh\n");
        std::filesystem::resize_file(root.path("etc/passwd"), Users::kMaxBytes + 1);
    }
    CHECK(name_of(0) == "-");
}

TEST_CASE("The real files name root") {
    Users users;
    REQUIRE(users.user(0) != nullptr);
    CHECK(users.user(0)->name == "root");
}

}  // namespace
}  // namespace saker::state
