// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "world.h"

// proc.*, user.* and group.* where one record of the table of fields does not show it all.
namespace saker::field {
namespace {

using test::by_cat;
using test::by_sh;
using test::Image;
using test::kNothing;
using test::Record;
using test::RecordBuilder;
using test::World;

// cat executes something else.
RecordBuilder exec(const Image& image) {
    return by_cat("execve").process(image);
}

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
    Record record = exec({.args = {"ls", "-l", "/ver"}}).build();
    // The last NUL becomes the environment's: what does not fit is cut anywhere.
    auto& header = *reinterpret_cast<saker_record*>(record.writable().data());
    header.lengths[SAKER_PROCESS_ARGS] -= 1;
    header.lengths[SAKER_PROCESS_ENV] += 1;
    CHECK(world.show("proc.args", record) == "-l /ver");
    CHECK(world.show("proc.args[1]", record) == "/ver");
    CHECK(world.show("proc.cmdnargs", record) == "2");
    CHECK(world.show("proc.cmdlenargs", record) == "6");
}

TEST_CASE("an environment variable is found by its whole name") {
    World world;
    const Record record =
        exec({.env = {"PATHS=no", "PATH=/bin", "PATH=/late", "BARE", "=odd"}}).build();
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
    // A working directory whose front is not known says nothing of the executable.
    const Record deep = exec({.exe = "/dev/shm/x", .cwd = "a/b"}).build();
    CHECK(world.show("proc.cwd", deep) == "a/b/");
    CHECK(world.show("proc.exepath", deep) == "/dev/shm/x");
}

TEST_CASE("ancestors are named after they have ended") {
    World world;
    for (const std::uint32_t pid : {200u, 100u}) {
        world.look(RecordBuilder("procexit")
                       .pid(pid)
                       .start_time(pid == 200 ? World::kBashStart : 400'000'000'000)
                       .ptgid(pid == 200 ? 100 : 1)
                       .comm(pid == 200 ? "bash" : "sshd")
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

// A process that starts itself again and again chooses how long its chain is.
TEST_CASE("a long chain of ancestors is cut") {
    World world;
    constexpr std::uint32_t kLast = 20'200;
    const auto nested = [](std::uint32_t pid) {
        Image image;
        image.facts.ptgid = pid - 1;
        image.facts.parent_start_time = World::kCatStart + pid - 1;
        return RecordBuilder("execve")
            .pid(pid)
            .ptgid(pid - 1)
            .start_time(World::kCatStart + pid)
            .comm(pid == 20'000 ? "first" : "nest")
            .process(image)
            .build();
    };
    for (std::uint32_t pid = 20'000; pid < kLast; ++pid) world.look(nested(pid));
    const Record last = nested(kLast);
    const std::string names = world.show("proc.aname", last);
    CHECK(std::ranges::count(names, '|') == 63);
    CHECK(names.find("first") == std::string::npos);
    // By its index, any of them can be asked for.
    CHECK(world.show("proc.aname[200]", last) == "first");
    CHECK(world.show("proc.aname[201]", last) == kNothing);
    CHECK(world.show("proc.aenv[NONE]", last) == kNothing);
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

// As in `evt.arg.uid = root`, which rules write.
TEST_CASE("the names of users in parameters are those of the fields") {
    World world;
    const auto host = [](std::uint32_t id) { return by_cat("setuid").arg(0, id).build(); };
    const auto inside = [](std::uint32_t id) { return by_sh("setuid").arg(0, id).build(); };
    CHECK(world.show("evt.arg.uid", host(1001)) == "ann");
    CHECK(world.show("evt.arg.uid", host(5)) == "<NA>");
    CHECK(world.show("evt.arg.uid", inside(0)) == "root");
    CHECK(world.show("evt.arg.uid", inside(1001)) == "<NA>");
    CHECK(world.show("evt.arg.gid", by_cat("setgid").arg(0, 50).build()) == "staff");
    CHECK(world.show("evt.arg.gid", by_sh("setgid").arg(0, 50).build()) == "<NA>");
}

}  // namespace
}  // namespace saker::field
