// SPDX-License-Identifier: Apache-2.0
// attach METHOD: starts a child and lays hands on it: attach, seize (ptrace), write
// (process_vm_writev), mem (/proc/PID/mem); or only looks at it: read (process_vm_readv), look
// (/proc/PID/mem), compare (kcmp), count (perf_event_open); or traceme, as a debugger starts a
// program.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char word[] = "word";

static int child(const char* method) {
    if (!strcmp(method, "traceme")) ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    return 0;
}

static int open_memory(pid_t pid, int flags) {
    char path[32];
    snprintf(path, sizeof(path), "/proc/%d/mem", pid);
    return open(path, flags);
}

static int count_switches(pid_t pid) {
    struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE,
                                         .size = sizeof(attributes),
                                         .config = PERF_COUNT_SW_CONTEXT_SWITCHES};
    return syscall(SYS_perf_event_open, &attributes, pid, -1, -1, 0) < 0;
}

static int look_at(const char* method, pid_t pid) {
    char copy[sizeof(word)];
    struct iovec from = {word, sizeof(word)}, to = {copy, sizeof(copy)};
    if (!strcmp(method, "read")) return process_vm_readv(pid, &to, 1, &from, 1, 0) != sizeof(copy);
    if (!strcmp(method, "look"))
        return pread(open_memory(pid, O_RDONLY), copy, sizeof(copy), (off_t)word) != sizeof(copy);
    if (!strcmp(method, "compare")) return syscall(SYS_kcmp, pid, getpid(), 0, 0, 0) < 0;
    return !strcmp(method, "count") ? count_switches(pid) : 1;
}

static int write_memory(pid_t pid) {
    int fd = open_memory(pid, O_WRONLY);
    return pwrite(fd, word, sizeof(word), (off_t)word) != sizeof(word);
}

int main(int argc, char** argv) {
    const char* method = argc > 1 ? argv[1] : "";
    struct iovec memory = {word, sizeof(word)};
    pid_t pid = fork();
    if (pid == 0) return child(method);
    waitpid(pid, NULL, WUNTRACED);
    int failed = look_at(method, pid);
    if (!strcmp(method, "attach")) failed = ptrace(PTRACE_ATTACH, pid, NULL, NULL) != 0;
    if (!strcmp(method, "seize")) failed = ptrace(PTRACE_SEIZE, pid, NULL, NULL) != 0;
    if (!strcmp(method, "write"))
        failed = process_vm_writev(pid, &memory, 1, &memory, 1, 0) != sizeof(word);
    if (!strcmp(method, "mem")) failed = write_memory(pid);
    if (!strcmp(method, "traceme")) failed = ptrace(PTRACE_CONT, pid, NULL, NULL) != 0;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return failed;
}
