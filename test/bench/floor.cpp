// SPDX-License-Identifier: Apache-2.0
//
//   floor       attaches an empty program to sys_exit, says "attached", and waits for SIGTERM
//
// Exit status 2: the kernel does not let us.
#include <bpf/libbpf.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "floor.skel.h"

int main() {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    sigprocmask(SIG_BLOCK, &ending, nullptr);

    libbpf_set_print(nullptr);
    floor_bpf* skeleton = floor_bpf__open_and_load();
    const int error = skeleton == nullptr ? errno : -floor_bpf__attach(skeleton);
    if (error != 0) {
        std::fprintf(stderr, "floor: cannot attach to sys_exit: %s\n", std::strerror(error));
        return 2;
    }
    std::fputs("attached\n", stderr);
    int signal = 0;
    sigwait(&ending, &signal);
    floor_bpf__destroy(skeleton);
}
