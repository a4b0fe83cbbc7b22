/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The namespaces that a task is in. */
#ifndef SAKER_NAMESPACES_H
#define SAKER_NAMESPACES_H

#include "scratch.h"

/* A pid's number in the namespace of that level; 0: it has none there. */
static __always_inline u32 pid_in(u64 pid, u32 level, u64 *namespace)
{
	u64 at = pid + bpf_core_field_offset(struct pid, numbers) +
		 level * bpf_core_type_size(struct upid);

	if (!pid || READ(struct pid, pid, level) < level)
		return 0;
	if (namespace)
		*namespace = (u64)READ(struct upid, at, ns);
	return READ(struct upid, at, nr);
}

static __always_inline u64 pid_namespace_of(u64 task)
{
	u64 pid = (u64)READ(struct task_struct, task, thread_pid);
	u64 namespace = 0;

	if (pid)
		pid_in(pid, READ(struct pid, pid, level), &namespace);
	return namespace;
}

static __always_inline void read_namespaces(struct saker_namespaces *found, u64 task)
{
	u64 cred = (u64)READ(struct task_struct, task, cred);
	u64 user = (u64)READ(struct cred, cred, user_ns);
	u64 proxy = (u64)READ(struct task_struct, task, nsproxy);
	u64 pids = pid_namespace_of(task);
	u64 mounts, net;

	found->mnt = found->net = found->pid = 0;
	found->user = READ(struct user_namespace, user, ns.inum);
	if (pids)
		found->pid = READ(struct pid_namespace, pids, ns.inum);
	/* A task that is ending has none. */
	if (!proxy)
		return;
	mounts = (u64)READ(struct nsproxy, proxy, mnt_ns);
	net = (u64)READ(struct nsproxy, proxy, net_ns);
	found->mnt = READ(struct mnt_namespace, mounts, ns.inum);
	found->net = READ(struct net, net, ns.inum);
}

__attribute__((noinline)) int capture_namespaces(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_namespaces found;

	if (!s || !has_room(s, sizeof(found)))
		return 0;
	read_namespaces(&found, s->task);
	__builtin_memcpy(END_OF(s), &found, sizeof(found));
	s->used += sizeof(found);
	return 0;
}

#endif
