// SPDX-License-Identifier: Apache-2.0
// Opens a file for reading in a way that a shell has no command for:
//   open_by openat DIR NAME      relative to a descriptor of DIR
//   open_by openat2 PATH         with the call that came after openat
//   open_by handle PATH          by a handle that names the file without a path
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_handle(const char* path) {
    struct file_handle* handle = malloc(sizeof(*handle) + MAX_HANDLE_SZ);
    int mount_id, mount = open("/", O_RDONLY | O_DIRECTORY);
    handle->handle_bytes = MAX_HANDLE_SZ;
    if (name_to_handle_at(AT_FDCWD, path, handle, &mount_id, 0) != 0) return -1;
    return open_by_handle_at(mount, handle, O_RDONLY);
}

int main(int argc, char** argv) {
    const char* method = argc > 2 ? argv[1] : "";
    int fd = -1;
    if (!strcmp(method, "openat") && argc > 3)
        fd = openat(open(argv[2], O_RDONLY | O_DIRECTORY), argv[3], O_RDONLY);
    if (!strcmp(method, "openat2")) {
        struct open_how how = {.flags = O_RDONLY};
        fd = syscall(SYS_openat2, AT_FDCWD, argv[2], &how, sizeof(how));
    }
    if (!strcmp(method, "handle")) fd = open_handle(argv[2]);
    if (fd < 0) perror(argv[0]);
    return fd < 0;
}
