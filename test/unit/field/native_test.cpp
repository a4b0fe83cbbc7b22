// SPDX-License-Identifier: Apache-2.0
#include "field/native.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <ctime>
#include <future>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "world.h"

// Every native field on two records: one that has a value worth looking at, and one that has none
// or another.
namespace saker::field {
namespace {

using test::by_cat;
using test::by_sh;
using test::by_stranger;
using test::Descriptor;
using test::kNothing;
using test::Record;
using test::RecordBuilder;
using test::use_of;
using test::World;

constexpr auto kCwd = static_cast<std::uint64_t>(AT_FDCWD);

// cat "../link//passwd" in /etc/ssl, where /etc/link/passwd is a link to /etc/shadow.
Record opened() {
    return by_cat("openat")
        .ret(3)
        .arg(0, kCwd)
        .arg(2, O_RDONLY)
        .path(0, "../link//passwd", "/etc/ssl")
        .fd(1, 3, SAKER_FD_FILE, "/etc/shadow", SAKER_FD_LOWER)
        .build();
}

// A request whose end has not come: nothing is known of the file.
Record promised() {
    return by_cat("openat")
        .ret(0)
        .flags(SAKER_NO_RESULT)
        .path(0, "passwd", "/etc")
        .fd(1, 0, SAKER_FD_FILE, "")
        .build();
}

Record created() {
    return by_cat("open")
        .ret(4)
        .arg(1, O_WRONLY | O_CREAT)
        .arg(2, 0755)
        .path(0, "/tmp/tool")
        .fd(1, Descriptor::opened(4, "/tmp/tool", O_WRONLY, SAKER_FD_UPPER | SAKER_FD_CREATED))
        .build();
}

Record failed_open() {
    return by_cat("openat").ret(-ENOENT).arg(0, kCwd).path(0, "none", "/etc").build();
}

Record connected() {
    const Descriptor socket = Descriptor::inet(5, {"10.0.0.1", 40000}, {"10.0.0.2", 443},
                                               IPPROTO_TCP, SAKER_FD_CONNECTED);
    return by_cat("connect").arg(0, 5).fd(0, socket).sockaddr(1, {"10.0.0.2", 443}).build();
}

Record accepted() {
    const Descriptor socket = Descriptor::inet(6, {"::1", 22}, {"2001:db8::7", 50000});
    return by_sh("accept4").ret(6).fd(0, socket).build();
}

Record bound_unix() {
    return by_cat("bind").arg(0, 7).unix_socket(0, 7, "/run/app").build();
}

Record wrote() {
    return by_cat("write")
        .ret(5)
        .arg(0, 1)
        .arg(2, 5)
        .fd(0, 1, SAKER_FD_FIFO, "")
        .bytes(1, "hello")
        .build();
}

Record wrote_from_32_bits() {
    return by_cat("write").abi(SAKER_ABI_IA32).build();
}

Record renamed() {
    return by_cat("renameat")
        .arg(0, kCwd)
        .arg(2, kCwd)
        .path(0, "a//b", "/home/ann")
        .path(1, "../c", "/home/ann")
        .build();
}

// Whose directory is a link, and whose new name was another one when the call returned.
Record renamed_for_real() {
    return by_cat("renameat")
        .arg(0, kCwd)
        .arg(2, kCwd)
        .path(0, "link/b", "/home/ann")
        .path(1, "../c", "/home/ann")
        .real(0, "/srv/b")
        .real(1, "/home/d")
        .build();
}

Record made_folder() {
    return by_cat("mkdir").path(0, "./x/", "/home/ann").build();
}

// setuid: no descriptor, no path. In the container, or of a process that nobody knows.
Record in_container() {
    return by_sh("setuid").ret(-EPERM).tid(3001).build();
}
Record unknown() {
    return by_stranger("setuid").build();
}
Record on_host() {
    return by_cat("setuid").build();
}
Record ended() {
    return by_cat("procexit").build();
}

Record waited() {
    return by_cat("epoll_wait").build();
}
Record traced() {
    return by_cat("ptrace").arg(2, 4096).arg(3, 17).build();
}
Record by_handle() {
    return by_cat("open_by_handle_at").ret(3).fd(0, 3, SAKER_FD_FILE, "/etc/shadow").build();
}
Record mapped() {
    return by_cat("mmap").ret(-ENOMEM).build();
}
Record logged() {
    return by_cat("sendto").ret(5).arg(0, 8).unix_socket(0, 8, "/dev/log").build();
}
Record cut() {
    return by_cat("open").ret(3).flags(SAKER_TRUNCATED).build();
}

struct Row {
    std::string_view field;
    Record (*record)();
    std::string_view value;
    Record (*other_record)();
    std::string_view other_value;
};

constexpr Row kEventRows[] = {
    {"evt.num", opened, "7", ended, "7"},
    {"evt.time", opened, "00:30:00.123456789", ended, "00:30:00.123456789"},
    {"evt.time.s", opened, "00:30:00", ended, "00:30:00"},
    {"evt.time.iso8601", opened, "2023-11-14T22:30:00.123456789+0000", ended,
     "2023-11-14T22:30:00.123456789+0000"},
    {"evt.datetime", opened, "2023-11-15 00:30:00.123456789", ended,
     "2023-11-15 00:30:00.123456789"},
    {"evt.datetime.s", opened, "2023-11-15 00:30:00", ended, "2023-11-15 00:30:00"},
    {"evt.rawtime", opened, "1700001000123456789", ended, "1700001000123456789"},
    {"evt.rawtime.s", opened, "1700001000", ended, "1700001000"},
    {"evt.rawtime.ns", opened, "123456789", ended, "123456789"},
    {"evt.reltime", opened, "1500000000", ended, "1500000000"},
    {"evt.reltime.s", opened, "1", ended, "1"},
    {"evt.reltime.ns", opened, "500000000", ended, "500000000"},
    {"evt.deltatime", opened, "2", ended, "2"},
    {"evt.deltatime.s", opened, "0", ended, "0"},
    {"evt.deltatime.ns", opened, "2", ended, "2"},
    {"evt.outputtime", opened, "00:30:00.123456789", ended, "00:30:00.123456789"},
    {"evt.around[1700001000000000000]", opened, "124", ended, "124"},
    {"evt.around[1700001001123456789]", opened, "1000", ended, "1000"},
    {"evt.source", opened, "syscall", ended, "syscall"},
    {"evt.is_async", opened, "false", ended, "false"},
    {"evt.hostname", opened, "box", ended, "box"},
    {"evt.type", opened, "openat", ended, "procexit"},
    {"syscall.type", opened, "openat", ended, kNothing},
    {"evt.type.is.openat", opened, "1", ended, "0"},
    {"evt.dir", opened, "<", ended, "<"},
    {"evt.category", opened, "file", ended, "process"},
    {"evt.cpu", opened, "3", accepted, "0"},
    {"evt.args", made_folder, "res=0 path=./x/(/home/ann/x) mode=0", on_host, "res=0 uid=0(root)"},
    {"evt.info", made_folder, "res=0 path=./x/(/home/ann/x) mode=0", on_host, "res=0 uid=0(root)"},
    {"evt.arg.name", opened, "/etc/link/passwd", connected, kNothing},
    {"evt.arg[1]", opened, "AT_FDCWD", in_container, "root"},
    {"evt.rawarg.name", opened, "../link//passwd", connected, kNothing},
    {"evt.rawarg[2]", opened, "../link//passwd", on_host, kNothing},
    {"evt.rawarg.fd", opened, "3", failed_open, "-2"},
    {"evt.rawarg.mode", created, "493", opened, "0"},
    {"evt.rawarg.uid", on_host, "0", opened, kNothing},
    {"evt.rawarg.data", wrote, "hello", traced, kNothing},
    {"evt.rawarg.addr", traced, "4096", connected, kNothing},
    {"evt.abspath", opened, "/etc/link/passwd", created, kNothing},
    {"evt.abspath.src", renamed, "/home/ann/a/b", opened, "/etc/link/passwd"},
    {"evt.abspath.dst", renamed, "/home/c", opened, kNothing},
    {"evt.abspath", by_handle, "/etc/shadow", made_folder, kNothing},
    {"evt.buffer", wrote, "hello", opened, kNothing},
    {"evt.buflen", wrote, "5", opened, kNothing},
    {"evt.res", failed_open, "ENOENT", ended, kNothing},
    {"evt.rawres", failed_open, "-2", ended, kNothing},
    {"evt.failed", failed_open, "true", opened, "false"},
    {"evt.is_io", wrote, "true", opened, "false"},
    {"evt.is_io_read", wrote, "false", opened, "false"},
    {"evt.is_io_write", wrote, "true", opened, "false"},
    {"evt.io_dir", wrote, "write", opened, kNothing},
    {"evt.is_wait", waited, "true", opened, "false"},
    {"evt.count", wrote, "1", ended, "1"},
    {"evt.count.error", failed_open, "1", ended, kNothing},
    {"evt.count.error.file", failed_open, "1", connected, kNothing},
    {"evt.count.error.net", connected, "0", opened, kNothing},
    {"evt.count.error.memory", mapped, "1", opened, kNothing},
    {"evt.count.error.other", in_container, "1", opened, kNothing},
    {"evt.is_syslog", logged, "true", wrote, "false"},
    {"evt.truncated", cut, "true", opened, "false"},
    {"evt.abi", opened, "x86_64", ended, kNothing},
    {"evt.abi", wrote_from_32_bits, "ia32", ended, kNothing},
    {"evt.has_result", opened, "true", promised, "false"},
    {"fd.num", promised, "0", failed_open, kNothing},
    {"evt.toctou", renamed_for_real, "true", opened, "false"},
    {"evt.count.exit", wrote, "1", ended, "1"},
    {"evt.is_open_read", opened, "true", created, "false"},
    {"evt.is_open_write", opened, "false", created, "true"},
    {"evt.is_open_exec", opened, "false", created, "true"},
    {"evt.is_open_create", opened, "false", created, "true"},
    {"evt.latency", opened, "0", ended, "0"},
    {"evt.latency.s", opened, "0", ended, "0"},
    {"evt.latency.ns", opened, "0", ended, "0"},
    {"evt.latency.human", opened, "0ns", ended, "0ns"},
    {"evt.wait_latency", opened, "0", ended, "0"},
};

constexpr Row kProcessRows[] = {
    {"proc.name", on_host, "cat", unknown, "ghost"},
    {"proc.pname", on_host, "bash", unknown, kNothing},
    {"proc.exe", on_host, "cat", unknown, ""},
    {"proc.pexe", on_host, "-bash", unknown, kNothing},
    {"proc.exepath", on_host, "/usr/bin/cat", unknown, ""},
    {"proc.pexepath", on_host, "/usr/bin/bash", unknown, kNothing},
    {"proc.args", on_host, "-n /etc/shadow", in_container, ""},
    {"proc.args[1]", on_host, "/etc/shadow", in_container, ""},
    {"proc.cmdline", on_host, "cat -n /etc/shadow", in_container, "sh"},
    {"proc.pcmdline", on_host, "bash", unknown, kNothing},
    {"proc.exeline", on_host, "cat -n /etc/shadow", in_container, "sh"},
    {"proc.cmdnargs", on_host, "2", in_container, "0"},
    {"proc.args.count", on_host, "2", in_container, "0"},
    {"proc.args.list", on_host, "-n | /etc/shadow", in_container, kNothing},
    {"proc.cmdlenargs", on_host, "13", in_container, "0"},
    {"proc.env", on_host, "HOME=/root EMPTY=", in_container, ""},
    {"proc.env[HOME]", on_host, "/root", in_container, ""},
    {"proc.cwd", on_host, "/home/ann/", unknown, kNothing},
    {"proc.tty", on_host, "34818", in_container, "0"},
    {"proc.pid", on_host, "1000", unknown, "4242"},
    {"proc.id", on_host, "1000-990000000000", in_container, "3000-800000000000"},
    {"proc.ppid", on_host, "200", unknown, "4241"},
    {"proc.vpid", on_host, "1000", in_container, "1"},
    {"proc.pvpid", on_host, "200", unknown, kNothing},
    {"proc.sid", on_host, "200", in_container, "1"},
    {"proc.vpgid", on_host, "1000", in_container, "1"},
    {"proc.pgid", on_host, "1000", in_container, "2999"},
    {"proc.duration", on_host, "10123456789", unknown, kNothing},
    {"proc.ppid.duration", on_host, "500123456789", unknown, kNothing},
    {"proc.pid.ts", on_host, "1700000990000000000", in_container, "1700000800000000000"},
    {"proc.ppid.ts", on_host, "1700000500000000000", unknown, kNothing},
    {"proc.is_exe_writable", on_host, "true", in_container, "false"},
    {"proc.is_exe_upper_layer", on_host, "true", in_container, "false"},
    {"proc.is_exe_lower_layer", on_host, "false", in_container, "true"},
    {"proc.is_exe_from_memfd", on_host, "false", in_container, "true"},
    {"proc.is_sid_leader", on_host, "false", in_container, "true"},
    {"proc.is_vpgid_leader", on_host, "true", in_container, "true"},
    {"proc.is_pgid_leader", on_host, "true", in_container, "false"},
    {"proc.exe_ino", on_host, "131", unknown, kNothing},
    {"proc.exe_ino.ctime", on_host, "1700000980000000000", unknown, kNothing},
    {"proc.exe_ino.mtime", on_host, "1700000970000000000", unknown, kNothing},
    {"proc.exe_ino.ctime_duration_proc_start", on_host, "10000000000", unknown, kNothing},
    {"proc.exe_ino.ctime_duration_pidns_start", on_host, "979999000000", in_container, kNothing},
    {"proc.pidns_init_start_ts", on_host, "1700000000001000000", unknown, kNothing},
    {"proc.ns.pid", on_host, "4026531836", in_container, "4026532500"},
    {"proc.fdlimit", on_host, "1024", unknown, kNothing},
    {"proc.vmsize", on_host, "2000", in_container, "0"},
    {"proc.vmrss", on_host, "1000", in_container, "0"},
    {"proc.vmswap", on_host, "5", in_container, "0"},
    {"proc.stdin.type", on_host, "file", unknown, kNothing},
    {"proc.stdout.type", on_host, "ipv4", unknown, kNothing},
    {"proc.stderr.type", on_host, "unix", unknown, kNothing},
    {"proc.stdin.name", on_host, "/dev/pts/2", unknown, kNothing},
    {"proc.stdout.name", on_host, "10.0.0.1:40000->10.0.0.2:443", unknown, kNothing},
    {"proc.stderr.name", on_host, "/run/log", unknown, kNothing},
    {"thread.cap_permitted", on_host, "CAP_NET_RAW CAP_SYS_ADMIN", unknown, ""},
    {"thread.cap_inheritable", on_host, "CAP_CHOWN", unknown, ""},
    {"thread.cap_effective", on_host, "CAP_NET_RAW", unknown, ""},
    {"thread.tid", on_host, "1000", in_container, "3001"},
    {"thread.ismain", on_host, "true", in_container, "false"},
    {"thread.pfmajor", on_host, "3", unknown, kNothing},
    {"thread.pfminor", on_host, "99", unknown, kNothing},
    {"thread.vtid", on_host, "1000", in_container, kNothing},
    {"thread.vmsize", on_host, "2000", in_container, "0"},
    {"thread.vmrss", on_host, "1000", in_container, "0"},
    {"thread.cgroups", on_host,
     "cpuset=/user.slice/session-1.scope cpu=/user.slice/session-1.scope "
     "cpuacct=/user.slice/session-1.scope io=/user.slice/session-1.scope "
     "memory=/user.slice/session-1.scope",
     unknown, kNothing},
    {"thread.cgroup.memory", on_host, "/user.slice/session-1.scope", unknown, kNothing},
    {"thread.cgroup.freezer", on_host, kNothing, unknown, kNothing},
};

constexpr Row kAncestorRows[] = {
    {"proc.aname", on_host, "bash | sshd | systemd", unknown, kNothing},
    {"proc.aname[0]", on_host, "cat", unknown, "ghost"},
    {"proc.aname[2]", on_host, "sshd", in_container, kNothing},
    {"proc.aexe", on_host, "-bash | sshd: | /sbin/init", unknown, kNothing},
    {"proc.aexe[1]", on_host, "-bash", unknown, kNothing},
    {"proc.aexepath", on_host, "/usr/bin/bash | /usr/sbin/sshd | /usr/lib/systemd/systemd", unknown,
     kNothing},
    {"proc.aexepath[3]", on_host, "/usr/lib/systemd/systemd", in_container, kNothing},
    {"proc.acmdline", on_host, "bash | sshd ann | systemd", unknown, kNothing},
    {"proc.acmdline[0]", on_host, "cat -n /etc/shadow", in_container, "sh"},
    {"proc.aargs", on_host, " | ann | ", unknown, kNothing},
    {"proc.aargs[2]", on_host, "ann", unknown, kNothing},
    {"proc.apid", on_host, "200 | 100 | 1", unknown, kNothing},
    {"proc.apid[1]", on_host, "200", unknown, kNothing},
    {"proc.aenv[1]", on_host, "HOME=/home/ann LANG=C", unknown, kNothing},
    {"proc.aenv[HOME]", on_host, "/root", unknown, kNothing},
    {"proc.aenv[LANG]", on_host, "C", unknown, kNothing},
    {"proc.lineage", on_host, "bash | sshd | systemd", unknown, kNothing},
    {"proc.loginshellid", on_host, "200", unknown, kNothing},
    {"proc.sname", on_host, "bash", in_container, "sh"},
    {"proc.sid.exe", on_host, "-bash", in_container, "sh"},
    {"proc.sid.exepath", on_host, "/usr/bin/bash", in_container, "/bin/sh"},
    {"proc.vpgid.name", on_host, "cat", in_container, "sh"},
    {"proc.vpgid.exe", on_host, "cat", in_container, "sh"},
    {"proc.vpgid.exepath", on_host, "/usr/bin/cat", in_container, "/bin/sh"},
    {"proc.pgid.name", on_host, "cat", in_container, kNothing},
    {"proc.pgid.exe", on_host, "cat", in_container, kNothing},
    {"proc.pgid.exepath", on_host, "/usr/bin/cat", in_container, kNothing},
};

constexpr Row kUserRows[] = {
    {"user.uid", on_host, "0", unknown, "5555"},
    {"user.name", on_host, "root", unknown, "<NA>"},
    {"user.homedir", on_host, "/root", unknown, "<NA>"},
    {"user.shell", on_host, "/bin/bash", unknown, "<NA>"},
    {"user.loginuid", on_host, "1001", in_container, "-1"},
    {"user.loginname", on_host, "ann", in_container, "<NA>"},
    {"group.gid", on_host, "0", unknown, "5555"},
    {"group.name", on_host, "root", unknown, "<NA>"},
};

constexpr Row kFdRows[] = {
    {"fd.num", opened, "3", failed_open, kNothing},
    {"fd.type", opened, "file", failed_open, kNothing},
    {"fd.typechar", opened, "f", failed_open, kNothing},
    {"fd.name", opened, "/etc/link/passwd", on_host, kNothing},
    {"fd.directory", opened, "/etc/link", connected, kNothing},
    {"fd.filename", opened, "passwd", connected, kNothing},
    {"fd.nameraw", opened, "../link/passwd", wrote, kNothing},
    {"fd.realpath", opened, "/etc/shadow", failed_open, kNothing},
    {"fd.l4proto", connected, "tcp", on_host, kNothing},
    {"fd.sockfamily", connected, "ip", opened, kNothing},
    {"fd.connected", connected, "true", opened, kNothing},
    {"fd.name_changed", connected, "true", opened, kNothing},
    {"fd.is_server", accepted, "true", opened, kNothing},
    {"fd.uid", opened, "10003", failed_open, kNothing},
    {"fd.containername", accepted, "0123456789ab:2001:db8::7:50000->::1:22", in_container,
     kNothing},
    {"fd.containerdirectory", opened, "host:/etc/link", connected, kNothing},
    {"fd.types", opened, "file | ipv4 | unix", wrote, "file | ipv4 | unix | pipe"},
    {"fd.types[1]", opened, "ipv4", wrote, "pipe"},
    {"fd.types[3]", opened, "file", unknown, kNothing},
    {"fd.dev", opened, "2049", failed_open, kNothing},
    {"fd.dev.major", opened, "8", failed_open, kNothing},
    {"fd.dev.minor", opened, "1", failed_open, kNothing},
    {"fd.ino", opened, "4242", failed_open, kNothing},
    {"fd.dev", opened, "2049", promised, kNothing},
    {"fd.dev.major", opened, "8", promised, kNothing},
    {"fd.dev.minor", opened, "1", promised, kNothing},
    {"fd.ino", opened, "4242", promised, kNothing},
    {"fd.is_upper_layer", opened, "false", failed_open, kNothing},
    {"fd.is_lower_layer", opened, "true", failed_open, kNothing},
    {"fd.ip", connected, "10.0.0.1 | 10.0.0.2", bound_unix, kNothing},
    {"fd.cip", connected, "10.0.0.1", bound_unix, kNothing},
    {"fd.sip", connected, "10.0.0.2", bound_unix, kNothing},
    {"fd.lip", accepted, "::1", opened, kNothing},
    {"fd.rip", accepted, "2001:db8::7", opened, kNothing},
    {"fd.port", connected, "40000 | 443", bound_unix, kNothing},
    {"fd.cport", accepted, "50000", on_host, kNothing},
    {"fd.sport", accepted, "22", on_host, kNothing},
    {"fd.lport", accepted, "22", failed_open, kNothing},
    {"fd.rport", accepted, "50000", failed_open, kNothing},
    {"fd.proto", connected, "40000 | 443", bound_unix, kNothing},
    {"fd.cproto", accepted, "50000", on_host, kNothing},
    {"fd.sproto", accepted, "22", on_host, kNothing},
    {"fd.lproto", accepted, "22", on_host, kNothing},
    {"fd.rproto", accepted, "50000", on_host, kNothing},
    {"fd.net", connected, "10.0.0.1 | 10.0.0.2", bound_unix, kNothing},
    {"fd.cnet", connected, "10.0.0.1", opened, kNothing},
    {"fd.snet", connected, "10.0.0.2", opened, kNothing},
    {"fd.lnet", accepted, "::1", opened, kNothing},
    {"fd.rnet", accepted, "2001:db8::7", opened, kNothing},
    {"fs.path.name", made_folder, "/home/ann/x", renamed, kNothing},
    {"fs.path.nameraw", made_folder, "./x/", renamed, kNothing},
    {"fs.path.source", renamed, "/home/ann/a/b", made_folder, kNothing},
    {"fs.path.sourceraw", renamed, "a//b", made_folder, kNothing},
    {"fs.path.namereal", opened, "/etc/shadow", ended, kNothing},
    {"fs.path.sourcereal", renamed_for_real, "/srv/b", renamed, kNothing},
    {"fs.path.targetreal", renamed_for_real, "/home/d", renamed, kNothing},
    {"fs.path.target", renamed, "/home/c", made_folder, kNothing},
    {"fs.path.targetraw", renamed, "../c", made_folder, kNothing},
};

constexpr Row kContainerRows[] = {
    {"container.id", in_container, "0123456789ab", on_host, "host"},
    {"container.full_id", in_container, World::kContainerId, on_host, "host"},
    {"container.type", in_container, "docker", on_host, "host"},
    {"container.name", on_host, "host", in_container, kNothing},
    {"container.start_ts", in_container, "1700000800000000000", on_host, kNothing},
    {"container.duration", in_container, "200123456789", on_host, kNothing},
};

std::vector<Row> all_rows() {
    std::vector<Row> all;
    for (const std::span<const Row> rows :
         {std::span<const Row>(kEventRows), std::span<const Row>(kProcessRows),
          std::span<const Row>(kAncestorRows), std::span<const Row>(kUserRows),
          std::span<const Row>(kFdRows), std::span<const Row>(kContainerRows)}) {
        all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
}

// Two hours east of Greenwich: local time and UTC differ, and so do the days.
class Zone {
public:
    Zone() {
        setenv("TZ", "XXX-02:00", 1);
        tzset();
    }
    ~Zone() {
        unsetenv("TZ");
        tzset();
    }
};

TEST_CASE("native fields show what the record and the tables say, and nothing else") {
    const Zone zone;
    World world;
    for (const Row& row : all_rows()) {
        CAPTURE(std::string(row.field));
        CHECK(world.show(row.field, row.record()) == row.value);
        CHECK(world.show(row.field, row.other_record()) == row.other_value);
    }
}

// Host names, what runtimes tell of containers, poll's descriptors, and what is read from /proc or
// the configuration have tests of their own; so have events that no record makes.
bool has_no_source_here(const FieldInfo& info) {
    const std::string_view name = info.name;
    return name.starts_with("container.") || name.starts_with("k8s.") ||
           name.starts_with("proc.is_container_") || info.has(kResolvesHosts) ||
           info.has(kNeverValued) || info.has(kReadsProc) || name == "evt.asynctype" ||
           name.starts_with("fdlist.") || name.starts_with("proc.ns.") || name == "static";
}

TEST_CASE("every native field is in the rows above, or has no value there") {
    std::set<std::string_view> tested;
    for (const Row& row : all_rows()) tested.insert(use_of(row.field).info->name);
    World world;
    for (const FieldInfo& info : Registry::native().fields()) {
        if (tested.contains(info.name)) continue;
        CAPTURE(std::string(info.name));
        REQUIRE(has_no_source_here(info));
        FieldUse use;
        use.info = &info;
        use.argument = "key";
        for (auto* record : {on_host, in_container, connected, opened}) {
            CHECK(info.extract(use, world.look(record())).empty());
        }
    }
}

TEST_CASE("an address has the names of the hosts that rules compare with") {
    std::promise<void> asked;
    auto known = asked.get_future();
    // The second name is asked for when the first one is known.
    state::HostNames hosts({"db.example", "none.example"}, [&](const std::string& name) {
        using Addresses = std::vector<event::IpAddress>;
        if (name == "none.example") asked.set_value();
        event::IpAddress address;
        address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 2};
        return name == "db.example" ? std::optional(Addresses{address}) : std::nullopt;
    });
    World world;
    world.set_hosts(&hosts);
    hosts.start();
    known.wait();
    CHECK(world.show("fd.sip.name", connected()) == "db.example");
    CHECK(world.show("fd.rip.name", connected()) == "db.example");
    CHECK(world.show("fd.cip.name", connected()) == kNothing);
    CHECK(world.show("fd.lip.name", connected()) == kNothing);
    CHECK(world.show("fd.sip.name", bound_unix()) == kNothing);
    CHECK(world.show("fd.sip.name", on_host()) == kNothing);
}

TEST_CASE("the category of a read or a write is that of its descriptor") {
    struct Case {
        std::string_view event;
        std::uint8_t fd_type;
        std::string_view category;
    };
    const std::vector<Case> cases = {
        {"read", SAKER_FD_FILE, "file"},      {"read", SAKER_FD_INET4, "net"},
        {"write", SAKER_FD_SOCKET, "net"},    {"write", SAKER_FD_UNIX, "ipc"},
        {"write", SAKER_FD_FIFO, "ipc"},      {"dup", SAKER_FD_NETLINK, "unknown"},
        {"read", SAKER_FD_DIRECTORY, "file"}, {"read", SAKER_FD_MEMFD, "file"},
        {"write", SAKER_FD_PACKET, "net"},    {"read", SAKER_FD_INET6, "net"},
        {"read", SAKER_FD_NONE, "unknown"},   {"connect", SAKER_FD_FILE, "net"},
        {"ptrace", SAKER_FD_NONE, "process"}, {"socketpair", SAKER_FD_NONE, "IPC"},
        {"mmap", SAKER_FD_NONE, "memory"},    {"kill", SAKER_FD_NONE, "signal"},
        {"setuid", SAKER_FD_NONE, "user"},    {"bpf", SAKER_FD_NONE, "other"},
        {"poll", SAKER_FD_NONE, "wait"},      {"nanosleep", SAKER_FD_NONE, "sleep"},
    };
    World world;
    for (const Case& test : cases) {
        CAPTURE(std::string(test.event), int(test.fd_type));
        const Record record = by_cat(test.event).fd(0, 3, test.fd_type, "").build();
        CHECK(world.show("evt.category", record) == test.category);
    }
}

TEST_CASE("the category of an anonymous inode is that of what it does") {
    const std::vector<std::pair<std::string_view, std::string_view>> cases = {
        {"[eventfd]", "ipc"},       {"[signalfd]", "ipc"},     {"inotify", "ipc"},
        {"[userfaultfd]", "ipc"},   {"[timerfd]", "unknown"},  {"[eventpoll]", "unknown"},
        {"bpf-map", "unknown"},     {"[io_uring]", "unknown"}, {"[pidfd]", "unknown"},
        {"[something]", "unknown"},
    };
    World world;
    for (const auto& [name, category] : cases) {
        CAPTURE(std::string(name));
        const Record record =
            by_cat("read").fd(0, Descriptor::named(3, SAKER_FD_ANON, name)).build();
        CHECK(world.show("evt.category", record) == category);
    }
}

TEST_CASE("the result of a call is SUCCESS, the error's name, or its number") {
    World world;
    CHECK(world.show("evt.res", by_cat("dup").ret(7).build()) == "SUCCESS");
    CHECK(world.show("evt.res", by_cat("dup").ret(-EBADF).build()) == "EBADF");
    CHECK(world.show("evt.res", by_cat("dup").ret(-4000).build()) == "4000");
    CHECK(world.show("evt.rawres", by_cat("dup").ret(INT64_MIN).build()) == "-9223372036854775808");
    CHECK(world.show("evt.buflen", by_cat("read").ret(-EBADF).build()) == kNothing);
}

TEST_CASE("how a file is opened follows from flags and mode") {
    struct Case {
        std::string_view event;
        std::uint64_t flags;
        std::uint64_t mode;
        std::string_view read_write_exec_create;
    };
    const std::vector<Case> cases = {
        {"open", O_RDONLY, 0, "true false false false"},
        {"open", O_RDWR, 0, "true true false false"},
        {"open", O_WRONLY | O_CREAT, 0644, "false true false false"},
        {"open", O_WRONLY | O_CREAT, 0001, "false true true false"},
        {"open", O_RDONLY, 0777, "true false false false"},  // creates nothing
        {"open", O_RDWR | O_TMPFILE, 0700, "true true true true"},
        {"open", O_RDONLY | O_DIRECTORY, 0, "true false false false"},
        {"creat", 0755, 0, "false true true false"},  // its mode is the second argument
    };
    World world;
    for (const Case& test : cases) {
        CAPTURE(std::string(test.event), test.flags, test.mode);
        const Record record =
            by_cat(test.event).ret(3).arg(1, test.flags).arg(2, test.mode).build();
        CHECK(world.show("evt.is_open_read", record) + " " +
                  world.show("evt.is_open_write", record) + " " +
                  world.show("evt.is_open_exec", record) + " " +
                  world.show("evt.is_open_create", record) ==
              test.read_write_exec_create);
    }
    const Record failed = by_cat("open").ret(-EACCES).arg(1, O_RDWR | O_TMPFILE).build();
    CHECK(world.show("evt.is_open_create", failed) == "false");
}

TEST_CASE("how a file was opened is the kernel's word, not the memory's") {
    struct OpenHow {
        std::uint64_t flags, mode, resolve;
    };
    struct Case {
        OpenHow memory;  // when the call returns
        std::uint32_t opened_with;
        std::uint8_t facts;
        std::uint32_t file_mode;
        std::string_view read_write_exec_create;
    };
    const Case cases[] = {
        {{O_RDONLY, 0, 0}, O_WRONLY, 0, 0644, "false true false false"},
        {{O_RDONLY, 0, 0}, O_RDWR, 0, 0644, "true true false false"},
        {{O_WRONLY, 0, 0}, O_RDONLY, 0, 0644, "true false false false"},
        {{O_RDONLY, 0, 0}, O_WRONLY, SAKER_FD_CREATED, 0755, "false true true true"},
        {{O_RDONLY, 0, 0}, O_WRONLY, 0, 0755, "false true false false"},  // is not new
        {{O_RDONLY, 0, 0}, O_RDWR | O_TMPFILE, 0, 0700, "true true true true"},
        {{O_RDWR | O_TMPFILE, 0600, 0}, O_RDWR, 0, 0644, "true true false false"},
    };
    World world;
    for (const Case& test : cases) {
        CAPTURE(test.memory.flags, test.opened_with, int{test.facts});
        Descriptor file = Descriptor::opened(3, "/tmp/x", test.opened_with, test.facts);
        file.facts.mode = S_IFREG | test.file_mode;
        const Record record =
            by_cat("openat2").ret(3).fd(1, file).structure(2, test.memory).build();
        CHECK(world.show("evt.is_open_read", record) + " " +
                  world.show("evt.is_open_write", record) + " " +
                  world.show("evt.is_open_exec", record) + " " +
                  world.show("evt.is_open_create", record) ==
              test.read_write_exec_create);
    }
}

}  // namespace
}  // namespace saker::field
