/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the process table needs to know about a task. */
#ifndef SAKER_TASK_H
#define SAKER_TASK_H

#include "capture.h"
#include "emit.h"
#include "namespaces.h"

#define CGROUP_DEPTH 16
/* Arguments and environment that are taken however full the ring is. */
#define SHORT_ARGS  2048
#define NANOSECONDS 1000000000ull

static __always_inline u64 signal_pid(u64 signal, u32 type)
{
	u64 pid = 0;

	bpf_probe_read_kernel(&pid, sizeof(pid),
			      (void *)(signal + bpf_core_field_offset(struct signal_struct, pids) +
				       type * sizeof(pid)));
	return pid;
}

static __always_inline void fill_pids(struct saker_process *facts, u64 task, u64 signal)
{
	u64 pid = (u64)READ(struct task_struct, task, thread_pid);
	u32 level = READ(struct pid, pid, level);
	u64 group = signal_pid(signal, PIDTYPE_PGID);
	u64 namespace = 0, init;

	facts->vpid = pid_in(pid, level, &namespace);
	facts->vpgid = pid_in(group, level, NULL);
	facts->pgid = pid_in(group, 0, NULL);
	facts->sid = pid_in(signal_pid(signal, PIDTYPE_SID), level, NULL);
	if (!namespace)
		return;
	init = (u64)READ(struct pid_namespace, namespace, child_reaper);
	if (init)
		facts->pidns_start_time = READ(struct task_struct, init, start_boottime);
}

static __always_inline void fill_tty(struct saker_process *facts, u64 signal)
{
	u64 tty = (u64)READ(struct signal_struct, signal, tty);
	u64 driver;
	u32 minor;

	if (!tty)
		return;
	driver = (u64)READ(struct tty_struct, tty, driver);
	minor = READ(struct tty_driver, driver, minor_start) + READ(struct tty_struct, tty, index);
	/* As new_encode_dev() in include/linux/kdev_t.h. */
	facts->tty =
	    (minor & 0xff) | READ(struct tty_driver, driver, major) << 8 | (minor & ~0xff) << 12;
}

static __always_inline void fill_credentials(struct saker_process *facts, u64 task)
{
	struct cred *cred = (struct cred *)READ(struct task_struct, task, cred);

	facts->uid = READ(struct cred, cred, euid.val);
	facts->gid = READ(struct cred, cred, egid.val);
	bpf_core_read(&facts->cap_inheritable, sizeof(u64), &cred->cap_inheritable);
	bpf_core_read(&facts->cap_permitted, sizeof(u64), &cred->cap_permitted);
	bpf_core_read(&facts->cap_effective, sizeof(u64), &cred->cap_effective);
	facts->loginuid = -1;
	if (bpf_core_field_exists(((struct task_struct *)0)->loginuid))
		facts->loginuid = READ(struct task_struct, task, loginuid.val);
}

static __always_inline void fill_times(struct saker_process *facts, u64 inode)
{
	if (bpf_core_field_exists(((struct inode___since_6_11 *)0)->i_ctime_sec)) {
		facts->exe_mtime =
		    READ(struct inode___since_6_11, inode, i_mtime_sec) * NANOSECONDS +
		    READ(struct inode___since_6_11, inode, i_mtime_nsec);
		facts->exe_ctime =
		    READ(struct inode___since_6_11, inode, i_ctime_sec) * NANOSECONDS +
		    READ(struct inode___since_6_11, inode, i_ctime_nsec);
		return;
	}
	if (bpf_core_field_exists(((struct inode___before_6_11 *)0)->__i_ctime))
		facts->exe_ctime =
		    READ(struct inode___before_6_11, inode, __i_ctime.tv_sec) * NANOSECONDS +
		    READ(struct inode___before_6_11, inode, __i_ctime.tv_nsec);
	else
		facts->exe_ctime =
		    READ(struct inode___before_6_6, inode, i_ctime.tv_sec) * NANOSECONDS +
		    READ(struct inode___before_6_6, inode, i_ctime.tv_nsec);
	if (bpf_core_field_exists(((struct inode___before_6_11 *)0)->__i_mtime))
		facts->exe_mtime =
		    READ(struct inode___before_6_11, inode, __i_mtime.tv_sec) * NANOSECONDS +
		    READ(struct inode___before_6_11, inode, __i_mtime.tv_nsec);
	else
		facts->exe_mtime =
		    READ(struct inode___before_6_6, inode, i_mtime.tv_sec) * NANOSECONDS +
		    READ(struct inode___before_6_6, inode, i_mtime.tv_nsec);
}

