// SPDX-License-Identifier: Apache-2.0
#include "state/procfs.h"

#include <cstdint>
#include <limits>
#include <string>

#include "catch.h"
#include "state/files.h"
#include "state/live_process.h"
#include "state/process_map.h"
#include "temp_folder.h"

namespace saker::state {
namespace {

// Fields 3 to 52 of a real stat line, with the ones that count made easy to tell apart.
const std::string kAfterName =
    " S 41 42 43 34817 44 4194304 1001 5 1002 6 7 8 9 10 20 0 1 0 123456 2506752 401 "
    "18446744073709551615 94 95 140736 0 0 0 0 0 65536 1 0 0 17 1 0 0 0 0 0 96 97 98 "
    "1000 1030 2000 2500 0\n";

TEST_CASE("A stat line gives ids, times and sizes, whatever the name is") {
    struct Case {
        std::string name, comm;
    };
    const auto [name, comm] = GENERATE(values<Case>({
        {"cat", "cat"},
        {"", ""},
        {"a b", "a b"},
        {") S 1 2 3", ") S 1 2 3"},
        {"((", "(("},
        {"x) R 0 (y", "x) R 0 (y"},
        {"new\nline", "new\nline"},
        {"kworker/0:1H-events_highpri", "kworker/0:1H-ev"},  // kernel threads' are longer
    }));
    Process process;
    CAPTURE(name);
    REQUIRE(parse_stat("40 (" + name + ")" + kAfterName, process));
    CHECK(process.comm == comm);
    CHECK(std::string(process.facts.comm) == comm);
    CHECK(process.ptgid == 41);
    CHECK(process.facts.ptgid == 41);
    CHECK(process.facts.pgid == 42);
    CHECK(process.facts.sid == 43);
    CHECK(process.facts.tty == 34817);
    CHECK(process.facts.pgft_min == 1001);
    CHECK(process.facts.pgft_maj == 1002);
    CHECK(process.key.start_time == 123456 * kClockTickNs);
    CHECK(process.facts.start_time == 123456 * kClockTickNs);
    CHECK(process.start_rounded);
    REQUIRE(process.image != nullptr);
    CHECK(process.image->args_size == 30);
    CHECK(process.image->env_size == 500);
}

TEST_CASE("A stat file that is none is refused") {
    const std::string text = GENERATE(values<std::string>({
        "",
        "40",
        "40 (cat",
        "40 cat) S 1",
        ")(",
        "40 (cat)",
        "40 (cat) S 41 42 43",
        "40 (cat) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 ",
    }));
    Process process;
    CAPTURE(text);
    CHECK_FALSE(parse_stat(text, process));
}

TEST_CASE("A stat line whose addresses are hidden has no sizes") {
    std::string hidden = "40 (cat)" + kAfterName;
    hidden.replace(hidden.find("1000 1030 2000 2500"), 19, "0 0 7 3");
    Process process;
    REQUIRE(parse_stat(hidden, process));
    CHECK(process.image->args_size == 0);
    CHECK(process.image->env_size == 0);
}

TEST_CASE("A status file gives effective ids, ids of the innermost namespace, capabilities") {
    saker_process facts{};
    parse_status(
        "Name:\tUid:\t9\t9\\nUid:\t8\t8\n"
        "Umask:\t0022\n"
        "Uid:\t1000\t1001\t1002\t1003\n"
        "Gid:\t2000\t2001\t2002\t2003\n"
        "Groups:\t \n"
        "NStgid:\t77\t7\n"
        "NSpid:\t77\t7\n"
        "NSpgid:\t70\t6\n"
        "NSsid:\t60\t5\n"
        "VmSize:\t    2448 kB\n"
        "VmRSS:\t    1604 kB\n"
        "VmSwap:\t       3 kB\n"
        "CapInh:\t0000000000000001\n"
        "CapPrm:\t000001ffffffffff\n"
        "CapEff:\t00000000a80425fb\n"
        "CapBnd:\t0000000000000000\n",
        facts);
    CHECK(facts.uid == 1001);
    CHECK(facts.gid == 2001);
    CHECK(facts.vpid == 7);
    CHECK(facts.vpgid == 6);
    CHECK(facts.sid == 5);
    CHECK(facts.memory.vm_size == 2448);
    CHECK(facts.memory.vm_rss == 1604);
    CHECK(facts.memory.vm_swap == 3);
    CHECK(facts.cap_inheritable == 1);
    CHECK(facts.cap_permitted == 0x1ffffffffff);
    CHECK(facts.cap_effective == 0xa80425fb);
}

TEST_CASE("A broken status line changes nothing") {
    const std::string text = GENERATE(values<std::string>(
        {"", "Uid", "Uid:", "Uid:\t\n", "Uid:\t5", ":5\t5\n", "\n\n", "NSpid:\t\n"}));
    saker_process facts{};
    facts.uid = 1;
    facts.vpid = 2;
    parse_status(text, facts);
    CAPTURE(text);
    CHECK(facts.uid == 1);
    CHECK(facts.vpid == 2);
}

TEST_CASE("Of the cgroups the one that names the container is chosen") {
    struct Case {
        std::string text, path;
    };
    const auto [text, path] = GENERATE(values<Case>({
        {"0::/system.slice/cron.service\n", "/system.slice/cron.service"},
        {"0::/\n", "/"},
        {"", "/"},
        {"garbage", "/"},
        {"4:memory:/docker/abc\n0::/user.slice\n", "/user.slice"},
        {"4:memory:/docker/abc\n0::/\n", "/docker/abc"},
        {"8:pids:/docker/pids\n4:memory:/docker/mem\n0::/\n", "/docker/mem"},
        {"8:pids:/docker/pids\n4:memory:/\n0::/\n", "/docker/pids"},
        {"3:cpu,cpuacct:/docker/cpu\n", "/docker/cpu"},
        {"3:cpuacct,cpu:/docker/cpu\n", "/docker/cpu"},
        {"9:name=systemd:/user.slice\n3:cpuset:/sets\n0::/\n", "/"},
        {"4:memory:/a:b:c\n", "/a:b:c"},
        {"0::/cut", "/cut"},
    }));
    CAPTURE(text);
    CHECK(choose_cgroup(text) == path);
}

TEST_CASE("The limit of open files is the soft one") {
    struct Case {
        std::string text;
        std::uint64_t limit;
    };
    const std::string head = "Limit                     Soft Limit           Hard Limit   Units\n";
    const auto [text, limit] = GENERATE_COPY(values<Case>({
        {head + "Max processes  5 6 processes\nMax open files            1024  4096  files\n",
         1024},
        {head + "Max open files            unlimited  unlimited  files\n",
         std::numeric_limits<std::uint64_t>::max()},
        {head + "Max open files\n", 0},
        {head, 0},
        {"", 0},
    }));
    CAPTURE(text);
    CHECK(parse_open_files_limit(text) == limit);
}

// As a process with that many supplementary groups has it.
std::string status_with_groups(std::size_t groups) {
    std::string text = "Name:\tcat\nUid:\t1\t2\t3\t4\nGroups:\t";
    for (std::size_t i = 0; i < groups; ++i) text += "4294967290 ";
    return text + "\nNSpid:\t40\t7\nCapEff:\t00000000000000ff\n";
}

TEST_CASE("A status file is read whole, however many groups a process is in") {
    const std::size_t groups = GENERATE(0, 360, 372, 500, 65'536);
    CAPTURE(groups);
    const test::TempFolder root;
    root.write("proc/40/stat", "40 (cat)" + kAfterName);
    root.write("proc/40/status", status_with_groups(groups));
    root.write("proc/40/task/41/status", status_with_groups(groups));
    Process process;
    REQUIRE(read_process(Folder(root.path("proc/40")), 40, process).found);
    CHECK(process.facts.uid == 2);
    CHECK(process.facts.vpid == 7);
    CHECK(process.facts.cap_effective == 0xff);
    CHECK(LiveProcesses(root.path()).virtual_tid(process, 41) == 7);
}

TEST_CASE("No more of a file is read than was asked for") {
    const test::TempFolder root;
    const std::string text = status_with_groups(2'000);
    root.write("status", text);
    const Folder folder(root.path());
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{4096},
                                    std::size_t{4097}, text.size(), kStatusBytes}) {
        std::string content = "old";
        CHECK(folder.read("status", limit, content) == ProcRead::kDone);
        CHECK(content == text.substr(0, limit));
    }
}

}  // namespace
}  // namespace saker::state
