// SPDX-License-Identifier: Apache-2.0
//
// One call for each way in which the kernel side captures an argument.
//
//   captures    for each line on stdin, "NAME TIMES": makes that call so many times, and prints a
//               line
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <string>

#include <netinet/in.h>

namespace {

int checked(int fd) {
    if (fd >= 0) return fd;
    std::fprintf(stderr, "captures: %s\n", std::strerror(errno));
    std::exit(1);
}

// Each is opened when its first call is made.
int file() {
    static const int fd = checked(open("/usr/include/linux/if_ether.h", O_RDONLY | O_CLOEXEC));
    return fd;
}
int null_device() {
    static const int fd = checked(open("/dev/null", O_RDWR | O_CLOEXEC));
    return fd;
}
int event() {
    static const int fd = checked(eventfd(0, EFD_CLOEXEC));
    return fd;
}
int udp() {
    static const int fd = checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return fd;
}

char payload[64];

void unwanted() {
    syscall(SYS_getppid);
}
void scalar() {
    syscall(SYS_getuid);
}
void string() {
    syscall(SYS_mq_unlink, "nowhere");
}
void path() {
    syscall(SYS_access, "/nowhere/to/be/found", F_OK);
}
void relative_path() {
    syscall(SYS_access, "nowhere", F_OK);
}
void file_descriptor() {
    syscall(SYS_lseek, file(), 0, SEEK_SET);
}
void anonymous_descriptor() {
    syscall(SYS_fcntl, event(), F_GETFD);
}
void socket_descriptor() {
    syscall(SYS_shutdown, udp(), SHUT_RDWR);
}
void address() {
    sockaddr_in nobody{};
    nobody.sin_family = AF_UNIX;
    syscall(SYS_bind, udp(), &nobody, sizeof(nobody));
}
void bytes() {
    syscall(SYS_write, null_device(), payload, sizeof(payload));
}
void vector() {
    const iovec pieces[2] = {{payload, 32}, {payload, 32}};
    syscall(SYS_writev, null_device(), pieces, 2);
}
void message() {
    iovec piece{payload, sizeof(payload)};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    syscall(SYS_sendmsg, udp(), &header, 0);
}
void structure() {
    const timespec nonsense{-1, 0};
    syscall(SYS_nanosleep, &nonsense, nullptr);
}
void descriptors_made() {
    int ends[2];
    syscall(SYS_pipe2, ends, O_CLOEXEC);
    close(ends[0]);
    close(ends[1]);
}
void working_directory() {
    syscall(SYS_chdir, ".");
}
void memory() {
    syscall(SYS_brk, 0);
}
void waited_for() {
    pollfd one{event(), POLLIN, 0};
    syscall(SYS_poll, &one, 1, 0);
}
void arguments() {
    static char* const words[] = {payload, payload, payload, nullptr};
    syscall(SYS_execve, "/nowhere", words, words + 3);
}

struct Call {
    const char* name;
    void (*make)();
};

constexpr Call kCalls[] = {
    {"getppid", unwanted},
    {"getuid", scalar},
    {"mq_unlink", string},
    {"access", path},
    {"access ./", relative_path},
    {"lseek", file_descriptor},
    {"fcntl", anonymous_descriptor},
    {"shutdown", socket_descriptor},
    {"bind", address},
    {"write", bytes},
    {"writev", vector},
    {"sendmsg", message},
    {"nanosleep", structure},
    {"pipe2", descriptors_made},
    {"chdir", working_directory},
    {"brk", memory},
    {"poll", waited_for},
    {"execve", arguments},
};

const Call& find(const std::string& name) {
    for (const Call& call : kCalls) {
        if (name == call.name) return call;
    }
    std::fprintf(stderr, "captures: no call '%s'\n", name.c_str());
    std::exit(1);
}

}  // namespace

int main() {
    std::memset(payload, 'x', sizeof(payload) - 1);
    std::string line;
    while (std::getline(std::cin, line)) {
        const std::size_t blank = line.rfind(' ');
        const Call& call = find(line.substr(0, blank));
        for (int i = std::atoi(line.c_str() + blank + 1); i > 0; --i) call.make();
        std::puts("done");
        std::fflush(stdout);
    }
}