/* May the process write its own executable: by the file's mode and owner, or as root. */
static __always_inline bool exe_writable(struct saker_process *facts, u64 inode, u64 super)
{
	u32 mode = READ(struct inode, inode, i_mode);

	if (READ(struct super_block, super, s_flags) & SB_RDONLY)
		return false;
	if (facts->cap_effective & (1ull << CAP_DAC_OVERRIDE))
		return true;
	if (READ(struct inode, inode, i_uid.val) == facts->uid)
		return mode & 0200;
	if (READ(struct inode, inode, i_gid.val) == facts->gid)
		return mode & 0020;
	return mode & 0002;
}

static __always_inline void fill_exe(struct saker_process *facts, u64 file)
{
	u64 inode = (u64)READ(struct file, file, f_inode);
	u64 super = (u64)READ(struct inode, inode, i_sb);
	u64 magic = READ(struct super_block, super, s_magic);

	facts->exe_ino = READ(struct inode, inode, i_ino);
	facts->exe_dev = READ(struct super_block, super, s_dev);
	fill_times(facts, inode);
	if (exe_writable(facts, inode, super))
		facts->flags |= SAKER_EXE_WRITABLE;
	if (magic == OVERLAYFS_SUPER_MAGIC)
		facts->flags |= in_upper_layer(inode) ? SAKER_EXE_UPPER : SAKER_EXE_LOWER;
	if ((magic == TMPFS_MAGIC || magic == HUGETLBFS_MAGIC) &&
	    is_memfd((u64)READ(struct file, file, f_path.dentry)))
		facts->flags |= SAKER_EXE_MEMFD;
}

/* Fills the facts, at the start of the record's data, with what the task s->subject is. */
__attribute__((noinline)) int fill_process(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	struct task_struct *task;
	struct saker_process *facts;
	u64 address, signal, parent, leader, mm;

	if (!s)
		return 0;
	address = s->subject;
	task = (struct task_struct *)address;
	facts = (struct saker_process *)s->data;
	__builtin_memset(facts, 0, sizeof(*facts));
	signal = (u64)READ(struct task_struct, task, signal);
	parent = (u64)READ(struct task_struct, task, real_parent);
	leader = (u64)READ(struct task_struct, parent, group_leader);
	mm = (u64)READ(struct task_struct, task, mm);

	facts->start_time = READ(struct task_struct, task, start_boottime);
	facts->parent_start_time = READ(struct task_struct, leader, start_boottime);
	facts->tgid = READ(struct task_struct, task, tgid);
	facts->ptgid = READ(struct task_struct, parent, tgid);
	facts->cgroup = task_cgroup_id(address);
	facts->pgft_maj = READ(struct task_struct, task, maj_flt);
	facts->pgft_min = READ(struct task_struct, task, min_flt);
	facts->fdlimit = READ(struct signal_struct, signal, rlim[RLIMIT_NOFILE].rlim_cur);
	bpf_core_read(facts->comm, sizeof(facts->comm), &task->comm);
	fill_credentials(facts, address);
	fill_pids(facts, address, signal);
	fill_tty(facts, signal);
	read_namespaces(&facts->ns, address);
	if (mm) {
		u64 exe = (u64)READ(struct mm_struct, mm, exe_file);

		read_memory(mm, &facts->memory);
		facts->args_size =
		    READ(struct mm_struct, mm, arg_end) - READ(struct mm_struct, mm, arg_start);
		facts->env_size =
		    READ(struct mm_struct, mm, env_end) - READ(struct mm_struct, mm, env_start);
		if (exe)
			fill_exe(facts, exe);
	}
	s->used = sizeof(*facts);
	s->record.lengths[SAKER_PROCESS_FACTS] = sizeof(*facts);
	return 0;
}

static __always_inline u64 kernfs_parent(u64 node)
{
	if (bpf_core_field_exists(((struct kernfs_node___since_6_15 *)0)->__parent))
		return (u64)READ(struct kernfs_node___since_6_15, node, __parent);
	return (u64)READ(struct kernfs_node___before_6_15, node, parent);
}

