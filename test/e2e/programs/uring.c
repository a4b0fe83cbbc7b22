// SPDX-License-Identifier: Apache-2.0
// One operation through a ring of io_uring, without a system call of its own:
//   uring [HOW...] OPERATION [ARGUMENT...]
// OPERATION is one of kOperations below. HOW:
//   sqpoll   a thread of the kernel takes it from the ring
//   async    a worker of the kernel does it
//   linked   behind another request, which must end first
//   fixed    the file is a fixed one: opened into a slot of the ring's table, or registered there
//   silent   success is not announced
//   full     the ring has no room for the result
//   persona  with rights that were registered and then given up
//   twin     another request that never ends has the same user_data
//   crowded  it has to wait until many others have been taken in, by the same processor
//   mimic    another request with the same user_data ends before it: if the ring is full with
//            success, else with an error
//   deferred whoever does it, its result is put into the ring by the process itself (Linux 6.1)
//   long     the file is opened through a link, with names as long as can be (made in the current
//            folder)
// Exits with 0 if the kernel did it, 3 if it knows no such operation or ring.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <linux/time_types.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { kUnsupported = 3, kEntries = 8 };

// Newer than the headers of the oldest system that we build on.
enum { kOpBind = 56, kOpListen = 57 };

struct how {
    bool sqpoll, async, linked, fixed, silent, full, twin, persona, crowded, mimic, deferred,
        long_name;
};

struct ring {
    int fd;
    struct io_uring_params params;
    char *queue, *results;  // of submissions and completions
    struct io_uring_sqe* entries;
    unsigned submitted, reaped;
};

static void die(const char* what) {
    perror(what);
    exit(errno == ENOSYS || errno == EPERM || errno == EINVAL ? kUnsupported : 1);
}

static unsigned* word(char* base, unsigned offset) {
    return (unsigned*)(base + offset);
}

static void open_ring(struct ring* ring, const struct how* how) {
    struct io_uring_params* params = &ring->params;
    memset(ring, 0, sizeof *ring);
    if (how->sqpoll)
        *params = (struct io_uring_params){.flags = IORING_SETUP_SQPOLL, .sq_thread_idle = 100};
    if (how->deferred) params->flags |= IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    ring->fd = syscall(SYS_io_uring_setup, kEntries, params);
    if (ring->fd < 0) die("io_uring_setup");
    size_t queue = params->sq_off.array + params->sq_entries * sizeof(unsigned);
    size_t results = params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe);
    ring->queue = mmap(NULL, queue, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
                       IORING_OFF_SQ_RING);
    ring->results = mmap(NULL, results, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
                         IORING_OFF_CQ_RING);
    ring->entries =
        mmap(NULL, params->sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
    if (ring->queue == MAP_FAILED || ring->results == MAP_FAILED || ring->entries == MAP_FAILED)
        die("mmap");
}

static struct io_uring_sqe* next_entry(struct ring* ring) {
    unsigned index = ring->submitted++ & (ring->params.sq_entries - 1);
    word(ring->queue, ring->params.sq_off.array)[index] = index;
    memset(&ring->entries[index], 0, sizeof ring->entries[index]);
    return &ring->entries[index];
}

static void enter(struct ring* ring, unsigned count, unsigned wait_for) {
    unsigned flags = wait_for ? IORING_ENTER_GETEVENTS : 0;
    __atomic_store_n(word(ring->queue, ring->params.sq_off.tail), ring->submitted,
                     __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (ring->params.flags & IORING_SETUP_SQPOLL) {
        unsigned state =
            __atomic_load_n(word(ring->queue, ring->params.sq_off.flags), __ATOMIC_ACQUIRE);
        if (state & IORING_SQ_NEED_WAKEUP) flags |= IORING_ENTER_SQ_WAKEUP;
    }
    if (syscall(SYS_io_uring_enter, ring->fd, count, wait_for, flags, NULL, 0) < 0)
        die("io_uring_enter");
}

// The next result, with the request's user_data.
static int reap(struct ring* ring, uint64_t* user_data) {
    const struct io_uring_params* params = &ring->params;
    while (ring->reaped ==
           __atomic_load_n(word(ring->results, params->cq_off.tail), __ATOMIC_ACQUIRE))
        enter(ring, 0, 1);
    struct io_uring_cqe* all = (struct io_uring_cqe*)(ring->results + params->cq_off.cqes);
    struct io_uring_cqe* one = &all[ring->reaped++ & (params->cq_entries - 1)];
    int result = one->res;
    *user_data = one->user_data;
    __atomic_store_n(word(ring->results, params->cq_off.head), ring->reaped, __ATOMIC_RELEASE);
    return result;
}

// Results that nobody reaps, until the ring has no room for more.
static void fill_results(struct ring* ring) {
    for (unsigned i = 0; i < ring->params.cq_entries; ++i) {
        next_entry(ring)->opcode = IORING_OP_NOP;
        enter(ring, 1, 0);
    }
}

static void register_files(struct ring* ring, int* files, unsigned count) {
    if (syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, files, count) != 0)
        die("io_uring_register");
}

