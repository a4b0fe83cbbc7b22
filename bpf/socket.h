/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a socket is and whom it is connected to, from the kernel's own structs. */
#ifndef SAKER_SOCKET_H
#define SAKER_SOCKET_H

#include "scratch.h"

static __always_inline void append_inet(struct scratch *s, struct saker_fd *fd, u64 sock)
{
	struct saker_inet *inet = (struct saker_inet *)END_OF(s);

	__builtin_memset(inet, 0, sizeof(*inet));
	if (fd->family == AF_INET) {
		*(u32 *)inet->local = READ(struct sock, sock, __sk_common.skc_rcv_saddr);
		*(u32 *)inet->remote = READ(struct sock, sock, __sk_common.skc_daddr);
	} else {
		struct sock *sk = (struct sock *)sock;

		bpf_core_read(inet->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(inet->remote, 16, &sk->__sk_common.skc_v6_daddr);
	}
	inet->local_port = READ(struct sock, sock, __sk_common.skc_num);
	inet->remote_port = __builtin_bswap16(READ(struct sock, sock, __sk_common.skc_dport));
	inet->state = READ(struct sock, sock, __sk_common.skc_state);
	inet->queue_length = READ(struct sock, sock, sk_ack_backlog);
	inet->queue_max = READ(struct sock, sock, sk_max_ack_backlog);
	if (inet->state == TCP_LISTEN && fd->socket_type == SOCK_STREAM)
		fd->flags |= SAKER_FD_LISTENING;
	if (inet->remote_port)
		fd->flags |= SAKER_FD_CONNECTED;
	s->used += sizeof(*inet);
}

/* The address that a unix socket is bound to. False if it has none. */
static __always_inline bool append_unix_address(struct scratch *s, u64 sock)
{
	u64 address = (u64)READ(struct unix_sock, sock, addr);
	u32 length;

	if (!address)
		return false;
	length = READ(struct unix_address, address, len) - sizeof(u16);
	if (!length || length > sizeof(((struct sockaddr_un *)0)->sun_path))
		return false;
	bpf_probe_read_kernel(
	    END_OF(s), length & 127,
	    (void *)(address + bpf_core_field_offset(struct unix_address, name) + sizeof(u16)));
	s->used += length & 127;
	return true;
}

/*
 * A unix socket is named by its peer's address or by its own: a client by that of the server it
 * talks to, whatever it has bound itself to; what accept() returns by its own, the server's.
 */
static __always_inline void append_unix(struct scratch *s, struct saker_fd *fd, u64 sock)
{
	u64 peer = (u64)READ(struct unix_sock, sock, peer);
	u8 state = READ(struct sock, sock, __sk_common.skc_state);

	if (state == TCP_LISTEN)
		fd->flags |= SAKER_FD_LISTENING;
	if (peer)
		fd->flags |= SAKER_FD_CONNECTED;
	if (s->record.event == SAKER_EVENT_accept || s->record.event == SAKER_EVENT_accept4)
		peer = 0;
	if (!peer || !append_unix_address(s, peer))
		append_unix_address(s, sock);
}

static __always_inline u8 socket_fd_type(u16 family)
{
	switch (family) {
	case AF_INET:
		return SAKER_FD_INET4;
	case AF_INET6:
		return SAKER_FD_INET6;
	case AF_UNIX:
		return SAKER_FD_UNIX;
	case AF_NETLINK:
		return SAKER_FD_NETLINK;
	case AF_PACKET:
		return SAKER_FD_PACKET;
	}
	return SAKER_FD_SOCKET;
}

/* Completes `fd`, which lies in s->data, and appends the socket's addresses behind it. */
static __always_inline void append_socket(struct scratch *s, struct saker_fd *fd, u64 file)
{
	u64 socket = (u64)READ(struct file, file, private_data);
	u64 sock = (u64)READ(struct socket, socket, sk);

	if (!sock)
		return;
	fd->family = READ(struct sock, sock, __sk_common.skc_family);
	fd->socket_type = READ(struct sock, sock, sk_type);
	fd->protocol = READ(struct sock, sock, sk_protocol);
	fd->type = socket_fd_type(fd->family);
	if (fd->type == SAKER_FD_INET4 || fd->type == SAKER_FD_INET6)
		append_inet(s, fd, sock);
	else if (fd->type == SAKER_FD_UNIX)
		append_unix(s, fd, sock);
}

#endif
