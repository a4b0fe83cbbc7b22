/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Requests of io_uring, reported as the events of the system calls that they stand for.
 *
 * When a request has been taken in, the kernel has copied what was asked: names and addresses are
 * then read from the kernel's copy, and the record is begun, for the task that submitted it (or
 * the ring's polling thread, which is one of the creator's process). It is held until the request
 * has ended; then the result, and what the descriptor or buffer has become, are added. One that
 * will not announce its end, or for which there is no place, is sent at once, without a result:
 * no request is left out.
 *
 * What stands where in a request is told by user space (uring.def).
 */
#ifndef SAKER_URING_H
#define SAKER_URING_H

#include "capture.h"
#include "emit.h"

/* Of a task (include/linux/sched.h). */
#define PF_IO_WORKER 0x10
/* Flags of a request: the ring entry's (include/uapi/linux/io_uring.h) are the lowest bits. */
#define REQUEST_FIXED_FILE (1u << 0)
#define REQUEST_CQE_SKIP   (1u << 6)
/* A fixed file's slot for "any that is free": the result is then its number, from 0 on. */
#define ANY_SLOT 0xffffffffu
/* Bits of a fixed file's address that say something else (io_uring/filetable.h). */
#define FIXED_FILE_MASK (~7ull)

/* Captures of a request that can be held: a name, and the folder that it begins at. */
#define HELD_DATA PIECE_MAX
/* Of these for names: behind them come what else was asked, and what will be opened. */
#define HELD_NAMES   (HELD_DATA - 256)
#define PLACES_TRIED 8
/* Of a request that nobody can find any more; ns. */
#define LOST_AFTER 1000000000ull
/* One more than the highest address family (AF_MAX of the newest kernel, rounded up): what is not a
 * sockaddr begins with null or with a pointer, whose lowest bits are a larger number. */
#define AF_END 64

/* How a request is found again at its end: by its address, or by its ring and `user_data`, which
 * is the submitter's choice and may not be unique. */
struct uring_key {
	u64 first;
	u64 second;
};

/*
 * A place and the request in it. Whoever removes its key from `uring_held` may send it for the last
 * time, and then gives the place free. Others may read it at any time; should `work.next` have
 * changed meanwhile, they have read two requests' memory, and send nothing.
 */
struct held_request {
	struct uring_key key;
	struct uring_key alias; /* ring and user_data */
	struct uring_work work;
	u32 busy; /* the place is not free */
	u32 told; /* a record has been sent, with a result that may not be the request's */
	struct saker_record record;
	u8 data[HELD_DATA];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* held_per_cpu for each cpu; set by user space */
	__type(key, u32);
	__type(value, struct held_request);
} uring_places SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* twice as many: a key and an alias for each */
	__type(key, struct uring_key);
	__type(value, u32);
} uring_held SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SAKER_URING_OPERATIONS);
	__type(key, u32);
	__type(value, struct saker_uring_operation);
} uring_operations SEC(".maps");

/* Requests that are held for each cpu, a power of two. */
const volatile __u32 held_per_cpu = 1;
/* Operations that a rule wants. */
__u8 uring_wanted[SAKER_URING_OPERATIONS];

/* The trace points' arguments have changed: which of theirs is the request, and whether the end of
 * a request names it (since 5.19), with a struct io_uring_cqe (since 6.13). */
const volatile __u32 uring_submit_argument;
const volatile bool uring_end_has_request, uring_end_has_cqe;
/* The flag of a request that runs with credentials of its own, registered earlier. */
const volatile __u32 uring_creds_flag;
/* Where a fixed file stands in struct io_rsrc_node. Not read off that type here: libbpf looks for a
 * type that the kernel does not have in its modules, which takes CAP_SYS_ADMIN. */
const volatile __u32 uring_node_file;

enum uring_stage {
	URING_SUBMIT, /* take what the kernel has copied, leave the rest for the end */
	URING_ONCE,   /* take all there is: there will be no end */
	URING_END,
};

static __always_inline u64 user_data_of(u64 request)
{
	if (bpf_core_field_exists(((struct io_kiocb___since_5_19 *)0)->cqe))
		return READ(struct io_kiocb___since_5_19, request, cqe.user_data);
	return READ(struct io_kiocb___before_5_19, request, user_data);
}

