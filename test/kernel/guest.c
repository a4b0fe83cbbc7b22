// SPDX-License-Identifier: Apache-2.0
//
// The acts of the kernel matrix that a shell cannot do, and two helpers of the guest's init script:
// waiting for a file's text without sleeping, and starting a program with few capabilities.
// One static binary that does not depend on what the guest has. `guest NAME [ARGUMENT...]` does one
// act and exits 0, 1 when the act did not come off, or 2 for a wrong call.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kDone = 0, kFailed = 1, kUsage = 2, kTimeout = 3 };

static const char kShadow[] = "/etc/shadow";

static int done_if(bool condition) {
    if (!condition) perror("guest");
    return condition ? kDone : kFailed;
}

static int openat_dirfd(char**) {
    int etc = open("/etc", O_PATH | O_DIRECTORY);
    return done_if(openat(etc, "shadow", O_RDONLY) >= 0);
}

static int openat2_dirfd(char**) {
    int etc = open("/etc", O_RDONLY | O_DIRECTORY);
    struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_BENEATH};
    return done_if(syscall(SYS_openat2, etc, "shadow", &how, sizeof how) >= 0);
}

// Copies this binary into a memory file and executes it there.
static int memfd_exec(char**) {
    int memory = memfd_create("payload", 0);
    int self = open("/proc/self/exe", O_RDONLY);
    struct stat size;
    if (fstat(self, &size) != 0) return done_if(false);
    while (sendfile(memory, self, NULL, size.st_size) > 0) {
    }
    char* arguments[] = {"payload", "nothing", NULL};
    fexecve(memory, arguments, environ);
    return done_if(false);
}

static int nothing(char**) {
    return kDone;
}

// A TCP connection to a listener of this process, so that nothing else need be there.
static int connected_socket(void) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(4242), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr* to = (const struct sockaddr*)&address;
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, to, sizeof address) != 0 || listen(listener, 1) != 0) return -1;
    int client = socket(AF_INET, SOCK_STREAM, 0);
    return connect(client, to, sizeof address) == 0 ? client : -1;
}

static int connect_loopback(char**) {
    return done_if(connected_socket() >= 0);
}

static int dup_socket(char**) {
    return done_if(dup2(connected_socket(), STDIN_FILENO) == STDIN_FILENO);
}

static int set_uid(char**) {
    const uid_t kNobody = 65534;
    return done_if(setuid(kNobody) == 0);
}

static int ptrace_attach(char**) {
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    bool attached = ptrace(PTRACE_ATTACH, child, NULL, NULL) == 0;
    int error = errno;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    errno = error;
    return done_if(attached);
}

// rename-from-depths NAME: from a folder whose path is longer than what is kept of two names.
static int rename_from_depths(char** arguments) {
    char name[256] = {0};
    memset(name, 'd', sizeof name - 1);
    if (!arguments[0]) return kUsage;
    if (mkdir("/run/depths", 0700) != 0 || chdir("/run/depths") != 0) return done_if(false);
    for (int i = 0; i < 20; ++i) {
        if (mkdir(name, 0700) != 0 || chdir(name) != 0) return done_if(false);
    }
    const int fd = creat("file", 0600);
    return done_if(fd >= 0 && rename("file", arguments[0]) == 0);
}

// chroot DIRECTORY
static int change_root(char** arguments) {
    return done_if(arguments[0] && chroot(arguments[0]) == 0);
}

static void make_file(const char* path) {
    close(open(path, O_WRONLY | O_CREAT, 0600));
}

// forged-unlink ROUNDS: in each, two files are there, and while unlink() is under way another
// process rewrites its argument from the one to the other and back. Prints the file that is gone.
static int forged_unlink(char** arguments) {
    static const char kStem[] = "/run/real/?-0000";
    enum { kLetter = sizeof "/run/real/" - 1 };
    if (!arguments[0]) return kUsage;
    volatile char* path =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (path == MAP_FAILED) return done_if(false);
    path[kLetter] = 'a';
    pid_t forger = fork();
    if (forger == 0) {
        for (;;) path[kLetter] = path[kLetter] == 'a' ? 'b' : 'a';
    }
    bool all = forger > 0;
    for (int round = 0; all && round < atoi(arguments[0]); ++round) {
        char a[sizeof kStem], b[sizeof kStem];
        snprintf(a, sizeof a, "/run/real/a-%04d", round % 10000);
        snprintf(b, sizeof b, "/run/real/b-%04d", round % 10000);
        make_file(a);
        make_file(b);
        memcpy((char*)path + kLetter + 1, a + kLetter + 1, sizeof a - kLetter - 1);
        memcpy((char*)path, a, kLetter);
        all = unlink((const char*)path) == 0;
        const bool a_is_gone = access(a, F_OK) != 0;
        printf("%s\n", a_is_gone ? a : b);
        all = all && a_is_gone != (access(b, F_OK) != 0);
    }
    kill(forger, SIGKILL);
    waitpid(forger, NULL, 0);
    fflush(stdout);
    return done_if(all);
}

// Waits until somebody opens the FIFO `arguments[0]` for writing, then reads the sensitive file: a
// process that was there before the sensor, and that executes nothing after the sensor's start.
static int read_when_told(char** arguments) {
    if (!arguments[0]) return kUsage;
    int fifo = open(arguments[0], O_RDONLY);
    return done_if(fifo >= 0 && open(kShadow, O_RDONLY) >= 0);
}