/* Appends the walked path of the cgroup, in its hierarchy, of what the task s->subject is. */
__attribute__((noinline)) int walk_cgroup(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	bool v1;
	u64 node;

	if (!s)
		return 0;
	node = (u64)READ(struct cgroup, naming_cgroup(s->subject, &v1), kn);
	for (int i = 0; i < CGROUP_DEPTH; i++) {
		u64 parent = node ? kernfs_parent(node) : 0;
		long size;

		if (!parent || !has_room(s, 256))
			return 0;
		size = bpf_probe_read_kernel_str(END_OF(s), 256,
						 (void *)READ(struct kernfs_node, node, name));
		if (size > 0)
			s->used += size;
		node = parent;
	}
	/* A walk without its last NUL is one that was cut. SAKER_PATH_CUT would speak of the
	 * executable and the directory too, which a process must not be able to hide by nesting
	 * cgroups. */
	s->used--;
	return 0;
}

/* Takes the length of what `step` appended as that of the capture `slot`. */
#define CAPTURE_AS(s, slot, step)                                                                  \
	do {                                                                                       \
		u32 _before = (s)->used;                                                           \
		step;                                                                              \
		(s)->record.lengths[slot] = (s)->used - _before;                                   \
	} while (0)

__attribute__((noinline)) int capture_exe(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	u64 mm, file;

	if (!s)
		return 0;
	mm = (u64)READ(struct task_struct, s->task, mm);
	file = mm ? (u64)READ(struct mm_struct, mm, exe_file) : 0;
	if (file)
		WALK(s, cpu, struct file, file, f_path);
	return 0;
}

/* Appends up to PIECE_MAX bytes of user memory; returns how many. A global function: the loop below
 * verifies it once. */
__attribute__((noinline)) int append_piece(u32 cpu, u64 start, u64 size)
{
	struct scratch *s = scratch_of(cpu);
	u32 before;

	if (!s)
		return 0;
	before = s->used;
	append_bytes(s, start, size, PIECE_MAX);
	return s->used - before;
}

/* Appends up to `bound` bytes of user memory, in pieces. */
__attribute__((noinline)) int append_long(u32 cpu, u64 start, u64 size, u64 bound)
{
	struct scratch *s = scratch_of(cpu);

	if (!s)
		return 0;
	if (size > bound) {
		size = bound;
		s->record.flags |= SAKER_TRUNCATED;
	}
	for (int i = 0; i < SAKER_ARGS_LIMIT / PIECE_MAX && size; i++) {
		u64 piece = size < PIECE_MAX ? size : PIECE_MAX;

		if (!append_piece(cpu, start, piece))
			return 0;
		start += piece;
		size -= piece;
	}
	return 0;
}

/* How much of arguments and environment is taken: less while the vital ring is filling up, so that
 * long ones do not cost the record itself. */
static __always_inline u64 args_bound(u64 wanted_bytes)
{
	u64 room;

	if (wanted_bytes <= SHORT_ARGS)
		return args_bytes;
	room = (bpf_ringbuf_query(&vital, BPF_RB_RING_SIZE) -
		bpf_ringbuf_query(&vital, BPF_RB_AVAIL_DATA)) /
	       4;
	if (room < SHORT_ARGS)
		room = SHORT_ARGS;
	return room < args_bytes ? room : args_bytes;
}

__attribute__((noinline)) int capture_args(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	u64 mm, args, env, args_size, env_size, bound, half;

	if (!s)
		return 0;
	mm = (u64)READ(struct task_struct, s->task, mm);
	if (!mm)
		return 0;
	args = READ(struct mm_struct, mm, arg_start);
	env = READ(struct mm_struct, mm, env_start);
	args_size = READ(struct mm_struct, mm, arg_end) - args;
	env_size = READ(struct mm_struct, mm, env_end) - env;
	bound = args_bound(args_size + env_size);
	half = bound / 2;
	CAPTURE_AS(s, SAKER_PROCESS_ARGS,
		   append_long(cpu, args, args_size, env_size < half ? bound - env_size : half));
	args_size = s->record.lengths[SAKER_PROCESS_ARGS];
	CAPTURE_AS(s, SAKER_PROCESS_ENV,
		   append_long(cpu, env, env_size, args_size < bound ? bound - args_size : 0));
	return 0;
}

#endif
