// SPDX-License-Identifier: Apache-2.0
#include "state/process_table.h"

#include <linux/capability.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "record_builder.h"
#include "state/process_map.h"

namespace saker::state {
namespace {

using test::Image;
using test::RecordBuilder;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kStart = 900 * kSecond;

// Writes the life stories of processes into a table. A process is named by its pid; it starts at
// kStart + pid * 1 s unless a test says otherwise.
struct TableFixture {
    ProcessTable table;
    std::uint64_t now = 100'000 * kSecond;
    int look_ups = 0;

    explicit TableFixture(std::size_t limit = ProcessTable::kDefaultLimit)
        : table([this](std::uint32_t, Process&) { return ++look_ups < 0; }, limit) {}

    static std::uint64_t start_of(std::uint32_t pid) { return kStart + pid * kSecond; }
    static ProcessKey key_of(std::uint32_t pid) { return {pid, start_of(pid)}; }

    RecordBuilder record(std::string_view event, std::uint32_t pid, std::uint32_t parent = 1) {
        now += 1000;
        RecordBuilder builder(event);
        builder.time(now).pid(pid).start_time(start_of(pid)).ptgid(parent);
        return builder;
    }
    const Process* apply(const RecordBuilder& builder) {
        return table.apply(builder.build().event());
    }

