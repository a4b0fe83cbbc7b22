// SPDX-License-Identifier: Apache-2.0
// net_stdio METHOD [COMMAND...]: connects to itself, makes the connection standard input, and then
// becomes COMMAND. The methods: dup, dup2, dup3, inherit (the socket is made as descriptor 0, no
// call duplicates it), fcntl, unix (dup2 of a local socket, which is no network connection), ping
// (dup2 of a raw socket of ICMP, which is none either).
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connection(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(server, (struct sockaddr*)&address, size) || listen(server, 1) ||
        getsockname(server, (struct sockaddr*)&address, &size) ||
        connect(client, (struct sockaddr*)&address, size))
        return -1;
    return client;
}

int main(int argc, char** argv) {
    const char* method = argc > 1 ? argv[1] : "";
    int pair[2], moved = -1;
    if (!strcmp(method, "inherit")) close(0);
    int fd = connection();
    if (fd < 0) return 1;
    if (!strcmp(method, "inherit")) moved = fd;
    if (!strcmp(method, "dup")) moved = close(0) ? -1 : dup(fd);
    if (!strcmp(method, "dup2")) moved = dup2(fd, 0);
    if (!strcmp(method, "dup3")) moved = dup3(fd, 0, 0);
    if (!strcmp(method, "fcntl")) moved = close(0) ? -1 : fcntl(fd, F_DUPFD, 0);
    if (!strcmp(method, "ping")) moved = dup2(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), 0);
    if (!strcmp(method, "unix") && !socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
        moved = dup2(pair[0], 0);
    if (moved == 0 && argc > 2) execvp(argv[2], argv + 2);
    return moved != 0 || argc > 2;
}
