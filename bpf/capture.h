/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The captures of the table that read the caller's memory: one function for each kind. */
#ifndef SAKER_CAPTURE_H
#define SAKER_CAPTURE_H

#include "asked_path.h"
#include "capabilities.h"
#include "compat.h"
#include "fd.h"
#include "namespaces.h"
#include "user_memory.h"

/* Elements of an iovec array (UIO_MAXIOV in include/uapi/linux/uio.h), and of a failed execve's
 * argv, that are looked at. */
#define IOVEC_MAX	1024
#define BUFFERS_AT_ONCE 8
#define ARGV_MAX	256

struct user_pollfd {
	s32 fd;
	u16 events;
	u16 revents;
};

static __always_inline u64 argument(struct scratch *s, u32 index)
{
	if (index == SAKER_ARG_RET)
		return s->record.ret;
	return index < 6 ? s->record.args[index] : 0;
}

/* The descriptor of the directory that a relative path begins at. */
static __always_inline s32 base_of(struct scratch *s, u32 aux)
{
	return aux == SAKER_ARG_CWD ? AT_FDCWD : (s32)argument(s, aux);
}

__attribute__((noinline)) int capture_sockaddr(u32 cpu, u64 pointer, u64 length)
{
	struct scratch *s = scratch_of(cpu);

	if (s)
		append_bytes(s, pointer, length, 128);
	return 0;
}

__attribute__((noinline)) int capture_bytes(u32 cpu, u64 pointer, u64 length)
{
	struct scratch *s = scratch_of(cpu);

	if (s)
		append_bytes(s, pointer, length, snap_length);
	return 0;
}

/* The first `left` bytes of some buffers of an iovec array, from one on; what is left then. A
 * global function: the loop below verifies it once. */
__attribute__((noinline)) int append_buffers(u32 cpu, u64 vector, u32 from, u64 count, u32 left)
{
	struct scratch *s = scratch_of(cpu);

	if (!s || left > SAKER_SNAP_MAX)
		return 0;
	for (u32 i = 0; i < BUFFERS_AT_ONCE && from < count && left; i++, from++) {
		struct user_iovec iov = {};
		u32 before = s->used;

		if (read_iovec(s, vector, from, &iov)) {
			s->record.flags |= SAKER_FAULT;
			return 0;
		}
		append_bytes(s, iov.base, iov.length, left);
		before = s->used - before;
		left = before < left ? left - before : 0;
	}
	return left;
}

/* The first snap_length bytes of an iovec array's buffers: many of them may be empty. */
__attribute__((noinline)) int capture_iovec(u32 cpu, u64 vector, u64 count)
{
	struct scratch *s = scratch_of(cpu);
	u32 left = snap_length;

	if (!s)
		return 0;
	/* Behind what was transferred, a buffer has whatever it had before. */
	if (s->record.ret >= 0 && s->record.ret < left)
		left = s->record.ret;
	for (u32 i = 0; i < IOVEC_MAX && i < count && left; i += BUFFERS_AT_ONCE)
		left = append_buffers(cpu, vector, i, count, left);
	return 0;
}

__attribute__((noinline)) int capture_msghdr(u32 cpu, u64 pointer, u32 kind)
{
	struct scratch *s = scratch_of(cpu);
	struct user_msghdr header = {};

	if (!s)
		return 0;
	if (read_msghdr(s, pointer, &header)) {
		s->record.flags |= SAKER_FAULT;
		return 0;
	}
	if (kind == SAKER_CAPTURE_MSGNAME)
		capture_sockaddr(cpu, header.name, header.name_length);
	else if (kind == SAKER_CAPTURE_MSGCONTROL)
		capture_bytes(cpu, header.control, header.control_length);
	else
		capture_iovec(cpu, header.iov, header.iov_count);
	return 0;
}

/* One string of a user array of pointers. False behind the last. A global function: the loop below
 * verifies it once. */
__attribute__((noinline)) int append_argument(u32 cpu, u64 vector, u32 index)
{
	struct scratch *s = scratch_of(cpu);
	u64 pointer = s ? read_pointer(s, vector, index) : 0;

	if (!pointer)
		return false;
	append_string(s, pointer);
	return true;
}

