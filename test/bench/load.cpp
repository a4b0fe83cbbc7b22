// SPDX-License-Identifier: Apache-2.0
//
// The work whose price is measured. It lives through the whole measurement, so that all rounds run
// the same pages on the same cpu, and only what is attached to the kernel differs.
//
//   load        for each line on stdin, which names an operation: does it in kBatches batches, and
//               prints "<ns per operation, of the median batch> <number of operations>"; for the
//               line "pace" "<how quick the processor is> 0" (pace.h)
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "pace.h"

using namespace saker::bench;

namespace {

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "load: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

void call_getpid() {
    syscall(SYS_getpid);
}

void open_and_close() {
    const int fd = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
    if (fd < 0) fail("/etc/hostname");
    close(fd);
}

void run_program() {
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        execl("/bin/true", "true", static_cast<char*>(nullptr));
        _exit(127);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) fail("/bin/true");
}

// A loopback address that nobody listens on, and nobody else can take: it is bound, and no more.
sockaddr_in closed_port() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    const int owner = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (owner < 0 || bind(owner, generic, size) != 0 || getsockname(owner, generic, &size) != 0) {
        fail("a loopback port");
    }
    return address;
}

void connect_in_vain() {
    static const sockaddr_in address = closed_port();
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    const int result = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    if (result == 0 || errno != ECONNREFUSED) fail("connect to a closed port");
    close(fd);
}

struct Operation {
    const char* name;
    void (*run)();
    int times;  // of a batch, which takes some milliseconds: less than a time slice
};

constexpr std::array<Operation, 4> kOperations = {{
    {"getpid", call_getpid, 10'000},
    {"open+close", open_and_close, 1'000},
    {"fork+exec+wait", run_program, 3},
    {"connect", connect_in_vain, 200},
}};
const Operation& find(const std::string& name) {
    for (const Operation& operation : kOperations) {
        if (name == operation.name) return operation;
    }
    std::fprintf(stderr, "load: no operation '%s'\n", name.c_str());
    std::exit(1);
}

}  // namespace

int main() {
    std::string name;
    while (std::getline(std::cin, name)) {
        if (name == "pace") {
            std::printf("%.2f 0\n", pace());
        } else {
            const Operation& operation = find(name);
            std::printf("%.2f %d\n", time_of(operation.run, operation.times),
                        operation.times * kBatches);
        }
        std::fflush(stdout);
    }
}
