// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "world.h"

// proc.*, user.* and group.* where one record of the table of fields does not show it all.
namespace saker::field {
namespace {

using namespace std::string_view_literals;
using test::by_cat;
using test::by_sh;
using test::Image;
using test::kNothing;
using test::Record;
using test::RecordBuilder;
using test::World;

// cat executes something else.
RecordBuilder exec(const Image& image) { return by_cat("execve").process(image); }

TEST_CASE("arguments are counted and cut as they were passed") {
    struct Case {
        std::vector<std::string> args;
        std::string_view joined;
        std::string_view count;
        std::string_view length;
    };
    const std::vector<Case> cases = {
        {{}, "", "0", "0"},
        {{"ls"}, "", "0", "0"},
        {{"ls", ""}, "", "1", "0"},
        {{"ls", "-l"}, "-l", "1", "2"},
        {{"ls", "", "x"}, " x", "2", "1"},
        {{"ls", "a b", "c"}, "a b c", "2", "4"},
        {{"", "x"}, "x", "1", "1"},
    };
    World world;
    for (const Case& test : cases) {
        CAPTURE(test.args);
        const Record record = exec({.args = test.args}).build();
        CHECK(world.show("proc.args", record) == test.joined);
        CHECK(world.show("proc.cmdnargs", record) == test.count);
        CHECK(world.show("proc.cmdlenargs", record) == test.length);
    }
}

TEST_CASE("one argument by its index, empty beyond the last") {
    World world;
    const Record record = exec({.args = {"ls", "", "-l", "/"}}).build();
    CHECK(world.show("proc.args[0]", record) == "");
    CHECK(world.show("proc.args[1]", record) == "-l");
    CHECK(world.show("proc.args[2]", record) == "/");
    CHECK(world.show("proc.args[3]", record) == "");
    CHECK(world.show("proc.args[4294967295]", record) == "");
}

TEST_CASE("arguments that were cut in the middle end there") {
    World world;
    const Record record =
        exec({}).build();
    // The same record without the last NUL: what does not fit is cut anywhere.
    RecordBuilder cut = by_cat("execve").process({.args = {"ls", "-l", "/ver"}});
    const Record whole = cut.build();
    CHECK(world.show("proc.args", record) == "");
    CHECK(world.show("proc.args", whole) == "-l /ver");
    const std::string text = world.show("proc.cmdline", whole);
    CHECK(text == "cat -l /ver");
}

TEST_CASE("an environment variable is found by its whole name") {
    World world;
    const Record record = exec({.env = {"PATHS=no", "PATH=/bin", "PATH=/late", "BARE", "=odd"}}).build();
    CHECK(world.show("proc.env[PATH]", record) == "/bin");
    CHECK(world.show("proc.env[PAT]", record) == "");
    CHECK(world.show("proc.env[BARE]", record) == "");
    CHECK(world.show("proc.env", record) == "PATHS=no PATH=/bin PATH=/late BARE =odd");
}

TEST_CASE("the name of a thread is its own, the name of an ancestor its process's") {
    World world;
    const Record thread = by_cat("setuid").tid(1001).comm("worker").build();
    CHECK(world.show("proc.name", thread) == "worker");
    CHECK(world.show("proc.cmdline", thread) == "worker -n /etc/shadow");
    CHECK(world.show("proc.aname[0]", thread) == "worker");
    CHECK(world.show("proc.aname[1]", thread) == "bash");
}

TEST_CASE("the working directory ends with one slash") {
    World world;
    CHECK(world.show("proc.cwd", exec({.cwd = "/"}).build()) == "/");
    CHECK(world.show("proc.cwd", exec({.cwd = "/a/b"}).build()) == "/a/b/");
}

TEST_CASE("ancestors are named after they have ended") {
    World world;
    for (const std::uint32_t pid : {200u, 100u}) {
        world.look(RecordBuilder("procexit")
                       .pid(pid)
                       .start_time(pid == 200 ? World::kBashStart : 400'000'000'000)
                       .ptgid(pid == 200 ? 100 : 1)
                       .time(World::kNow)
                       .build());
    }
    // Long after the table has let go of them; cat has been given to init.
    const Record record = by_cat("setuid").ptgid(1).time(World::kNow + 3'600'000'000'000).build();
    CHECK(world.show("proc.aname", record) == "bash | sshd | systemd");
    CHECK(world.show("proc.pname", record) == "bash");
    CHECK(world.show("proc.pexepath", record) == "/usr/bin/bash");
    CHECK(world.show("proc.ppid", record) == "1");
    CHECK(world.show("proc.apid[1]", record) == "200");
}

TEST_CASE("a chain of ancestors without end is cut") {
    World world;
    std::uint64_t start = World::kCatStart;
    std::uint32_t pid = World::kCat;
    for (int i = 0; i < 200; ++i) {
        Image image;
        image.facts.parent_start_time = start;
        image.facts.ptgid = pid;
        world.look(RecordBuilder("execve")
                       .pid(++pid + 10000)
                       .start_time(++start)
                       .ptgid(pid - 1 + (i == 0 ? 0 : 10000))
                       .time(World::kNow)
                       .comm("nest")
                       .process(image)
                       .build());
        pid += 0;
    }
    SUCCEED();
}

TEST_CASE("a session without its leader is named after its eldest known member") {
    World world;
    // cat's session is 200, whose leader is bash; a session that nobody leads is cat's own.
    Image image{.exe = "/usr/bin/cat"};
    image.facts.sid = 999;
    CHECK(world.show("proc.sname", exec(image).build()) == "cat");
    CHECK(world.show("proc.sname", by_cat("setuid").build()) == "cat");
}

TEST_CASE("times before a process's start have no duration") {
    World world;
    const Record late = by_cat("setuid").time(World::kCatStart - 1).build();
    CHECK(world.show("proc.duration", late) == kNothing);
    const Record now = by_cat("setuid").time(World::kCatStart).build();
    CHECK(world.show("proc.duration", now) == "0");
}

TEST_CASE("an executable changed after the process's start was not changed before it") {
    World world;
    Image image;
    image.facts.exe_ctime = World::kEpochOffset + World::kCatStart;
    CHECK(world.show("proc.exe_ino.ctime_duration_proc_start", exec(image).build()) == kNothing);
    image.facts.exe_ctime -= 1;
    CHECK(world.show("proc.exe_ino.ctime_duration_proc_start", exec(image).build()) == "1");
}

TEST_CASE("the names of users are the host's, and only root's in a container") {
    World world;
    const auto on_host = [](std::uint32_t id) { return by_cat("setuid").uid(id).gid(id).build(); };
    const auto inside = [](std::uint32_t id) { return by_sh("setuid").uid(id).gid(id).build(); };
    CHECK(world.show("user.name", on_host(1001)) == "ann");
    CHECK(world.show("user.homedir", on_host(1001)) == "/home/ann");
    CHECK(world.show("user.shell", on_host(1001)) == "/bin/zsh");
    CHECK(world.show("group.name", on_host(50)) == "staff");
    CHECK(world.show("user.name", inside(1001)) == "<NA>");
    CHECK(world.show("user.homedir", inside(1001)) == "<NA>");
    CHECK(world.show("user.shell", inside(0)) == "<NA>");
    CHECK(world.show("group.name", inside(50)) == "<NA>");
    CHECK(world.show("user.name", inside(0)) == "root");
    CHECK(world.show("user.homedir", inside(0)) == "/root");
    CHECK(world.show("group.name", inside(0)) == "root");
    CHECK(world.show("user.uid", inside(4294967295)) == "4294967295");
}

}  // namespace
}  // namespace saker::field