/* The descriptor, or the number of the fixed file, that a request names. */
static __always_inline s32 descriptor_of(u64 request)
{
	u64 ring, array;
	u32 head, index = 0;

	if (bpf_core_field_exists(((struct io_kiocb___since_5_19 *)0)->cqe))
		return READ(struct io_kiocb___since_5_19, request, cqe.fd);
	/* The request itself does not know it: the ring's entry, which user memory shares, does. */
	ring = (u64)READ(struct io_kiocb, request, ctx);
	head = READ(struct io_ring_ctx___before_5_19, ring, cached_sq_head) - 1;
	head &= READ(struct io_ring_ctx___before_5_19, ring, sq_entries) - 1;
	array = (u64)READ(struct io_ring_ctx___before_5_19, ring, sq_array);
	bpf_probe_read_kernel(&index, sizeof(index), (void *)(array + head * sizeof(index)));
	/* What the process may have rewritten since the kernel looked. */
	if (index >= READ(struct io_ring_ctx___before_5_19, ring, sq_entries))
		return -1;
	array = (u64)READ(struct io_ring_ctx___before_5_19, ring, sq_sqes);
	return READ(struct io_uring_sqe, array + index * 64ull, fd);
}

/* A word of memory whose place is known at run time only: not by READ, for whose loads the verifier
 * wants to know the type. */
static __always_inline u64 word_at(u64 address)
{
	u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), (void *)address);
	return word;
}

static __always_inline u64 fixed_file(u64 ring, u32 index)
{
	u64 table, node;

	if (bpf_core_field_exists(((struct io_ring_ctx___since_6_13 *)0)->file_table.data.nodes)) {
		if (index >= READ(struct io_ring_ctx___since_6_13, ring, file_table.data.nr))
			return 0;
		table = (u64)READ(struct io_ring_ctx___since_6_13, ring, file_table.data.nodes);
		node = word_at(table + index * sizeof(u64));
		return node ? word_at(node + uring_node_file) & FIXED_FILE_MASK : 0;
	}
	if (index >= READ(struct io_ring_ctx___before_6_13, ring, nr_user_files))
		return 0;
	table = (u64)READ(struct io_ring_ctx___before_6_13, ring, file_table.files);
	return word_at(table + index * sizeof(u64)) & FIXED_FILE_MASK;
}

static __always_inline bool is_socket_address(u64 address)
{
	u16 family = word_at(address);

	return family && family < AF_END;
}

/* Where an argument lies; 0 if the kernel has no such memory. */
static __always_inline u64 address_of(struct scratch *s, struct saker_uring_argument *argument)
{
	u64 base = s->uring.request;

	if (argument->async != SAKER_URING_REQUEST) {
		base = word_at(base + bpf_core_field_offset(struct io_kiocb, async_data));
		if (argument->async == SAKER_URING_ADDRESS && is_socket_address(base))
			return base;
	}
	return base ? base + argument->offset : 0;
}

static __always_inline u64 read_argument(struct scratch *s, struct saker_uring_argument *argument)
{
	u64 address = address_of(s, argument);
	u64 value;

	switch (argument->source) {
	case SAKER_URING_FILE:
		return (s64)descriptor_of(s->uring.request);
	case SAKER_URING_UNSIGNED:
	case SAKER_URING_SIGNED:
		break;
	default:
		return 0;
	}
	value = address ? word_at(address) : 0;
	switch (argument->size) {
	case 1:
		return value & 0xff;
	case 2:
		return value & 0xffff;
	case 4:
		if (argument->source == SAKER_URING_SIGNED)
			return (s64)(s32)value;
		return value & 0xffffffff;
	}
	return value;
}

