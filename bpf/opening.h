/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Files opened by their names: what is captured of that, and no more than a rule can want. */
#ifndef SAKER_OPENING_H
#define SAKER_OPENING_H

#include "asked_path.h"
#include "capture.h"

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

#endif
