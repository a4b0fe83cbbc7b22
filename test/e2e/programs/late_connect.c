// SPDX-License-Identifier: Apache-2.0
// late_connect: connects to 127.0.0.9, which does not answer for half a second since its queue is
// full; as soon as the kernel has the address, another thread writes 127.0.0.1 over it.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

static struct sockaddr_in address;
static int client;

static void* overwrite(void* unused) {
    struct tcp_info info = {0};
    socklen_t size = sizeof(info);
    while (info.tcpi_state != TCP_SYN_SENT)
        if (getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) break;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return unused;
}

static int tcp(void) {
    return socket(AF_INET, SOCK_STREAM, 0);
}

int main(void) {
    const struct timeval kPatience = {0, 500000};
    socklen_t size = sizeof(address);
    int server = tcp();
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = inet_addr("127.0.0.9");
    if (bind(server, (struct sockaddr*)&address, size) != 0 || listen(server, 0) != 0 ||
        getsockname(server, (struct sockaddr*)&address, &size) != 0)
        return 1;
    if (connect(tcp(), (struct sockaddr*)&address, size) != 0) return 1;
    pthread_t thread;
    client = tcp();
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
    pthread_create(&thread, NULL, overwrite, NULL);
    int failed = connect(client, (struct sockaddr*)&address, size);
    pthread_join(thread, NULL);
    return failed == 0;
}
