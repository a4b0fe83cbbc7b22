/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Puts the names that the kernel used, and names.bpf.c noted, into the record of a call. */
#ifndef SAKER_NAMES_H
#define SAKER_NAMES_H

#include "request_names.h"
#include "scratch.h"

static __always_inline void count_unnamed(u32 cpu)
{
	struct saker_cpu *counters = bpf_map_lookup_elem(&cpus, &cpu);

	if (counters)
		counters->unnamed++;
}

/* The string first, as in the calls that have one, then the names. */
static __always_inline void append_pending(struct scratch *s, struct pending *pending)
{
	u32 text = pending->text_size & (PENDING_TEXT - 1);
	u32 names = pending->used & (2 * PENDING_WALKS - 1);
	u32 first = SAKER_REAL;

	if (text) {
		bpf_probe_read_kernel(END_OF(s), text, pending->text);
		s->used += text;
		s->record.lengths[first++] = text;
	}
	bpf_probe_read_kernel(END_OF(s), names, pending->data);
	s->used += names;
	s->record.lengths[first] = pending->name_sizes[0];
	s->record.lengths[first + 1] = pending->name_sizes[1];
	s->record.flags |= SAKER_REAL_NAMES | pending->flags;
}

/*
 * Takes the names of the current call, one of `operations`. A call that succeeds without having
 * been noted (its task's storage could not be had, or the program was under way on this processor
 * for another task) is counted, and the record says it. A call that failed may have done so before
 * it came to touch anything: nothing is known of it then.
 */
__attribute__((noinline)) int append_real_names(u32 cpu, u32 operations)
{
	struct scratch *s = scratch_of(cpu);
	u32 tid = bpf_get_current_pid_tgid();
	struct pending *pending;

	if (!s)
		return 0;
	pending = pending_of(tid);
	if (s->record.ret >= 0) {
		if (pending && (pending->operations & operations) &&
		    has_room(s, PENDING_TEXT + 2 * PENDING_WALKS))
			append_pending(s, pending);
		else
			s->record.flags |= SAKER_UNNAMED;
		if (s->record.flags & SAKER_UNNAMED)
			count_unnamed(cpu);
	}
	if (pending)
		pending->operations = 0;
	if (pending && !task_storage)
		bpf_map_delete_elem(&pending_names, &tid);
	return 0;
}

/* The flags of a request that is reported before it has touched what it names. */
static __always_inline u32 unnamed_request(u32 opcode, u32 cpu)
{
	if (!operations_of_requests[opcode & (SAKER_URING_OPERATIONS - 1)])
		return 0;
	count_unnamed(cpu);
	return SAKER_UNNAMED;
}

/*
 * Likewise the names of the request whose record is being built, which has ended or (`sure` is 0)
 * may not have: then nothing is missed yet.
 */
__attribute__((noinline)) int append_request_names(u32 cpu, u32 sure)
{
	struct scratch *s = scratch_of(cpu);
	struct pending *names;
	u32 operations, place;

	if (!s)
		return 0;
	operations = operations_of_requests[s->uring.operation & (SAKER_URING_OPERATIONS - 1)];
	if (!operations || s->record.ret < 0)
		return 0;
	place = s->uring.held;
	names = bpf_map_lookup_elem(&request_names, &place);
	if (names && names->request == s->uring.request && (names->operations & operations) &&
	    has_room(s, PENDING_TEXT + 2 * PENDING_WALKS))
		append_pending(s, names);
	else if (sure)
		s->record.flags |= SAKER_UNNAMED;
	if (s->record.flags & SAKER_UNNAMED)
		count_unnamed(cpu);
	return 0;
}

#endif
