/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Requests of io_uring, reported as the events of the system calls that they stand for.
 *
 * When a request has been taken in, the kernel has copied what was asked: names and addresses are
 * then read from the kernel's copy, and the record is begun, for the task that submitted it (or
 * the ring's polling thread, which is one of the creator's process). It is held until the request
 * has ended; then the result, and what the descriptor or buffer has become, are added. One that
 * will not announce its end, or for which there is no place, is sent at once, without a result and
 * without the names that it will touch: no request is left out.
 */
#ifndef SAKER_URING_H
#define SAKER_URING_H

#include "names.h"
#include "uring_held.h"

/* Copies a capture that was taken when the request was submitted. */
__attribute__((noinline)) int uring_copy(u32 cpu, u32 index)
{
	struct scratch *s = scratch_of(cpu);
	struct held_request *held;
	u32 key, size, offset;

	if (!s || index >= 4)
		return 0;
	key = s->uring.held;
	held = bpf_map_lookup_elem(&uring_places, &key);
	if (!held)
		return 0;
	size = s->record.lengths[index];
	offset = s->uring.offset;
	if (!size || size > HELD_DATA || offset > HELD_DATA - size || !has_room(s, size))
		return 0;
	if (!bpf_probe_read_kernel(END_OF(s), size, &held->data[offset]))
		s->used += size;
	s->uring.offset = offset + size;
	return 0;
}

/* Takes a capture of what has come of the request. What is not a file that it knows is memory, or a
 * descriptor, of the current task: of the right one, or not at all. */
static __always_inline void take_result(struct scratch *s, u32 cpu, u32 index)
{
	u8 kind = s->capture[index].kind;

	/* Only what was asked when the request was taken in: the kernel lets go of its copy. */
	if (kind == SAKER_CAPTURE_NONE || kind == SAKER_CAPTURE_PATH ||
	    kind == SAKER_CAPTURE_STRING)
		return;
	/* Of one that was not held. */
	if (kind == SAKER_CAPTURE_STRUCT && uring_asked(cpu, index))
		return;
	if (!uring_file(cpu, index) && bpf_get_current_pid_tgid() >> 32 == s->record.tgid)
		capture(cpu, index);
}

/* In the place of what a request will open: a file of which nothing is known. Rules on opened files
 * are then tried with the name that was asked for, should the record be sent before the end. */
static __always_inline void promise_file(struct scratch *s, u32 index)
{
	struct saker_capture *what = &s->capture[index];
	struct saker_fd *fd;

	if (!s->uring.opens || what->kind != SAKER_CAPTURE_FD || what->arg != SAKER_ARG_RET ||
	    !has_room(s, sizeof(*fd)))
		return;
	fd = (struct saker_fd *)END_OF(s);
	__builtin_memset(fd, 0, sizeof(*fd));
	fd->type = SAKER_FD_FILE;
	fd->flags = SAKER_FD_CUT;
	s->used += sizeof(*fd);
}

static __always_inline void take_before_end(struct scratch *s, u32 cpu, u32 index)
{
	if (uring_asked(cpu, index)) {
		s->uring.captured |= 1u << index;
		return;
	}
	if (s->uring.stage == URING_ONCE)
		take_result(s, cpu, index);
	promise_file(s, index);
}

static __always_inline void take_uring_capture(struct scratch *s, u32 cpu, u32 index)
{
	u32 before = s->used;

	if (s->uring.stage != URING_END) {
		take_before_end(s, cpu, index);
	} else if (s->uring.captured & (1u << index)) {
		uring_copy(cpu, index);
	} else {
		s->uring.offset += s->record.lengths[index]; /* a promise */
		take_result(s, cpu, index);
	}
	s->record.lengths[index] = s->used - before;
}

static __always_inline void take_uring_captures(struct scratch *s, u32 cpu, u32 count)
{
	if (count > 0)
		take_uring_capture(s, cpu, 0);
	if (count > 1)
		take_uring_capture(s, cpu, 1);
	if (count > 2)
		take_uring_capture(s, cpu, 2);
	if (count > 3)
		take_uring_capture(s, cpu, 3);
}

static __always_inline void send_wanted(struct scratch *s, u32 cpu, u32 ring)
{
	if (is_wanted(s))
		send_built(s, cpu, ring);
	else
		count_filtered(cpu);
}

