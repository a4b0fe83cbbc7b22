// SPDX-License-Identifier: Apache-2.0
// hide METHOD PATH: opens PATH for reading as a process that is hard to tell. The methods:
//   deleted      its executable is gone
//   unnamed      the executable never had a name (O_TMPFILE)
//   thread       another thread than the first becomes the program `cat`
//   orphan       its parent and grandparent have ended, and it has a session of its own
//   sibling      it is its parent's brother (CLONE_PARENT)
//   namespace    it is process 1 of a pid namespace
//   again        it has the pid that another process had just before
//   fchdir       by a name relative to a folder that fchdir went to
//   tree         below a copy of the folder's mount that was never put anywhere (open_tree)
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int read_it(const char* path) {
    return open(path, O_RDONLY) < 0;
}

static int end_of(pid_t pid) {
    int status = 0;
    return waitpid(pid, &status, __WALL) != pid || status != 0;
}

static int become_cat(const char* path) {
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 1);
    execlp("cat", "cat", path, NULL);
    return 1;
}

static int deleted(const char* path) {
    char self[4096] = "";
    return readlink("/proc/self/exe", self, sizeof(self) - 1) <= 0 || unlink(self) != 0 ||
           read_it(path);
}

static int unnamed(const char* path) {
    char own[64], *arguments[] = {"unnamed", "again", (char*)path, NULL};
    int self = open("/proc/self/exe", O_RDONLY);
    int copy = open(".", O_TMPFILE | O_RDWR, 0700);
    while (sendfile(copy, self, NULL, 1 << 20) > 0) {
    }
    // A file that is open for writing cannot be executed.
    snprintf(own, sizeof(own), "/proc/self/fd/%d", copy);
    int program = open(own, O_RDONLY);
    close(copy);
    fexecve(program, arguments, environ);
    return 1;
}

static void* in_thread(void* path) {
    become_cat(path);
    return NULL;
}

static int thread(const char* path) {
    pthread_t other;
    pthread_create(&other, NULL, in_thread, (void*)path);
    pthread_join(other, NULL);
    return 1;  // the other thread has become the program, and we have ended
}

// Ended children of whatever kind, until there is none left.
static int end_of_all(void) {
    int failed = 0;
    for (int status = 0; wait(&status) > 0;) failed |= status != 0;
    return failed;
}

static int orphan(const char* path) {
    prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that we can wait for it
    if (fork() == 0) {
        pid_t parent = getpid();
        setsid();
        if (fork() != 0) _exit(0);
        while (getppid() == parent) sched_yield();
        _exit(become_cat(path));
    }
    return end_of_all();
}

static int sibling(const char* path) {
    pid_t pid = fork();
    if (pid == 0) {
        pid_t brother = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        _exit(brother == 0 ? become_cat(path) : brother < 0);
    }
    return end_of_all();
}

static int namespace(const char* path) {
    if (unshare(CLONE_NEWPID) != 0) return 1;
    pid_t pid = fork();
    if (pid == 0) _exit(getpid() != 1 || become_cat(path));
    return end_of(pid);
}

static int again(const char* path) {
    pid_t wanted = fork();
    if (wanted == 0) _exit(0);
    if (end_of(wanted)) return 1;
    struct clone_args arguments = {
        .exit_signal = SIGCHLD, .set_tid = (uint64_t)&wanted, .set_tid_size = 1};
    pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (pid == 0) _exit(become_cat(path));
    return pid != wanted || end_of(pid);
}

static int by_fchdir(const char* path) {
    char folder[4096];
    snprintf(folder, sizeof(folder), "%s", path);
    char* slash = strrchr(folder, '/');
    *slash = 0;
    return fchdir(open(folder, O_PATH | O_DIRECTORY)) != 0 || read_it(slash + 1);
}

static int by_tree(const char* path) {
    enum { kOpenTree = 428, kClone = 1 };
    char folder[4096];
    snprintf(folder, sizeof(folder), "%s", path);
    char* slash = strrchr(folder, '/');
    *slash = 0;
    int tree = (int)syscall(kOpenTree, AT_FDCWD, folder, kClone);
    return tree < 0 || openat(tree, slash + 1, O_RDONLY) < 0;
}

static const struct {
    const char* name;
    int (*hide)(const char* path);
} kMethods[] = {
    {"deleted", deleted}, {"unnamed", unnamed},  {"thread", thread},
    {"orphan", orphan},   {"sibling", sibling},  {"namespace", namespace},
    {"again", again},     {"fchdir", by_fchdir}, {"tree", by_tree},
};

int main(int argc, char** argv) {
    if (argc > 2 && !strcmp(argv[0], "unnamed")) return read_it(argv[2]);
    for (size_t i = 0; argc > 2 && i < sizeof(kMethods) / sizeof(*kMethods); ++i) {
        if (strcmp(kMethods[i].name, argv[1]) == 0) return kMethods[i].hide(argv[2]);
    }
    return 2;
}