/* Fills the record's arguments, and where the opened file is to go. */
__attribute__((noinline)) int uring_arguments(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_uring_operation *operation;
	u32 key;

	if (!s)
		return 0;
	key = s->uring.operation;
	operation = bpf_map_lookup_elem(&uring_operations, &key);
	if (!operation)
		return 0;
	s->uring.slot = 0;
	if (operation->slot_offset)
		s->uring.slot = word_at(s->uring.request + operation->slot_offset);
	for (int i = 0; i < 6; i++)
		s->record.args[i] = read_argument(s, &operation->argument[i]);
	if (s->record.event == SAKER_EVENT_io_uring_request) {
		s->record.args[0] = s->uring.operation;
		if (operation->argument[1].source == SAKER_URING_NONE)
			s->record.args[1] = -1;
		s->record.args[2] = READ(struct io_kiocb, s->uring.request, flags) & 0xff;
	}
	return 0;
}

/* The highest number that stands for an error in the place of a pointer (include/linux/err.h). */
#define MAX_ERRNO 4095

/* Appends a string of kernel memory with its NUL. */
static __always_inline u32 append_kernel_string(struct scratch *s, u64 pointer)
{
	long size;

	if (!has_room(s, SAKER_STRING_MAX))
		return 0;
	size = bpf_probe_read_kernel_str(END_OF(s), SAKER_STRING_MAX, (void *)pointer);
	if (size <= 0) {
		s->record.flags |= SAKER_FAULT;
		return 0;
	}
	s->used += size;
	return size;
}

/* Appends the text that an argument points to, whoever's memory it is in. */
static __always_inline u32 append_text(struct scratch *s, struct saker_uring_argument *argument,
				       u64 value)
{
	u64 pointer;

	if (argument->source != SAKER_URING_NAME && argument->source != SAKER_URING_TEXT)
		return append_string(s, value);
	pointer = address_of(s, argument);
	pointer = pointer ? word_at(pointer) : 0;
	/* Null or, for a name that could not be copied, an error's number. */
	if ((s64)pointer >= 0 || pointer >= (u64)-MAX_ERRNO) {
		s->record.flags |= SAKER_FAULT;
		return 0;
	}
	if (argument->source == SAKER_URING_NAME)
		pointer = word_at(pointer + bpf_core_field_offset(struct filename, name));
	return append_kernel_string(s, pointer);
}

/* What is too long to be held is cut, far from the file: with the name alone, sent before the end,
 * a link could hide what is opened. */
static __always_inline void shorten_base(struct scratch *s, struct saker_path *path)
{
	u32 over = s->used > HELD_NAMES ? s->used - HELD_NAMES : 0;

	if (!over || over > path->base)
		return;
	path->base -= over;
	s->used -= over;
	s->record.flags |= SAKER_PATH_CUT;
}

static __always_inline void append_uring_path(struct scratch *s, u32 cpu,
					      struct saker_uring_argument *argument, u64 value,
					      s32 dirfd)
{
	struct saker_path *path = begin_path(s);
	u32 start = s->used;

	if (!path)
		return;
	start = end_path(s, cpu, path, start, append_text(s, argument, value), dirfd);
	shorten_base(s, path);
	scan_names(cpu, start, s->used);
}

static __always_inline void append_kernel_bytes(struct scratch *s, u64 pointer, u32 size)
{
	if (!pointer || !has_room(s, 256))
		return;
	if (size > 128)
		size = 128;
	if (!bpf_probe_read_kernel(END_OF(s), size, (void *)pointer))
		s->used += size;
}

/* Takes a capture of what was asked. False if it is not of that kind. */
__attribute__((noinline)) int uring_asked(u32 cpu, u32 index)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_uring_operation *operation;
	struct saker_uring_argument *from;
	struct saker_capture what;
	u64 value;
	u32 key;

	if (!s || index >= 4)
		return 0;
	key = s->uring.operation;
	operation = bpf_map_lookup_elem(&uring_operations, &key);
	what = s->capture[index];
	if (!operation || what.arg >= 6)
		return 0;
	from = &operation->argument[what.arg];
	value = s->record.args[what.arg];
	switch (what.kind) {
	case SAKER_CAPTURE_PATH:
		append_uring_path(s, cpu, from, value,
				  what.aux == SAKER_ARG_CWD ? AT_FDCWD
							    : (s32)argument(s, what.aux));
		return 1;
	case SAKER_CAPTURE_STRING:
		append_text(s, from, value);
		return 1;
	case SAKER_CAPTURE_SOCKADDR:
		if (from->source == SAKER_URING_NONE)
			return 1;
		if (from->source == SAKER_URING_BYTES)
			append_kernel_bytes(s, address_of(s, from), argument(s, what.aux));
		else if (what.aux & SAKER_ARG_POINTER)
			return 0;
		else
			capture_sockaddr(cpu, value, argument(s, what.aux));
		return 1;
	case SAKER_CAPTURE_STRUCT:
		if (from->source != SAKER_URING_BYTES)
			return 0;
		append_kernel_bytes(s, address_of(s, from),
				    what.aux < from->size ? what.aux : from->size);
		return 1;
	case SAKER_CAPTURE_FD:
		if (!(operation->traits & SAKER_URING_FD_AT_SUBMIT))
			return 0;
		capture_fd(s, cpu, value);
		return 1;
	}
	return 0;
}

