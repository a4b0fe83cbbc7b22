/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Who adopts the children of a process that ends. */
#ifndef SAKER_REAPER_H
#define SAKER_REAPER_H

#include "task.h"

/* Ancestors that are asked whether they adopt (PR_SET_CHILD_SUBREAPER). */
#define REAPER_STEPS 32

static __always_inline bool has_children(u64 task)
{
	u64 first = (u64)READ(struct task_struct, task, children.next);

	return first != task + bpf_core_field_offset(struct task_struct, children);
}

static __always_inline bool is_subreaper(u64 task)
{
	struct signal_struct *signal = (void *)READ(struct task_struct, task, signal);

	return BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper);
}

/* The init of the task's own pid namespace. */
static __always_inline u64 namespace_init(u64 task)
{
	u64 pid = (u64)READ(struct task_struct, task, thread_pid);
	u64 namespace = 0;

	pid_in(pid, READ(struct pid, pid, level), &namespace);
	return namespace ? (u64)READ(struct pid_namespace, namespace, child_reaper) : 0;
}

/* The thread id of the adopting process: the nearest ancestor that asked for it, else the init of
 * the pid namespace. 0 where there is nobody to adopt. Called when the last thread ends. */
static __always_inline u32 reaper_of(u64 task)
{
	u64 init = namespace_init(task);
	u64 ancestor = task;

	if (!has_children(task))
		return 0;
	for (int i = 0; i < REAPER_STEPS; i++) {
		ancestor = (u64)READ(struct task_struct, ancestor, real_parent);
		if (!ancestor || ancestor == init)
			break;
		if (is_subreaper(ancestor))
			return READ(struct task_struct, ancestor, pid);
	}
	return init ? READ(struct task_struct, init, pid) : 0;
}

#endif