    const Process* fork_at(std::uint32_t parent, std::uint32_t child, std::uint64_t start) {
        Image image;
        image.facts.tgid = child;
        image.facts.ptgid = parent;
        image.facts.start_time = start;
        image.facts.flags = SAKER_CLONE_CHILD;
        return apply(record("sched_fork", parent).process(image));
    }
    const Process* fork(std::uint32_t parent, std::uint32_t child) {
        return fork_at(parent, child, start_of(child));
    }
    const Process* exec(std::uint32_t pid, const std::string& exe, std::uint32_t parent = 1) {
        Image image;
        image.exe = exe;
        image.args = {exe, "--run"};
        return apply(record("execve", pid, parent)
                         .comm(std::string_view(exe).substr(exe.rfind('/') + 1))
                         .process(image));
    }
    void exit(std::uint32_t pid) { apply(record("procexit", pid)); }
    // Lets time go by, as any record does.
    void pass(std::uint64_t ns) {
        now += ns;
        apply(record("openat", 1));
    }
};

TEST_CASE_METHOD(TableFixture, "An execve gives a process its image") {
    exec(1, "/sbin/init", 0);
    Image image;
    image.exe = "/usr/bin/cat";
    image.filename = "./cat";
    image.args = {"cat", "/etc/shadow"};
    image.env = {"HOME=/root", "LD_PRELOAD=/tmp/x.so"};
    image.cwd = "/usr";
    image.cgroup = "/system.slice/ssh.service";
    image.facts.exe_ino = 77;
    image.facts.exe_dev = 8 << 20;
    image.facts.exe_ctime = 5;
    image.facts.exe_mtime = 6;
    image.facts.args_size = 9000;
    image.facts.tty = 34816;
    image.facts.flags = SAKER_EXE_UPPER | SAKER_EXE_MEMFD | SAKER_CLONE_CHILD;
    image.stdio = {test::Descriptor::file(0, SAKER_FD_CHAR, "/dev/null"),
                   test::Descriptor::inet(1, {"127.0.0.1", 4000}, {"10.0.0.1", 80})};
    const Process* process =
        apply(record("execve", 20).comm("cat").uid(33).gid(44).cgroup(99).process(image));

    CHECK(process->key == key_of(20));
    CHECK(process->comm == "cat");
    CHECK(process->cwd == "/usr");
    CHECK(process->cgroup == "/system.slice/ssh.service");
    CHECK(process->cgroup_id == 99);
    CHECK(process->exec_time == now);
    CHECK(process->end_time == 0);
    CHECK(process->ptgid == 1);
    CHECK(process->facts.tty == 34816);
    CHECK(process->facts.uid == 33);
    CHECK(process->facts.gid == 44);
    CHECK(process->parent.get() == table.find(1));
    CHECK(process->image->exe_path == "/usr/bin/cat");
    CHECK(process->image->filename == "./cat");
    CHECK(process->image->argv0() == "cat");
    CHECK(process->image->args == std::string("cat\0/etc/shadow\0", 16));
    CHECK(process->image->variable("LD_PRELOAD") == "/tmp/x.so");
    CHECK(process->image->exe_ino == 77);
    CHECK(process->image->exe_dev == 8 << 20);
    CHECK(process->image->exe_ctime == 5);
    CHECK(process->image->exe_mtime == 6);
    CHECK(process->image->args_size == 9000);
    CHECK(process->image->flags == (SAKER_EXE_UPPER | SAKER_EXE_MEMFD));
    CHECK(process->image->stdio[0].type == "file");
    CHECK(process->image->stdio[0].name == "/dev/null");
    CHECK(process->image->stdio[1].type == "ipv4");
    CHECK(process->image->stdio[2].type.empty());
    // All was in the record.
    CHECK(look_ups == 0);
    CHECK(table.unknown() == 0);
}

TEST_CASE_METHOD(TableFixture, "An execve that failed changes nothing") {
    exec(20, "/bin/sh");
    const std::string event = GENERATE("execve", "execveat");
    const Process* process =
        apply(record(event, 20).comm("sh").ret(-2).path(0, "/none").strings(1, {"none"}));
    CHECK(process->image->exe_path == "/bin/sh");
}

TEST_CASE_METHOD(TableFixture, "A fork gives the child all that its parent has") {
    exec(20, "/usr/bin/bash");
    apply(record("chdir", 20).comm("bash").ret(0).walk(1, "/srv/data"));
    const Process* parent = table.find(20);
    const Process* child = fork(20, 21);
    CHECK(child->key == key_of(21));
    CHECK(child->parent.get() == parent);
    CHECK(child->image == parent->image);
    CHECK(child->cwd == "/srv/data");
    CHECK(child->cgroup == parent->cgroup);
    CHECK(child->cgroup_id == parent->cgroup_id);
    CHECK(child->ptgid == 20);
    CHECK(child->exec_time == 0);
    CHECK(table.find(key_of(21)) == child);
    CHECK(table.find(21) == child);
    // The record describes the child, and leaves the parent as it is.
    CHECK(parent->comm == "cat");

    SECTION("an execve of the child leaves the parent's image alone") {
        exec(21, "/usr/bin/id", 20);
        CHECK(table.find(21)->image->exe_path == "/usr/bin/id");
        CHECK(table.find(20)->image->exe_path == "/usr/bin/bash");
        CHECK(table.find(21)->parent.get() == table.find(20));
    }
}

TEST_CASE_METHOD(TableFixture, "A fork record of the caller itself is no child") {
    exec(20, "/bin/sh");
    const std::size_t before = table.size();
    CHECK(fork_at(20, 20, start_of(20)) == table.find(20));
    CHECK(table.size() == before);
    CHECK(table.find(20)->parent.get() != table.find(20));
}

TEST_CASE_METHOD(TableFixture, "Lineage outlives parents and their ends") {
    exec(10, "/usr/sbin/sshd");
    fork(10, 11);
    exec(11, "/bin/bash", 10);
    fork(11, 12);
    exit(11);
    exit(10);
    pass(ProcessTable::kGraceNs + kSecond);
    pass(1);
    CHECK(table.find(11) == nullptr);
    CHECK(table.find(10) == nullptr);

    // The orphan has a new parent, and its old lineage.
    const Process* orphan = apply(record("openat", 12, 1));
    CHECK(orphan->ptgid == 1);
    REQUIRE(orphan->parent != nullptr);
    CHECK(orphan->parent->image->exe_path == "/bin/bash");
    REQUIRE(orphan->parent->parent != nullptr);
    CHECK(orphan->parent->parent->image->exe_path == "/usr/sbin/sshd");
    CHECK(fork(12, 13)->parent->parent->image->exe_path == "/bin/bash");
}

TEST_CASE_METHOD(TableFixture, "What ended can be found for the grace period") {
    exec(20, "/bin/sh");
    exit(20);
    const std::uint64_t end = now;
    REQUIRE(table.find(20) != nullptr);
    CHECK(table.find(20)->end_time == end);

    // A record of another ring that comes late is older, and does not bring it back.
    const auto late = record("openat", 20).time(end - 1).build();
    CHECK(table.apply(late.event())->image->exe_path == "/bin/sh");
    CHECK(table.find(20)->end_time == end);

    pass(end + ProcessTable::kGraceNs - now - 2000);
    CHECK(table.find(20) != nullptr);
    pass(ProcessTable::kGraceNs);
    CHECK(table.find(20) == nullptr);
    CHECK(table.evicted() == 0);
}

TEST_CASE_METHOD(TableFixture, "Where many end, they are kept for a shorter time") {
    exec(10, "/bin/sh");
    constexpr std::uint32_t kMany = 300;
    for (std::uint32_t pid = 100; pid < 100 + kMany; ++pid) {
        fork(10, pid);
        exit(pid);
    }
    pass(ProcessTable::kShortGraceNs + kSecond);
    pass(1);
    CHECK(table.find(100) == nullptr);
    CHECK(table.find(100 + kMany - 1) != nullptr);
    pass(ProcessTable::kGraceNs);
    for (int i = 0; i < 10; ++i) pass(1);
    CHECK(table.find(100 + kMany - 1) == nullptr);
}

TEST_CASE_METHOD(TableFixture, "What was dropped is not found again, even if it was found last") {
    exec(20, "/bin/sh");
    exit(20);
    now += 2 * ProcessTable::kGraceNs;
    CHECK(apply(record("openat", 20))->image->exe_path == "");
    CHECK(table.unknown() == 1);
}

TEST_CASE_METHOD(TableFixture, "A process that was gone before it was looked up does not stay") {
    apply(record("openat", 20));
    REQUIRE(table.find(20) != nullptr);
    pass(2 * ProcessTable::kGraceNs);
    pass(1);
    CHECK(table.find(20) == nullptr);
}

TEST_CASE_METHOD(TableFixture, "An ended process of the snapshot goes, also after a late record") {
    auto process = std::make_shared<Process>();
    process->key = {20, round_to_tick(start_of(20))};
    process->start_rounded = true;
    table.add(process);
    const std::uint64_t end = now + kSecond;
    REQUIRE(table.end_missing({}, end) == 1);
    apply(record("openat", 20).start_time(start_of(20) + 5));
    REQUIRE(table.find(20) == process.get());
    REQUIRE(process->key.start_time == start_of(20) + 5);
    CHECK(process->end_time == end);
    pass(2 * ProcessTable::kGraceNs);
    pass(1);
    CHECK(table.find(20) == nullptr);
}

TEST_CASE_METHOD(TableFixture, "A process that shows signs of life has not ended") {
    exec(20, "/bin/sh");
    CHECK(table.end_missing({}, now) > 0);
    REQUIRE(table.find(20)->end_time != 0);
    apply(record("openat", 20).time(now + 10));
    CHECK(table.find(20)->end_time == 0);
    pass(2 * ProcessTable::kGraceNs);
    CHECK(table.find(20) != nullptr);
}

TEST_CASE_METHOD(TableFixture, "What the snapshot did not see has ended, but for the newborn") {
    exec(20, "/bin/sh");
    exec(21, "/bin/sh");
    exec(22, "/bin/sh");
    CHECK(table.end_missing({20}, start_of(22)) == 1);
    CHECK(table.find(20)->end_time == 0);
    CHECK(table.find(21)->end_time == start_of(22));
    CHECK(table.find(22)->end_time == 0);
}

TEST_CASE_METHOD(TableFixture, "A pid that is used again is another process") {
    exec(10, "/bin/sh");
    fork_at(10, 20, 5'000 * kSecond);
    Image image;
    image.exe = "/usr/bin/first";
    apply(record("execve", 20, 10).start_time(5'000 * kSecond).process(image));
    const bool exit_was_seen = GENERATE(true, false);
    CAPTURE(exit_was_seen);
    if (exit_was_seen) apply(record("procexit", 20, 10).start_time(5'000 * kSecond));

    const Process* second = fork_at(10, 20, 6'000 * kSecond);
    CHECK(second->image->exe_path == "/bin/sh");
    CHECK(table.find(20) == second);
    const Process* first = table.find(ProcessKey{20, 5'000 * kSecond});
    if (exit_was_seen) {
        REQUIRE(first != nullptr);
        CHECK(first->image->exe_path == "/usr/bin/first");
    }
    if (first != nullptr) CHECK(first->end_time != 0);

    // The end of the first one is nothing to the second.
    pass(2 * ProcessTable::kGraceNs);
    pass(1);
    CHECK(table.find(ProcessKey{20, 5'000 * kSecond}) == nullptr);
    REQUIRE(table.find(20) != nullptr);
    CHECK(table.find(20)->key.start_time == 6'000 * kSecond);
    CHECK(table.find(20)->end_time == 0);
}

TEST_CASE_METHOD(TableFixture, "A thread that is not the leader may call execve") {
    exec(10, "/bin/sh");
    fork(10, 20);
    apply(record("openat", 20, 10).tid(25).comm("worker"));
    const std::size_t before = table.size();
    SECTION("the leader's start time is kept, as the kernel does") {
        Image image;
        image.exe = "/usr/bin/new";
        apply(record("execve", 20, 10).process(image));
    }
    SECTION("another start time, below the same parent") {
        Image image;
        image.exe = "/usr/bin/new";
        image.facts.parent_start_time = start_of(10);
        apply(record("execve", 20, 10).start_time(start_of(20) + 5 * kSecond).process(image));
    }
    CHECK(table.size() == before);
    CHECK(table.find(20)->image->exe_path == "/usr/bin/new");
    CHECK(table.find(20)->parent.get() == table.find(10));
    CHECK(table.find(20)->end_time == 0);
}

TEST_CASE_METHOD(TableFixture, "An execve below another parent is another process") {
    exec(10, "/bin/sh");
    exec(11, "/bin/dash");
    fork(10, 20);
    Image image;
    image.facts.parent_start_time = start_of(11);
    apply(record("execve", 20, 11).start_time(start_of(20) + 5 * kSecond).process(image));
    CHECK(table.find(20)->parent.get() == table.find(11));
    CHECK(table.find(key_of(20))->end_time != 0);
}

TEST_CASE_METHOD(TableFixture, "The header keeps name and ids right") {
    exec(20, "/bin/sh");
    apply(record("setuid", 20).ret(0).comm("sh").uid(1000).gid(100));
    CHECK(table.find(20)->facts.uid == 1000);
    CHECK(table.find(20)->facts.gid == 100);

    apply(record("prctl", 20).ret(0).arg(0, 15).text(0, "renamed").comm("renamed"));
    CHECK(table.find(20)->comm == "renamed");
    CHECK(std::string(table.find(20)->facts.comm) == "renamed");

    // A thread's name is its own.
    apply(record("openat", 20).tid(21).comm("worker"));
    CHECK(table.find(20)->comm == "renamed");

    // All 16 bytes may be used up.
    auto full = record("openat", 20).build();
    auto* header = reinterpret_cast<saker_record*>(full.writable().data());
    std::fill(std::begin(header->comm), std::end(header->comm), 'x');
    CHECK(table.apply(full.event())->comm == std::string(16, 'x'));
}

TEST_CASE_METHOD(TableFixture, "The real parent may change, the lineage does not") {
    exec(10, "/bin/sh");
    fork(10, 20);
    apply(record("openat", 20, 1));
    CHECK(table.find(20)->ptgid == 1);
    CHECK(table.find(20)->facts.ptgid == 1);
    CHECK(table.find(20)->parent.get() == table.find(10));
}

TEST_CASE_METHOD(TableFixture, "setsid makes a session without a terminal") {
    Image image;
    image.facts.tty = 34816;
    image.facts.sid = 5;
    image.facts.vpgid = 5;
    image.facts.pgid = 105;
    apply(record("execve", 20).process(image));
    SECTION("when it succeeds") {
        apply(record("setsid", 20).ret(7));  // its pid in its own namespace
        CHECK(table.find(20)->facts.sid == 7);
        CHECK(table.find(20)->facts.vpgid == 7);
        CHECK(table.find(20)->facts.pgid == 20);
        CHECK(table.find(20)->facts.tty == 0);
    }
    SECTION("and nothing when it fails") {
        apply(record("setsid", 20).ret(-1));
        CHECK(table.find(20)->facts.sid == 5);
        CHECK(table.find(20)->facts.tty == 34816);
    }
}

TEST_CASE_METHOD(TableFixture, "chdir and fchdir give the walked directory") {
    exec(20, "/bin/sh");
    const std::string event = GENERATE("chdir", "fchdir");
    apply(record(event, 20).ret(0).walk(1, "/var/log"));
    CHECK(table.find(20)->cwd == "/var/log");
    SECTION("a failure changes nothing") {
        apply(record(event, 20).ret(-2).walk(1, "/etc"));
        CHECK(table.find(20)->cwd == "/var/log");
    }
    SECTION("an empty walk is the root") {
        apply(record(event, 20).ret(0));
        CHECK(table.find(20)->cwd == "/");
    }
    SECTION("unless the record had no room for it") {
        apply(record(event, 20).ret(0).flags(SAKER_FULL));
        CHECK(table.find(20)->cwd == "/var/log");
    }
    SECTION("a walk that was cut has no leading slash") {
        apply(record(event, 20).ret(0).cut_walk(1, "deep/er"));
        CHECK(table.find(20)->cwd == "deep/er");
    }
}

TEST_CASE_METHOD(TableFixture, "capset replaces the three sets") {
    exec(20, "/bin/sh");
    // Effective, permitted, inheritable: the low words, then the high ones.
    const std::array<std::uint32_t, 6> sets = {1, 3, 5, 0x100, 0x300, 0x500};
    SECTION("when it succeeds") {
        apply(record("capset", 20).ret(0).structure(0, sets));
        CHECK(table.find(20)->facts.cap_effective == 0x10000000001);
        CHECK(table.find(20)->facts.cap_permitted == 0x30000000003);
        CHECK(table.find(20)->facts.cap_inheritable == 0x50000000005);
    }
    SECTION("not of another thread, whose sets are its own") {
        apply(record("capset", 20).tid(21).ret(0).structure(0, sets));
        CHECK(table.find(20)->facts.cap_effective == 0);
    }
    SECTION("not when it fails") {
        apply(record("capset", 20).ret(-1).structure(0, sets));
        CHECK(table.find(20)->facts.cap_effective == 0);
    }
}

TEST_CASE_METHOD(TableFixture, "setns and unshare change the namespaces") {
    exec(20, "/bin/sh");
    const saker_namespaces entered{.mnt = 1, .pid = 2, .user = 3, .net = 4};
    const auto user = [this] { return table.find(20)->facts.ns.user; };
    SECTION("when they succeed") {
        apply(record("setns", 20).ret(0).structure(1, entered));
        CHECK(user() == 3);
        apply(record("unshare", 20).ret(0).structure(0, saker_namespaces{5, 6, 7, 8}));
        CHECK(user() == 7);
        CHECK(table.find(20)->facts.ns.mnt == 5);
    }
    SECTION("not of another thread, whose namespaces are its own") {
        apply(record("setns", 20).tid(21).ret(0).structure(1, entered));
        CHECK(user() == 0);
    }
    SECTION("not when they fail") {
        apply(record("unshare", 20).ret(-1));
        CHECK(user() == 0);
    }
}

TEST_CASE_METHOD(TableFixture, "A process that is moved has its new cgroup's path, or none") {
    apply(record("cgroup_mkdir", 1).arg(0, 500).text(0, "/docker/abc"));
    Image image;
    image.cgroup = "/user.slice";
    apply(record("execve", 20).cgroup(400).process(image));
    REQUIRE(table.find(20)->cgroup == "/user.slice");

    apply(record("openat", 20).cgroup(500));
    CHECK(table.find(20)->cgroup == "/docker/abc");
    CHECK(table.find(20)->cgroup_id == 500);
    apply(record("openat", 20).cgroup(600));
    CHECK(table.find(20)->cgroup == "");
    apply(record("openat", 20).cgroup(400));
    CHECK(table.find(20)->cgroup == "/user.slice");

    SECTION("a removed cgroup is forgotten") {
        apply(record("cgroup_rmdir", 1).arg(0, 500).text(0, "/docker/abc"));
        apply(record("openat", 20).cgroup(500));
        CHECK(table.find(20)->cgroup == "");
    }
}

TEST_CASE_METHOD(TableFixture,
                 "Whoever is moved is where it was moved to, before its next record") {
    Image image;
    image.cgroup = "/user.slice";
    apply(record("execve", 20).cgroup(400).process(image));
    const std::uint64_t start = table.find(20)->key.start_time;
    const auto attach = [&](std::uint32_t tgid) {
        return record("cgroup_attach_task", 1)
            .arg(0, 500)
            .arg(1, tgid)
            .arg(2, tgid == 0 ? 0 : start)
            .walk(0, "/docker/abc");
    };
    SECTION("as a process") {
        apply(attach(20));
        CHECK(table.find(20)->cgroup == "/docker/abc");
        CHECK(table.find(20)->cgroup_id == 500);
    }
    SECTION("but a thread alone moves no process") {
        apply(attach(0));
        CHECK(table.find(20)->cgroup == "/user.slice");
    }
    SECTION("and others that are found there later are known to be there") {
        apply(attach(20));
        apply(record("execve", 21).cgroup(400).process(image));
        apply(record("openat", 21).cgroup(500));
        CHECK(table.find(21)->cgroup == "/docker/abc");
    }
}

TEST_CASE_METHOD(TableFixture, "A process may be born in another cgroup than its parent's") {
    exec(10, "/usr/bin/runc", 1);
    const auto child_of_runc = [&](std::uint32_t tgid, std::string cgroup) {
        Image child;
        child.facts.tgid = tgid;
        child.facts.start_time = 5'000 + tgid;
        child.facts.cgroup = 500;
        child.facts.flags = SAKER_CLONE_CHILD;
        child.cgroup = std::move(cgroup);
        return record("sched_fork", 10).process(child);
    };
    apply(child_of_runc(20, "/docker/abc"));
    CHECK(table.find(20)->cgroup == "/docker/abc");
    apply(child_of_runc(21, ""));
    CHECK(table.find(21)->cgroup == "/docker/abc");
}

TEST_CASE("An unknown process is looked up once") {
    int look_ups = 0;
    bool is_there = true;
    std::uint64_t start = 950 * kSecond;
    ProcessTable table([&](std::uint32_t tgid, Process& process) {
        ++look_ups;
        process.key = {tgid, round_to_tick(start)};
        process.start_rounded = true;
        process.comm = "found";
        process.cwd = "/found";
        process.ptgid = 7;
        return is_there;
    });
    const std::uint64_t exact = 950 * kSecond + 1'234;
    const auto record =
        RecordBuilder("openat").pid(20).start_time(exact).ptgid(7).comm("now").uid(5).build();

    SECTION("and has what was found, with the exact key and the header's newer facts") {
        const Process* process = table.apply(record.event());
        CHECK(process->key == ProcessKey{20, exact});
        CHECK(process->facts.start_time == exact);
        CHECK_FALSE(process->start_rounded);
        CHECK(process->cwd == "/found");
        CHECK(process->comm == "now");
        CHECK(process->facts.uid == 5);
        CHECK(table.unknown() == 0);
    }
    SECTION("and is made from the header where nothing is found") {
        is_there = false;
    }
    SECTION("or where another process has its pid by now") {
        start += kSecond;
    }
    table.apply(record.event());
    const Process* process = table.apply(record.event());
    CHECK(look_ups == 1);
    REQUIRE(process->image != nullptr);
    CHECK(process->key == ProcessKey{20, exact});
    CHECK(process->comm == "now");
    CHECK(process->ptgid == 7);
    CHECK(process->facts.uid == 5);
    CHECK(table.size() == 1);
    if (!is_there || start != 950 * kSecond) {
        CHECK(table.unknown() == 1);
        CHECK(process->cwd == "");
    }
}

TEST_CASE_METHOD(TableFixture, "An unknown process has its parent where that is known") {
    exec(10, "/bin/sh");
    CHECK(apply(record("openat", 20, 10))->parent.get() == table.find(10));
    // A parent cannot be younger than its child: that pid is another process by now.
    fork(10, 30);
    CHECK(apply(record("openat", 25, 30))->parent == nullptr);
    CHECK(apply(record("openat", 26, 26))->parent == nullptr);
}

TEST_CASE_METHOD(TableFixture, "A child whose record comes before its fork's is filled in") {
    exec(10, "/bin/sh");
    // Neither its parent (which it has lost already) nor anything else is known of it.
    const Process* child = apply(record("openat", 20, 555));
    REQUIRE(child->parent == nullptr);
    REQUIRE(child->image->exe_path == "");
    CHECK(fork(10, 20) == child);
    CHECK(child->image->exe_path == "/bin/sh");
    CHECK(child->parent.get() == table.find(10));

    SECTION("but not one that has done an execve") {
        exec(21, "/usr/bin/id", 555);
        fork(10, 21);
        CHECK(table.find(21)->image->exe_path == "/usr/bin/id");
        CHECK(table.find(21)->parent.get() == table.find(10));
    }
    SECTION("and never so that a process were its own ancestor") {
        fork(20, 10);
        CHECK(table.find(10)->parent == nullptr);
    }
}

TEST_CASE_METHOD(TableFixture, "A snapshot adds only what is not known") {
    exec(20, "/bin/sh");
    auto again = std::make_shared<Process>();
    again->key = {20, round_to_tick(start_of(20))};
    again->start_rounded = true;
    again->comm = "again";
    table.add(again);
    CHECK(table.find(20)->comm == "sh");

    SECTION("nor what a younger process of that pid shows to have ended") {
        auto older = std::make_shared<Process>();
        older->key = {20, start_of(20) - kSecond};
        const std::size_t before = table.size();
        table.add(older);
        CHECK(table.size() == before);
    }
}

TEST_CASE("The table is bounded") {
    constexpr std::size_t kLimit = 8;
    TableFixture story(kLimit);
    story.exec(1, "/sbin/init", 0);
    for (std::uint32_t pid = 2; pid <= kLimit; ++pid) story.fork(1, pid);
    REQUIRE(story.table.size() == kLimit);
    REQUIRE(story.table.evicted() == 0);

    SECTION("the oldest ended process goes first") {
        story.exit(5);
        story.exit(3);
        story.fork(1, 100);
        CHECK(story.table.find(5) == nullptr);
        CHECK(story.table.find(3) != nullptr);
        CHECK(story.table.evicted() == 1);
    }
    SECTION("a fork bomb evicts itself") {
        for (std::uint32_t pid = 100; pid < 200; ++pid) {
            const Process* child = story.fork(1, pid);
            REQUIRE(child->key == TableFixture::key_of(pid));
            REQUIRE(story.table.size() == kLimit);
        }
        CHECK(story.table.evicted() == 100);
        for (std::uint32_t pid = 1; pid < kLimit; ++pid) CHECK(story.table.find(pid) != nullptr);
    }
    SECTION("a bomb whose each child is the next parent keeps its lineage") {
        for (std::uint32_t pid = kLimit; pid < 100; ++pid) {
            const Process* child = story.fork(pid, pid + 1);
            REQUIRE(child->parent != nullptr);
            REQUIRE(child->parent->key == TableFixture::key_of(pid));
        }
        CHECK(story.table.size() == kLimit);
    }
    SECTION("one that is evicted comes back by a look-up") {
        story.fork(1, 100);
        CHECK(story.look_ups == 0);
        story.apply(story.record("openat", kLimit));
        CHECK(story.look_ups == 1);
        CHECK(story.table.size() == kLimit);
    }
}

TEST_CASE("A lineage of 100000 generations ends without recursion") {
    auto story = std::make_unique<TableFixture>(200'000);
    for (std::uint32_t pid = 1; pid < 100'000; ++pid) story->fork(pid, pid + 1);
    std::size_t generations = 0;
    for (const Process* p = story->table.find(100'000); p != nullptr; p = p->parent.get()) {
        ++generations;
    }
    CHECK(generations == 100'000);

    // The first ones are dropped from the table and live on as ancestors; then all go at once.
    for (std::uint32_t pid = 1; pid <= 1'000; ++pid) story->exit(pid);
    for (int i = 0; i < 100; ++i) story->pass(ProcessTable::kGraceNs);
    CHECK(story->table.find(1'000) == nullptr);
    const std::weak_ptr<Process> last = story->table.find(1'001)->parent;
    CHECK_FALSE(last.expired());
    story.reset();
    CHECK(last.expired());
}

std::size_t generations_above(const Process* process) {
    std::size_t count = 0;
    while ((process = process->parent.get()) != nullptr) ++count;
    return count;
}

// A process that forks and ends, again and again: from `pid` to `last`.
void run_away(TableFixture& story, std::uint32_t pid, std::uint32_t last) {
    for (; pid < last; ++pid) {
        story.fork(pid, pid + 1);
        story.exit(pid);
        story.now += ProcessTable::kGraceNs;
    }
    story.pass(ProcessTable::kGraceNs);
}

TEST_CASE("Ancestors that no field can show are not kept") {
    TableFixture story;
    story.exec(100, "/bin/a");
    const std::weak_ptr<Process> first = story.fork(100, 101)->parent;
    story.exit(100);
    run_away(story, 101, 1000);
    CHECK(first.expired());
    CHECK(story.table.evicted() == 0);
    const std::size_t generations = generations_above(story.table.find(1000));
    CHECK(generations >= kMaxGenerations);
    CHECK(generations <= kMaxGenerations + 2);
}

TEST_CASE("Ancestors stay for whoever sees them") {
    TableFixture story;
    story.exec(100, "/bin/a");
    run_away(story, 100, 300);
    const std::uint32_t other = 10'000;
    const std::weak_ptr<Process> seen = story.fork(300, other)->parent;
    REQUIRE(generations_above(story.table.find(other)) >= kMaxGenerations);
    run_away(story, 300, 600);
    CHECK(generations_above(story.table.find(other)) >= kMaxGenerations);
    CHECK(generations_above(story.table.find(600)) >= kMaxGenerations);
    // It was seen by this one alone.
    story.exit(other);
    story.pass(ProcessTable::kGraceNs + 1);
    story.pass(1);
    CHECK(story.table.find(other) == nullptr);
    CHECK(seen.expired());
    CHECK(generations_above(story.table.find(600)) <= 2 * kMaxGenerations);
}

TEST_CASE("Ended ancestors are bounded too") {
    constexpr std::uint32_t kLimit = 64;
    TableFixture story(kLimit);
    std::vector<std::weak_ptr<Process>> ancestors;
    for (std::uint32_t pid = 100; pid < 100 + 4 * 40; pid += 4) {
        story.fork(1, pid);
        for (std::uint32_t i = 0; i < 3; ++i) {
            ancestors.push_back(story.fork(pid + i, pid + i + 1)->parent);
        }
        for (std::uint32_t i = 0; i < 3; ++i) story.exit(pid + i);
        story.pass(ProcessTable::kGraceNs + 1);
        story.pass(1);
        REQUIRE(story.table.find(pid + 3)->parent != nullptr);
    }
    CHECK(story.table.evicted() > 0);
    std::erase_if(ancestors, [](const auto& ancestor) { return ancestor.expired(); });
    CHECK(ancestors.size() < 2 * kLimit);
    CHECK(generations_above(story.table.find(100 + 4 * 40 - 1)) >= 3);  // the youngest's stay
}

TEST_CASE_METHOD(TableFixture, "Records of any content leave the table whole") {
    exec(1, "/sbin/init", 0);
    std::uint64_t seed = 42;
    const auto random = [&seed](std::uint64_t below) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (seed >> 33) % below;
    };
    const std::array events = {"execve",
                               "sched_fork",
                               "procexit",
                               "setsid",
                               "chdir",
                               "capset",
                               "fchdir",
                               "openat",
                               "cgroup_mkdir",
                               "cgroup_rmdir",
                               "cgroup_attach_task"};
    for (int i = 0; i < 20'000; ++i) {
        RecordBuilder builder(events[random(events.size())]);
        builder.pid(random(8)).start_time(random(4) * kClockTickNs + random(2)).ptgid(random(8));
        builder.time(random(10) * kSecond).cgroup(random(3)).ret(random(3) - 1).flags(random(16));
        if (random(2) == 0) {
            Image image;
            image.facts.tgid = random(8);
            image.facts.start_time = random(4) * kClockTickNs + random(2);
            image.facts.parent_start_time = random(3) * kClockTickNs;
            image.facts.flags = SAKER_CLONE_CHILD;
            builder.process(image);
        }
        if (random(4) == 0)
            builder.bytes(random(SAKER_MAX_CAPTURES), std::string(random(300), 'x'));
        const Process* process = apply(builder);
        REQUIRE(process != nullptr);
        REQUIRE(process->image != nullptr);
        int generations = 0;
        while (process != nullptr && generations < 100'000) {
            process = process->parent.get();
            ++generations;
        }
        REQUIRE(generations < 100'000);  // no circle
    }
}

}  // namespace
}  // namespace saker::state
