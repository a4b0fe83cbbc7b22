// SPDX-License-Identifier: Apache-2.0
// load_module init|finit: asks the kernel to load a module from what is none. No kernel does.
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
    static char nonsense[64] = "this is no module";
    long result;
    if (argc > 1 && !strcmp(argv[1], "finit"))
        result = syscall(SYS_finit_module, open("/proc/self/exe", O_RDONLY), "", 0);
    else
        result = syscall(SYS_init_module, nonsense, sizeof(nonsense), "");
    return result == 0;
}
