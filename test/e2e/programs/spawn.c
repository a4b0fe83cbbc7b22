// SPDX-License-Identifier: Apache-2.0
// spawn COMMAND...: starts a child and waits for it. Copied under a server's name it is one to
// whoever looks at names.
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
    int status = 1;
    if (argc < 2) return 2;
    if (fork() == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    wait(&status);
    return status != 0;
}