/* The file behind an argument or behind the result; 0 if it is a descriptor's, or none. */
static __always_inline u64 request_file(struct scratch *s, struct saker_uring_operation *operation,
					u32 arg)
{
	u64 request = s->uring.request;

	if (arg == SAKER_ARG_RET) {
		u32 slot = s->uring.slot;

		if (!slot || s->record.ret < 0 || s->uring.stage != URING_END)
			return 0;
		return fixed_file(s->uring.ring, slot == ANY_SLOT ? s->record.ret : slot - 1);
	}
	if (arg >= 6 || operation->argument[arg].source != SAKER_URING_FILE)
		return 0;
	/* At the end, the request has its file. Before, it may not have looked it up yet. */
	if (s->uring.stage == URING_END)
		return (u64)READ(struct io_kiocb, request, file);
	if (READ(struct io_kiocb, request, flags) & REQUEST_FIXED_FILE)
		return fixed_file(s->uring.ring, s->record.args[arg]);
	return 0;
}

/* Takes a capture of a descriptor that only the request knows. False if it is of another kind, or a
 * descriptor like that of a call. */
__attribute__((noinline)) int uring_file(u32 cpu, u32 index)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_uring_operation *operation;
	struct saker_capture what;
	u32 key;

	if (!s || index >= 4)
		return 1;
	key = s->uring.operation;
	operation = bpf_map_lookup_elem(&uring_operations, &key);
	what = s->capture[index];
	if (!operation)
		return 1;
	if (what.kind != SAKER_CAPTURE_FD)
		return 0;
	s->file = request_file(s, operation, what.arg);
	if (s->file) {
		capture_file(cpu, argument(s, what.arg));
		return 1;
	}
	/* No file, or one that is not known yet: a number would be somebody else's. */
	if (what.arg == SAKER_ARG_RET)
		return s->uring.slot || s->uring.stage == URING_ONCE;
	return s->uring.stage == URING_END && what.arg < 6 &&
	       operation->argument[what.arg].source == SAKER_URING_FILE;
}

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

/* Whether that key leads to that place. A request's address is used again, so that places whose
 * request has ended may have the key of one that is held elsewhere. */
static __always_inline bool leads_to(struct uring_key *key, u32 place)
{
	u32 *found = bpf_map_lookup_elem(&uring_held, key);

	return found && *found == place;
}

static __always_inline void remove_alias(struct held_request *held, u32 place)
{
	if (uring_end_has_request && leads_to(&held->alias, place))
		bpf_map_delete_elem(&uring_held, &held->alias);
}

/* Lets nobody find the request any more. True for the one who was first. */
static __always_inline bool release(struct held_request *held, u32 place)
{
	if (!leads_to(&held->key, place) || bpf_map_delete_elem(&uring_held, &held->key))
		return false;
	remove_alias(held, place);
	return true;
}

static __always_inline bool is_busy(struct held_request *held)
{
	return *(volatile u32 *)&held->busy;
}

static __always_inline void set_busy(struct held_request *held, u32 busy)
{
	*(volatile u32 *)&held->busy = busy;
}

/* Which of its requests a place holds. */
static __always_inline u32 turn_of(struct held_request *held)
{
	return *(volatile u32 *)&held->work.next;
}