// in-container CGROUP ROOT PROGRAM [ARGUMENT...]: as container runtimes start a program: in its
// cgroup, in a mount namespace of its own, with ROOT (a mount) as the root. The guest's root is an
// initramfs, of which pivot_root cannot get rid; runtimes move the mount then, and so is done here.
static int in_container(char** arguments) {
    if (!arguments[0] || !arguments[1] || !arguments[2]) return kUsage;
    char procs[PATH_MAX];
    snprintf(procs, sizeof procs, "%s/cgroup.procs", arguments[0]);
    int cgroup = open(procs, O_WRONLY);
    bool ready = write(cgroup, "0", 1) == 1 && unshare(CLONE_NEWNS) == 0 &&
                 chdir(arguments[1]) == 0 && mount(".", "/", NULL, MS_MOVE, NULL) == 0 &&
                 chroot(".") == 0;
    if (ready) execv(arguments[2], arguments + 2);
    return done_if(false);
}

static int milliseconds_until(const struct timespec* deadline) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long left =
        (deadline->tv_sec - now.tv_sec) * 1000 + (deadline->tv_nsec - now.tv_nsec) / 1000000;
    return left > 0 ? (int)left : 0;
}

// Whether a line of `file` matches the pattern; continues where the last call ended.
static bool has_line(FILE* file, const char* pattern) {
    static char line[1 << 16];
    clearerr(file);
    for (long start = ftell(file); fgets(line, sizeof line, file); start = ftell(file)) {
        if (!strchr(line, '\n')) {
            fseek(file, start, SEEK_SET);  // not whole yet
            return false;
        }
        if (fnmatch(pattern, line, 0) == 0) return true;
    }
    return false;
}

// await FILE PATTERN PID SECONDS: until a line of FILE matches the shell pattern (0), PID has ended
// without such a line (1), or the time is over (3).
static int await(char** arguments) {
    for (int i = 0; i < 4; ++i) {
        if (!arguments[i]) return kUsage;
    }
    FILE* file = fopen(arguments[0], "r");
    struct pollfd events[] = {
        {.fd = inotify_init1(IN_NONBLOCK), .events = POLLIN},
        {.fd = (int)syscall(SYS_pidfd_open, atoi(arguments[2]), 0), .events = POLLIN}};
    if (!file || inotify_add_watch(events[0].fd, arguments[0], IN_MODIFY) < 0) return kUsage;
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += atoi(arguments[3]);
    for (;;) {
        // Asked before the file is read: what an ending process wrote last is then seen.
        bool ended = events[1].fd < 0 || poll(&events[1], 1, 0) > 0;
        if (has_line(file, arguments[1])) return kDone;
        if (ended) return kFailed;
        if (poll(events, 2, milliseconds_until(&deadline)) == 0) return kTimeout;
        char drained[4096];
        while (read(events[0].fd, drained, sizeof drained) > 0) {
        }
    }
}

// The mask of capabilities named in a list such as "bpf,perfmon"; "none" is an empty one.
static unsigned long long capability_mask(const char* names) {
    unsigned long long mask = 0;
    if (strstr(names, "bpf")) mask |= 1ULL << CAP_BPF;
    if (strstr(names, "perfmon")) mask |= 1ULL << CAP_PERFMON;
    return mask;
}

static bool keep_only(unsigned long long mask) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2];
    for (int i = 0; i < 2; ++i) {
        unsigned part = (unsigned)(mask >> (32 * i));
        sets[i] = (struct __user_cap_data_struct){part, part, part};
    }
    if (syscall(SYS_capset, &header, sets) != 0) return false;
    for (int capability = 0; capability < 64; ++capability) {
        if (!(mask >> capability & 1)) continue;
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0) return false;
    }
    return true;
}

// unprivileged CAPABILITIES PROGRAM [ARGUMENT...]: as the user nobody, with only these. Locked
// memory is unlimited, as a service manager would set it: before 5.11 BPF maps count against it.
static int unprivileged(char** arguments) {
    const id_t kNobody = 65534;
    const struct rlimit kUnlimited = {RLIM_INFINITY, RLIM_INFINITY};
    if (!arguments[0] || !arguments[1]) return kUsage;
    bool ready =
        setrlimit(RLIMIT_MEMLOCK, &kUnlimited) == 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
        setgroups(0, NULL) == 0 && setresgid(kNobody, kNobody, kNobody) == 0 &&
        setresuid(kNobody, kNobody, kNobody) == 0 && keep_only(capability_mask(arguments[0]));
    if (ready) execv(arguments[1], arguments + 1);
    return done_if(false);
}

static const struct {
    const char* name;
    int (*act)(char** arguments);
} kActs[] = {
    {"await", await},
    {"chroot", change_root},
    {"connect", connect_loopback},
    {"dup-socket", dup_socket},
    {"forged-unlink", forged_unlink},
    {"in-container", in_container},
    {"memfd-exec", memfd_exec},
    {"nothing", nothing},
    {"openat-dirfd", openat_dirfd},
    {"openat2", openat2_dirfd},
    {"ptrace", ptrace_attach},
    {"read-when-told", read_when_told},
    {"rename-from-depths", rename_from_depths},
    {"setuid", set_uid},
    {"unprivileged", unprivileged},
};

int main(int count, char** arguments) {
    for (size_t i = 0; count > 1 && i < sizeof kActs / sizeof *kActs; ++i) {
        if (strcmp(kActs[i].name, arguments[1]) == 0) return kActs[i].act(arguments + 2);
    }
    return kUsage;
}
