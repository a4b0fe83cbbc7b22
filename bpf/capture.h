/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The captures of the table that read the caller's memory: one function for each kind. */
#ifndef SAKER_CAPTURE_H
#define SAKER_CAPTURE_H

#include "capabilities.h"
#include "compat.h"
#include "fd.h"
#include "namespaces.h"

#define AT_FDCWD (-100)
/* Elements of an iovec array, and of a failed execve's argv, that are looked at. */
#define IOVEC_MAX 8
#define ARGV_MAX  256

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

__attribute__((noinline)) int capture_cwd(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	u64 fs;

	if (!s)
		return 0;
	fs = (u64)READ(struct task_struct, s->task, fs);
	if (!fs)
		return 0;
	return WALK(s, cpu, struct fs_struct, fs, pwd);
}

/* Appends the walked path of what a relative path begins at. */
static __always_inline void append_base(struct scratch *s, u32 cpu, s32 dirfd)
{
	u64 file;

	if (dirfd == AT_FDCWD) {
		capture_cwd(cpu);
		return;
	}
	file = file_of(s, dirfd);
	if (file)
		WALK(s, cpu, struct file, file, f_path);
}

/* Appends a path argument. A null that the call did not refuse is an empty name: utimensat takes
 * it so, and newer kernels' statx. */
static __always_inline u32 append_asked(struct scratch *s, u64 pointer, s32 dirfd)
{
	if (pointer || dirfd == AT_FDCWD || s->record.ret < 0)
		return append_string(s, pointer);
	*END_OF(s) = 0;
	s->used++;
	return 1;
}

/* Begins struct saker_path: its name is to follow. NULL where the record has no room. */
static __always_inline struct saker_path *begin_path(struct scratch *s)
{
	u32 start = OFFSET(s);
	struct saker_path *path;

	if (!has_room(s, sizeof(*path)))
		return NULL;
	path = (struct saker_path *)&s->data[start];
	path->described = 0;
	path->reserved = 0;
	path->base = 0;
	s->used = start + sizeof(*path);
	return path;
}

/* Appends what the name, the last in the record, begins at. Takes the path back where there is no
 * name. */
static __always_inline void end_path(struct scratch *s, u32 cpu, struct saker_path *path, s32 dirfd)
{
	u32 begin = s->used;

	if (!path->asked) {
		s->used -= sizeof(*path);
		return;
	}
	if (*(u8 *)(path + 1) == '/')
		return;
	path->described = path->asked == 1 && dirfd != AT_FDCWD;
	if (path->described)
		capture_fd(s, cpu, dirfd);
	else
		append_base(s, cpu, dirfd);
	path->base = s->used - begin;
}

__attribute__((noinline)) int capture_path(u32 cpu, u64 pointer, s32 dirfd)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_path *path;
	u32 end;

	if (!s)
		return 0;
	path = begin_path(s);
	if (!path)
		return 0;
	path->asked = append_asked(s, pointer, dirfd);
	end = s->used;
	begin_name(s);
	scan_text(cpu, end - path->asked, end);
	end_path(s, cpu, path, dirfd);
	end_name(s, cpu, end);
	return 0;
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

/* The first snap_length bytes of an iovec array's buffers. */
__attribute__((noinline)) int capture_iovec(u32 cpu, u64 vector, u64 count)
{
	struct scratch *s = scratch_of(cpu);
	u32 left = snap_length;

	if (!s)
		return 0;
	/* Behind what was transferred, a buffer has whatever it had before. */
	if (s->record.ret >= 0 && s->record.ret < left)
		left = s->record.ret;
	for (u32 i = 0; i < IOVEC_MAX && i < count && left; i++) {
		struct user_iovec iov = {};
		u32 before = s->used;

		if (read_iovec(s, vector, i, &iov))
			break;
		append_bytes(s, iov.base, iov.length, left);
		before = s->used - before;
		left = before < left ? left - before : 0;
	}
	return 0;
}

