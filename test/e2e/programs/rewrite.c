// SPDX-License-Identifier: Apache-2.0
// rewrite PATH DECOY: opens PATH for writing. While the open waits for another process that holds a
// lease on the file, that one writes DECOY over the name: what the caller's memory has at the end
// of the call is not what was opened.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kBytes = 4096 };

// Tells by a byte that it has the lease.
static int hold(const char* path, char* name, const char* decoy, int ready) {
    sigset_t asked_for;
    sigemptyset(&asked_for);
    sigaddset(&asked_for, SIGIO);
    sigprocmask(SIG_BLOCK, &asked_for, NULL);
    int fd = open(path, O_RDONLY), received;
    if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0 || write(ready, "", 1) != 1) return 1;
    if (sigwait(&asked_for, &received) != 0) return 1;
    snprintf(name, kBytes, "%s", decoy);
    return fcntl(fd, F_SETLEASE, F_UNLCK) != 0;
}

int main(int argc, char** argv) {
    char* name = mmap(NULL, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int ends[2], status = 1;
    char byte;
    if (argc != 3 || name == MAP_FAILED || pipe(ends) != 0) return 2;
    snprintf(name, kBytes, "%s", argv[1]);
    pid_t holder = fork();
    if (holder == 0) return hold(argv[1], name, argv[2], ends[1]);
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 1) return 1;
    if (open(name, O_WRONLY) < 0) return 1;
    return waitpid(holder, &status, 0) != holder || status != 0;
}
