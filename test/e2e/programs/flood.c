// SPDX-License-Identifier: Apache-2.0
// flood COUNT: opens a file so many times.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char** argv) {
    for (int left = argc > 1 ? atoi(argv[1]) : 0; left > 0; --left)
        close(open("/dev/null", O_RDONLY));
    return 0;
}
