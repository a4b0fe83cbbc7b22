// SPDX-License-Identifier: Apache-2.0
// talk_unix PATH: listens on a local socket of that name and connects to it.
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char** argv) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 2) return 2;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1]);
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    return bind(server, (struct sockaddr*)&address, sizeof(address)) || listen(server, 1) ||
           connect(client, (struct sockaddr*)&address, sizeof(address));
}