__attribute__((noinline)) int capture_msghdr(u32 cpu, u64 pointer, u32 kind)
{
	struct scratch *s = scratch_of(cpu);
	struct user_msghdr header = {};

	if (!s || read_msghdr(s, pointer, &header))
		return 0;
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

	if (s->record.ret >= 0)
		bpf_probe_read_user(&number, sizeof(number),
				    (void *)(pointer + index * sizeof(number)));
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

	if (!s || !has_room(s, sizeof(*poll)) ||
	    bpf_probe_read_user(&asked, sizeof(asked), (void *)pointer))
		return 0;
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

static __always_inline u64 buffer_length(struct scratch *s, u32 aux)
{
	u32 length = 0;

	if (!(aux & SAKER_ARG_POINTER))
		return argument(s, aux);
	bpf_probe_read_user(&length, sizeof(length), (void *)argument(s, aux & ~SAKER_ARG_POINTER));
	return length;
}

/* The descriptor of the directory that a relative path begins at. */
static __always_inline s32 base_of(struct scratch *s, u32 aux)
{
	return aux == SAKER_ARG_CWD ? AT_FDCWD : (s32)argument(s, aux);
}

/* What a path led to, if that has a place in the tree, as it nearly always has. Its name comes
 * first: where no rule asks for it, nothing else is looked at, and the record is not whole. */
static __always_inline void append_opened(struct scratch *s, u32 cpu, u32 number)
{
	u64 file = file_of(s, number);
	u32 start = s->used;
	struct saker_fd *fd;
	u32 begin;

	if (!file || !has_room(s, 1024))
		return;
	fd = (struct saker_fd *)END_OF(s);
	s->used += sizeof(*fd);
	s->file_flags = READ(struct file, file, f_flags);
	begin = s->used;
	begin_name(s);
	WALK_FROM(s, struct file, file, f_path);
	walk_path_inline(s, cpu);
	end_name(s, cpu, begin);
	if (!is_wanted(s))
		return;
	fill_facts(fd, file, number);
	if (s->cut)
		fd->flags |= SAKER_FD_CUT;
	if (fd->type == SAKER_FD_SOCKET || fd->type == SAKER_FD_ANON) {
		s->used = start;
		s->file = file;
		capture_file(cpu, number);
	}
}

/* The path that a call asks for. Where the verifier follows its scan, it knows nothing of the
 * record so far, and does so once. */
static __always_inline void append_asked_path(struct scratch *s, u32 cpu, u64 pointer, s32 dirfd)
{
	struct saker_path *path = begin_path(s);
	u32 end;

	if (!path)
		return;
	path->asked = append_asked(s, pointer, dirfd);
	barrier();
	end = s->used;
	begin_name(s);
	scan_text_inline(s, cpu, end - path->asked, end);
	end_path(s, cpu, path, dirfd);
	end_name(s, cpu, end);
}

/*
 * Takes the two captures that saker_syscall.opens tells of. Files are opened more often than all
 * else is done that rules ask for, and each call of a function costs (ten nanoseconds, where the
 * processor has to be guarded against Speculative Return Stack Overflow): here mostly none is
 * called. False if no rule can want the record.
 */
static __always_inline bool capture_opening(struct scratch *s, u32 cpu,
					    const struct saker_syscall *call)
{
	append_asked_path(s, cpu, argument(s, call->capture[0].arg),
			  base_of(s, call->capture[0].aux));
	s->record.lengths[0] = s->used;
	if (s->record.ret >= 0 && s->record.ret <= 0x7fffffff)
		append_opened(s, cpu, s->record.ret);
	s->record.lengths[1] = s->used - s->record.lengths[0];
	return is_wanted(s);
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
		if ((s32)value >= 0 && (s64)value <= 0x7fffffff)
			capture_fd(s, cpu, (u32)value);
		break;
	case SAKER_CAPTURE_STRING:
		append_string(s, value);
		break;
	case SAKER_CAPTURE_SOCKADDR:
		capture_sockaddr(cpu, value, buffer_length(s, what.aux));
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