// Becomes another user. The number that stands for who we were.
static int give_up_rights(struct ring* ring) {
    int persona = syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_PERSONALITY, NULL, 0);
    if (persona < 0) die("io_uring_register");
    if (syscall(SYS_setresuid, 65534, 65534, 65534) != 0) die("setresuid");
    return persona;
}

enum { kUserData = 4711, kOther = 1, kCrowd = 512 };

// The first of a chain: reads from a pipe, so that what is linked to it waits. Its other end.
static int wait_in_chain(struct ring* ring) {
    static char byte;
    int ends[2];
    if (pipe(ends) != 0) die("pipe");
    *next_entry(ring) = (struct io_uring_sqe){.opcode = IORING_OP_READ,
                                              .fd = ends[0],
                                              .addr = (uintptr_t)&byte,
                                              .len = 1,
                                              .flags = IOSQE_IO_LINK,
                                              .user_data = kOther};
    return ends[1];
}

static void stay_on_processor(void) {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    if (sched_setaffinity(0, sizeof here, &here) != 0) die("sched_setaffinity");
}

// Requests that wait for connections.
static void crowd(struct ring* ring) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listen(listener, 1) != 0) die("listen");
    for (int i = 0; i < kCrowd; ++i) {
        *next_entry(ring) =
            (struct io_uring_sqe){.opcode = IORING_OP_ACCEPT, .fd = listener, .user_data = kOther};
        enter(ring, 1, 0);
    }
}

// A request that ends at once and pretends to be the one that we are about. There is no poll that
// it could remove.
static void mimic(struct ring* ring, const struct how* how) {
    *next_entry(ring) =
        (struct io_uring_sqe){.opcode = how->full ? IORING_OP_NOP : IORING_OP_POLL_REMOVE,
                              .fd = -1,
                              .addr = kUserData,
                              .user_data = kUserData};
    enter(ring, 1, 0);
}

// Submits what `prepare` made of the entry, and waits for its result.
static int run(struct ring* ring, const struct how* how, const struct io_uring_sqe* wanted) {
    unsigned count = 1;
    if (how->full) fill_results(ring);
    if (how->twin) {
        static struct __kernel_timespec hour = {.tv_sec = 3600};
        struct io_uring_sqe* twin = next_entry(ring);
        *twin = (struct io_uring_sqe){.opcode = IORING_OP_TIMEOUT,
                                      .addr = (uintptr_t)&hour,
                                      .len = 1,
                                      .user_data = kUserData};
        enter(ring, 1, 0);
    }
    if (how->linked) {
        struct io_uring_sqe* first = next_entry(ring);
        *first = (struct io_uring_sqe){
            .opcode = IORING_OP_NOP, .flags = IOSQE_IO_LINK, .user_data = kOther};
        ++count;
    }
    const bool waits = how->crowded || how->mimic;
    int gate = -1;
    if (how->crowded) stay_on_processor();
    if (waits) {
        gate = wait_in_chain(ring);
        ++count;
    }
    struct io_uring_sqe* entry = next_entry(ring);
    *entry = *wanted;
    entry->user_data = kUserData;
    if (how->async) entry->flags |= IOSQE_ASYNC;
    if (how->persona) entry->personality = give_up_rights(ring);
    if (how->silent) {
        // The request behind it ends after it, and says so.
        entry->flags |= IOSQE_CQE_SKIP_SUCCESS | IOSQE_IO_LINK;
        *next_entry(ring) = (struct io_uring_sqe){.opcode = IORING_OP_NOP, .user_data = kOther};
        ++count;
    }
    enter(ring, count, waits ? 0 : 1);
    if (how->crowded) crowd(ring);
    if (how->mimic) mimic(ring, how);
    if (waits && write(gate, "", 1) != 1) die("write");
    int mimics = how->mimic ? 1 : 0;
    for (uint64_t user_data;;) {
        int result = reap(ring, &user_data);
        if (user_data == kUserData && mimics-- == 0) return result;
        if (how->silent) return result;
    }
}

