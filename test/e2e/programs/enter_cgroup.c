// SPDX-License-Identifier: Apache-2.0
// Opens a file from inside a cgroup, without an execve there that would tell where it is:
//   enter_cgroup move CGROUP PATH     the process is moved into it
//   enter_cgroup born CGROUP PATH     a child begins in it (clone3 with CLONE_INTO_CGROUP)
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int move_to(const char* cgroup) {
    char path[4096];
    snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
    const int fd = open(path, O_WRONLY);
    return fd < 0 || write(fd, "0", 1) != 1;
}

// The child goes on where the parent does; the parent waits for it.
static int be_born_in(const char* cgroup) {
    struct clone_args args = {.flags = CLONE_INTO_CGROUP,
                              .exit_signal = SIGCHLD,
                              .cgroup = (uint64_t)open(cgroup, O_RDONLY | O_DIRECTORY)};
    const long child = syscall(SYS_clone3, &args, sizeof args);
    int status = 0;
    if (child <= 0) return child < 0;
    waitpid(child, &status, 0);
    _exit(status != 0);
}

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const int failed = strcmp(argv[1], "born") ? move_to(argv[2]) : be_born_in(argv[2]);
    if (failed || open(argv[3], O_RDONLY) < 0) {
        perror(argv[0]);
        return 1;
    }
    return 0;
}
