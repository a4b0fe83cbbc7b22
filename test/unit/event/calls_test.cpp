// SPDX-License-Identifier: Apache-2.0
//
// Rows of the table by family: a record of each as the kernel side sends it, and the text of all of
// its parameters.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "catch.h"
#include "event/poll.h"
#include "event/render.h"
#include "record_builder.h"

namespace saker::event {
namespace {

using namespace std::string_literals;
using test::Descriptor;
using test::Record;
using test::RecordBuilder;

std::string args(const Record& record) {
    std::string text;
    append_args(record.event(), nullptr, text);
    return text;
}

std::string args(const RecordBuilder& builder) {
    return args(builder.build());
}

// evt.arg of a parameter; "(missing)" where a condition sees no value.
std::string arg(const RecordBuilder& builder, std::string_view name) {
    const Record record = builder.build();
    const Event event = record.event();
    const auto index = find_param(event.info(), name);
    REQUIRE(index);
    std::string text;
    return append_arg(event, event.info().params[*index], nullptr, text) ? text : "(missing)";
}

template <typename... Words>
std::string words(Words... values) {
    std::string bytes;
    ((bytes += test::struct_bytes(values)), ...);
    return bytes;
}

constexpr std::uint64_t kAtCwd = static_cast<std::uint64_t>(AT_FDCWD);

TEST_CASE("limits") {
    const auto limit = words(std::int64_t{1024}, std::int64_t{-1});
    CHECK(args(RecordBuilder("getrlimit").arg(0, 7).bytes(0, limit)) ==
          "res=0 cur=1024 max=-1 resource=7(RLIMIT_NOFILE)");
    CHECK(args(RecordBuilder("setrlimit").arg(0, 99).ret(-EINVAL).bytes(0, limit)) ==
          "res=-22(EINVAL) cur=1024 max=-1 resource=99(RLIMIT_UNKNOWN)");
    CHECK(args(RecordBuilder("prlimit").arg(0, 42).arg(1, 4).bytes(1, limit)) ==
          "res=0 newcur=<NA> newmax=<NA> oldcur=1024 oldmax=-1 pid=42 resource=4(RLIMIT_CORE)");
}

TEST_CASE("semaphores") {
    const auto one = words(std::uint16_t{3}, std::int16_t{-1}, std::int16_t{04000});
    const auto two = words(std::uint16_t{4}, std::int16_t{2}, std::int16_t{0x1000});
    CHECK(args(RecordBuilder("semop").arg(0, 9).arg(2, 2).bytes(0, one + two)) ==
          "res=0 nsops=2 sem_num_0=3 sem_op_0=-1 sem_flg_0=2048(IPC_NOWAIT) sem_num_1=4 "
          "sem_op_1=2 sem_flg_1=4096(SEM_UNDO) semid=9");
    CHECK(arg(RecordBuilder("semop").arg(2, 1).bytes(0, one), "sem_num_1") == "<NA>");
    CHECK(args(RecordBuilder("semget").ret(5).arg(0, 0xfffffffe).arg(1, 1).arg(2, 03600)) ==
          "res=5 key=-2 nsems=1 semflg=1920(IPC_EXCL|IPC_CREAT)");
    CHECK(args(RecordBuilder("semctl").arg(0, 9).arg(2, 16).arg(3, 7)) ==
          "res=0 semid=9 semnum=0 cmd=16(SETVAL) val=7");
    // The argument of other commands is no value.
    CHECK(arg(RecordBuilder("semctl").arg(2, 13).arg(3, 7), "val") == "<NA>");
}

TEST_CASE("who a process is") {
    CHECK(args(RecordBuilder("getuid").ret(1000)) == "uid=1000");
    CHECK(args(RecordBuilder("getresuid").structure(0, 1).structure(1, 2).structure(2, 3)) ==
          "res=0 ruid=1 euid=2 suid=3");
    CHECK(arg(RecordBuilder("getresgid").ret(-EFAULT), "egid") == "<NA>");
}

TEST_CASE("quotas: what is there depends on the command") {
    constexpr std::uint64_t kGetQuota = 0x800007ull << 8 | 1;
    constexpr std::uint64_t kQuotaOn = 0x800002ull << 8;
    const auto block = words(std::uint64_t{10}, std::uint64_t{9}, std::uint64_t{8},
                             std::uint64_t{7}, std::uint64_t{6}, std::uint64_t{5}, std::uint64_t{4},
                             std::uint64_t{3}, std::uint64_t{0});
    const auto get = RecordBuilder("quotactl").arg(0, kGetQuota).arg(2, 1000).text(0, "/dev/sda1");
    CHECK(args(RecordBuilder(get).bytes(2, block)) ==
          "res=0 special=/dev/sda1 quotafilepath=<NA> dqb_bhardlimit=10 dqb_bsoftlimit=9 "
          "dqb_curspace=8 dqb_ihardlimit=7 dqb_isoftlimit=6 dqb_btime=4000000000(4s) "
          "dqb_itime=3000000000(3s) dqi_bgrace=<NA> dqi_igrace=<NA> dqi_flags=<NA> "
          "quota_fmt_out=<NA> cmd=8388615(Q_GETQUOTA) type=1(GRPQUOTA) id=1000 quota_fmt=<NA>");
    const auto on = RecordBuilder("quotactl").arg(0, kQuotaOn).arg(2, 2).path(1, "/q");
    CHECK(arg(on, "quota_fmt") == "QFMT_VFS_V0");
    CHECK(arg(on, "quotafilepath") == "/q");
    CHECK(arg(on, "cmd") == "Q_QUOTAON");
    // The command has 32 bits: what stands above them means nothing.
    CHECK(arg(RecordBuilder(on).arg(0, kQuotaOn | 0xffffffff00000000), "quota_fmt") ==
          "QFMT_VFS_V0");
}

TEST_CASE("looking at files") {
    CHECK(args(RecordBuilder("access").path(0, "/x").arg(1, 6)) ==
          "res=0 name=/x mode=6(R_OK|W_OK)");
    CHECK(arg(RecordBuilder("access").path(0, "/x"), "mode") == "F_OK");
    CHECK(args(RecordBuilder("newfstatat").arg(0, kAtCwd).path(0, "x", "/etc").arg(3, 0x100)) ==
          "res=0 dirfd=-100(AT_FDCWD) path=x(/etc/x) flags=256(AT_SYMLINK_NOFOLLOW)");
    CHECK(args(RecordBuilder("fstat").arg(0, 3).fd(0, 3, SAKER_FD_FILE, "/etc/passwd")) ==
          "res=0 fd=3(<f>/etc/passwd)");
    CHECK(args(RecordBuilder("getcwd").ret(5).text(0, "/tmp")) == "res=5 path=/tmp");
    CHECK(args(RecordBuilder("readlink").ret(3).path(0, "/l").bytes(1, "/to").arg(2, 100)) ==
          "res=3 pathname=/l target=/to bufsiz=100");
}

TEST_CASE("special files") {
    const auto mode = [](std::uint64_t mode) {
        return arg(RecordBuilder("mknod").path(0, "/x").arg(1, mode), "mode");
    };
    CHECK(mode(S_IFIFO | 0600) == "S_IWUSR|S_IRUSR|S_IFIFO");
    CHECK(mode(S_IFCHR) == "S_IFCHR");
    CHECK(mode(S_IFBLK) == "S_IFBLK");
    CHECK(mode(S_IFSOCK) == "S_IFSOCK");
    CHECK(mode(S_IFREG) == "S_IFREG");
    CHECK(args(RecordBuilder("mknodat").arg(0, 5).path(0, "x", "/d").arg(2, S_IFCHR).arg(3, 259)) ==
          "res=0 dirfd=5(<d>/d) path=x(/d/x) mode=020000(S_IFCHR) dev=259");
}

TEST_CASE("extended attributes") {
    CHECK(args(RecordBuilder("setxattr")
                   .path(0, "/x")
                   .text(1, "user.a")
                   .bytes(2, "v\n")
                   .arg(3, 2)
                   .arg(4, 1)) ==
          "res=0 path=/x name=user.a value=v. size=2 flags=1(XATTR_CREATE)");
    CHECK(args(RecordBuilder("fremovexattr")
                   .arg(0, 3)
                   .fd(0, 3, SAKER_FD_FILE, "/x")
                   .text(1, "security.capability")) ==
          "res=0 fd=3(<f>/x) name=security.capability");
}

TEST_CASE("times") {
    const auto times = words(std::int64_t{1}, std::int64_t{500'000'000}, std::int64_t{2},
                             std::int64_t{(1 << 30) - 1});  // UTIME_NOW
    CHECK(args(RecordBuilder("utimensat").arg(0, kAtCwd).path(0, "/x").bytes(1, times)) ==
          "res=0 dirfd=-100(AT_FDCWD) pathname=/x atime=1500000000 mtime=<NA> flags=0");
    const auto values = words(std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{4});
    CHECK(arg(RecordBuilder("futimesat").bytes(1, values), "mtime") == "3000004000");
    CHECK(
        args(RecordBuilder("nanosleep").bytes(0, words(std::int64_t{0}, std::int64_t{2500000}))) ==
        "res=0 interval=2500000(0.0025s)");
    // No time that 64 bits of nanoseconds can hold.
    CHECK(arg(RecordBuilder("nanosleep").bytes(0, words(INT64_MAX, std::int64_t{0})), "interval") ==
          "<NA>");
}

TEST_CASE("options of sockets have the type of the option") {
    const auto option = [](std::uint64_t level, std::uint64_t name, const std::string& value) {
        return args(RecordBuilder("setsockopt")
                        .arg(0, 4)
                        .arg(1, level)
                        .arg(2, name)
                        .arg(4, value.size())
                        .bytes(1, value));
    };
    CHECK(option(SOL_SOCKET, SO_REUSEADDR, words(1)) ==
          "res=0 fd=4 level=1(SOL_SOCKET) optname=2(SO_REUSEADDR) val=1 optlen=4");
    CHECK(option(SOL_SOCKET, SO_RCVTIMEO, words(std::int64_t{2}, std::int64_t{500'000})) ==
          "res=0 fd=4 level=1(SOL_SOCKET) optname=20(SO_RCVTIMEO) val=2500000000(2.5s) optlen=16");
    CHECK(option(SOL_SOCKET, SO_BINDTODEVICE, "eth0") ==
          "res=0 fd=4 level=1(SOL_SOCKET) optname=25(SO_BINDTODEVICE) val=eth0 optlen=4");
    // The same number of another level is another option.
    CHECK(option(IPPROTO_TCP, TCP_NODELAY, words(1)) ==
          "res=0 fd=4 level=6(SOL_TCP) optname=1(UNKNOWN) val=1 optlen=4");
    const auto error = RecordBuilder("getsockopt").arg(1, SOL_SOCKET).arg(2, SO_ERROR);
    CHECK(arg(RecordBuilder(error).structure(1, int{ECONNREFUSED}), "val") == "ECONNREFUSED");
    CHECK(arg(RecordBuilder(error).ret(-EBADF), "val") == "(missing)");
    CHECK(arg(RecordBuilder(error).bytes(1, "x"), "val") == "x");
}

TEST_CASE("what ptrace reads and tells") {
    const auto ptrace = [](std::uint64_t request) {
        return RecordBuilder("ptrace").arg(0, request).arg(3, SIGKILL);
    };
    CHECK(arg(ptrace(PTRACE_CONT), "data") == "SIGKILL");
    CHECK(arg(ptrace(PTRACE_POKETEXT), "data") == "9");
    CHECK(arg(ptrace(PTRACE_PEEKTEXT).structure(0, std::uint64_t{77}), "data") == "77");
    CHECK(arg(ptrace(PTRACE_PEEKTEXT).ret(-EIO), "data") == "9");
}

TEST_CASE("keys") {
    CHECK(args(RecordBuilder("keyctl").ret(7).arg(0, 10).arg(1, 3).arg(4, 5).text(1, "user").text(
              2, "secret")) ==
          "res=7 operation=10(KEYCTL_SEARCH) arg2=3 arg3=user arg4=secret arg5=5");
    CHECK(args(RecordBuilder("add_key").text(0, "user").text(1, "k").arg(3, 8).arg(4, -3)) ==
          "res=0 type=user description=k plen=8 keyring=4294967293(KEY_SPEC_SESSION_KEYRING)");
}

TEST_CASE("memory") {
    const auto memory = words(std::uint32_t{3}, std::uint32_t{2}, std::uint32_t{1});
    CHECK(args(RecordBuilder("munmap").bytes(0, memory).arg(0, 4096).arg(1, 8192)) ==
          "res=0 vm_size=3 vm_rss=2 vm_swap=1 addr=4096 length=8192");
    CHECK(args(RecordBuilder("mlockall").arg(0, 3)) == "res=0 flags=3(MCL_CURRENT|MCL_FUTURE)");
    CHECK(args(RecordBuilder("process_madvise")
                   .arg(0, 3)
                   .fd(0, Descriptor::named(3, SAKER_FD_ANON, "[pidfd]"))
                   .bytes(1, words(std::uint64_t{4096}, std::uint64_t{1}))
                   .arg(2, 1)
                   .arg(3, 4)) ==
          "res=0 pidfd=3(<P>anon_inode:[pidfd]) addr=4096 length=1 vlen=1 "
          "advice=4(MADV_DONTNEED) flags=0");
}

TEST_CASE("futexes: an operation and its options") {
    const auto op = [](std::uint64_t op) { return arg(RecordBuilder("futex").arg(1, op), "op"); };
    CHECK(op(0) == "FUTEX_WAIT");
    CHECK(op(128) == "FUTEX_PRIVATE_FLAG|FUTEX_WAIT");
    CHECK(op(128 | 1) == "FUTEX_PRIVATE_FLAG|FUTEX_WAKE");
    CHECK(op(256 | 128 | 9) == "FUTEX_CLOCK_REALTIME|FUTEX_PRIVATE_FLAG|FUTEX_WAIT_BITSET");
    CHECK(op(12) == "FUTEX_CMP_REQUEUE_PI");
}

TEST_CASE("signals in sets") {
    constexpr std::uint64_t kSet = 1ull << (SIGHUP - 1) | 1ull << (SIGCHLD - 1);
    CHECK(args(RecordBuilder("signalfd4")
                   .ret(3)
                   .arg(0, 0xffffffff)
                   .arg(3, O_CLOEXEC)
                   .fd(0, Descriptor::named(3, SAKER_FD_ANON, "[signalfd]"))
                   .structure(1, kSet)) ==
          "res=3(<s>anon_inode:[signalfd]) flags=524288(O_CLOEXEC) fd=-1(EPERM) "
          "mask=SIGHUP SIGCHLD");
    CHECK(args(RecordBuilder("signaldeliver").arg(1, 5).arg(2, SIGTERM)) ==
          "spid=0 dpid=5 sig=15(SIGTERM)");
}

std::string poll_entry(std::int32_t number, std::uint16_t revents, const std::string& fd) {
    const saker_poll poll{number, POLLIN, revents, static_cast<std::uint32_t>(fd.size())};
    return test::struct_bytes(poll) + fd;
}

TEST_CASE("the descriptors that poll waits for") {
    const auto list =
        poll_entry(3, POLLIN, Descriptor::file(3, SAKER_FD_FILE, "/etc/passwd").bytes()) +
        poll_entry(4, POLLHUP, Descriptor::inet(4, {"10.0.0.1", 4000}, {"10.0.0.2", 80}).bytes()) +
        poll_entry(9, POLLNVAL, "");
    const auto poll = RecordBuilder("poll").ret(3).arg(2, 0xffffffff).bytes(0, list);
    CHECK(args(poll) == "res=3 fds=3:f1 4:420 9:?40 timeout=-1");
    CHECK(arg(RecordBuilder("poll"), "fds") == "(missing)");
    CHECK(args(RecordBuilder("ppoll").bytes(1, words(std::int64_t{1}, std::int64_t{0}))) ==
          "res=0 fds=<NA> timeout=1000000000(1s) sigmask=<NA>");

    // A list that ends in the middle of an entry ends before it.
    const Record cut = RecordBuilder("poll").bytes(0, list.substr(0, list.size() - 1)).build();
    Bytes rest = cut.event().capture(0);
    REQUIRE(next_poll(rest));
    REQUIRE(next_poll(rest));
    CHECK_FALSE(next_poll(rest));
    // A size that is larger than what follows.
    const saker_poll liar{1, 0, 0, 0xffffffff};
    const Record lies = RecordBuilder("poll").structure(0, liar).build();
    rest = lies.event().capture(0);
    CHECK_FALSE(next_poll(rest));
}

TEST_CASE("several messages at once") {
    CHECK(args(RecordBuilder("sendmmsg")
                   .ret(5)
                   .arg(0, 3)
                   .inet(0, 3, {"10.0.0.1", 4000}, {"0.0.0.0", 0}, IPPROTO_UDP)
                   .sockaddr(1, {"10.0.0.2", 53})
                   .bytes(2, "query")) ==
          "res=5 fd=3(<4u>10.0.0.1:4000->10.0.0.2:53) size=5 data=query "
          "tuple=10.0.0.1:4000->10.0.0.2:53");
}

TEST_CASE("copies from file to file") {
    CHECK(args(RecordBuilder("splice")
                   .ret(4)
                   .arg(0, 3)
                   .arg(2, 4)
                   .arg(4, 10)
                   .arg(5, 1)
                   .fd(0, 3, SAKER_FD_FILE, "/a")
                   .fd(1, 4, SAKER_FD_FILE, "/b")) ==
          "res=4 fd_in=3(<f>/a) fd_out=4(<f>/b) size=10 flags=1(SPLICE_F_MOVE)");
    CHECK(args(RecordBuilder("sendfile")
                   .ret(4)
                   .arg(0, 4)
                   .arg(1, 3)
                   .arg(3, 10)
                   .fd(0, 3, SAKER_FD_FILE, "/a")
                   .fd(1, 4, SAKER_FD_FILE, "/b")) ==
          "res=4 offset=<NA> out_fd=4(<f>/b) in_fd=3(<f>/a) size=10");
}

TEST_CASE("requests of asynchronous I/O") {
    std::string iocb(64, '\0');
    iocb[16] = 1;   // aio_lio_opcode
    iocb[32] = 7;   // aio_nbytes
    iocb[40] = 16;  // aio_offset
    CHECK(args(RecordBuilder("io_submit")
                   .ret(1)
                   .arg(0, 99)
                   .arg(1, 1)
                   .fd(0, 3, SAKER_FD_FILE, "/etc/shadow")
                   .bytes(1, iocb)) ==
          "res=1 ctx_id=99 nr=1 opcode=1(IOCB_CMD_PWRITE) fd=3(<f>/etc/shadow) size=7 pos=16");
}

TEST_CASE("the new mount calls") {
    const auto attributes =
        words(std::uint64_t{0x3}, std::uint64_t{0x8}, std::uint64_t{1 << 18}, std::uint64_t{0});
    CHECK(args(RecordBuilder("mount_setattr")
                   .arg(0, kAtCwd)
                   .arg(2, 0x8000)
                   .path(0, "/mnt")
                   .bytes(1, attributes)) ==
          "res=0 dirfd=-100(AT_FDCWD) pathname=/mnt flags=32768(AT_RECURSIVE) "
          "attr_set=3(MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID) attr_clr=8(MOUNT_ATTR_NOEXEC) "
          "propagation=262144(PRIVATE) userns_fd=0");
    CHECK(args(RecordBuilder("fsconfig").arg(1, 1).text(1, "source").text(3, "/dev/sda")) ==
          "res=0 fd=0 cmd=1(FSCONFIG_SET_STRING) key=source value_bytebuf=<NA> "
          "value_charbuf=/dev/sda aux=0");
    CHECK(args(RecordBuilder("move_mount")
                   .arg(0, 3)
                   .arg(2, kAtCwd)
                   .arg(4, 4)
                   .path(0, "", "/x")
                   .path(1, "/mnt")) ==
          "res=0 from_dirfd=3(<d>/x) from_pathname=(/x) to_dirfd=-100(AT_FDCWD) "
          "to_pathname=/mnt flags=4(MOVE_MOUNT_F_EMPTY_PATH)");
}

TEST_CASE("what has no such argument is absent") {
    CHECK(args(RecordBuilder("eventfd").ret(-EMFILE).arg(0, 3)) ==
          "res=-24(EMFILE) initval=3 flags=<NA>");
    CHECK(args(RecordBuilder("eventfd2").ret(-EMFILE).arg(0, 3).arg(1, O_NONBLOCK | 1)) ==
          "res=-24(EMFILE) flags=2049(O_NONBLOCK) initval=3");
}

}  // namespace
}  // namespace saker::event
