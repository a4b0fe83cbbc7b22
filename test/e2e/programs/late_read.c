// SPDX-License-Identifier: Apache-2.0
// late_read SECONDS PATH: opens PATH for reading that long after its start.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    sleep(atoi(argv[1]));
    return open(argv[2], O_RDONLY) < 0;
}
