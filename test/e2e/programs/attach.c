// SPDX-License-Identifier: Apache-2.0
// attach METHOD: starts a child and lays hands on it: attach, seize (ptrace), write
// (process_vm_writev), mem (/proc/PID/mem); or traceme, as a debugger starts a program.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char word[] = "word";

static int child(const char* method) {
    if (!strcmp(method, "traceme")) ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    return 0;
}

static int write_memory(pid_t pid) {
    char path[32];
    snprintf(path, sizeof(path), "/proc/%d/mem", pid);
    int fd = open(path, O_WRONLY);
    return pwrite(fd, word, sizeof(word), (off_t)word) != sizeof(word);
}

int main(int argc, char** argv) {
    const char* method = argc > 1 ? argv[1] : "";
    struct iovec memory = {word, sizeof(word)};
    int failed = 1;
    pid_t pid = fork();
    if (pid == 0) return child(method);
    waitpid(pid, NULL, WUNTRACED);
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
