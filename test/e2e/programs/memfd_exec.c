// SPDX-License-Identifier: Apache-2.0
// Copies itself into memory, and then
//   memfd_exec at      executes the copy by its descriptor (execveat)
//   memfd_exec path    executes the copy by its path below /proc
//   memfd_exec none    does nothing with it
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv, char** env) {
    const char* method = argc > 1 ? argv[1] : "";
    char* again[] = {argv[0], "done", NULL};
    char path[32];
    if (!strcmp(method, "done")) return 0;
    int self = open("/proc/self/exe", O_RDONLY);
    int memory = memfd_create("saker-test", 0);
    while (sendfile(memory, self, NULL, 1 << 20) > 0) continue;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
    if (!strcmp(method, "at")) syscall(SYS_execveat, memory, "", again, env, AT_EMPTY_PATH);
    if (!strcmp(method, "path")) execve(path, again, env);
    return strcmp(method, "none") != 0;  // an execution does not return
}
