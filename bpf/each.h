/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Calls that do several things at once (sendmmsg, recvmmsg, io_submit): one record for each thing
 * that was done, as if each had been a call of its own. The argument that points to the array is
 * moved on from record to record, so that the captures of the table see one element at a time.
 */
#ifndef SAKER_EACH_H
#define SAKER_EACH_H

#include "capture.h"
#include "emit.h"

/* The kernel's own bound of one sendmmsg or recvmmsg (UIO_MAXIOV), and of what is reported of one
 * io_submit. */
#define EACH_MAX 1024

/* struct mmsghdr: a struct msghdr, msg_len, padding. */
#define MMSGHDR_SIZE	  64
#define MMSGHDR_MSG_LEN	  56
#define MMSGHDR_ARGUMENT  1
#define IOCB_POINTER_SIZE 8
/* The same of a 32-bit caller. */
#define COMPAT_MMSGHDR_SIZE	 32
#define COMPAT_MMSGHDR_MSG_LEN	 28
#define COMPAT_IOCB_POINTER_SIZE 4
#define IOCB_LIST_ARGUMENT	 2

/* The first two of an opening have been taken (capture_opening). */
static __always_inline void take_captures(struct scratch *s, u32 cpu,
					  const struct saker_syscall *call)
{
	u32 count = call->captures;

	__builtin_memcpy(s->capture, call->capture, sizeof(s->capture));
	if (!call->opens) {
		if (count > 0)
			capture(cpu, 0);
		if (count > 1)
			capture(cpu, 1);
	}
	if (count > 2)
		capture(cpu, 2);
	if (count > 3)
		capture(cpu, 3);
}

static __always_inline void move_on(struct scratch *s, const struct saker_syscall *call)
{
	s->used = 0;
	s->record.flags = 0;
	__builtin_memset(s->record.lengths, 0, sizeof(s->record.lengths));
	if (call->each == SAKER_EACH_MESSAGE)
		s->record.args[MMSGHDR_ARGUMENT] +=
		    is_compat(s) ? COMPAT_MMSGHDR_SIZE : MMSGHDR_SIZE;
	else
		s->record.args[IOCB_LIST_ARGUMENT] +=
		    is_compat(s) ? COMPAT_IOCB_POINTER_SIZE : IOCB_POINTER_SIZE;
}

/* A message's return value is its own length, as that of sendmsg and recvmsg. */
static __always_inline void read_message_length(struct scratch *s)
{
	u32 length = 0;
	u32 place = is_compat(s) ? COMPAT_MMSGHDR_MSG_LEN : MMSGHDR_MSG_LEN;

	bpf_probe_read_user(&length, sizeof(length),
			    (void *)(s->record.args[MMSGHDR_ARGUMENT] + place));
	s->record.ret = length;
}

/* Sends the record of element `index`. A global function: the loop below verifies it once. */
__attribute__((noinline)) int send_element(u32 cpu, u32 number, u32 index)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_syscall *call = bpf_map_lookup_elem(&syscalls, &number);

	if (!s || !call)
		return 0;
	if (index)
		move_on(s, call);
	if (call->each == SAKER_EACH_MESSAGE)
		read_message_length(s);
	take_captures(s, cpu, call);
	send(s, cpu, call->ring);
	return 0;
}

static __always_inline void send_each(u32 cpu, u32 number, u64 count)
{
	for (u32 i = 0; i < EACH_MAX && i < count; i++)
		send_element(cpu, number, i);
}

#endif
