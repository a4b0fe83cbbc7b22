// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Saker's kernel side: all attach points. Which syscalls are watched, and what is captured of each,
 * is told by user space through `wanted` and `syscalls`, filled from include/saker/syscalls.def.
 */
#include "kernel.h"
#include "scratch.h"
#include "capture.h"
#include "emit.h"
#include "task.h"
#include "uring.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Calls of the other two ABIs carry other numbers: they are counted, not misread. */
static __always_inline void count_other_abi(u32 cpu)
{
	struct saker_cpu *counters = bpf_map_lookup_elem(&cpus, &cpu);

	if (counters)
		counters->other_abi++;
}

static __always_inline void copy_arguments(struct scratch *s, struct pt_regs *regs, long ret)
{
	s->record.ret = ret;
	s->record.args[0] = regs->di;
	s->record.args[1] = regs->si;
	s->record.args[2] = regs->dx;
	s->record.args[3] = regs->r10;
	s->record.args[4] = regs->r8;
	s->record.args[5] = regs->r9;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit, struct pt_regs *regs, long ret)
{
	u64 number = regs->orig_ax;
	u32 cpu, key = (u32)number;
	u64 task;
	struct saker_syscall *call;
	struct scratch *s;

	if (number >= SAKER_MAX_SYSCALLS) {
		if (number & X32_BIT && (s64)number > 0)
			count_other_abi(bpf_get_smp_processor_id());
		return 0;
	}
	if (!wanted[number])
		return 0;
	cpu = bpf_get_smp_processor_id();
	task = bpf_get_current_task();
	if (READ(struct task_struct, task, thread_info.status) & TS_COMPAT) {
		count_other_abi(cpu);
		return 0;
	}
	call = bpf_map_lookup_elem(&syscalls, &key);
	s = scratch_of(cpu);
	if (!call || !s)
		return 0;
	/* A successful execve is a process record, sent by sched_process_exec. */
	if (ret == 0 && (call->event == SAKER_EVENT_execve || call->event == SAKER_EVENT_execveat))
		return 0;

	begin(s, cpu, task, call->event);
	copy_arguments(s, regs, ret);
	s->record.syscall = number;
	__builtin_memcpy(s->capture, call->capture, sizeof(s->capture));
	if (call->captures > 0)
		capture(cpu, 0);
	if (call->captures > 1)
		capture(cpu, 1);
	if (call->captures > 2)
		capture(cpu, 2);
	if (call->captures > 3)
		capture(cpu, 3);
	send(s, cpu, call->ring);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(sched_process_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = scratch_of(cpu);
	struct linux_binprm___since_5_9 *new_bprm = (void *)bprm;
	u16 event = SAKER_EVENT_execve;

	if (!s)
		return 0;
	if (bpf_core_field_exists(new_bprm->fdpath) && BPF_CORE_READ(new_bprm, fdpath))
		event = SAKER_EVENT_execveat;
	begin_tracepoint(s, cpu, (u64)task, event);
	s->subject = (u64)task;
	fill_process(cpu);
	CAPTURE_AS(s, SAKER_PROCESS_FILENAME, ({
			   long size = bpf_probe_read_kernel_str(END_OF(s), SAKER_STRING_MAX,
								 bprm->filename);

			   if (size > 0)
				   s->used += size;
		   }));
	CAPTURE_AS(s, SAKER_PROCESS_EXE, capture_exe(cpu));
	CAPTURE_AS(s, SAKER_PROCESS_CWD, capture_cwd(cpu));
	CAPTURE_AS(s, SAKER_PROCESS_CGROUP, walk_cgroup(cpu));
	capture_args(cpu);
	CAPTURE_AS(s, SAKER_PROCESS_STDIN, capture_fd(cpu, 0));
	CAPTURE_AS(s, SAKER_PROCESS_STDOUT, capture_fd(cpu, 1));
	CAPTURE_AS(s, SAKER_PROCESS_STDERR, capture_fd(cpu, 2));
	send(s, cpu, SAKER_RING_VITAL);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = scratch_of(cpu);

	if (!s || child->pid != child->tgid)
		return 0;
	begin_tracepoint(s, cpu, (u64)parent, SAKER_EVENT_sched_fork);
	s->subject = (u64)child;
	fill_process(cpu);
	((struct saker_process *)s->data)->flags |= SAKER_CLONE_CHILD;
	send(s, cpu, SAKER_RING_VITAL);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(sched_process_exit, struct task_struct *task)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = scratch_of(cpu);
	int status;

	/* A process ends with the last of its threads. */
	if (!s || task->signal->live.counter != 0)
		return 0;
	status = task->signal->group_exit_code;
	if (!status)
		status = task->exit_code;
	begin_tracepoint(s, cpu, (u64)task, SAKER_EVENT_procexit);
	s->record.ret = status;
	s->record.args[0] = (status >> 8) & 0xff;
	s->record.args[1] = status & 0x7f;
	s->record.args[2] = (status >> 7) & 1;
	s->record.args[3] = task->real_parent->pid;
	send(s, cpu, SAKER_RING_VITAL);
	return 0;
}

/* Cgroups of the v2 hierarchy, and of the v1 hierarchy that names containers; ids of the others
 * would only be mistaken for those. */
static __always_inline void send_cgroup(struct cgroup *cgroup, const char *path, u16 event)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct scratch *s = scratch_of(cpu);
	u64 task = bpf_get_current_task();
	bool v1 = cgroup->root->hierarchy_id != 0;
	long size;

	if (v1) {
		u64 naming = v1_naming_cgroup((u64)READ(struct task_struct, task, cgroups));

		if (!naming || (u64)READ(struct cgroup, naming, root) != (u64)cgroup->root)
			return;
	}
	if (!s)
		return;
	begin_tracepoint(s, cpu, task, event);
	s->record.args[0] = cgroup_id((u64)cgroup) | (v1 ? SAKER_CGROUP_V1 : 0);
	size = bpf_probe_read_kernel_str(END_OF(s), SAKER_STRING_MAX, path);
	if (size > 0)
		s->used += size;
	s->record.lengths[0] = s->used;
	send(s, cpu, SAKER_RING_VITAL);
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_mkdir, struct cgroup *cgroup, const char *path)
{
	send_cgroup(cgroup, path, SAKER_EVENT_cgroup_mkdir);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir, struct cgroup *cgroup, const char *path)
{
	send_cgroup(cgroup, path, SAKER_EVENT_cgroup_rmdir);
	return 0;
}

