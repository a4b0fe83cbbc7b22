// SPDX-License-Identifier: Apache-2.0
// move_data METHOD PATH: gets at what is in PATH without reading it: copy_file_range, sendfile,
// splice, mmap, vmsplice (of what was mapped), or asynchronously: aio (io_submit).
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int by_aio(int from) {
    static char buffer[64];
    aio_context_t context = 0;
    struct iocb request = {.aio_fildes = (unsigned)from,
                           .aio_lio_opcode = IOCB_CMD_PREAD,
                           .aio_buf = (unsigned long)buffer,
                           .aio_nbytes = sizeof(buffer)};
    struct iocb* requests[] = {&request};
    return syscall(SYS_io_setup, 1, &context) != 0 ||
           syscall(SYS_io_submit, context, 1, requests) != 1;
}

static int by_vmsplice(int from, int to) {
    struct iovec mapped = {mmap(NULL, 64, PROT_READ, MAP_SHARED, from, 0), 64};
    return vmsplice(to, &mapped, 1, 0) <= 0;
}

int main(int argc, char** argv) {
    int ends[2], from = open(argc == 3 ? argv[2] : "", O_RDONLY);
    int copy = open("copy", O_RDWR | O_CREAT, 0600);
    if (from < 0 || copy < 0 || pipe(ends) != 0) return 2;
    if (!strcmp(argv[1], "copy_file_range"))
        return copy_file_range(from, NULL, copy, NULL, 64, 0) <= 0;
    if (!strcmp(argv[1], "sendfile")) return sendfile(copy, from, NULL, 64) <= 0;
    if (!strcmp(argv[1], "splice")) return splice(from, NULL, ends[1], NULL, 64, 0) <= 0;
    if (!strcmp(argv[1], "mmap"))
        return mmap(NULL, 64, PROT_READ, MAP_SHARED, from, 0) == MAP_FAILED;
    if (!strcmp(argv[1], "vmsplice")) return by_vmsplice(from, ends[1]);
    return !strcmp(argv[1], "aio") ? by_aio(from) : 2;
}