/* Sends a request that has been released and has not ended. Its place is free then. */
static __always_inline void give_up(struct held_request *held, u32 cpu)
{
	u32 key = held->work.operation;
	struct saker_uring_operation *operation = bpf_map_lookup_elem(&uring_operations, &key);
	u64 size = held->record.size;

	if (operation && !held->told && size >= sizeof(held->record) &&
	    size <= sizeof(held->record) + HELD_DATA) {
		held->record.time = bpf_ktime_get_boot_ns();
		held->record.cpu = cpu;
		held->record.flags |= SAKER_NO_RESULT;
		send_record(&held->record, size, cpu, operation->ring);
	}
	set_busy(held, 0);
}

/* Before 5.18, who ends a request may find that its key is already the next one's with the same:
 * that one is then found by nobody, and its place by take_place() alone. */
static __always_inline bool is_lost(struct held_request *held, u32 place)
{
	return !leads_to(&held->key, place) &&
	       bpf_ktime_get_boot_ns() - held->record.time > LOST_AFTER;
}

/* A place to hold a request in: the next free one. Where there is none, one of those that were
 * looked at gives way, but one that goes on to have results only as the last resort. NULL while
 * others are about to send what is there. */
static __always_inline struct held_request *take_place(struct scratch *s, u32 cpu, u32 *place)
{
	struct held_request *held = NULL;
	u32 victim = 0;

	for (int i = 0; i < PLACES_TRIED; i++) {
		*place = cpu * held_per_cpu + (s->uring.next++ & (held_per_cpu - 1));
		held = bpf_map_lookup_elem(&uring_places, place);
		if (!held || !is_busy(held))
			return held;
		if (!held->work.multishot || !i)
			victim = *place;
	}
	*place = victim;
	held = bpf_map_lookup_elem(&uring_places, place);
	if (!held || !(release(held, *place) || is_lost(held, *place)))
		return NULL;
	give_up(held, cpu);
	return held;
}

/* How a request will be found at its end. */
static __always_inline void find_by(struct uring_key *key, u64 request)
{
	key->first = request;
	key->second = 0;
	if (uring_end_has_request)
		return;
	key->first = (u64)READ(struct io_kiocb, request, ctx);
	key->second = user_data_of(request);
}

/* Whoever is found under the key of a request that begins has ended, though nobody said so: its
 * memory is used again. By ring and user_data, only if something has been said of it. */
static __always_inline void end_stale(u64 request, u32 cpu)
{
	struct held_request *held;
	struct uring_key key;
	u32 place, *found;

	find_by(&key, request);
	found = bpf_map_lookup_elem(&uring_held, &key);
	if (!found)
		return;
	place = *found;
	held = bpf_map_lookup_elem(&uring_places, &place);
	if (held && (uring_end_has_request || held->told) && release(held, place))
		give_up(held, cpu);
}

/* Lets the request be found; all else of it is in its place. False for a second one under a key. */
static __always_inline bool enter_keys(struct held_request *held, u32 place)
{
	held->told = 0;
	set_busy(held, 1);
	if (bpf_map_update_elem(&uring_held, &held->key, &place, BPF_NOEXIST)) {
		set_busy(held, 0);
		return false;
	}
	if (uring_end_has_request)
		bpf_map_update_elem(&uring_held, &held->alias, &place, BPF_ANY);
	return true;
}

