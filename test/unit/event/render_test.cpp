// SPDX-License-Identifier: Apache-2.0
#include "event/render.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include <map>
#include <random>

#include "catch.h"
#include "record_builder.h"

namespace saker::event {
namespace {

using namespace std::string_literals;
using test::Descriptor;
using test::Record;
using test::RecordBuilder;

// Knows process 42, user and group 0, and the properties that a test gives it.
class FakeResolver : public Resolver {
public:
    std::string_view comm(std::int64_t pid) override { return pid == 42 ? "victim" : ""; }
    std::string_view user(std::uint32_t uid) override { return uid == 0 ? "root" : ""; }
    std::string_view group(std::uint32_t gid) override { return gid == 0 ? "wheel" : ""; }
    RawValue property(const Event& /*event*/, std::string_view name) override {
        const auto found = properties.find(name);
        return found == properties.end() ? RawValue() : found->second;
    }

    std::map<std::string_view, RawValue> properties;
};

// evt.arg of a parameter; "(missing)" where a condition sees no value.
std::string arg(const Record& record, std::string_view name, Resolver* resolver = nullptr) {
    const Event event = record.event();
    const auto index = find_param(event.info(), name);
    REQUIRE(index);
    std::string text;
    return append_arg(event, event.info().params[*index], resolver, text) ? text : "(missing)";
}

std::string args(const Record& record, Resolver* resolver = nullptr) {
    std::string text;
    append_args(record.event(), resolver, text);
    return text;
}

RecordBuilder openat(std::uint64_t flags) {
    return RecordBuilder("openat")
        .ret(3)
        .arg(0, static_cast<std::uint64_t>(AT_FDCWD))
        .arg(2, flags)
        .arg(3, 0644)
        .path(0, "passwd", "/etc")
        .fd(1, 3, SAKER_FD_FILE, "/etc/passwd");
}

TEST_CASE("an open in full") {
    CHECK(args(openat(O_RDONLY | O_CLOEXEC).build()) ==
          "fd=3(<f>/etc/passwd) dirfd=-100(AT_FDCWD) name=passwd(/etc/passwd) "
          "flags=524288(O_RDONLY|O_CLOEXEC) mode=0 dev=801 ino=4242");
    CHECK(args(openat(O_CREAT | O_WRONLY).build()) ==
          "fd=3(<f>/etc/passwd) dirfd=-100(AT_FDCWD) name=passwd(/etc/passwd) "
          "flags=65(O_CREAT|O_WRONLY) mode=0644 dev=801 ino=4242");
}

TEST_CASE("a failed open") {
    const Record record = RecordBuilder("openat")
                              .ret(-ENOENT)
                              .arg(0, 5)
                              .arg(2, O_RDWR)
                              .path(0, "x", "/tmp/dir")
                              .build();
    CHECK(args(record) ==
          "fd=-2(ENOENT) dirfd=5(<d>/tmp/dir) name=x(/tmp/dir/x) flags=2(O_RDWR) mode=0 "
          "dev=<NA> ino=<NA>");
    CHECK(arg(record, "fd") == "ENOENT");
    CHECK(arg(record, "dev") == "<NA>");
}

TEST_CASE("a relative path on what is no directory") {
    const auto dirfd = [](int error, std::string_view base) {
        const Record record =
            RecordBuilder("unlinkat").ret(-error).arg(0, 5).path(0, "x", base).build();
        return arg(record, "dirfd");
    };
    CHECK(dirfd(ENOENT, "/etc") == "<d>/etc");
    CHECK(dirfd(ENOTDIR, "/etc/passwd") == "/etc/passwd");
    CHECK(dirfd(EBADF, "") == "5");
    // renameat has two, of which one is bad.
    CHECK(dirfd(EBADF, "/etc") == "/etc");
}

TEST_CASE("a register of 64 bits is read as the kernel reads it") {
    // AT_FDCWD as a program may leave it: zero-extended.
    CHECK(arg(openat(O_RDONLY).arg(0, 0xffffff9c).build(), "dirfd") == "AT_FDCWD");
    CHECK(arg(RecordBuilder("setuid").arg(0, 0xdead'0000'0000).build(), "uid") == "0");
}

TEST_CASE("an empty path is the descriptor that it stands for") {
    const auto newfstatat = [](const Descriptor& fd) {
        return args(
            RecordBuilder("newfstatat").arg(0, 5).arg(3, AT_EMPTY_PATH).empty_path(0, fd).build());
    };
    CHECK(newfstatat(Descriptor::file(5, SAKER_FD_FILE, "/etc/passwd")) ==
          "res=0 dirfd=5(<f>/etc/passwd) path=(/etc/passwd) flags=4096(AT_EMPTY_PATH)");
    CHECK(newfstatat(Descriptor::file(5, SAKER_FD_DIRECTORY, "/")) ==
          "res=0 dirfd=5(<d>/) path=(/) flags=4096(AT_EMPTY_PATH)");
    CHECK(newfstatat(Descriptor::named(5, SAKER_FD_MEMFD, "memfd:x")) ==
          "res=0 dirfd=5(<m>memfd:x) path=(memfd:x) flags=4096(AT_EMPTY_PATH)");
    CHECK(newfstatat(Descriptor::inet(5, {"1.2.3.4", 5}, {"6.7.8.9", 80})) ==
          "res=0 dirfd=5(<4t>1.2.3.4:5->6.7.8.9:80) path=(1.2.3.4:5->6.7.8.9:80) "
          "flags=4096(AT_EMPTY_PATH)");
}

TEST_CASE("a descriptor that a call was told to return is what it returned") {
    const Record dup2 = RecordBuilder("dup2")
                            .ret(7)
                            .arg(0, 3)
                            .arg(1, 7)
                            .fd(0, 7, SAKER_FD_FILE, "/x")
                            .fd(1, 3, SAKER_FD_FILE, "/x")
                            .build();
    CHECK(args(dup2) == "res=7(<f>/x) oldfd=3(<f>/x) newfd=7(<f>/x)");
    CHECK(args(RecordBuilder("dup2").ret(-EBADF).arg(0, 3).arg(1, 7).build()) ==
          "res=-9(EBADF) oldfd=3 newfd=7");
}

TEST_CASE("clone's flags are without the signal that tells of its end") {
    const auto flags = [](std::uint64_t bits) {
        return arg(RecordBuilder("clone").arg(0, bits).build(), "flags");
    };
    CHECK(flags(CLONE_VM | SIGCHLD) == "CLONE_VM");
    CHECK(flags(0xdead'0000'0000 | SIGCHLD) == "0");
}

TEST_CASE("capset's sets have 64 bits") {
    const std::uint32_t sets[6] = {1, 2, 3, 0x100, 0x80, 0};  // low halves, then high ones
    const Record record = RecordBuilder("capset").structure(0, sets).build();
    CHECK(args(record) ==
          "res=0 cap_inheritable=3 cap_permitted=549755813890 cap_effective=1099511627777");
}

TEST_CASE("-100 that was returned is an errno") {
    CHECK(arg(RecordBuilder("socket").ret(-100).build(), "fd") == "ENETDOWN");
}

TEST_CASE("paths: what was asked for is raw, relative ones are made absolute") {
    const auto name = [](std::string_view asked) {
        return arg(RecordBuilder("unlink").path(0, asked, "/home/u").build(), "path");
    };
    CHECK(name("/etc/../x") == "/etc/../x");
    CHECK(name("../x") == "/home/x");
    CHECK(arg(RecordBuilder("unlink").build(), "path") == "<NA>");
    // chdir's is a string that was captured as a path.
    CHECK(arg(RecordBuilder("chdir").path(0, "sub", "/home").build(), "path") == "sub");
}

TEST_CASE("a path below a cut base never looks absolute") {
    const Record record = RecordBuilder("unlink").path_below_cut(0, "x", "etc").build();
    CHECK(arg(record, "path") == "etc/x");
}

TEST_CASE("the flags of an open show what became of the file") {
    const Record record = openat(O_CREAT | O_TRUNC | O_WRONLY)
                              .fd(1, 3, SAKER_FD_FILE, "/x", SAKER_FD_CREATED | SAKER_FD_UPPER)
                              .build();
    CHECK(arg(record, "flags") == "O_TRUNC|O_CREAT|O_WRONLY|O_F_CREATED|FD_UPPER_LAYER");
}

TEST_CASE("calls that share open's flags have no access mode") {
    CHECK(arg(RecordBuilder("dup3").arg(2, O_CLOEXEC).build(), "flags") == "O_CLOEXEC");
    CHECK(arg(RecordBuilder("dup3").build(), "flags") == "O_NONE");
}

TEST_CASE("creat shows the layer") {
    const Record record =
        RecordBuilder("creat").ret(3).fd(1, 3, SAKER_FD_FILE, "/x", SAKER_FD_UPPER).build();
    CHECK(arg(record, "creat_flags") == "FD_UPPER_LAYER_CREAT");
    CHECK(arg(RecordBuilder("creat").ret(-13).build(), "creat_flags") == "<NA>");
}

TEST_CASE("users and groups") {
    FakeResolver resolver;
    const auto uid = [&](std::uint64_t id) {
        return args(RecordBuilder("setuid").arg(0, id).build(), &resolver);
    };
    CHECK(uid(0) == "res=0 uid=0(root)");
    CHECK(uid(7) == "res=0 uid=7(<NA>)");
    CHECK(uid(0xffffffff) == "res=0 uid=-1(<NONE>)");
    CHECK(arg(RecordBuilder("setgid").build(), "gid", &resolver) == "wheel");
    CHECK(arg(RecordBuilder("setgid").arg(0, 0xffffffff).build(), "gid") == "<NONE>");
    CHECK(arg(RecordBuilder("setuid").build(), "uid") == "0");
}

TEST_CASE("processes and signals") {
    FakeResolver resolver;
    const auto kill = [&](std::uint64_t pid, std::uint64_t signal) {
        return args(RecordBuilder("kill").ret(-1).arg(0, pid).arg(1, signal).build(), &resolver);
    };
    CHECK(kill(42, SIGKILL) == "res=-1(EPERM) pid=42(victim) sig=9(SIGKILL)");
    CHECK(kill(43, 0) == "res=-1(EPERM) pid=43 sig=0");
    CHECK(kill(0xffffffff, 64) == "res=-1(EPERM) pid=-1 sig=64");
    CHECK(arg(RecordBuilder("setsid").ret(-EPERM).build(), "res", &resolver) == "EPERM");
}

TEST_CASE("enumerations and modes") {
    CHECK(arg(RecordBuilder("ptrace").arg(0, PTRACE_ATTACH).build(), "request") == "PTRACE_ATTACH");
    CHECK(arg(RecordBuilder("socket").arg(0, AF_UNIX).build(), "domain") == "AF_LOCAL|AF_UNIX");
    CHECK(arg(RecordBuilder("socket").arg(0, 999).build(), "domain") == "999");
    CHECK(args(RecordBuilder("chmod").arg(1, 04100).path(0, "/x").build()) ==
          "res=0 filename=/x mode=04100(S_IXUSR|S_ISUID)");
    CHECK(arg(RecordBuilder("mprotect").build(), "prot") == "PROT_NONE");
}

TEST_CASE("mount's magic number is no flag") {
    CHECK(arg(RecordBuilder("mount").arg(3, MS_MGC_VAL | MS_BIND).build(), "flags") == "BIND");
    CHECK(arg(RecordBuilder("mount").arg(3, MS_BIND | MS_REC).build(), "flags") == "BIND|REC");
}

TEST_CASE("payloads") {
    const Record record = RecordBuilder("write").ret(3).bytes(1, "a\n\x80~"s).build();
    CHECK(arg(record, "data") == "a..~");
    CHECK(arg(RecordBuilder("write").build(), "data") == "(missing)");
    CHECK(args(RecordBuilder("process_vm_readv").build()) == "res=0 pid=0 data=<NA>");
}

TEST_CASE("sockets") {
    const Record record = RecordBuilder("connect")
                              .arg(0, 3)
                              .inet(0, 3, {"10.0.0.2", 40000}, {"10.0.0.1", 80})
                              .sockaddr(1, {"10.0.0.1", 80})
                              .build();
    CHECK(args(record) ==
          "res=0 tuple=10.0.0.2:40000->10.0.0.1:80 "
          "fd=3(<4t>10.0.0.2:40000->10.0.0.1:80) addr=10.0.0.1:80");
    const Record local = RecordBuilder("connect")
                             .arg(0, 4)
                             .unix_socket(0, 4, "/run/x")
                             .sockaddr_unix(1, "/run/x")
                             .build();
    CHECK(args(local) == "res=0 tuple=/run/x fd=4(<u>/run/x) addr=/run/x");
    CHECK(arg(RecordBuilder("connect").build(), "tuple") == "(missing)");
    CHECK(arg(RecordBuilder("connect").fd(0, 3, SAKER_FD_FILE, "/x").build(), "tuple") ==
          "(missing)");
    CHECK(arg(RecordBuilder("connect").build(), "addr") == "<NA>");
}

TEST_CASE("the queue of a listening socket") {
    const Record record = RecordBuilder("accept")
                              .ret(5)
                              .inet(0, 5, {"10.0.0.1", 80}, {"10.0.0.2", 40000})
                              .fd(1, Descriptor::listening(3, {"0.0.0.0", 80}, 32, 128))
                              .build();
    CHECK(args(record) ==
          "fd=5(<4t>10.0.0.2:40000->10.0.0.1:80) tuple=10.0.0.2:40000->10.0.0.1:80 "
          "queuepct=25 queuelen=32 queuemax=128");
    CHECK(
        arg(RecordBuilder("accept").fd(1, Descriptor::listening(3, {"0.0.0.0", 80}, 1, 0)).build(),
            "queuepct") == "0");
    // No queue is read out of the path of a unix socket.
    CHECK(arg(RecordBuilder("accept").unix_socket(1, 3, std::string(100, 'x')).build(),
              "queuelen") == "<NA>");
}

TEST_CASE("pairs of descriptors") {
    Descriptor source = Descriptor::unix_socket(7, "");
    source.facts.ino = 70;
    Descriptor peer = Descriptor::unix_socket(8, "");
    peer.facts.ino = 80;
    const Record record =
        RecordBuilder("socketpair").arg(0, AF_UNIX).fd(0, source).fd(1, peer).build();
    CHECK(arg(record, "fd1") == "<u>");
    CHECK(args(record).starts_with("res=0 fd1=7(<u>) fd2=8(<u>) source=70 peer=80 domain=1("));
}

TEST_CASE("words of structs") {
    CHECK(arg(RecordBuilder("clone3").structure(0, std::uint64_t{CLONE_NEWUSER}).build(),
              "flags") == "CLONE_NEWUSER");
    CHECK(arg(RecordBuilder("clone3").build(), "flags") == "<NA>");
    // struct __user_cap_data_struct: effective, permitted, inheritable; low halves, high halves.
    const std::array<std::uint32_t, 6> sets{1, 2, 3, 4, 5, 6};
    const Record capset = RecordBuilder("capset").structure(0, sets).build();
    CHECK(arg(capset, "cap_effective") == std::to_string(0x4'0000'0001));
    CHECK(arg(capset, "cap_permitted") == std::to_string(0x5'0000'0002));
    CHECK(arg(capset, "cap_inheritable") == std::to_string(0x6'0000'0003));
    const Record cut = RecordBuilder("capset").bytes(0, "\1\0\0\0\2\0"s).build();
    CHECK(arg(cut, "cap_effective") == "1");
    CHECK(arg(cut, "cap_permitted") == "<NA>");
}

TEST_CASE("the real path of a file that was opened by handle") {
    const Record record =
        RecordBuilder("open_by_handle_at").ret(3).fd(0, 3, SAKER_FD_FILE, "/etc/shadow").build();
    CHECK(arg(record, "path") == "/etc/shadow");
    CHECK(arg(RecordBuilder("open_by_handle_at").ret(-1).build(), "path") == "<NA>");
}

TEST_CASE("an execve that succeeded") {
    FakeResolver resolver;
    const std::string env = "A=1\0B=2\0"s;
    resolver.properties = {
        {"exe", {RawValue::Kind::kText, 0, "./sh"}},
        {"env", {RawValue::Kind::kBytes, 0, env}},
        {"flags", {RawValue::Kind::kUnsigned, SAKER_EXE_UPPER | SAKER_EXE_MEMFD, {}}},
        {"loginuid", {RawValue::Kind::kUnsigned, 0xffffffff, {}}},
        {"pid", {RawValue::Kind::kSigned, 42, {}}},
    };
    const Record record = RecordBuilder("execve")
                              .process({.exe = "/tmp/sh", .filename = "./sh", .cwd = "/tmp"})
                              .build();
    CHECK(arg(record, "exe", &resolver) == "./sh");
    CHECK(arg(record, "env", &resolver) == "A=1.B=2.");
    CHECK(arg(record, "flags", &resolver) == "EXE_UPPER_LAYER|EXE_FROM_MEMFD");
    CHECK(arg(record, "loginuid", &resolver) == "<NONE>");
    CHECK(arg(record, "pid", &resolver) == "victim");
    CHECK(arg(record, "tty", &resolver) == "<NA>");
    CHECK(arg(record, "args", &resolver) == "(missing)");
    // Its captures are those of a process record.
    CHECK(arg(record, "filename", &resolver) == "/tmp/sh");
}

TEST_CASE("an execve that failed") {
    const Record record =
        RecordBuilder("execve").ret(-ENOENT).path(0, "nope", "/tmp").strings(1, {"nope"}).build();
    CHECK(arg(record, "res") == "ENOENT");
    CHECK(arg(record, "filename") == "/tmp/nope");
    CHECK(arg(record, "exe") == "<NA>");
}

TEST_CASE("raw values are typed") {
    const Record record = openat(O_RDWR).ret(-2).build();
    const Event event = record.event();
    std::string storage;
    const auto value = [&](std::string_view name) {
        return raw_value(event, event.info().params[*find_param(event.info(), name)], nullptr,
                         storage);
    };
    CHECK(value("fd").kind == RawValue::Kind::kSigned);
    CHECK(static_cast<std::int64_t>(value("fd").number) == -2);
    CHECK(value("flags").kind == RawValue::Kind::kUnsigned);
    CHECK(value("flags").number == O_RDWR);
    CHECK(value("name").kind == RawValue::Kind::kText);
    CHECK(value("name").text == "passwd");
    CHECK(value("ino").number == 4242);
}

TEST_CASE("raw and resolved text stand apart") {
    const Record record = openat(O_RDWR).build();
    const Event event = record.event();
    const ParamInfo& flags = event.info().params[*find_param(event.info(), "flags")];
    const ParamInfo& inode = event.info().params[*find_param(event.info(), "ino")];
    std::string text;
    CHECK(append_raw(event, flags, nullptr, text));
    CHECK(append_resolved(event, flags, nullptr, text));
    CHECK(text == "2O_RDWR");
    CHECK_FALSE(append_resolved(event, inode, nullptr, text));
    CHECK(text == "2O_RDWR");
}

TEST_CASE("events without parameters have no arguments") {
    CHECK(args(RecordBuilder("getpid").ret(1).build()) == "");
}

std::string random_bytes(std::mt19937& random, std::size_t limit) {
    std::string bytes(random() % limit, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? 0 : random());
    return bytes;
}

// A descriptor of a possible type with anything behind it, or anything at all.
std::string hostile_capture(std::mt19937& random) {
    if (random() % 2 == 0) return random_bytes(random, 64);
    saker_fd fd{};
    fd.number = static_cast<std::int32_t>(random());
    fd.type = static_cast<std::uint8_t>(random() % (SAKER_FD_ANON + 3));
    fd.flags = static_cast<std::uint8_t>(random());
    return test::struct_bytes(fd) + random_bytes(random, 64);
}

TEST_CASE("no record makes the text of an event fail") {
    std::mt19937 random(3);
    FakeResolver resolver;
    for (const EventInfo& info : events()) {
        const int rounds = info.params.empty() ? 1 : 200;
        for (int round = 0; round < rounds; ++round) {
            RecordBuilder builder(info.name);
            builder.ret(static_cast<std::int64_t>(random()) - 0x80000000)
                .flags(static_cast<std::uint32_t>(random()));
            for (std::size_t i = 0; i < 6; ++i) builder.arg(i, random() * std::uint64_t{random()});
            for (std::size_t slot = 0; slot < SAKER_MAX_CAPTURES; ++slot) {
                builder.bytes(slot, hostile_capture(random));
            }
            const std::string text = args(builder.build(), &resolver);
            CAPTURE(info.name);
            CHECK(text.empty() == info.params.empty());
        }
    }
}

}  // namespace
}  // namespace saker::event
