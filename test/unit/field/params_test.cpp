// SPDX-License-Identifier: Apache-2.0
#include "field/params.h"

#include <linux/capability.h>

#include <cerrno>
#include <string>

#include "catch.h"
#include "world.h"

// evt.arg, evt.rawarg, evt.args: parameters that come from the tables, and not from the record.
namespace saker::field {
namespace {

using test::by_cat;
using test::by_sh;
using test::by_stranger;
using test::kNothing;
using test::Record;
using test::World;

Record exec() {
    test::Image image{.exe = "/usr/bin/ls", .args = {"ls", "-l"}, .env = {"A=1", "B=2"}};
    image.facts.exe_ino = 55;
    image.facts.fdlimit = 256;
    image.facts.tty = 34817;
    image.facts.loginuid = 1001;
    image.facts.cap_effective = 3;
    image.facts.memory.vm_rss = 12;
    image.facts.flags = SAKER_EXE_UPPER;
    return by_cat("execve").tid(1001).uid(1001).gid(50).comm("ls").process(image).build();
}

TEST_CASE("arguments of an execve that failed are those that it was given") {
    World world;
    const Record failed =
        by_cat("execve").ret(-ENOENT).path(0, "/nowhere/ls").strings(1, {"ls", "-l", "/"}).build();
    CHECK(world.show("evt.arg.args", failed) == "ls.-l./.");
    CHECK(world.show("evt.arg.filename", failed) == "/nowhere/ls");
    const Record unreadable = by_cat("execve").ret(-EFAULT).build();
    CHECK(world.show("evt.arg.args", unreadable) ==
          world.show("evt.arg.args", by_cat("clone").build()));
}

TEST_CASE("parameters of an execve are the properties of the new image") {
    World world;
    const auto arg = [&](const std::string& name) { return world.show("evt.arg." + name, exec()); };
    const auto raw = [&](const std::string& name) {
        return world.show("evt.rawarg." + name, exec());
    };
    CHECK(arg("exe") == "ls");
    CHECK(arg("args") == "ls.-l.");
    CHECK(arg("env") == "A=1.B=2.");
    CHECK(raw("tid") == "1001");
    CHECK(raw("pid") == "1000");
    CHECK(arg("pid") == "ls");
    CHECK(raw("ptid") == "200");
    CHECK(arg("ptid") == "bash");
    CHECK(arg("cwd") == "/");
    CHECK(arg("comm") == "ls");
    CHECK(arg("fdlimit") == "256");
    CHECK(arg("vm_rss") == "12");
    CHECK(arg("tty") == "34817");
    CHECK(arg("loginuid") == "ann");
    CHECK(raw("loginuid") == "1001");
    CHECK(arg("exe_ino") == "55");
    CHECK(arg("trusted_exepath") == "/usr/bin/ls");
    CHECK(arg("uid") == "ann");
    CHECK(arg("gid") == "staff");
    CHECK(arg("flags") == "EXE_UPPER_LAYER");
}

TEST_CASE("parameters by index count as the table does") {
    World world;
    CHECK(world.show("evt.arg[0]", exec()) == "0");
    CHECK(world.show("evt.arg[1]", exec()) == "ls");
    CHECK(world.show("evt.arg[999]", exec()) == kNothing);
    CHECK(world.show("evt.rawarg[4294967295]", exec()) == kNothing);
}

TEST_CASE("pids are named only where they are known") {
    World world;
    const auto killed = [](std::uint64_t pid) { return by_cat("kill").arg(0, pid).build(); };
    CHECK(world.show("evt.arg.pid", killed(200)) == "bash");
    CHECK(world.show("evt.arg.pid", killed(99999)) == "99999");
    CHECK(world.show("evt.arg.pid", killed(0)) == "0");
    CHECK(world.show("evt.arg.pid", killed(static_cast<std::uint64_t>(-1))) == "-1");
    // Only 32 bits of a register are a pid: whatever the program left above does not name it.
    CHECK(world.show("evt.arg.pid", killed((1ull << 32) + 200)) == "bash");
}

TEST_CASE("a payload that was not captured is no text") {
    World world;
    CHECK(world.show("evt.buffer", by_cat("read").ret(-9).build()) == "");
    CHECK(world.show("evt.buffer", by_cat("sendto").bytes(2, "abc").build()) == "abc");
    CHECK(world.show("evt.buffer", by_cat("write").bytes(1, "a\nb").build()) == "a\nb");
    CHECK(world.show("evt.arg.data", by_cat("write").bytes(1, "a\nb").build()) == "a.b");
}

TEST_CASE("all parameters of a call without any are an empty text") {
    World world;
    CHECK(world.show("evt.args", by_cat("getpid").build()) == "");
    CHECK(world.show("evt.args", by_stranger("kill").arg(1, 9).build()) ==
          "res=0 pid=0 sig=9(SIGKILL)");
}

}  // namespace
}  // namespace saker::field
