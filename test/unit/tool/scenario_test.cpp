// SPDX-License-Identifier: Apache-2.0
#include "tool/scenario.h"

#include <string>

#include "catch.h"
#include "given_case.h"

// What follows from the fields that a case gives.
namespace saker {
namespace {

struct Row {
    const char* event;
    const char* field;
    const char* value;
};

const Row kRows[] = {
    // of an ordinary process
    {"{evt.type: execve}", "proc.name", "program"},
    {"{evt.type: execve}", "proc.exepath", "/usr/bin/program"},
    {"{evt.type: execve}", "user.uid", "1000"},
    {"{evt.type: execve}", "container.id", "host"},
    {"{evt.type: execve}", "proc.pname", "<NA>"},
    {"{evt.type: execve}", "evt.rawres", "0"},
    {"{evt.type: openat}", "evt.rawres", "3"},
    // names follow from each other
    {"{evt.type: execve, proc.exepath: /opt/x/tool}", "proc.name", "tool"},
    {"{evt.type: execve, proc.exepath: /opt/x/a-name-of-20-bytes}", "proc.name", "a-name-of-20-by"},
    {"{evt.type: execve, proc.name: nginx}", "proc.exepath", "/usr/bin/nginx"},
    {"{evt.type: execve, proc.name: nginx}", "proc.exe", "nginx"},
    {"{evt.type: execve, proc.pexepath: ''}", "proc.pexepath", ""},
    // command lines
    {"{evt.type: execve, proc.name: ls, proc.args: -l -a}", "proc.cmdline", "ls -l -a"},
    {"{evt.type: execve, proc.name: sh, proc.args: [-c, a b]}", "proc.args[1]", "a b"},
    {"{evt.type: execve, proc.name: sh, proc.args: [-c, a b]}", "proc.args.list", "-c, a b"},
    {"{evt.type: execve, proc.name: nc, proc.args: [-lvp, 44]}", "proc.args.list", "-lvp, 44"},
    {"{evt.type: execve, proc.cmdline: ls -l -a}", "proc.name", "ls"},
    {"{evt.type: execve, proc.cmdline: ls -l -a}", "proc.args[0]", "-l"},
    {"{evt.type: execve, proc.env: [HOME=/root, A=b c]}", "proc.env[A]", "b c"},
    // ancestors
    {"{evt.type: execve, ancestors: [{proc.name: a}, {proc.name: b}]}", "proc.pname", "a"},
    {"{evt.type: execve, ancestors: [{proc.name: a}, {proc.name: b}]}", "proc.aname[2]", "b"},
    {"{evt.type: execve, ancestors: [{proc.name: a}, {proc.name: b}]}", "proc.aname", "a, b"},
    {"{evt.type: execve, ancestors: [{proc.name: a}]}", "proc.aname[2]", "<NA>"},
    {"{evt.type: execve, proc.pname: a}", "proc.aname[1]", "a"},
    {"{evt.type: execve, 'proc.aexepath[2]': /bin/b}", "proc.aname[2]", "b"},
    {"{evt.type: execve, proc.pcmdline: sh -c x}", "proc.acmdline[1]", "sh -c x"},
    // users
    {"{evt.type: execve, user.uid: 0}", "user.name", "root"},
    {"{evt.type: execve, user.name: root}", "user.uid", "0"},
    {"{evt.type: execve, user.name: ann}", "user.name", "ann"},
    // what was opened
    {"{evt.type: openat, fd.name: /a/b}", "fd.directory", "/a"},
    {"{evt.type: openat, fd.name: /a/b}", "fd.filename", "b"},
    {"{evt.type: openat, fd.name: /a/b}", "fd.typechar", "f"},
    {"{evt.type: openat, fd.name: /a/b}", "fd.realpath", "/a/b"},
    {"{evt.type: openat, fd.name: /a/b}", "evt.arg.name", "/a/b"},
    {"{evt.type: openat, fd.name: ../b, proc.cwd: /a/c}", "fd.name", "/a/b"},
    {"{evt.type: openat, fd.name: /a, fd.typechar: d}", "fd.type", "directory"},
    {"{evt.type: openat, evt.rawres: -13, fd.name: /a/b}", "fd.name", "/a/b"},
    {"{evt.type: openat, evt.rawres: -13, fd.name: /a/b}", "evt.res", "EACCES"},
    {"{evt.type: openat, evt.res: EACCES, fd.name: /a/b}", "evt.rawres", "-13"},
    {"{evt.type: openat, evt.arg.flags: O_RDWR|O_CREAT}", "evt.is_open_write", "true"},
    {"{evt.type: openat, evt.arg.flags: O_RDWR|O_CREAT}", "evt.is_open_read", "true"},
    {"{evt.type: openat2, evt.arg.flags: O_WRONLY}", "evt.is_open_write", "true"},
    {"{evt.type: openat2, evt.arg.flags: O_WRONLY}", "evt.is_open_read", "false"},
    {"{evt.type: openat}", "evt.is_open_read", "true"},
    {"{evt.type: openat, evt.arg.flags: O_CREAT|O_F_CREATED}", "evt.is_open_create", "true"},
    // paths
    {"{evt.type: renameat, evt.arg.oldpath: a, evt.arg.newpath: /b, proc.cwd: /x}",
     "fs.path.source", "/x/a"},
    {"{evt.type: renameat, evt.arg.oldpath: a, evt.arg.newpath: /b}", "fs.path.target", "/b"},
    {"{evt.type: symlink, evt.arg.target: ../a, evt.arg.linkpath: /b}", "fs.path.source", "/b"},
    {"{evt.type: unlinkat, evt.arg.name: /x}", "fs.path.name", "/x"},
    // sockets
    {"{evt.type: connect, fd.name: '10.0.0.1:40000->10.0.0.2:80'}", "fd.sip", "10.0.0.2"},
    {"{evt.type: connect, fd.name: '10.0.0.1:40000->10.0.0.2:80'}", "fd.type", "ipv4"},
    {"{evt.type: connect, fd.name: '10.0.0.1:40000->10.0.0.2:80'}", "fd.lport", "40000"},
    {"{evt.type: connect, fd.sip: 10.0.0.2, fd.sport: 80, fd.cip: 10.0.0.1, fd.cport: 4}",
     "fd.name", "10.0.0.1:4->10.0.0.2:80"},
    {"{evt.type: accept4, fd.name: '10.0.0.1:40000->10.0.0.2:80'}", "fd.lport", "80"},
    {"{evt.type: connect, fd.name: '::1:40000->::2:80'}", "fd.type", "ipv6"},
    {"{evt.type: connect, fd.name: '1.1.1.1:4->1.1.1.2:8', fd.l4proto: udp}", "fd.l4proto", "udp"},
    {"{evt.type: connect, fd.name: /run/x.sock}", "fd.type", "unix"},
    {"{evt.type: connect, fd.name: /run/x.sock}", "fd.sockfamily", "unix"},
    // what no record carries
    {"{evt.type: execve, container.id: abc, container.image.repository: r}",
     "container.image.repository", "r"},
    {"{evt.type: execve, container.id: abc}", "container.id", "abc"},
    {"{evt.type: execve, 'container.mount.dest[/etc]': /x}", "container.mount.dest[/etc]", "/x"},
    {"{evt.type: ptrace, evt.arg.request: PTRACE_ATTACH}", "evt.arg.request", "PTRACE_ATTACH"},
    {"{evt.type: execve, proc.duration: 5000}", "proc.duration", "5000"},
    // null: no value
    {"{evt.type: execve, proc.exepath: null}", "proc.exepath", "<NA>"},
};

TEST_CASE("fields follow from what a case gives") {
    for (const Row& row : kRows) {
        INFO(row.event << " " << row.field);
        CHECK(test::show(row.field, row.event) == row.value);
    }
}

TEST_CASE("an opened file has its two names") {
    const std::string event = "{evt.type: openat, fd.name: /tmp/x, fd.realpath: /etc/shadow}";
    CHECK(test::show("fd.name", event) == "/tmp/x");
    CHECK(test::show("fd.name", event, field::NameView::kReal) == "/etc/shadow");
    CHECK(test::show("fd.realpath", event) == "/etc/shadow");
}

struct Mistake {
    const char* event;
    const char* message;
};

const Mistake kMistakes[] = {
    {"{proc.name: x}", "has no 'evt.type'"},
    {"{evt.type: opn}", "4:23: there is no event type 'opn'"},
    {"{evt.type: sched_fork}", "there is no event type"},
    {"{evt.type: open, proc.nam: x}", "4:29: nonexistent field proc.nam"},
    {"{evt.type: open, evt.arg.nope: x}", "unknown event argument nope"},
    {"{evt.type: open, fd.num: x}", "4:37: fd.num is"},
    {"{evt.type: open, proc.is_exe_upper_layer: maybe}", "proc.is_exe_upper_layer is"},
    {"{evt.type: open, evt.arg.flags: O_RDONLI}", "flags has no flags 'O_RDONLI'"},
    {"{evt.type: setsid, fd.name: /x}", "events of type setsid never have fd.name"},
    {"{evt.type: open, syscall.type: close}", "events of type open have another syscall.type"},
    {"{evt.type: open, proc.name: [a, b]}", "proc.name has one value, not a list"},
    {"{evt.type: open, proc.name: {a: b}}", "cannot be a map"},
    {"{evt.type: open, proc.name: a, proc.name: b}", "'proc.name' is given twice"},
    {"{evt.type: open, 'proc.aname[2': b}", "a bracket is not closed"},
    {"{evt.type: open, 'proc.aname[4000000000]': b}", "no ancestors so far away"},
    {"{evt.type: open, ancestors: x}", "'ancestors' must be a list"},
    {"{evt.type: open, ancestors: [{fd.name: x}]}", "fd.name says nothing about an ancestor"},
    {"[evt.type]", "an event must be a map"},
};

TEST_CASE("a mistake in an event is told with its place") {
    for (const Mistake& row : kMistakes) {
        INFO(row.event);
        CHECK(test::contains(test::problem_of(row.event), row.message));
    }
}

TEST_CASE("a value has a bound") {
    const std::string event = "{evt.type: open, fd.name: /" + std::string(9000, 'x') + "}";
    CHECK(test::contains(test::problem_of(event), "more than 8192 bytes"));
}

}  // namespace
}  // namespace saker
