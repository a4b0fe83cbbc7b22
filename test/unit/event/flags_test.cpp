// SPDX-License-Identifier: Apache-2.0
#include "event/flags.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/memfd.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <set>
#include <string>

#include "catch.h"

namespace saker::event {
namespace {

std::string names(const FlagTable& table, std::uint64_t value) {
    std::string text;
    const bool any = append_names(table, value, text);
    CHECK(any == !text.empty());
    return text;
}

std::uint64_t value_of(const FlagTable& table, std::string_view name) {
    const auto found = std::ranges::find(table.names, name, &FlagName::name);
    REQUIRE(found != table.names.end());
    return found->value;
}

std::string open_text(std::uint64_t flags, std::uint8_t fd_flags = 0) {
    return names(flag_tables::open_flags, open_flag_bits(flags, fd_flags));
}

TEST_CASE("open flags stand in the order that rules know, with the access mode by name") {
    CHECK(open_text(O_RDONLY) == "O_RDONLY");
    CHECK(open_text(O_WRONLY) == "O_WRONLY");
    CHECK(open_text(O_RDWR) == "O_RDWR");
    CHECK(open_text(3) == "O_RDONLY");
    CHECK(open_text(O_RDONLY | O_CLOEXEC) == "O_RDONLY|O_CLOEXEC");
    CHECK(open_text(O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC) ==
          "O_TRUNC|O_CREAT|O_WRONLY|O_CLOEXEC");
    CHECK(open_text(O_SYNC | O_RDWR) == "O_SYNC|O_RDWR");
    CHECK(open_text(O_DSYNC | O_RDWR) == "O_DSYNC|O_RDWR");
    CHECK(open_text(O_TMPFILE | O_RDWR) == "O_DIRECTORY|O_RDWR|O_TMPFILE");
}

TEST_CASE("open flags tell what became of the file") {
    CHECK(open_text(O_CREAT | O_WRONLY, SAKER_FD_CREATED | SAKER_FD_UPPER) ==
          "O_CREAT|O_WRONLY|O_F_CREATED|FD_UPPER_LAYER");
    CHECK(open_text(O_RDONLY, SAKER_FD_LOWER) == "O_RDONLY|FD_LOWER_LAYER");
    CHECK(open_text(O_RDONLY, SAKER_FD_CUT) == "O_RDONLY");
}

TEST_CASE("no bit that a program may pass is taken for what the file tells") {
    CHECK(names(flag_tables::open_flags, open_flag_bits(0xffffffff, 0)).find("LAYER") ==
          std::string::npos);
}

TEST_CASE("a name of value 0 stands alone") {
    CHECK(names(flag_tables::mmap_prot, 0) == "PROT_NONE");
    CHECK(names(flag_tables::mmap_prot, PROT_READ | PROT_EXEC) == "PROT_READ|PROT_EXEC");
    CHECK(names(flag_tables::open_flags, 0) == "O_NONE");
    CHECK(names(flag_tables::open_flags, O_CLOEXEC) == "O_CLOEXEC");
    CHECK(names(flag_tables::socket_flags, SOCK_STREAM) == "O_NONE");
    CHECK(names(flag_tables::socket_flags, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK) ==
          "O_NONBLOCK|O_CLOEXEC");
}

TEST_CASE("bits without a name are not shown") {
    CHECK(names(flag_tables::umount_flags, 0) == "");
    CHECK(names(flag_tables::umount_flags, 0x100) == "");
    CHECK(names(flag_tables::umount_flags, 0x102) == "DETACH");
}

TEST_CASE("an enumeration shows every name of the value") {
    CHECK(names(flag_tables::socket_families, AF_UNIX) == "AF_LOCAL|AF_UNIX");
    CHECK(names(flag_tables::socket_families, AF_INET6) == "AF_INET6");
    CHECK(names(flag_tables::socket_families, AF_UNSPEC) == "AF_UNSPEC");
    CHECK(names(flag_tables::socket_families, 999) == "");
    CHECK(names(flag_tables::bpf_commands, BPF_PROG_RUN) == "BPF_PROG_TEST_RUN|BPF_PROG_RUN");
}

TEST_CASE("ptrace requests that have no name are called unknown") {
    CHECK(names(flag_tables::ptrace_requests, PTRACE_ATTACH) == "PTRACE_ATTACH");
    CHECK(names(flag_tables::ptrace_requests, 12345) == "PTRACE_UNKNOWN");
}

TEST_CASE("modes are a list of permissions") {
    CHECK(names(flag_tables::chmod_modes, 0755) ==
          "S_IXOTH|S_IROTH|S_IXGRP|S_IRGRP|S_IXUSR|S_IWUSR|S_IRUSR");
    CHECK(names(flag_tables::chmod_modes, S_ISUID | S_IXUSR) == "S_IXUSR|S_ISUID");
}

TEST_CASE("no table has a name twice") {
    for (const FlagTable* table : {
#define TABLE(name, kind) &flag_tables::name,
#include "saker/flags.def"
         }) {
        CAPTURE(table->name);
        CHECK_FALSE(table->names.empty());
        std::set<std::string_view> seen;
        for (const FlagName& flag : table->names) {
            CAPTURE(flag.name);
            CHECK(seen.insert(flag.name).second);
        }
    }
}

// The numbers in flags.def are those of the system's headers, as far as these know the names.
#define SAME(table, name) CHECK(value_of(flag_tables::table, #name) == std::uint64_t(name))

TEST_CASE("flags have the kernel's numbers: files") {
    SAME(open_flags, O_DIRECTORY);
    SAME(open_flags, O_TRUNC);
    SAME(open_flags, O_SYNC);
    SAME(open_flags, O_DSYNC);
    SAME(open_flags, O_NONBLOCK);
    SAME(open_flags, O_EXCL);
    SAME(open_flags, O_APPEND);
    SAME(open_flags, O_CREAT);
    SAME(open_flags, O_CLOEXEC);
    CHECK((value_of(flag_tables::open_flags, "O_TMPFILE") | O_DIRECTORY) == O_TMPFILE);
    SAME(openat2_resolve, RESOLVE_BENEATH);
    SAME(openat2_resolve, RESOLVE_IN_ROOT);
    SAME(openat2_resolve, RESOLVE_NO_MAGICLINKS);
    SAME(openat2_resolve, RESOLVE_NO_SYMLINKS);
    SAME(openat2_resolve, RESOLVE_NO_XDEV);
    SAME(openat2_resolve, RESOLVE_CACHED);
    SAME(chmod_modes, S_ISVTX);
    SAME(chmod_modes, S_ISGID);
    SAME(chmod_modes, S_ISUID);
    SAME(chmod_modes, S_IWOTH);
    SAME(unlinkat_flags, AT_REMOVEDIR);
    SAME(linkat_flags, AT_SYMLINK_FOLLOW);
    SAME(fchownat_flags, AT_SYMLINK_NOFOLLOW);
    SAME(memfd_create_flags, MFD_HUGETLB);
    SAME(fcntl_commands, F_DUPFD_CLOEXEC);
    SAME(fcntl_commands, F_SETLKW);
    SAME(fcntl_commands, F_SETFL);
    CHECK(value_of(flag_tables::mount_flags, "BIND") == MS_BIND);
    CHECK(value_of(flag_tables::mount_flags, "REMOUNT") == MS_REMOUNT);
    CHECK(value_of(flag_tables::mount_flags, "SHARED") == MS_SHARED);
    CHECK(value_of(flag_tables::mount_flags, "LAZYTIME") == MS_LAZYTIME);
}

TEST_CASE("flags have the kernel's numbers: processes and memory") {
    SAME(clone_flags, CLONE_FILES);
    SAME(clone_flags, CLONE_IO);
    SAME(clone_flags, CLONE_NEWNS);
    SAME(clone_flags, CLONE_NEWUSER);
    SAME(clone_flags, CLONE_NEWPID);
    SAME(clone_flags, CLONE_NEWNET);
    SAME(clone_flags, CLONE_NEWCGROUP);
    SAME(clone_flags, CLONE_THREAD);
    SAME(clone_flags, CLONE_VFORK);
    SAME(clone_flags, CLONE_CHILD_SETTID);
    SAME(mmap_prot, PROT_GROWSUP);
    SAME(mmap_flags, MAP_ANONYMOUS);
    SAME(mmap_flags, MAP_32BIT);
    SAME(mmap_flags, MAP_LOCKED);
    SAME(mmap_flags, MAP_NONBLOCK);
    SAME(mmap_flags, MAP_DENYWRITE);
    SAME(ptrace_requests, PTRACE_TRACEME);
    SAME(ptrace_requests, PTRACE_SEIZE);
    SAME(ptrace_requests, PTRACE_SETREGSET);
    SAME(ptrace_requests, PTRACE_POKEDATA);
    SAME(ptrace_requests, PTRACE_SYSEMU);
    SAME(prctl_options, PR_SET_NAME);
    SAME(prctl_options, PR_SET_SECCOMP);
    SAME(prctl_options, PR_CAP_AMBIENT);
    SAME(prctl_options, PR_SET_PTRACER);
}

TEST_CASE("flags have the kernel's numbers: sockets, BPF, io_uring") {
    SAME(socket_families, AF_NETLINK);
    SAME(socket_families, AF_PACKET);
    SAME(socket_families, AF_ALG);
    SAME(socket_families, AF_VSOCK);
    SAME(socket_families, AF_XDP);
    SAME(shutdown_how, SHUT_RDWR);
    SAME(bpf_commands, BPF_MAP_CREATE);
    SAME(bpf_commands, BPF_PROG_LOAD);
    SAME(bpf_commands, BPF_LINK_CREATE);
    SAME(bpf_commands, BPF_PROG_BIND_MAP);
    SAME(io_uring_setup_flags, IORING_SETUP_SQPOLL);
    SAME(io_uring_setup_flags, IORING_SETUP_R_DISABLED);
    SAME(io_uring_features, IORING_FEAT_NODROP);
    SAME(io_uring_operations, IORING_OP_NOP);
    SAME(io_uring_operations, IORING_OP_OPENAT);
    SAME(io_uring_operations, IORING_OP_LINKAT);
    SAME(io_uring_operations, IORING_OP_SENDMSG_ZC);
    SAME(io_uring_request_flags, IOSQE_FIXED_FILE);
    SAME(io_uring_request_flags, IOSQE_CQE_SKIP_SUCCESS);
    SAME(io_uring_features, IORING_FEAT_RSRC_TAGS);
}

TEST_CASE("every errno has the name that the C library gives it") {
    for (int number = 1; number < 134; ++number) {
        const char* name = strerrorname_np(number);
        CAPTURE(number);
        // One number may have two names; the C library prefers the POSIX one.
        if (name != nullptr && number != EOPNOTSUPP) {
            CHECK(errno_name(static_cast<std::uint64_t>(number)) == name);
        }
    }
    CHECK(errno_name(EOPNOTSUPP) == "EOPNOTSUPP");
    CHECK(errno_name(512) == "ERESTARTSYS");
    CHECK(errno_name(0).empty());
    CHECK(errno_name(134).empty());
    CHECK(errno_name(std::uint64_t{1} << 63).empty());
}

TEST_CASE("every signal has the name that the C library gives it") {
    for (int number = 1; number < 32; ++number) {
        if (number == SIGIO) continue;  // which it calls SIGPOLL
        CAPTURE(number);
        CHECK(signal_name(static_cast<std::uint64_t>(number)) ==
              std::string("SIG") + sigabbrev_np(number));
    }
    CHECK(signal_name(SIGIO) == "SIGIO");
    CHECK(signal_name(0).empty());
    CHECK(signal_name(64).empty());
}

TEST_CASE("capabilities are named by their bit") {
    std::string text;
    append_capabilities(0, text);
    CHECK(text.empty());
    append_capabilities((1ull << 0) | (1ull << 21) | (1ull << 40) | (1ull << 63), text);
    CHECK(text == "CAP_CHOWN CAP_SYS_ADMIN CAP_CHECKPOINT_RESTORE");
    CHECK(flag_tables::capability_names.names.size() == 41);
    CHECK(capability_name(39) == "CAP_BPF");
    CHECK(capability_name(41).empty());
}

TEST_CASE("device numbers change from the kernel's form to the user's") {
    const std::uint32_t kernel = (259u << 20) | 0x12345;
    CHECK(device_major(kernel) == 259);
    CHECK(device_minor(kernel) == 0x12345);
    CHECK(user_device(kernel) == makedev(259, 0x12345));
    CHECK(user_device((8u << 20) | 1) == 0x801);
}

}  // namespace
}  // namespace saker::event
