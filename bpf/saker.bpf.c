// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Saker's kernel side: all attach points. Which syscalls are watched, and what is captured of each,
 * is told by user space through `wanted` and `syscalls`, filled from include/saker/syscalls.def and
 * compat.def.
 */
#include "kernel.h"
#include "scratch.h"
#include "undisturbed.h"
#include "capture.h"
#include "emit.h"
#include "names.h"
#include "opening.h"
#include "task.h"
#include "each.h"
#include "reaper.h"
#include "uring.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* A successful execve is a process record, sent by sched_process_exec. */
static __always_inline bool is_exec(const struct saker_syscall *call)
{
	return call->event == SAKER_EVENT_execve || call->event == SAKER_EVENT_execveat;
}

static __always_inline void report_call(struct scratch *s, u32 cpu, u64 task, struct pt_regs *regs,
					long ret, u32 number, u32 abi)
{
	u32 index = first_call(abi) + number;
	struct saker_syscall *call;

	if (abi == SAKER_ABI_IA32)
		index = chosen_part(s, regs, index);
	call = bpf_map_lookup_elem(&syscalls, &index);
	if (!call || !call->wanted || (ret == 0 && is_exec(call)))
		return;

	begin(s, task, call->event);
	s->record.ret = ret;
	if (ret < 0 && !call->failures) {
		if (call->operations)
			append_real_names(cpu, call->operations);
		count_filtered(cpu);
		return;
	}
	s->names = call->pass;
	s->record.abi = abi;
	s->record.syscall = call->syscall;
	if (abi == SAKER_ABI_IA32)
		copy_compat_arguments(s, cpu, call);
	else
		read_arguments(s->record.args, regs);
	if (call->each && ret > 0) {
		send_each(cpu, index, ret);
		return;
	}
	if (call->opens && !capture_opening(s, cpu, call)) {
		count_filtered(cpu);
		return;
	}
	take_captures(s, cpu, call);
	if (!is_wanted(s)) {
		count_filtered(cpu);
		return;
	}
	if (call->operations)
		append_real_names(cpu, call->operations);
	send(s, cpu, call->ring);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit, struct pt_regs *regs, long ret)
{
	u32 number = number_of(regs->NUMBER_REGISTER);
	u32 abi;
	u64 task;

	if (number >= SAKER_NUMBERS || !wanted[number])
		return 0;
	task = bpf_get_current_task();
	abi = abi_of(regs->NUMBER_REGISTER, task);
	if (wanted[number] & (1 << abi))
		UNDISTURBED(report_call(s, cpu, task, regs, ret, number, abi));
	return 0;
}

static __always_inline void report_exec(struct scratch *s, u32 cpu, struct task_struct *task,
					struct linux_binprm *bprm)
{
	struct linux_binprm___since_5_9 *new_bprm = (void *)bprm;
	u16 event = SAKER_EVENT_execve;