/* A polling thread has a name that the kernel gave it: what it does, its process does. */
static __always_inline void name_process(struct scratch *s)
{
	u64 leader;

	if (!(READ(struct task_struct, s->task, flags) & PF_IO_WORKER))
		return;
	leader = (u64)READ(struct task_struct, s->task, group_leader);
	COPY(s->record.comm, sizeof(s->record.comm), struct task_struct, leader, comm);
}

/* Starts the record of a request of the current task, or of its process: all but the captures. */
static __always_inline void begin_request(struct scratch *s, u32 cpu, u64 request, u32 opcode,
					  struct saker_uring_operation *operation)
{
	begin(s, bpf_get_current_task(), operation->event);
	s->names = operation->pass;
	identify(cpu);
	name_process(s);
	take_credentials(s, request);
	s->record.abi = SAKER_ABI_IO_URING;
	s->record.syscall = operation->syscall;
	s->record.ret = 0;
	s->uring.request = request;
	s->uring.ring = (u64)READ(struct io_kiocb, request, ctx);
	s->uring.operation = opcode;
	s->uring.captured = 0;
	s->uring.offset = 0;
	s->uring.multishot = operation->traits & SAKER_URING_MULTISHOT;
	s->uring.opens = operation->traits & SAKER_URING_OPENS;
	uring_arguments(cpu);
	if (argument(s, operation->flags_argument)) {
		s->record.event = operation->event_with_flags;
		s->record.syscall = operation->syscall_with_flags;
	}
	__builtin_memcpy(s->capture, operation->capture, sizeof(s->capture));
}

static __always_inline bool is_uring_wanted(u64 request)
{
	return uring_wanted[opcode_of(request)];
}

static __always_inline void uring_submitted(struct scratch *s, u32 cpu, u64 request)
{
	u32 opcode = opcode_of(request);
	struct saker_uring_operation *operation;
	bool once;

	end_stale(request, cpu);
	operation = operation_of(opcode);
	if (!operation)
		return;
	begin_request(s, cpu, request, opcode, operation);
	once = operation->traits & SAKER_URING_AT_SUBMIT ||
	       READ(struct io_kiocb, request, flags) & REQUEST_CQE_SKIP;
	s->uring.stage = once ? URING_ONCE : URING_SUBMIT;
	take_uring_captures(s, cpu, operation->captures);
	if (!once && hold(s, cpu))
		return;
	s->record.flags |= SAKER_NO_RESULT | unnamed_request(opcode, cpu);
	send_wanted(s, cpu, operation->ring);
}

/* What a result tells of a request that is held. */
enum uring_result_kind {
	URING_LAST,
	URING_PART, /* one of several, to come with neither the request nor a unique key */
	/* Known by a key that others may have chosen too, perhaps not its own: it ends nothing. */
	URING_ASKED,   /* what was asked is told, once */
	URING_DOUBTED, /* and what the result would be, were it its own */
};

/* Whether a request that was found is to be reported. Who ends it has its place from here on. */
static __always_inline bool takes_result(struct held_request *held, u32 place,
					 struct uring_key *key, s64 result,
					 enum uring_result_kind kind)
{
	bool told = held->told;

	if (kind == URING_PART)
		return held->work.multishot;
	if (kind == URING_ASKED) {
		/* Without a name to hide, once with the result is enough. */
		if (told || (result >= 0 && !held->work.opens))
			return false;
		held->told = 1;
		return true;
	}
	if (kind == URING_DOUBTED) {
		held->told = 1;
		return result >= 0;
	}
	if (bpf_map_delete_elem(&uring_held, key) || !is_busy(held) ||
	    held->key.first != key->first || held->key.second != key->second)
		return false;
	remove_alias(held, place);
	return true;
}

/* Goes on with the record of a request that was held. */
static __always_inline void resume(struct scratch *s, struct held_request *held, u32 cpu, u32 place)
{
	__builtin_memcpy(&s->record, &held->record, sizeof(s->record));
	s->uring.request = held->work.request;
	s->uring.ring = held->work.ring;
	s->uring.operation = held->work.operation;
	s->uring.captured = held->work.captured;
	s->uring.slot = held->work.slot;
	s->uring.stage = URING_END;
	s->uring.held = place;
	s->uring.offset = 0;
	s->task = bpf_get_current_task();
	s->root_dentry = 0;
	s->names = held->work.names;
	s->file_flags = O_ACCMODE;
	s->used = 0;
	s->record.time = bpf_ktime_get_boot_ns();
	s->record.cpu = cpu;
}

