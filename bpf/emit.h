/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Beginning and sending a record. */
#ifndef SAKER_EMIT_H
#define SAKER_EMIT_H

#include "filter.h"

static __always_inline u64 cgroup_id(u64 cgroup)
{
	u64 kn = (u64)READ(struct cgroup, cgroup, kn);

	return READ(struct kernfs_node, kn, id);
}

/* The v1 cgroup of a task in the hierarchy of one controller. */
static __always_inline u64 v1_cgroup(u64 css_set, u32 subsystem)
{
	u64 css = 0;

	bpf_probe_read_kernel(&css, sizeof(css),
			      (void *)(css_set + bpf_core_field_offset(struct css_set, subsys) +
				       subsystem * sizeof(css)));
	return css ? (u64)READ(struct cgroup_subsys_state, css, cgroup) : 0;
}

/* A task's cgroup in the v1 hierarchy that names containers; 0 where no v1 hierarchy does. */
static __always_inline u64 v1_naming_cgroup(u64 css_set)
{
	if (v1_memory && bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return v1_cgroup(css_set,
				 bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id));
	if (v1_pids && bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		return v1_cgroup(css_set, bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id));
	return 0;
}

/* The cgroup that names a task's container: the v2 one, or where that is the root (as on a host
 * that uses v1), that of a v1 controller. */
static __always_inline u64 naming_cgroup(u64 task, bool *v1)
{
	u64 set = (u64)READ(struct task_struct, task, cgroups);
	u64 cgroup = (u64)READ(struct css_set, set, dfl_cgrp);
	u64 other;

	*v1 = false;
	if (READ(struct cgroup, cgroup, level) > 0)
		return cgroup;
	other = v1_naming_cgroup(set);
	*v1 = other != 0;
	return other ? other : cgroup;
}

static __always_inline u64 task_cgroup_id(u64 task)
{
	bool v1;
	u64 cgroup = naming_cgroup(task, &v1);

	return cgroup_id(cgroup) | (v1 ? SAKER_CGROUP_V1 : 0);
}

/* Starts the record of `task`, the current one: all that captures need. */
static __always_inline void begin(struct scratch *s, u64 task, u16 event)
{
	s->task = task;
	s->used = 0;
	s->root_dentry = 0;
	s->names = SAKER_NAME_ANY;
	s->file_flags = O_ACCMODE;
	__builtin_memset(s->record.lengths, 0, sizeof(s->record.lengths));
	s->record.flags = 0;
	s->record.event = event;
	s->record.abi = SAKER_ABI_64;
}

/* The rest of the header: when it was, and who did it. A global function, so that what it keeps on
 * the stack is not there while captures are taken: all calls that are under way share 512 bytes. */
__attribute__((noinline)) int identify(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_record *record;
	u64 task, leader, parent, cred, id;

	if (!s)
		return 0;
	record = &s->record;
	task = s->task;
	leader = (u64)READ(struct task_struct, task, group_leader);
	parent = (u64)READ(struct task_struct, task, real_parent);
	cred = (u64)READ(struct task_struct, task, cred);
	id = bpf_get_current_pid_tgid();

	record->time = bpf_ktime_get_boot_ns();
	record->start_time = READ(struct task_struct, leader, start_boottime);
	record->cgroup = task_cgroup_id(task);
	record->tid = (u32)id;
	record->tgid = id >> 32;
	record->ptgid = READ(struct task_struct, parent, tgid);
	record->uid = READ(struct cred, cred, euid.val);
	record->gid = READ(struct cred, cred, egid.val);
	record->cpu = cpu;
	__builtin_memset(record->reserved, 0, sizeof(record->reserved));
	COPY(record->comm, sizeof(record->comm), struct task_struct, task, comm);
	return 0;
}

static __always_inline void begin_tracepoint(struct scratch *s, u64 task, u16 event)
{
	begin(s, task, event);
	s->record.syscall = SAKER_NO_SYSCALL;
	s->record.ret = 0;
	__builtin_memset(s->record.args, 0, sizeof(s->record.args));
}

/* Wakes the reader if it asked for it, once. */
static __always_inline u64 wake_flag(void)
{
	u32 zero = 0;
	struct saker_control *control = bpf_map_lookup_elem(&controls, &zero);

	if (!control || !control->wake)
		return BPF_RB_NO_WAKEUP;
	control->wake = 0;
	return BPF_RB_FORCE_WAKEUP;
}

/* Sends a record of that size, whose captures follow it in memory. */
static __always_inline void send_record(struct saker_record *record, u64 size, u32 cpu, u32 class)
{
	struct saker_cpu *counters = bpf_map_lookup_elem(&cpus, &cpu);
	u32 index = cpu / cpus_per_ring;
	void *ring = &vital;

	if (!counters)
		return;
	if (class == SAKER_RING_BULK) {
		ring = bpf_map_lookup_elem(&bulk, &index);
		class = SAKER_RING_BULK;
	} else {
		class = SAKER_RING_VITAL;
	}
	record->size = size;
	record->sequence = counters->sequence++;
	counters->produced[class]++;
	counters->bytes += size;
	if (!ring || bpf_ringbuf_output(ring, record, size, wake_flag()))
		counters->lost[class]++;
}

/* Sends what has been built of a record whose header is whole. */
static __always_inline void send_built(struct scratch *s, u32 cpu, u32 class)
{
	send_record(&s->record, sizeof(s->record) + OFFSET(s), cpu, class);
}

static __always_inline void send(struct scratch *s, u32 cpu, u32 class)
{
	identify(cpu);
	send_built(s, cpu, class);
}

#endif