	if (bpf_core_field_exists(new_bprm->fdpath) && BPF_CORE_READ(new_bprm, fdpath))
		event = SAKER_EVENT_execveat;
	begin_tracepoint(s, (u64)task, event);
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
	CAPTURE_AS(s, SAKER_PROCESS_STDIN, capture_fd(s, cpu, 0));
	CAPTURE_AS(s, SAKER_PROCESS_STDOUT, capture_fd(s, cpu, 1));
	CAPTURE_AS(s, SAKER_PROCESS_STDERR, capture_fd(s, cpu, 2));
	send(s, cpu, SAKER_RING_VITAL);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(sched_process_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	UNDISTURBED(report_exec(s, cpu, task, bprm));
	return 0;
}

static __always_inline void report_fork(struct scratch *s, u32 cpu, struct task_struct *parent,
					struct task_struct *child)
{
	begin_tracepoint(s, (u64)parent, SAKER_EVENT_sched_fork);
	s->subject = (u64)child;
	fill_process(cpu);
	((struct saker_process *)s->data)->flags |= SAKER_CLONE_CHILD;
	/* Born elsewhere (CLONE_INTO_CGROUP): nobody else tells that cgroup's path. */
	if (((struct saker_process *)s->data)->cgroup != s->record.cgroup)
		CAPTURE_AS(s, SAKER_PROCESS_CGROUP, walk_cgroup(cpu));
	send(s, cpu, SAKER_RING_VITAL);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	if (child->pid == child->tgid)
		UNDISTURBED(report_fork(s, cpu, parent, child));
	return 0;
}

static __always_inline void report_exit(struct scratch *s, u32 cpu, struct task_struct *task)
{
	int status = task->signal->group_exit_code;

	if (!status)
		status = task->exit_code;
	begin_tracepoint(s, (u64)task, SAKER_EVENT_procexit);
	s->record.ret = status;
	s->record.args[0] = (status >> 8) & 0xff;
	s->record.args[1] = status & 0x7f;
	s->record.args[2] = (status >> 7) & 1;
	s->record.args[3] = reaper_of((u64)task);
	send(s, cpu, SAKER_RING_VITAL);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(sched_process_exit, struct task_struct *task)
{
	/* A process ends with the last of its threads. */
	if (task->signal->live.counter == 0)
		UNDISTURBED(report_exit(s, cpu, task));
	return 0;
}

/* The sender's id, where the signal carries one. */
static __always_inline u32 sender_of(int signal, u64 info)
{
	int code = READ(struct kernel_siginfo, info, si_code);

	if (signal == SIGCHLD || code == SI_USER || code == SI_QUEUE || code == SI_MESGQ ||
	    code == SI_TKILL)
		return READ(struct kernel_siginfo, info, _sifields._kill._pid);
	return 0;
}

static __always_inline void report_signal(struct scratch *s, u32 cpu, int signal,
					  struct kernel_siginfo *info)
{
	begin_tracepoint(s, bpf_get_current_task(), SAKER_EVENT_signaldeliver);
	s->record.args[0] = sender_of(signal, (u64)info);
	s->record.args[1] = s->record.tgid;
	s->record.args[2] = signal;
	send(s, cpu, SAKER_RING_BULK);
}

/* Loaded only where a rule asks for it: a signal is delivered for every SIGCHLD of the machine. */
SEC("tp_btf/signal_deliver")
int BPF_PROG(signal_deliver, int signal, struct kernel_siginfo *info)
{
	UNDISTURBED(report_signal(s, cpu, signal, info));
	return 0;
}

/* Cgroups of the v2 hierarchy, and of the v1 hierarchy that names containers; ids of the others
 * would only be mistaken for those. */
static __always_inline bool may_name_container(struct cgroup *cgroup)
{
	u64 task, naming;

	if (cgroup->root->hierarchy_id == 0)
		return true;
	task = bpf_get_current_task();
	naming = v1_naming_cgroup((u64)READ(struct task_struct, task, cgroups));
	return naming && (u64)READ(struct cgroup, naming, root) == (u64)cgroup->root;
}

static __always_inline void report_cgroup(struct scratch *s, u32 cpu, struct cgroup *cgroup,
					  const char *path, u16 event)
{
	bool v1 = cgroup->root->hierarchy_id != 0;
	long size;

	if (!may_name_container(cgroup))
		return;
	begin_tracepoint(s, bpf_get_current_task(), event);
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
	UNDISTURBED(report_cgroup(s, cpu, cgroup, path, SAKER_EVENT_cgroup_mkdir));
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir, struct cgroup *cgroup, const char *path)
{
	UNDISTURBED(report_cgroup(s, cpu, cgroup, path, SAKER_EVENT_cgroup_rmdir));
	return 0;
}

/* The current task moves another, or itself. What counts is where that is by then, which may be in
 * another hierarchy than the one of this move. */
static __always_inline void report_move(struct scratch *s, u32 cpu, struct cgroup *cgroup,
					struct task_struct *task)
{
	if (!may_name_container(cgroup))
		return;
	begin_tracepoint(s, bpf_get_current_task(), SAKER_EVENT_cgroup_attach_task);
	s->subject = (u64)task;
	s->record.args[0] = task_cgroup_id((u64)task);
	if (task->pid == task->tgid) {
		s->record.args[1] = task->tgid;
		s->record.args[2] = task->start_boottime;
	}
	CAPTURE_AS(s, 0, walk_cgroup(cpu));
	send(s, cpu, SAKER_RING_VITAL);
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(cgroup_attach_task, struct cgroup *cgroup, const char *path, struct task_struct *task)
{
	UNDISTURBED(report_move(s, cpu, cgroup, task));
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
	u64 request = arguments[0];

	if (is_uring_wanted(request))
		UNDISTURBED(uring_submitted(s, cpu, request));
	return 0;
}

SEC("tp_btf/io_uring_submit_sqe")
int uring_submit_sqe(u64 *arguments)
{
	u64 first = ARGUMENT(arguments, 0), second = ARGUMENT(arguments, 1);
	u64 request = uring_submit_argument ? second : first;

	if (is_uring_wanted(request))
		UNDISTURBED(uring_submitted(s, cpu, request));
	return 0;
}

SEC("tp_btf/io_uring_complete")
int uring_complete(u64 *arguments)
{
	u64 ring = ARGUMENT(arguments, 0), request = ARGUMENT(arguments, 1);
	u64 user_data = ARGUMENT(arguments, 2), result;

	if (!uring_end_has_request) {
		result = user_data;
		user_data = request;
		request = 0;
	} else if (!uring_end_has_cqe) {
		result = ARGUMENT(arguments, 3);
	} else {
		result = READ(struct io_uring_cqe, user_data, res);
		user_data = READ(struct io_uring_cqe, user_data, user_data);
	}
	if (!request || is_uring_wanted(request))
		UNDISTURBED(uring_completed(s, cpu, ring, request, user_data, result));
	return 0;
}

SEC("tp_btf/io_uring_cqe_overflow")
int uring_cqe_overflow(u64 *arguments)
{
	u64 ring = ARGUMENT(arguments, 0), user_data = ARGUMENT(arguments, 1);
	u64 result = ARGUMENT(arguments, 2);

	UNDISTURBED(uring_overflown(s, cpu, ring, user_data, result));
	return 0;
}
