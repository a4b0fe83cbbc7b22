// SPDX-License-Identifier: Apache-2.0
// open_socket packet|raw|raw6|udp|netlink: opens a socket of that kind.
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const struct {
    const char* name;
    int domain, type, protocol;
} kKinds[] = {
    {"packet", AF_PACKET, SOCK_DGRAM, 0},
    {"raw", AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP},
    {"raw6", AF_INET6, SOCK_RAW, IPPROTO_ICMPV6},
    {"udp", AF_INET, SOCK_DGRAM, 0},
    {"netlink", AF_NETLINK, SOCK_RAW, 0},
};

int main(int argc, char** argv) {
    for (size_t i = 0; argc > 1 && i < sizeof(kKinds) / sizeof(kKinds[0]); i++)
        if (!strcmp(argv[1], kKinds[i].name)) {
            int fd = socket(kKinds[i].domain, kKinds[i].type, kKinds[i].protocol);
            if (fd < 0) perror(argv[1]);
            return fd < 0;
        }
    return 2;
}