/* A tracepoint's argument, read here and now: the verifier knows arguments by their fixed places,
 * and the compiler would rather choose a place than a value. */
#define ARGUMENT(arguments, n)                                                                     \
	({                                                                                         \
		u64 _argument = (arguments)[n];                                                    \
		barrier_var(_argument);                                                            \
		_argument;                                                                         \
	})

/* io_uring. A request has been taken in: called submit_sqe before 6.3, with its own arguments. */
SEC("tp_btf/io_uring_submit_req")
int uring_submit_req(u64 *arguments)
{
	return uring_submitted(arguments[0]);
}

SEC("tp_btf/io_uring_submit_sqe")
int uring_submit_sqe(u64 *arguments)
{
	u64 first = ARGUMENT(arguments, 0), second = ARGUMENT(arguments, 1);

	return uring_submitted(uring_submit_argument ? second : first);
}

SEC("tp_btf/io_uring_complete")
int uring_complete(u64 *arguments)
{
	u64 ring = ARGUMENT(arguments, 0), second = ARGUMENT(arguments, 1);
	u64 third = ARGUMENT(arguments, 2);

	if (!uring_end_has_request)
		return uring_completed(ring, 0, second, third);
	if (!uring_end_has_cqe)
		return uring_completed(ring, second, third, ARGUMENT(arguments, 3));
	return uring_completed(ring, second, READ(struct io_uring_cqe, third, user_data),
			       READ(struct io_uring_cqe, third, res));
}

SEC("tp_btf/io_uring_cqe_overflow")
int uring_cqe_overflow(u64 *arguments)
{
	return uring_overflown(ARGUMENT(arguments, 0), ARGUMENT(arguments, 1),
			       ARGUMENT(arguments, 2));
}