static uint64_t address(const void* memory) {
    return (uintptr_t)memory;
}

static struct io_uring_sqe opening(const char* path, int flags) {
    return (struct io_uring_sqe){.opcode = IORING_OP_OPENAT,
                                 .fd = AT_FDCWD,
                                 .addr = address(path),
                                 .len = 0600,
                                 .open_flags = flags};
}

// A name for the file, longer than which the kernel takes none, in a folder deep below this one.
static const char* long_name(const char* path) {
    enum { kDepth = 20, kPart = 250, kSteps = 2000 };
    static char part[kPart + 1], name[2 * kSteps + sizeof "link"];
    memset(part, 'd', kPart);
    for (int i = 0; i < kDepth; ++i) {
        if ((mkdir(part, 0700) != 0 && errno != EEXIST) || chdir(part) != 0) die(part);
    }
    if (symlink(path, "link") != 0 && errno != EEXIST) die("symlink");
    for (int i = 0; i < kSteps; ++i) memcpy(name + 2 * i, "./", 2);
    return strcpy(name + 2 * kSteps, "link") - 2 * kSteps;
}

static int openat_for(struct ring* ring, const struct how* how, char** arguments, int flags) {
    struct io_uring_sqe entry =
        opening(how->long_name ? long_name(arguments[0]) : arguments[0], flags);
    if (how->fixed) {
        int none = -1;
        register_files(ring, &none, 1);
        entry.file_index = 1;
    }
    return run(ring, how, &entry);
}

static int do_openat(struct ring* ring, const struct how* how, char** arguments) {
    return openat_for(ring, how, arguments, O_RDONLY);
}

static int do_create(struct ring* ring, const struct how* how, char** arguments) {
    return openat_for(ring, how, arguments, O_WRONLY | O_CREAT);
}

static int openat2_for(struct ring* ring, const struct how* how, const char* path, int flags) {
    struct open_how open_how = {.flags = flags};
    struct io_uring_sqe entry = {.opcode = IORING_OP_OPENAT2,
                                 .fd = AT_FDCWD,
                                 .addr = address(how->long_name ? long_name(path) : path),
                                 .addr2 = address(&open_how),
                                 .len = sizeof open_how};
    return run(ring, how, &entry);
}

static int do_openat2(struct ring* ring, const struct how* how, char** arguments) {
    return openat2_for(ring, how, arguments[0], O_RDONLY);
}

static int do_change2(struct ring* ring, const struct how* how, char** arguments) {
    return openat2_for(ring, how, arguments[0], O_WRONLY);
}

// A name in a folder.
static int do_open_in(struct ring* ring, const struct how* how, char** arguments) {
    struct io_uring_sqe entry = opening(arguments[1], O_RDONLY);
    entry.fd = open(arguments[0], O_RDONLY | O_DIRECTORY);
    return run(ring, how, &entry);
}

// A descriptor, or a fixed file.
static void set_file(struct ring* ring, const struct how* how, struct io_uring_sqe* entry, int fd) {
    entry->fd = fd;
    if (!how->fixed) return;
    register_files(ring, &fd, 1);
    entry->fd = 0;
    entry->flags |= IOSQE_FIXED_FILE;
}

static int do_read(struct ring* ring, const struct how* how, char** arguments) {
    static char buffer[64];
    struct io_uring_sqe entry = {
        .opcode = IORING_OP_READ, .addr = address(buffer), .len = sizeof buffer};
    set_file(ring, how, &entry, open(arguments[0], O_RDONLY));
    return run(ring, how, &entry);
}

