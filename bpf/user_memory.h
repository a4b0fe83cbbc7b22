/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Appending what the caller's memory has to the record. */
#ifndef SAKER_USER_MEMORY_H
#define SAKER_USER_MEMORY_H

#include "scratch.h"

/* Appends a user string with its NUL. Returns its size, 0 where it could not be read. */
static __always_inline u32 append_string(struct scratch *s, u64 pointer)
{
	long size;

	if (!pointer || !has_room(s, SAKER_STRING_MAX))
		return 0;
	size = bpf_probe_read_user_str(END_OF(s), SAKER_STRING_MAX, (void *)pointer);
	if (size < 0) {
		s->record.flags |= SAKER_FAULT;
		return 0;
	}
	/* Not every kernel counts the NUL of an empty string. */
	if (size == 0) {
		*END_OF(s) = 0;
		size = 1;
	}
	if (size == SAKER_STRING_MAX)
		s->record.flags |= SAKER_TRUNCATED;
	s->used += size;
	return size;
}

/* Appends user bytes; what is over `bound`, at most PIECE_MAX, is left out. */
static __always_inline void append_bytes(struct scratch *s, u64 pointer, u64 size, u32 bound)
{
	if (!pointer || (s64)size <= 0)
		return;
	if (size > bound) {
		size = bound;
		s->record.flags |= SAKER_TRUNCATED;
	}
	if (!has_room(s, size))
		return;
	size &= 2 * PIECE_MAX - 1;
	if (size > PIECE_MAX)
		size = PIECE_MAX;
	if (bpf_probe_read_user(END_OF(s), size, (void *)pointer))
		s->record.flags |= SAKER_FAULT;
	else
		s->used += size;
}

#endif
