/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a request of io_uring touches. One of the kernel's workers does it, a thread of the process
 * whose ring it is, and is asked by the security functions as a call is (names.bpf.c); but whoever
 * ends the request may be another thread. So the names are put where the request is held, and its
 * end takes them from there.
 */
#ifndef SAKER_REQUEST_NAMES_H
#define SAKER_REQUEST_NAMES_H

#include "pending.h"

/* How a request is found again at its end: by its address, or by its ring and `user_data`, which
 * is the submitter's choice and may not be unique. */
struct uring_key {
	u64 first;
	u64 second;
};

/* The place in which a request is held. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* a key and an alias for each place; set by user space */
	__type(key, struct uring_key);
	__type(value, u32);
} uring_held SEC(".maps");

/* By place. What is there may be of a request that was there before: `request` tells. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* as many as there are places, where such names are told */
	__type(key, u32);
	__type(value, struct pending);
} request_names SEC(".maps");

/* Bits of enum saker_operation that the record of a request wants to know: by its opcode. */
__u32 operations_of_requests[SAKER_URING_OPERATIONS];

#endif
