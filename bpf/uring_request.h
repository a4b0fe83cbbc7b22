/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a request of io_uring asks for, read from the kernel's copy of it. What stands where is told
 * by user space (uring.def). */
#ifndef SAKER_URING_REQUEST_H
#define SAKER_URING_REQUEST_H

#include "capture.h"

/* Flags of a request: the ring entry's (include/uapi/linux/io_uring.h) are the lowest bits. */
#define REQUEST_FIXED_FILE (1u << 0)
#define REQUEST_CQE_SKIP   (1u << 6)
/* A fixed file's slot for "any that is free": the result is then its number, from 0 on. */
#define ANY_SLOT 0xffffffffu
/* Bits of a fixed file's address that say something else (io_uring/filetable.h). */
#define FIXED_FILE_MASK (~7ull)

/* One more than the highest address family (AF_MAX of the newest kernel, rounded up): what is not a
 * sockaddr begins with null or with a pointer, whose lowest bits are a larger number. */
#define AF_END 64

/* Captures of a request that can be held: a name, and the folder that it begins at. */
#define HELD_DATA PIECE_MAX
/* Of these for names: behind them come what else was asked, and what will be opened. */
#define HELD_NAMES (HELD_DATA - 256)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SAKER_URING_OPERATIONS);
	__type(key, u32);
	__type(value, struct saker_uring_operation);
} uring_operations SEC(".maps");

/* Operations that a rule wants. */
__u8 uring_wanted[SAKER_URING_OPERATIONS];

/* The trace points' arguments have changed: which of theirs is the request, and whether the end of
 * a request names it (since 5.18), with a struct io_uring_cqe (since 6.13). */
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

static __always_inline struct saker_uring_operation *operation_of(u32 opcode)
{
	return bpf_map_lookup_elem(&uring_operations, &opcode);
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

	if (!s)
		return 0;
	operation = operation_of(s->uring.operation);
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
	s->used -= over;
	/* Between two names, it would look whole. */
	if (over < path->base && !s->data[(s->used - 1) & (data_bytes - 1)]) {
		s->used--;
		over++;
	}
	path->base -= over;
	s->record.flags |= SAKER_PATH_CUT;
}

static __always_inline void append_uring_path(struct scratch *s, u32 cpu,
					      struct saker_uring_argument *argument, u64 value,
					      s32 dirfd)
{
	struct saker_path *path = begin_path(s);
	u32 end;

	if (!path)
		return;
	path->asked = append_text(s, argument, value);
	end = s->used;
	begin_name(s);
	scan_text(cpu, end - path->asked, end);
	end_path(s, cpu, path, dirfd);
	shorten_base(s, path);
	end_name(s, cpu, end);
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

	if (!s || index >= 4)
		return 0;
	operation = operation_of(s->uring.operation);
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

	if (!s || index >= 4)
		return 1;
	operation = operation_of(s->uring.operation);
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

#endif