/* Keeps the record for the request's end. False if it cannot. */
static __always_inline bool hold(struct scratch *s, u32 cpu)
{
	u32 used = s->used, place;
	struct held_request *held;

	if (used > HELD_DATA)
		return false;
	held = take_place(s, cpu, &place);
	if (!held)
		return false;
	held->work = s->uring; /* first: see turn_of() */
	barrier();
	held->work.names = s->names;
	held->alias.first = s->uring.ring;
	held->alias.second = user_data_of(s->uring.request);
	find_by(&held->key, s->uring.request);
	__builtin_memcpy(&held->record, &s->record, sizeof(held->record));
	held->record.size = sizeof(held->record) + used;
	/* Again, here: kernels before 5.12 forget what they knew of a number that was spilled. */
	used = s->used;
	barrier_var(used);
	if (used > HELD_DATA || bpf_probe_read_kernel(held->data, used, s->data))
		return false;
	return enter_keys(held, place);
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

/* A request may run with credentials that the task has given up since it registered them. */
static __always_inline void take_credentials(struct scratch *s, u64 request)
{
	u64 cred;

	if (!(READ(struct io_kiocb, request, flags) & uring_creds_flag))
		return;
	cred = (u64)READ(struct io_kiocb, request, creds);
	s->record.uid = READ(struct cred, cred, euid.val);
	s->record.gid = READ(struct cred, cred, egid.val);
}

static __always_inline u32 opcode_of(u64 request)
{
	return READ(struct io_kiocb, request, opcode) & (SAKER_URING_OPERATIONS - 1);
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

static __always_inline int uring_submitted(u64 request)
{
	u32 cpu = bpf_get_smp_processor_id();
	u32 opcode = opcode_of(request);
	struct saker_uring_operation *operation;
	struct scratch *s;
	bool once;

	if (!uring_wanted[opcode])
		return 0;
	end_stale(request, cpu);
	operation = bpf_map_lookup_elem(&uring_operations, &opcode);
	s = scratch_of(cpu);
	if (!operation || !s)
		return 0;
	begin_request(s, cpu, request, opcode, operation);
	once = operation->traits & SAKER_URING_AT_SUBMIT ||
	       READ(struct io_kiocb, request, flags) & REQUEST_CQE_SKIP;
	s->uring.stage = once ? URING_ONCE : URING_SUBMIT;
	take_uring_captures(s, cpu, operation->captures);
	if (!once && hold(s, cpu))
		return 0;
	s->record.flags |= SAKER_NO_RESULT;
	send_wanted(s, cpu, operation->ring);
	return 0;
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
	u32 place, opcode, *found;

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
	opcode = held->work.operation;
	operation = bpf_map_lookup_elem(&uring_operations, &opcode);
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
	u32 place, opcode;

	if (!s)
		return false;
	place = s->uring.held;
	held = bpf_map_lookup_elem(&uring_places, &place);
	opcode = s->uring.operation;
	operation = bpf_map_lookup_elem(&uring_operations, &opcode);
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
	return uring_send(cpu, kind);
}

static __always_inline bool take_up(u64 first, u64 second, s64 result, u32 kind)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = scratch_of(cpu);

	if (!s)
		return false;
	s->uring.first = first;
	s->uring.second = second;
	if (kind != URING_ASKED)
		return report(s, cpu, result, kind);
	report(s, cpu, result, URING_ASKED);
	return report(s, cpu, result, URING_DOUBTED);
}

/* A request that is not held has a result: it had to give way, or was taken in before there was
 * anybody to see it. What it has opened is told, under its real name. */
static __always_inline int uring_late(u64 request, s64 result)
{
	u32 cpu = bpf_get_smp_processor_id();
	u32 opcode = opcode_of(request);
	struct saker_uring_operation *operation = bpf_map_lookup_elem(&uring_operations, &opcode);
	struct scratch *s = scratch_of(cpu);

	if (!operation || !s || result < 0 || !(operation->traits & SAKER_URING_OPENS))
		return 0;
	begin_request(s, cpu, request, opcode, operation);
	s->record.ret = result;
	s->uring.stage = URING_END;
	take_uring_captures(s, cpu, operation->captures);
	send_wanted(s, cpu, operation->ring);
	return 0;
}

static __always_inline int uring_completed(u64 ring, u64 request, u64 user_data, s32 result)
{
	if (!uring_end_has_request) {
		/* Any request may have that user_data: a failure hides nothing. */
		take_up(ring, user_data, result, result < 0 ? URING_ASKED : URING_LAST);
		return 0;
	}
	/* Anybody may put results into a ring (IORING_OP_MSG_RING): what does not come from a
	 * request ends none. */
	if (!request)
		take_up(ring, user_data, result, URING_PART);
	else if (uring_wanted[opcode_of(request)] && !take_up(request, 0, result, URING_LAST))
		uring_late(request, result);
	return 0;
}

/* The ring had no room for a result. */
static __always_inline int uring_overflown(u64 ring, u64 user_data, s32 result)
{
	take_up(ring, user_data, result, URING_ASKED);
	return 0;
}

#endif
