/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the call that a task is in touches, from the moment at which the kernel's security functions
 * are told of it (names.bpf.c) until the call returns (names.h). It lies with the task, so that no
 * number of other calls can push it out; on kernels before 5.13, in a hash that is bounded.
 */
#ifndef SAKER_PENDING_H
#define SAKER_PENDING_H

#include "kernel.h"
#include "saker/record.h"

/* Bytes of all names of a call, and of a string that goes with them; powers of two (masks). The
 * whole fits into 8 KiB, the most that a task's storage gets from recent kernels. */
#define PENDING_WALKS 4096
#define PENDING_TEXT  2048
#define PENDING_NAMES 2

struct pending {
	/* What a walk needs: see struct scratch, whose members have the same names. First, so that
	 * no string is read to the value's first byte. */
	u64 root_dentry, root_super;
	u64 task;
	u64 vfsmount, dentry;
	u64 mount_root;
	u32 used, cut;
	u32 mark, marked;
	u32 bound; /* of `used` */

	u64 request;	/* of io_uring, whose names these are (request_names.h); 0: a call's */
	u32 operations; /* the bit of the call's; 0: nothing pending */
	u32 flags;	/* of the record: SAKER_UNNAMED, SAKER_LOOSE_NAMES, SAKER_TRUNCATED */
	u16 text_size;	/* 0: the operation has no string */
	u16 name_sizes[PENDING_NAMES];
	u8 text[PENDING_TEXT];
	u8 data[PENDING_WALKS +
		512]; /* the names; the last one may begin anywhere below the bound */
};

/* User space makes it a hash, by thread id, where `task_storage` is false. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct pending);
} pending_names SEC(".maps");

const volatile bool task_storage = true;

static __always_inline struct pending *pending_of(u32 tid)
{
	if (task_storage)
		return bpf_task_storage_get(&pending_names, bpf_get_current_task_btf(), NULL, 0);
	return bpf_map_lookup_elem(&pending_names, &tid);
}

#endif
