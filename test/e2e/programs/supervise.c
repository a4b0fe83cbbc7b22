// SPDX-License-Identifier: Apache-2.0
// supervise METHOD PATH: a call that another process changes or does.
//   rewritten    a tracer makes getppid, with other arguments, the opening of PATH
//   cancelled    a tracer cancels the opening of PATH: nothing is opened
//   acted        a process asks to open PATH; its supervisor (seccomp) opens it, and gives it the
//                descriptor as if the call had returned it
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static int use(int fd) {
    char bytes[8];
    struct iovec into = {bytes, sizeof(bytes)};
    return preadv2(fd, &into, 1, 0, 0) < 0;
}

// A child that stops, makes the call of that number with the arguments of openat, and ends with 0
// if it returned a descriptor.
static pid_t traced(long number, const char* path) {
    pid_t pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        _exit(syscall(number, AT_FDCWD, path, O_RDONLY) < 0);
    }
    return pid;
}

// Changes the number of the first such call to another; returns the child's exit status.
static int change(pid_t pid, unsigned long from, unsigned long to) {
    int status = 0;
    struct user_regs_struct regs;
    waitpid(pid, &status, 0);
    for (;;) {
        ptrace(PTRACE_SYSCALL, pid, 0, 0);
        waitpid(pid, &status, 0);
        if (WIFEXITED(status)) return WEXITSTATUS(status);
        ptrace(PTRACE_GETREGS, pid, 0, &regs);
        if (regs.orig_rax != from || regs.rax != (unsigned long)-38) continue;
        regs.orig_rax = to;
        ptrace(PTRACE_SETREGS, pid, 0, &regs);
        ptrace(PTRACE_CONT, pid, 0, 0);
    }
}

static int rewritten(const char* path) {
    return change(traced(SYS_getppid, path), SYS_getppid, SYS_openat);
}

static int cancelled(const char* path) {
    return change(traced(SYS_openat, path), SYS_openat, (unsigned long)-1) != 1;
}

// Every openat2 of this process waits for whoever has the descriptor that is returned.
static int listener(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(code) / sizeof(*code), code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        &program);
}

static int acted(const char* path) {
    int supervisor = listener();
    pid_t pid = fork();
    if (pid == 0) {
        int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, "", 0);
        _exit(fd < 0 || use(fd));
    }
    struct seccomp_notif asked = {0};
    if (ioctl(supervisor, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) return 1;
    struct seccomp_notif_addfd given = {.id = asked.id, .srcfd = open(path, O_RDONLY)};
    int fd = ioctl(supervisor, SECCOMP_IOCTL_NOTIF_ADDFD, &given);
    struct seccomp_notif_resp answer = {.id = asked.id, .val = fd};
    if (ioctl(supervisor, SECCOMP_IOCTL_NOTIF_SEND, &answer) != 0) return 1;
    int status = 0;
    return waitpid(pid, &status, 0) != pid || status != 0;
}

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    if (!strcmp(argv[1], "rewritten")) return rewritten(argv[2]);
    if (!strcmp(argv[1], "cancelled")) return cancelled(argv[2]);
    return !strcmp(argv[1], "acted") ? acted(argv[2]) : 2;
}
