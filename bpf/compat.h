/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Calls of ia32 and x32: where the arguments of ia32's are, and the user structures that hold
 * pointers or longs, which have 32 bits there.
 */
#ifndef SAKER_COMPAT_H
#define SAKER_COMPAT_H

#include "abi.h"
#include "scratch.h"

/* Longs in one structure. */
#define LONGS_MAX 8

struct user_iovec {
	u64 base;
	u64 length;
};

struct compat_iovec {
	u32 base;
	u32 length;
};

struct user_msghdr {
	u64 name;
	u32 name_length;
	u32 pad;
	u64 iov;
	u64 iov_count;
	u64 control;
	u64 control_length;
};

struct compat_msghdr {
	u32 name;
	u32 name_length;
	u32 iov;
	u32 iov_count;
	u32 control;
	u32 control_length;
};

static __always_inline bool is_compat(struct scratch *s)
{
	return s->record.abi == SAKER_ABI_IA32 || s->record.abi == SAKER_ABI_X32;
}

/* Keeps the words of the call whose descriptor has that index. Of socketcall() and ipc() gives the
 * index of the part that the first of them chooses (its upper half is a version in ipc()); else the
 * call's own. Event 0, execve, is nobody's part. */
static __always_inline u32 chosen_part(struct scratch *s, struct pt_regs *regs, u32 index)
{
	struct saker_syscall *call = bpf_map_lookup_elem(&syscalls, &index);
	struct saker_syscall *part;
	u32 number;

	read_words(s->words, regs);
	if (!call || !call->parts)
		return index;
	number = s->words[0];
	if (call->event == SAKER_EVENT_ipc)
		number &= 0xffff;
	if (number >= SAKER_PARTS)
		return index;
	number += call->parts;
	part = bpf_map_lookup_elem(&syscalls, &number);
	return part && part->event ? number : index;
}

static __always_inline u64 place(struct scratch *s, u8 from)
{
	u32 word = s->words[from & (SAKER_FROM_WORDS - 1)];
	u64 next = s->words[(from + 1) & (SAKER_FROM_WORDS - 1)];

	switch (from >> SAKER_FROM_FORM) {
	case SAKER_FROM_SIGNED:
		return (s64)(s32)word;
	case SAKER_FROM_LOW_HIGH:
		return next << 32 | word;
	case SAKER_FROM_HIGH_LOW:
		return (u64)word << 32 | next;
	case SAKER_FROM_PAGES:
		return (u64)word << 12;
	case SAKER_FROM_SHORT_ID:
		return (u16)word == 0xffff ? 0xffffffff : (u16)word;
	}
	return word;
}

/* Reads the words that stand in memory, and fills the record's arguments. */
__attribute__((noinline)) int compat_arguments(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	u32 *memory;
	u32 size;

	if (!s)
		return 0;
	memory = &s->words[SAKER_FROM_MEMORY];
	__builtin_memset(memory, 0, sizeof(s->words) - SAKER_FROM_MEMORY * sizeof(u32));
	size = (s->memory_words & 7) * sizeof(u32);
	if (size &&
	    bpf_probe_read_user(memory, size,
				(void *)(u64)s->words[s->memory_pointer & (SAKER_FROM_WORDS - 1)]))
		s->record.flags |= SAKER_FAULT;
#pragma unroll
	for (int i = 0; i < 6; i++)
		s->record.args[i] = place(s, s->from[i]);
	return 0;
}

static __always_inline void copy_compat_arguments(struct scratch *s, u32 cpu,
						  struct saker_syscall *call)
{
	__builtin_memcpy(s->from, call->from, sizeof(s->from));
	s->memory_words = call->words;
	s->memory_pointer = call->pointer;
	compat_arguments(cpu);
}

/* The index-th of an array of user pointers; 0 where it cannot be read. */
static __always_inline u64 read_pointer(struct scratch *s, u64 array, u32 index)
{
	u64 pointer = 0;
	u32 size = is_compat(s) ? sizeof(u32) : sizeof(u64);

	if (bpf_probe_read_user(&pointer, size, (void *)(array + index * size)))
		s->record.flags |= SAKER_FAULT;
	return pointer;
}

static __always_inline long read_iovec(struct scratch *s, u64 vector, u32 index,
				       struct user_iovec *iov)
{
	struct compat_iovec compat = {};
	long error;

	if (!is_compat(s))
		return bpf_probe_read_user(iov, sizeof(*iov),
					   (void *)(vector + index * sizeof(*iov)));
	error =
	    bpf_probe_read_user(&compat, sizeof(compat), (void *)(vector + index * sizeof(compat)));
	iov->base = compat.base;
	iov->length = compat.length;
	return error;
}

static __always_inline long read_msghdr(struct scratch *s, u64 pointer, struct user_msghdr *header)
{
	struct compat_msghdr compat = {};
	long error;

	if (!is_compat(s))
		return bpf_probe_read_user(header, sizeof(*header), (void *)pointer);
	error = bpf_probe_read_user(&compat, sizeof(compat), (void *)pointer);
	header->name = compat.name;
	header->name_length = compat.name_length;
	header->iov = compat.iov;
	header->iov_count = compat.iov_count;
	header->control = compat.control;
	header->control_length = compat.control_length;
	return error;
}

/* Appends a structure of `size` bytes of longs, from one of half that size. All ones stay all ones:
 * RLIM_INFINITY, and negative values as far as anybody uses them. */
__attribute__((noinline)) int capture_longs(u32 cpu, u64 pointer, u32 size)
{
	struct scratch *s = scratch_of(cpu);
	u32 start;

	if (!s || !pointer || !has_room(s, size))
		return 0;
	start = s->used;
	for (u32 i = 0; i < LONGS_MAX && i < size / sizeof(u64); i++) {
		u32 value = 0;

		if (bpf_probe_read_user(&value, sizeof(value),
					(void *)(pointer + i * sizeof(value)))) {
			s->record.flags |= SAKER_FAULT;
			s->used = start;
			break;
		}
		*(u64 *)END_OF(s) = value == 0xffffffff ? ~0ull : value;
		s->used += sizeof(u64);
	}
	return 0;
}

#endif
