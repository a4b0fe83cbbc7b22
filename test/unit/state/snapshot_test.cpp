// SPDX-License-Identifier: Apache-2.0
#include "state/process_table.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "catch.h"
#include "record_builder.h"
#include "state/process_map.h"
#include "temp_folder.h"

namespace saker::state {
namespace {

using namespace std::string_literals;

// Writes the folder of one process below `root`/proc.
void write_process(const test::TempFolder& root, std::uint32_t pid, std::uint32_t parent,
                   std::uint64_t start_ticks, const std::string& name) {
    const std::string folder = "proc/" + std::to_string(pid) + "/";
    root.write(folder + "stat", std::to_string(pid) + " (" + name + ") S " +
                                    std::to_string(parent) +
                                    " 7 6 0 -1 0 1 0 2 0 0 0 0 0 20 0 1 0 " +
                                    std::to_string(start_ticks) + " 0 0\n");
    root.write(folder + "status",
               "Name:\t" + name + "\nUid:\t5\t6\t5\t5\nNSpid:\t" + std::to_string(pid) + "\t1\n");
    root.write(folder + "cmdline", name + "\0--flag\0"s);
    root.write(folder + "environ", "HOME=/root\0"s);
    root.write(folder + "cgroup", "4:memory:/docker/abc (deleted)\n0::/\n");
    root.write(folder + "limits", "Max open files  256  512  files\n");
    root.write(folder + "loginuid", "1000");
    root.link(folder + "exe", "/usr/bin/" + name);
    root.link(folder + "cwd", "/srv");
}

TEST_CASE("A snapshot has each process of /proc, linked to its parent") {
    const test::TempFolder root;
    // A child whose pid is below its parent's: numbers have wrapped around.
    write_process(root, 1, 0, 10, "init");
    write_process(root, 300, 1, 20, "shell");
    write_process(root, 200, 300, 20, "tool");
    root.write("proc/uptime", "1 1\n");
    root.write("proc/12x/stat", "no process");
    std::filesystem::create_directories(root.path("proc/400"));  // has just ended

    ProcessTable table(nullptr);
    const SnapshotResult result = take_snapshot(table, root.path());
    CHECK(result.processes == 3);
    CHECK(result.denied == 0);
    REQUIRE(table.size() == 3);

    const Process* tool = table.find(200);
    REQUIRE(tool != nullptr);
    CHECK(tool->key == ProcessKey{200, 20 * kClockTickNs});
    CHECK(tool->comm == "tool");
    CHECK(tool->cwd == "/srv");
    CHECK(tool->cgroup == "/docker/abc");
    CHECK(tool->facts.uid == 6);
    CHECK(tool->facts.vpid == 1);
    CHECK(tool->facts.fdlimit == 256);
    CHECK(tool->facts.pgid == 7);
    CHECK(tool->facts.loginuid == 1000);
    CHECK(tool->image->exe_path == "/usr/bin/tool");
    CHECK(tool->image->argv0() == "tool");
    CHECK(tool->image->args == "tool\0--flag\0"s);
    CHECK(tool->image->variable("HOME") == "/root");
    CHECK(tool->image->env_size == 11);
    REQUIRE(tool->parent != nullptr);
    CHECK(tool->parent.get() == table.find(300));
    CHECK(tool->parent->parent.get() == table.find(1));
    CHECK(table.find(1)->parent == nullptr);
}

TEST_CASE("The executable's link tells what became of the file") {
    struct Case {
        std::string target, exe_path;
        std::uint32_t flags;
    };
    const auto [target, exe_path, flags] = GENERATE(values<Case>({
        {"/usr/bin/x", "/usr/bin/x", 0},
        {"/tmp/x (deleted)", "/tmp/x", 0},
        {"/memfd:payload (deleted)", "/memfd:payload", SAKER_EXE_MEMFD},
    }));
    const test::TempFolder root;
    write_process(root, 9, 0, 10, "x");
    root.link("proc/9/exe", target);
    ProcessTable table(nullptr);
    take_snapshot(table, root.path());
    REQUIRE(table.find(9) != nullptr);
    CHECK(table.find(9)->image->exe_path == exe_path);
    CHECK(table.find(9)->image->flags == flags);
}

TEST_CASE("Long arguments are bounded, and a missing file is a gap") {
    const test::TempFolder root;
    write_process(root, 9, 0, 10, "x");
    root.write("proc/9/cmdline", std::string(100'000, 'a'));
    std::filesystem::remove(root.path("proc/9/exe"));
    std::filesystem::remove(root.path("proc/9/loginuid"));
    ProcessTable table(nullptr);
    take_snapshot(table, root.path());
    REQUIRE(table.find(9) != nullptr);
    CHECK(table.find(9)->image->args.size() == SAKER_ARGS_DEFAULT / 2);
    CHECK(table.find(9)->image->exe_path == "");
    CHECK(table.find(9)->facts.loginuid == UINT32_MAX);
}

TEST_CASE("A circle of parents, which only a forged /proc shows, is cut") {
    const test::TempFolder root;
    write_process(root, 5, 7, 10, "a");
    write_process(root, 6, 5, 10, "b");
    write_process(root, 7, 6, 10, "c");
    ProcessTable table(nullptr);
    CHECK(take_snapshot(table, root.path()).processes == 3);
    CHECK(take_snapshot(table, root.path()).processes == 3);
    const Process* process = table.find(5);
    int generations = 0;
    for (; process != nullptr && generations < 10; process = process->parent.get()) ++generations;
    CHECK(generations <= 3);
}

TEST_CASE("A record with the exact start time finds the process of the snapshot") {
    const test::TempFolder root;
    write_process(root, 1, 0, 10, "init");
    write_process(root, 9, 1, 20, "daemon");
    ProcessTable table(nullptr);
    take_snapshot(table, root.path());

    const std::uint64_t exact = 20 * kClockTickNs + 1'234'567;
    // As an ancestor or a session leader it is found before it ever sends a record.
    REQUIRE(table.find(ProcessKey{9, exact}) != nullptr);
    CHECK(table.find(ProcessKey{9, exact + kClockTickNs}) == nullptr);
    CHECK(table.find(ProcessKey{9, exact - kClockTickNs}) == nullptr);

    const auto record =
        test::RecordBuilder("openat").pid(9).ptgid(1).start_time(exact).comm("daemon").build();
    const Process* process = table.apply(record.event());
    CHECK(process->key == ProcessKey{9, exact});
    CHECK_FALSE(process->start_rounded);
    CHECK(process->image->exe_path == "/usr/bin/daemon");
    // The record's id of the cgroup goes with the snapshot's path.
    CHECK(process->cgroup == "/docker/abc");
    CHECK(process->cgroup_id == 1);
    CHECK(process->parent.get() == table.find(1));
    CHECK(table.find(ProcessKey{9, exact}) == process);
    CHECK(table.find(ProcessKey{9, 20 * kClockTickNs}) == nullptr);
    CHECK(table.size() == 2);
    CHECK(table.unknown() == 0);

    // Taken again, it changes nothing.
    CHECK(take_snapshot(table, root.path()).processes == 2);
    CHECK(table.size() == 2);
    CHECK(table.find(ProcessKey{9, exact}) == process);
}

TEST_CASE("A second snapshot repairs what lost records did") {
    const test::TempFolder root;
    write_process(root, 1, 0, 10, "init");
    write_process(root, 8, 1, 20, "gone");
    write_process(root, 9, 1, 20, "before");
    ProcessTable table(nullptr);
    take_snapshot(table, root.path());

    std::filesystem::remove_all(root.path("proc/8"));
    write_process(root, 9, 1, 20, "after");
    const SnapshotResult result = take_snapshot(table, root.path());
    CHECK(result.missing == 1);
    CHECK(table.find(8)->end_time != 0);
    CHECK(table.find(9)->end_time == 0);
    CHECK(table.find(9)->comm == "after");
    CHECK(table.find(9)->image->exe_path == "/usr/bin/after");
}

TEST_CASE("Where there is no /proc nothing is taken, and nothing ends") {
    const test::TempFolder root;
    write_process(root, 1, 0, 10, "init");
    ProcessTable table(nullptr);
    take_snapshot(table, root.path());
    const SnapshotResult result = take_snapshot(table, root.path("absent"));
    CHECK(result.processes == 0);
    CHECK(result.missing == 0);
    CHECK(table.find(1)->end_time == 0);
}

// Files without any permission: root reads them all the same, so a child gives its ids away.
TEST_CASE("Missing rights are counted and leave a gap") {
    const test::TempFolder root;
    std::filesystem::permissions(root.path(), std::filesystem::perms(0755));
    write_process(root, 9, 0, 10, "secret");
    for (const char* name : {"environ", "cmdline"}) {
        std::filesystem::permissions(root.path("proc/9/"s + name), std::filesystem::perms::none);
    }
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
        ProcessTable table(nullptr);
        const SnapshotResult result = take_snapshot(table, root.path());
        const bool right = result.processes == 1 && result.denied == 1 &&
                           table.find(9)->image->env.empty() && table.find(9)->comm == "secret";
        _exit(right ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

std::string read_own(const char* name) {
    std::ifstream file("/proc/self/"s + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("The start of a pid namespace is that of its process 1") {
    // Two processes whose namespace files are one inode: 1 and 2 of the same namespace.
    const test::TempFolder root;
    write_process(root, 30, 0, 50, "init");
    write_process(root, 31, 30, 60, "other");
    root.write("proc/31/status", "NSpid:\t31\t2\n");
    root.write("proc/30/ns/pid", "");
    std::filesystem::create_directories(root.path("proc/31/ns"));
    std::filesystem::create_hard_link(root.path("proc/30/ns/pid"), root.path("proc/31/ns/pid"));
    ProcessTable table(nullptr);
    take_snapshot(table, root.path());
    REQUIRE(table.find(31) != nullptr);
    CHECK(table.find(31)->facts.ns.pid != 0);
    CHECK(table.find(31)->facts.pidns_start_time == 50 * kClockTickNs);
}

TEST_CASE("Standard descriptors have the types and names that records give them") {
    struct Case {
        std::string target, type, name;
    };
    const auto [target, type, name] = GENERATE(values<Case>({
        {"/dev/null", "file", "/dev/null"},
        {"/", "directory", "/"},
        {"/tmp/saker-no-such-file (deleted)", "file", "/tmp/saker-no-such-file"},
        {"pipe:[1234]", "pipe", "pipe:[1234]"},
        {"anon_inode:[eventpoll]", "eventpoll", "anon_inode:[eventpoll]"},
        {"/memfd:x (deleted)", "memfd", "memfd:x"},
        {"socket:[1234]", "", ""},
    }));
    const test::TempFolder root;
    write_process(root, 9, 0, 10, "x");
    root.link("proc/9/fd/1", target);
    ProcessTable table(nullptr);
    take_snapshot(table, root.path());
    REQUIRE(table.find(9) != nullptr);
    CAPTURE(target);
    CHECK(table.find(9)->image->stdio[0].type == "");
    CHECK(table.find(9)->image->stdio[1].type == type);
    CHECK(table.find(9)->image->stdio[1].name == name);
}

TEST_CASE("A snapshot of the real /proc has this process") {
    ProcessTable table(nullptr);
    const SnapshotResult result = take_snapshot(table);
    CHECK(result.processes >= 1);
    const Process* self = table.find(static_cast<std::uint32_t>(getpid()));
    REQUIRE(self != nullptr);
    CHECK(self->image->exe_path == std::filesystem::read_symlink("/proc/self/exe").string());
    CHECK(self->cwd == std::filesystem::current_path().string());
    CHECK(self->image->args == read_own("cmdline").substr(0, SAKER_ARGS_DEFAULT / 2));
    CHECK(self->image->args_size == read_own("cmdline").size());
    CHECK(self->comm + "\n" == read_own("comm"));
    CHECK(self->facts.uid == geteuid());
    CHECK(self->facts.gid == getegid());
    CHECK(self->facts.vpid == static_cast<std::uint32_t>(getpid()));
    CHECK(self->facts.sid == static_cast<std::uint32_t>(getsid(0)));
    CHECK(self->facts.vpgid == static_cast<std::uint32_t>(getpgrp()));
    struct stat exe{};
    REQUIRE(stat("/proc/self/exe", &exe) == 0);
    CHECK(self->image->exe_ino == exe.st_ino);
    CHECK(self->ptgid == static_cast<std::uint32_t>(getppid()));
    REQUIRE(self->parent != nullptr);
    CHECK(self->parent->key.tgid == static_cast<std::uint32_t>(getppid()));
}

TEST_CASE("A look-up finds this process, and none that is not there") {
    const ProcessTable::Lookup lookup = proc_lookup();
    Process self;
    REQUIRE(lookup(static_cast<std::uint32_t>(getpid()), self));
    CHECK(self.image->exe_path == std::filesystem::read_symlink("/proc/self/exe").string());

    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) _exit(0);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    Process gone;
    CHECK_FALSE(lookup(static_cast<std::uint32_t>(child), gone));
}

}  // namespace
}  // namespace saker::state
