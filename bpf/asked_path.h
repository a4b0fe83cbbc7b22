/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Paths as they were asked for, and what a relative one begins at: struct saker_path. */
#ifndef SAKER_ASKED_PATH_H
#define SAKER_ASKED_PATH_H

#include "fd.h"
#include "user_memory.h"

#define AT_FDCWD (-100)

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

#endif
