/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Maps and the per-cpu scratch memory in which a record is built, one at a time (undisturbed.h).
 */
#ifndef SAKER_SCRATCH_H
#define SAKER_SCRATCH_H

#include "kernel.h"
#include "saker/name_filter.h"
#include "saker/record.h"

/* Bytes that one read of user memory takes at most. */
#define PIECE_MAX 8192

struct scratch {
	/* Work area of the captures. First, so that no read lands on the first byte of the value:
	 * a faulting string read on kernels before 6.1 may write one byte before its target. */
	u64 root_dentry; /* of the mount namespace's root mount; 0: not looked up yet */
	u64 root_super;
	u64 task; /* the current one */
	/* Arguments of the global functions: these take no kernel pointers, but through memory. */
	u64 vfsmount, dentry; /* walk_path: where to begin, then where it is */
	u64 subject;	      /* fill_process: the task */
	u32 used;	      /* bytes of data so far */
	u32 cut;	      /* the last walk ended before the root */
	u64 mount_root;	      /* of the walk's mount */
	u32 mark;	      /* `used` when the walk passed mount_root */
	u32 marked;
	struct saker_name_scan scan; /* of the names at hand (filter.h) */
	u32 names;		     /* classes of the names so far */
	u32 components;		     /* of the name at hand, so far */
	u32 marked_components;	     /* the same when the walk passed mount_root */
	u32 unseen;		     /* one of them is still to be looked at */
	u32 zero;		     /* 0: a number that the verifier does not know */
	u32 busy;		     /* a record is being built */
	u32 file_flags; /* f_flags of the descriptor that was returned; O_ACCMODE without one */
	struct saker_capture capture[4];
	/* Of an ia32 call: its words, and what its descriptor says of them (compat.h). */
	u32 words[SAKER_FROM_WORDS];
	u8 from[6];
	u8 memory_words;
	u8 memory_pointer;
	u64 file;	    /* capture_file: what it is about */
	struct uring_work { /* uring.h */
		u64 request;
		u64 ring;
		u32 operation;
		u32 names;	   /* classes of those that were asked for, as above */
		u32 stage;	   /* enum uring_stage */
		u32 captured;	   /* a bit for each capture that has been taken */
		u32 held;	   /* the request's place among those that are held */
		u32 offset;	   /* of the next capture there */
		u32 next;	   /* of this cpu's places, the one to use next */
		u32 multishot;	   /* it goes on to have results */
		u32 opens;	   /* its result is a file by a name */
		u32 slot;	   /* of the fixed file that is to be opened, from 1 on; 0: none */
		u32 turn;	   /* of the place in `held`, when it was read */
		u64 first, second; /* the key that a result came with */
	} uring;

	struct saker_record record;
	/* Room beyond SAKER_DATA_MAX: a piece may begin anywhere below it. */
	u8 data[SAKER_DATA_MAX + PIECE_MAX];
};

/* One element for each possible cpu: an array, whose look-up is a few inlined instructions, and
 * whose values may be larger than those of a per-cpu array. User space makes them as small as
 * `data_bytes` allows; hence no type, which would have to fit. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct scratch));
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, u32);
	__type(value, struct saker_cpu);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, u32);
	__type(value, struct saker_control);
} controls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SAKER_CALLS);
	__type(key, u32);
	__type(value, struct saker_syscall);
} syscalls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} vital SEC(".maps");

/* One bulk ring for each `cpus_per_ring` cpus; user space makes them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__uint(value_size, sizeof(u32));
} bulk SEC(".maps");

const volatile __u32 cpus_per_ring = 2;
const volatile __u32 snap_length = 80;
/* Bound of arguments and environment together, and what it asks of a record: SAKER_DATA_SMALL or
 * SAKER_DATA_MAX. */
const volatile __u32 args_bytes = SAKER_ARGS_DEFAULT;
const volatile __u32 data_bytes = SAKER_DATA_SMALL;
/* Which controllers' v1 hierarchy names containers where a task is in the v2 root. */
const volatile bool v1_memory, v1_pids;

/* Syscall numbers that a rule wants: a bit for each enum saker_abi. User space may change them at
 * any time. */
__u8 wanted[SAKER_NUMBERS];

static __always_inline struct scratch *scratch_of(u32 cpu)
{
	return bpf_map_lookup_elem(&scratches, &cpu);
}

/* Where the next piece goes; the mask is for the verifier, `has_room` for the truth. */
#define OFFSET(s) ((s)->used & (data_bytes - 1))
#define END_OF(s) (&(s)->data[OFFSET(s)])

static __always_inline bool has_room(struct scratch *s, u32 bytes)
{
	if (s->used + bytes < data_bytes)
		return true;
	s->record.flags |= SAKER_FULL;
	return false;
}

#endif
