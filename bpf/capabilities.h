/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What capset() has set. */
#ifndef SAKER_CAPABILITIES_H
#define SAKER_CAPABILITIES_H

#include "scratch.h"

/* include/uapi/linux/capability.h: the version whose sets have 32 bits. */
#define CAPABILITY_VERSION_1 0x19980330

static __always_inline void split_caps(struct saker_caps *caps, u64 effective, u64 permitted,
				       u64 inheritable)
{
	caps[0].effective = effective;
	caps[0].permitted = permitted;
	caps[0].inheritable = inheritable;
	caps[1].effective = effective >> 32;
	caps[1].permitted = permitted >> 32;
	caps[1].inheritable = inheritable >> 32;
}

static __always_inline void caps_of(struct cred *cred, struct saker_caps *caps)
{
	u64 effective = 0, permitted = 0, inheritable = 0;

	bpf_core_read(&effective, sizeof(effective), &cred->cap_effective);
	bpf_core_read(&permitted, sizeof(permitted), &cred->cap_permitted);
	bpf_core_read(&inheritable, sizeof(inheritable), &cred->cap_inheritable);
	split_caps(caps, effective, permitted, inheritable);
}

/* Sets of 32 bits have no high words, and behind them is other memory. */
static __always_inline long read_asked_caps(struct saker_caps *caps, u64 header, u64 asked)
{
	u32 version = 0;

	bpf_probe_read_user(&version, sizeof(version), (void *)header);
	if (version != CAPABILITY_VERSION_1)
		return bpf_probe_read_user(caps, 2 * sizeof(*caps), (void *)asked);
	__builtin_memset(&caps[1], 0, sizeof(*caps));
	return bpf_probe_read_user(caps, sizeof(*caps), (void *)asked);
}

__attribute__((noinline)) int capture_caps(u32 cpu, u64 asked)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_caps caps[2] = {};

	if (!s || !has_room(s, sizeof(caps)))
		return 0;
	if (!s->record.ret)
		caps_of((struct cred *)READ(struct task_struct, s->task, cred), caps);
	else if (read_asked_caps(caps, s->record.args[0], asked)) {
		s->record.flags |= SAKER_FAULT;
		return 0;
	}
	__builtin_memcpy(END_OF(s), caps, sizeof(caps));
	s->used += sizeof(caps);
	return 0;
}

#endif