/* The strings of a user array of pointers that ends with a null. */
__attribute__((noinline)) int capture_argv(u32 cpu, u64 vector)
{
	struct scratch *s = scratch_of(cpu);
	u32 end;

	if (!s)
		return 0;
	end = s->used + args_bytes;
	for (u32 i = 0; i < ARGV_MAX && s->used < end; i++) {
		if (!append_argument(cpu, vector, i))
			return 0;
	}
	s->record.flags |= SAKER_TRUNCATED;
	return 0;
}

static __always_inline void read_memory(u64 mm, struct saker_memory *memory)
{
	struct mm_struct___before_6_2 *old = (void *)mm;
	struct mm_struct___since_6_2 *new = (void *)mm;
	s64 pages[4] = {};

	if (!mm)
		return;
	if (bpf_core_field_exists(old->rss_stat)) {
		bpf_core_read(pages, sizeof(pages), &old->rss_stat);
	} else {
		/* Not a loop: only a constant index is put right for this kernel's counters. */
		bpf_core_read(&pages[0], sizeof(s64), &new->rss_stat[0].count);
		bpf_core_read(&pages[1], sizeof(s64), &new->rss_stat[1].count);
		bpf_core_read(&pages[2], sizeof(s64), &new->rss_stat[2].count);
		bpf_core_read(&pages[3], sizeof(s64), &new->rss_stat[3].count);
	}
	memory->vm_size = READ(struct mm_struct, mm, total_vm) * 4;
	memory->vm_rss = (pages[0] + pages[1] + pages[3]) * 4; /* file, anonymous, shared */
	memory->vm_swap = pages[2] * 4;
}

__attribute__((noinline)) int capture_memory(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_memory *memory;

	if (!s || !has_room(s, sizeof(*memory)))
		return 0;
	memory = (struct saker_memory *)END_OF(s);
	__builtin_memset(memory, 0, sizeof(*memory));
	read_memory((u64)READ(struct task_struct, s->task, mm), memory);
	s->used += sizeof(*memory);
	return 0;
}

static __always_inline void capture_fd_at(struct scratch *s, u32 cpu, u64 pointer, u32 index)
{
	s32 number = -1;

	if (s->record.ret >= 0 && bpf_probe_read_user(&number, sizeof(number),
						      (void *)(pointer + index * sizeof(number))))
		s->record.flags |= SAKER_FAULT;
	if (number >= 0)
		capture_fd(s, cpu, number);
}

/* One element of poll's array, with the descriptor as the kernel has it. */
__attribute__((noinline)) int capture_pollfd(u32 cpu, u64 pointer)
{
	struct scratch *s = scratch_of(cpu);
	struct user_pollfd asked = {};
	struct saker_poll *poll;
	u32 start, begin;

	if (!s || !has_room(s, sizeof(*poll)))
		return 0;
	if (bpf_probe_read_user(&asked, sizeof(asked), (void *)pointer)) {
		s->record.flags |= SAKER_FAULT;
		return 0;
	}
	start = OFFSET(s);
	poll = (struct saker_poll *)&s->data[start];
	poll->number = asked.fd;
	poll->events = asked.events;
	poll->revents = asked.revents;
	s->used = start + sizeof(*poll);
	begin = s->used;
	if (asked.fd >= 0)
		capture_fd(s, cpu, asked.fd);
	poll->size = s->used - begin;
	return 0;
}

__attribute__((noinline)) int capture_poll(u32 cpu, u64 pointer, u64 count)
{
	struct scratch *s = scratch_of(cpu);

	if (!s)
		return 0;
	for (u32 i = 0; i < SAKER_POLL_MAX && i < count; i++)
		capture_pollfd(cpu, pointer + i * sizeof(struct user_pollfd));
	if (count > SAKER_POLL_MAX)
		s->record.flags |= SAKER_TRUNCATED;
	return 0;
}

/* aio_fildes of struct iocb (linux/aio_abi.h). */
static __always_inline void capture_iocb_fd(struct scratch *s, u32 cpu, u64 iocb)
{
	s32 number = -1;

	bpf_probe_read_user(&number, sizeof(number), (void *)(iocb + 20));
	if (number >= 0)
		capture_fd(s, cpu, number);
}