static int do_write(struct ring* ring, const struct how* how, char** arguments) {
    struct io_uring_sqe entry = {
        .opcode = IORING_OP_WRITE, .addr = address(arguments[1]), .len = strlen(arguments[1])};
    set_file(ring, how, &entry, open(arguments[0], O_WRONLY | O_CREAT, 0600));
    return run(ring, how, &entry);
}

static int do_close(struct ring* ring, const struct how* how, char** arguments) {
    struct io_uring_sqe entry = {.opcode = IORING_OP_CLOSE, .fd = open(arguments[0], O_RDONLY)};
    return run(ring, how, &entry);
}

static int do_unlinkat(struct ring* ring, const struct how* how, char** arguments) {
    struct io_uring_sqe entry = {
        .opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = address(arguments[0])};
    return run(ring, how, &entry);
}

// PREFIX0, PREFIX1, ...: that many files, as many at a time as the ring has entries.
static int do_unlink_all(struct ring* ring, const struct how* how, char** arguments) {
    static char names[kEntries][4096];
    const int count = atoi(arguments[1]);
    int failed = 0;
    (void)how;
    for (int i = 0; i < count;) {
        unsigned taken = 0;
        for (; taken < kEntries && i < count; ++taken, ++i) {
            snprintf(names[taken], sizeof names[taken], "%s%d", arguments[0], i);
            *next_entry(ring) = (struct io_uring_sqe){
                .opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = address(names[taken])};
        }
        enter(ring, taken, taken);
        for (uint64_t user_data; taken != 0; --taken) {
            int result = reap(ring, &user_data);
            if (result < 0) failed = result;
        }
    }
    return failed;
}

static int do_mkdirat(struct ring* ring, const struct how* how, char** arguments) {
    struct io_uring_sqe entry = {
        .opcode = IORING_OP_MKDIRAT, .fd = AT_FDCWD, .addr = address(arguments[0]), .len = 0700};
    return run(ring, how, &entry);
}

static int do_two_names(struct ring* ring, const struct how* how, char** arguments, int opcode,
                        int flags) {
    struct io_uring_sqe entry = {.opcode = opcode,
                                 .fd = AT_FDCWD,
                                 .addr = address(arguments[0]),
                                 .len = AT_FDCWD,
                                 .addr2 = address(arguments[1]),
                                 .rename_flags = flags};
    return run(ring, how, &entry);
}

static int do_renameat(struct ring* ring, const struct how* how, char** arguments) {
    return do_two_names(ring, how, arguments, IORING_OP_RENAMEAT, 0);
}

static int do_renameat2(struct ring* ring, const struct how* how, char** arguments) {
    return do_two_names(ring, how, arguments, IORING_OP_RENAMEAT, RENAME_NOREPLACE);
}

static int do_linkat(struct ring* ring, const struct how* how, char** arguments) {
    return do_two_names(ring, how, arguments, IORING_OP_LINKAT, 0);
}

static int do_symlinkat(struct ring* ring, const struct how* how, char** arguments) {
    struct io_uring_sqe entry = {.opcode = IORING_OP_SYMLINKAT,
                                 .fd = AT_FDCWD,
                                 .addr = address(arguments[0]),
                                 .addr2 = address(arguments[1])};
    return run(ring, how, &entry);
}

static struct sockaddr_in socket_address(char** arguments) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1]))};
    inet_pton(AF_INET, arguments[0], &to.sin_addr);
    return to;
}

static int do_connect(struct ring* ring, const struct how* how, char** arguments) {
    struct sockaddr_in to = socket_address(arguments);
    struct io_uring_sqe entry = {
        .opcode = IORING_OP_CONNECT, .addr = address(&to), .off = sizeof to};
    set_file(ring, how, &entry, socket(AF_INET, SOCK_STREAM, 0));
    return run(ring, how, &entry);
}

static int do_bind(struct ring* ring, const struct how* how, char** arguments) {
    struct sockaddr_in at = socket_address(arguments);
    struct io_uring_sqe entry = {.opcode = kOpBind, .addr = address(&at), .off = sizeof at};
    set_file(ring, how, &entry, socket(AF_INET, SOCK_STREAM, 0));
    return run(ring, how, &entry);
}

