// SPDX-License-Identifier: Apache-2.0
// descriptor KIND: makes a descriptor of that kind, then asks for its flags (fcntl F_GETFL): the
// event to look at. Prints the descriptor's number, and of a pidfd the pid of the process behind
// it. Exit status 77: this kernel, or this user, has no such thing.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

enum { kNoSuchThing = 77 };

static int make_directory(void) {
    return open("/etc", O_RDONLY | O_DIRECTORY);
}

static int make_device(void) {
    return open("/dev/null", O_RDONLY);
}

static int make_pipe(void) {
    int ends[2];
    return pipe(ends) == 0 ? ends[0] : -1;
}

static int make_memfd(void) {
    return memfd_create("saker-test", 0);
}

static int make_secret(void) {
    return (int)syscall(447 /* memfd_secret */, 0);
}

static int make_eventfd(void) {
    return eventfd(0, 0);
}

static int make_timerfd(void) {
    return timerfd_create(CLOCK_MONOTONIC, 0);
}

static int make_signalfd(void) {
    sigset_t none;
    sigemptyset(&none);
    return signalfd(-1, &none, 0);
}

static int make_epoll(void) {
    return epoll_create1(0);
}

static int make_inotify(void) {
    return inotify_init1(0);
}

static int make_fanotify(void) {
    return fanotify_init(FAN_CLASS_NOTIF, O_RDONLY);
}

static int make_userfaultfd(void) {
    return (int)syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */);
}

static int make_ring(void) {
    struct io_uring_params params = {0};
    return (int)syscall(SYS_io_uring_setup, 4, &params);
}

static int make_pidfd(void) {
    printf("pid %d\n", getppid());
    return (int)syscall(SYS_pidfd_open, getppid(), 0);
}

static int make_map(void) {
    union bpf_attr attr = {.map_type = BPF_MAP_TYPE_ARRAY,
                           .key_size = 4,
                           .value_size = 4,
                           .max_entries = 1,
                           .map_name = "saker_test"};
    return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

static int make_program(void) {
    const struct bpf_insn code[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K},
                                    {.code = BPF_JMP | BPF_EXIT}};
    union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
                           .insns = (__u64)code,
                           .insn_cnt = 2,
                           .license = (__u64) "GPL",
                           .prog_name = "saker_test"};
    return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int make_counter(void) {
    struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
                                   .size = sizeof(attr),
                                   .config = PERF_COUNT_SW_CPU_CLOCK,
                                   .exclude_kernel = 1};
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static int make_netlink(void) {
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static int make_packet(void) {
    return socket(AF_PACKET, SOCK_RAW, 0);
}

static int make_socketpair(void) {
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? ends[0] : -1;
}

static int make_abstract(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0saker-test"};
    const socklen_t size = offsetof(struct sockaddr_un, sun_path) + sizeof("\0saker-test") - 1;
    int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(server, (struct sockaddr*)&address, size) != 0 || listen(server, 1) != 0) return -1;
    return connect(client, (struct sockaddr*)&address, size) == 0 ? client : -1;
}

static const struct {
    const char* name;
    int (*make)(void);
} kKinds[] = {
    {"abstract", make_abstract},
    {"bpf-map", make_map},
    {"bpf-prog", make_program},
    {"counter", make_counter},
    {"device", make_device},
    {"directory", make_directory},
    {"epoll", make_epoll},
    {"eventfd", make_eventfd},
    {"fanotify", make_fanotify},
    {"inotify", make_inotify},
    {"io_uring", make_ring},
    {"memfd", make_memfd},
    {"netlink", make_netlink},
    {"packet", make_packet},
    {"pidfd", make_pidfd},
    {"pipe", make_pipe},
    {"secret", make_secret},
    {"signalfd", make_signalfd},
    {"socketpair", make_socketpair},
    {"timerfd", make_timerfd},
    {"userfaultfd", make_userfaultfd},
};

int main(int argc, char** argv) {
    for (size_t i = 0; argc > 1 && i < sizeof(kKinds) / sizeof(*kKinds); ++i) {
        if (strcmp(kKinds[i].name, argv[1]) != 0) continue;
        int fd = kKinds[i].make();
        if (fd < 0) perror(argv[1]);
        if (fd < 0) return kNoSuchThing;
        printf("descriptor %d\n", fd);
        return fcntl(fd, F_GETFL) < 0;
    }
    return 2;
}