static __always_inline bool holds(struct scratch *s, const struct saker_condition *when)
{
	u64 value;

	if (!when->values)
		return true;
	value = argument(s, when->arg);
	if (when->arg != SAKER_ARG_RET)
		value = (u32)value;
	value = (value >> (when->shift & 63)) - when->first;
	return value < 32 && when->values >> value & 1;
}

/* The kernel does not look at the upper half of an argument that is a descriptor. */
static __always_inline bool is_descriptor(u32 arg, u64 value)
{
	return (s32)value >= 0 && (arg != SAKER_ARG_RET || value <= 0x7fffffff);
}

static __always_inline u64 buffer_length(struct scratch *s, u32 aux)
{
	u32 length = 0;

	if (!(aux & SAKER_ARG_POINTER))
		return argument(s, aux);
	if (bpf_probe_read_user(&length, sizeof(length),
				(void *)argument(s, aux & ~SAKER_ARG_POINTER)))
		s->record.flags |= SAKER_FAULT;
	return length;
}

/* Takes the index-th capture of the current record, and notes its length. */
__attribute__((noinline)) int capture(u32 cpu, u32 index)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_capture what;
	u32 before;
	u64 value;

	if (!s || index >= 4)
		return 0;
	what = s->capture[index];
	if (!holds(s, &what.when))
		return 0;
	value = argument(s, what.arg);
	before = s->used;

	switch (what.kind) {
	case SAKER_CAPTURE_PATH:
		capture_path(cpu, value, base_of(s, what.aux));
		break;
	case SAKER_CAPTURE_FD:
	case SAKER_CAPTURE_MAPPED_FD:
		if (is_descriptor(what.arg, value))
			capture_fd(s, cpu, (u32)value);
		break;
	case SAKER_CAPTURE_STRING:
		append_string(s, value);
		break;
	case SAKER_CAPTURE_SOCKADDR:
		capture_sockaddr(cpu, value, (s32)buffer_length(s, what.aux));
		break;
	case SAKER_CAPTURE_BYTES:
		capture_bytes(cpu, value, buffer_length(s, what.aux));
		break;
	case SAKER_CAPTURE_IOVEC:
		capture_iovec(cpu, value, argument(s, what.aux));
		break;
	case SAKER_CAPTURE_MSGHDR:
	case SAKER_CAPTURE_MSGNAME:
	case SAKER_CAPTURE_MSGCONTROL:
		capture_msghdr(cpu, value, what.kind);
		break;
	case SAKER_CAPTURE_STRUCT:
		append_bytes(s, value, what.aux, 255);
		break;
	case SAKER_CAPTURE_LONGS:
		capture_longs(cpu, value, what.aux);
		break;
	case SAKER_CAPTURE_FD_AT:
		capture_fd_at(s, cpu, value, what.aux);
		break;
	case SAKER_CAPTURE_ARGV:
		capture_argv(cpu, value);
		break;
	case SAKER_CAPTURE_CWD:
		capture_cwd(cpu);
		break;
	case SAKER_CAPTURE_NAMESPACES:
		capture_namespaces(cpu);
		break;
	case SAKER_CAPTURE_CAPS:
		capture_caps(cpu, value);
		break;
	case SAKER_CAPTURE_MEMORY:
		capture_memory(cpu);
		break;
	case SAKER_CAPTURE_POLL:
		capture_poll(cpu, value, (u32)argument(s, what.aux));
		break;
	case SAKER_CAPTURE_ARRAY:
		if (argument(s, what.arg + 1))
			append_bytes(s, value,
				     argument(s, what.arg + 1) > 1 ? 2 * what.aux : what.aux, 510);
		break;
	case SAKER_CAPTURE_POINTED:
		append_bytes(s, read_pointer(s, value, 0), what.aux, 255);
		break;
	case SAKER_CAPTURE_IOCB_FD:
		capture_iocb_fd(s, cpu, read_pointer(s, value, 0));
		break;
	}
	s->record.lengths[index] = s->used - before;
	return 0;
}

#endif