static int do_socket(struct ring* ring, const struct how* how, char** arguments) {
    (void)arguments;
    struct io_uring_sqe entry = {.opcode = IORING_OP_SOCKET, .fd = AF_INET, .off = SOCK_DGRAM};
    return run(ring, how, &entry);
}

// A message to a port of this machine.
static int do_send(struct ring* ring, const struct how* how, char** arguments) {
    struct sockaddr_in to = socket_address(arguments);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (connect(fd, (struct sockaddr*)&to, sizeof to) != 0) die("connect");
    struct io_uring_sqe entry = {.opcode = IORING_OP_SEND, .addr = address("message"), .len = 7};
    set_file(ring, how, &entry, fd);
    return run(ring, how, &entry);
}

static int do_sendmsg(struct ring* ring, const struct how* how, char** arguments) {
    struct sockaddr_in to = socket_address(arguments);
    struct iovec data = {"message", 7};
    struct msghdr message = {
        .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &data, .msg_iovlen = 1};
    struct io_uring_sqe entry = {.opcode = IORING_OP_SENDMSG, .addr = address(&message), .len = 1};
    set_file(ring, how, &entry, socket(AF_INET, SOCK_DGRAM, 0));
    return run(ring, how, &entry);
}

static int do_accept(struct ring* ring, const struct how* how, char** arguments) {
    struct sockaddr_in at = socket_address(arguments);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr*)&at, sizeof at) != 0 || listen(listener, 1) != 0)
        die("listen");
    if (connect(client, (struct sockaddr*)&at, sizeof at) != 0 && errno != EINPROGRESS)
        die("connect");
    struct io_uring_sqe entry = {.opcode = IORING_OP_ACCEPT};
    set_file(ring, how, &entry, listener);
    return run(ring, how, &entry);
}

static const struct {
    const char* name;
    int arguments;
    int (*act)(struct ring* ring, const struct how* how, char** arguments);
} kOperations[] = {
    {"open_in", 2, do_open_in},   {"change2", 1, do_change2},     {"accept", 2, do_accept},
    {"bind", 2, do_bind},         {"close", 1, do_close},         {"connect", 2, do_connect},
    {"create", 1, do_create},     {"linkat", 2, do_linkat},       {"mkdirat", 1, do_mkdirat},
    {"openat", 1, do_openat},     {"openat2", 1, do_openat2},     {"read", 1, do_read},
    {"renameat", 2, do_renameat}, {"renameat2", 2, do_renameat2}, {"send", 2, do_send},
    {"sendmsg", 2, do_sendmsg},   {"socket", 0, do_socket},       {"symlinkat", 2, do_symlinkat},
    {"unlinkat", 1, do_unlinkat}, {"write", 2, do_write},         {"unlink_all", 2, do_unlink_all},
};

// Takes the next argument if it says how.
static bool says_how(const char* word, struct how* how) {
    const struct {
        const char* name;
        bool* flag;
    } kWords[] = {
        {"sqpoll", &how->sqpoll}, {"async", &how->async},     {"linked", &how->linked},
        {"fixed", &how->fixed},   {"silent", &how->silent},   {"full", &how->full},
        {"twin", &how->twin},     {"persona", &how->persona}, {"crowded", &how->crowded},
        {"mimic", &how->mimic},   {"long", &how->long_name},  {"deferred", &how->deferred}};
    for (size_t i = 0; i < sizeof kWords / sizeof *kWords; ++i) {
        if (strcmp(word, kWords[i].name) == 0) return *kWords[i].flag = true;
    }
    return false;
}

int main(int count, char** arguments) {
    struct how how = {0};
    int at = 1;
    while (at < count && says_how(arguments[at], &how)) ++at;
    for (size_t i = 0; at < count && i < sizeof kOperations / sizeof *kOperations; ++i) {
        if (strcmp(arguments[at], kOperations[i].name) != 0) continue;
        if (count - at - 1 != kOperations[i].arguments) break;
        struct ring ring;
        open_ring(&ring, &how);
        int result = kOperations[i].act(&ring, &how, arguments + at + 1);
        if (result >= 0 || result == -ECONNREFUSED) return 0;
        errno = -result;
        die(kOperations[i].name);
    }
    fputs("uring [HOW...] OPERATION [ARGUMENT...]\n", stderr);
    return 2;
}
