// SPDX-License-Identifier: Apache-2.0
// borrow METHOD PATH: comes to a descriptor of PATH without opening it where it is used, and reads
// a few bytes from it with preadv2, a call that nothing else makes. The methods:
//   inherit      a child uses what its parent opened
//   message      another process sends it over a socket (SCM_RIGHTS)
//   taken        it is taken from another process (pidfd_getfd)
//   reopened     the name of another process's descriptor below /proc is opened
//   parted       a process that shares its descriptors with the opener leaves them (unshare)
//   stdin        it becomes descriptor 0
//   many         it is one of 12,000 descriptors
//   kept         all descriptors are marked to be closed on execve, and it is used (close_range)
//   reused       its number was another file's before
//   waiting      it was opened before a line came on standard input
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kMany = 12000, kPidfdOpen = 434, kPidfdGetfd = 438, kCloseRange = 436 };

static int use(int fd) {
    char bytes[8];
    struct iovec into = {bytes, sizeof(bytes)};
    return preadv2(fd, &into, 1, 0, 0) < 0;
}

// The exit status of a child.
static int end_of(pid_t pid) {
    int status = 0;
    return waitpid(pid, &status, 0) != pid || status != 0;
}

static int inherit(const char* path) {
    int fd = open(path, O_RDONLY);
    pid_t pid = fork();
    if (pid == 0) _exit(use(fd));
    return end_of(pid);
}

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static void send_descriptor(int socket, int fd) {
    union control control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    struct iovec byte = {"", 1};
    struct msghdr message = {.msg_iov = &byte,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control)};
    memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
    sendmsg(socket, &message, 0);
}

static int receive_descriptor(int socket) {
    union control control;
    char byte;
    struct iovec into = {&byte, 1};
    struct msghdr message = {.msg_iov = &into,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control)};
    int fd = -1;
    if (recvmsg(socket, &message, 0) == 1) memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
    return fd;
}

static int by_message(const char* path) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
    pid_t pid = fork();
    if (pid == 0) _exit(use(receive_descriptor(ends[1])));
    send_descriptor(ends[0], open(path, O_RDONLY));
    return end_of(pid);
}

// Starts a child that has the file open; its number for it is *fd.
static pid_t holder(const char* path, int* fd) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        int own = open(path, O_RDONLY);
        if (write(ends[1], &own, sizeof(own)) == sizeof(own)) pause();
        _exit(1);
    }
    return read(ends[0], fd, sizeof(*fd)) == sizeof(*fd) ? pid : -1;
}

static int taken(const char* path) {
    int fd = -1;
    pid_t pid = holder(path, &fd);
    int pidfd = (int)syscall(kPidfdOpen, pid, 0);
    int failed = use((int)syscall(kPidfdGetfd, pidfd, fd, 0));
    kill(pid, SIGKILL);
    return failed;
}

static int reopened(const char* path) {
    char name[64];
    int fd = -1;
    pid_t pid = holder(path, &fd);
    snprintf(name, sizeof(name), "/proc/%d/fd/%d", pid, fd);
    int failed = use(open(name, O_RDONLY));
    kill(pid, SIGKILL);
    return failed;
}

static int parted(const char* path) {
    int fd = open(path, O_RDONLY);
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) _exit(unshare(CLONE_FILES) != 0 || use(fd));
    return end_of(pid);
}

static int as_stdin(const char* path) {
    return dup2(open(path, O_RDONLY), 0) != 0 || use(0);
}

static int among_many(const char* path) {
    struct rlimit limit = {kMany + 100, kMany + 100};
    setrlimit(RLIMIT_NOFILE, &limit);
    int fd = open(path, O_RDONLY);
    int other = open("/dev/null", O_RDONLY);
    for (int i = other + 1; i < kMany; ++i) {
        if (dup2(other, i) != i) return 1;
    }
    return dup2(fd, kMany) != kMany || use(kMany);
}

static int kept(const char* path) {
    int fd = open(path, O_RDONLY);
    return syscall(kCloseRange, 3, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */) != 0 || use(fd);
}

static int reused(const char* path) {
    int first = open("/dev/null", O_RDONLY);
    if (syscall(kCloseRange, first, first, 0) != 0) return 1;
    int fd = open(path, O_RDONLY);
    return fd != first || use(fd);
}

static int waiting(const char* path) {
    char byte;
    int fd = open(path, O_RDONLY);
    return read(0, &byte, 1) != 1 || use(fd);
}

static const struct {
    const char* name;
    int (*borrow)(const char* path);
} kMethods[] = {
    {"inherit", inherit}, {"message", by_message}, {"taken", taken},     {"reopened", reopened},
    {"parted", parted},   {"stdin", as_stdin},     {"many", among_many}, {"kept", kept},
    {"reused", reused},   {"waiting", waiting},
};

int main(int argc, char** argv) {
    for (size_t i = 0; argc > 2 && i < sizeof(kMethods) / sizeof(*kMethods); ++i) {
        if (strcmp(kMethods[i].name, argv[1]) == 0) return kMethods[i].borrow(argv[2]);
    }
    return 2;
}