/* A result that is not known leaves the promise of a file (promise_file). */
static __always_inline void keep_promises(struct scratch *s)
{
	s->record.ret = 0;
	for (int i = 0; i < 4; i++)
		if (s->capture[i].arg == SAKER_ARG_RET)
			s->uring.captured |= 1u << i;
}

/* The request whose key is in the scratch memory has a result: begins its record again. False if
 * there is no request that it can be for. A global function, like the next: what they keep on the
 * stack is not there while captures are taken. */
__attribute__((noinline)) int uring_resume(u32 cpu, s64 result, u32 kind)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_uring_operation *operation;
	struct held_request *held;
	struct uring_key key;
	u32 place, *found;

	if (!s)
		return false;
	key.first = s->uring.first;
	key.second = s->uring.second;
	found = bpf_map_lookup_elem(&uring_held, &key);
	if (!found)
		return false;
	place = *found;
	held = bpf_map_lookup_elem(&uring_places, &place);
	if (!held)
		return false;
	s->uring.turn = turn_of(held);
	operation = operation_of(held->work.operation);
	if (!operation || !takes_result(held, place, &key, result, kind))
		return false;
	resume(s, held, cpu, place);
	__builtin_memcpy(s->capture, operation->capture, sizeof(s->capture));
	s->record.ret = result;
	if (kind == URING_ASKED)
		keep_promises(s);
	if (kind == URING_ASKED || kind == URING_DOUBTED)
		s->record.flags |= SAKER_NO_RESULT;
	return true;
}

/* Sends that record, if it is of one request. */
__attribute__((noinline)) int uring_send(u32 cpu, u32 kind)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_uring_operation *operation;
	struct held_request *held;
	u32 place;

	if (!s)
		return false;
	place = s->uring.held;
	held = bpf_map_lookup_elem(&uring_places, &place);
	operation = operation_of(s->uring.operation);
	if (!held || !operation || turn_of(held) != s->uring.turn)
		return false;
	if (kind == URING_LAST)
		set_busy(held, 0);
	send_wanted(s, cpu, operation->ring);
	return true;
}

/* Reports the request with that key. False if there is none. */
static __always_inline bool report(struct scratch *s, u32 cpu, s64 result, u32 kind)
{
	if (!uring_resume(cpu, result, kind))
		return false;
	take_uring_captures(s, cpu, 4);
	append_request_names(cpu, kind == URING_LAST);
	return uring_send(cpu, kind);
}

static __always_inline bool take_up(struct scratch *s, u32 cpu, u64 first, u64 second, s64 result,
				    u32 kind)
{
	s->uring.first = first;
	s->uring.second = second;
	if (kind != URING_ASKED)
		return report(s, cpu, result, kind);
	report(s, cpu, result, URING_ASKED);
	return report(s, cpu, result, URING_DOUBTED);
}

/* A request that is not held has a result: it had to give way, or was taken in before there was
 * anybody to see it. What it has opened is told, under its real name. */
static __always_inline void uring_late(struct scratch *s, u32 cpu, u64 request, s64 result)
{
	u32 opcode = opcode_of(request);
	struct saker_uring_operation *operation = operation_of(opcode);

	if (!operation || result < 0 || !(operation->traits & SAKER_URING_OPENS))
		return;
	begin_request(s, cpu, request, opcode, operation);
	s->record.ret = result;
	s->uring.stage = URING_END;
	take_uring_captures(s, cpu, operation->captures);
	send_wanted(s, cpu, operation->ring);
}

static __always_inline void uring_completed(struct scratch *s, u32 cpu, u64 ring, u64 request,
					    u64 user_data, s32 result)
{
	if (!uring_end_has_request) {
		/* Any request may have that user_data: a failure hides nothing. */
		take_up(s, cpu, ring, user_data, result, result < 0 ? URING_ASKED : URING_LAST);
		return;
	}
	/* Anybody may put results into a ring (IORING_OP_MSG_RING): what does not come from a
	 * request ends none. */
	if (!request)
		take_up(s, cpu, ring, user_data, result, URING_PART);
	else if (!take_up(s, cpu, request, 0, result, URING_LAST))
		uring_late(s, cpu, request, result);
}

/* The ring had no room for a result. */
static __always_inline void uring_overflown(struct scratch *s, u32 cpu, u64 ring, u64 user_data,
					    s32 result)
{
	take_up(s, cpu, ring, user_data, result, URING_ASKED);
}

#endif
