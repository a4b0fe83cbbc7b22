// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Saker's second kernel object, for kernels that allow programs on functions (fentry): notes for
 * the current task which names of files a call truly touches. Each program runs when the kernel is
 * about to act, with the directory entries at hand: links are followed, user memory is not read
 * again. sys_exit takes the names into the call's record (names.h).
 *
 * User space loads the programs of those operations that a rule wants, and leaves out what this
 * kernel does not have; include/saker/operations.def says which function each is for.
 */
#include "abi.h"
#include "preemption.h"
#include "request_names.h"

#define WALK_MEMORY		      struct pending
#define WALK_MEMORY_OF(tid)	      pending_of(tid)
#define WALK_MAX		      PENDING_WALKS
#define WALK_HAS_ROOM(pending, bytes) ((pending)->used + (bytes) < (pending)->bound)
#include "path.h"

/* THREAD_SIZE of x86-64 and arm64 without KASAN. */
#define STACK_SIZE	  16384
#define DCACHE_OP_COMPARE 0x2

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Bits of enum saker_operation that a record of a call wants to know: by its descriptor's index. */
__u32 operations_of[SAKER_CALLS];

/* What a hash's new element is copied from. */
static struct pending nothing_pending;

static __always_inline u64 current_regs(u64 task)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs))
		return (u64)bpf_task_pt_regs(bpf_get_current_task_btf());
	/* At the end of the kernel's stack (task_pt_regs() of kernels before 5.15). */
	return (u64)READ(struct task_struct, task, stack) + STACK_SIZE -
	       bpf_core_type_size(struct pt_regs);
}

/*
 * How a worker of io_uring leads to what it does: offsets of the worker in its task, of the work in
 * the worker, and of the work and the opcode in the request. Told by user space, since the kernel
 * may have none of these types. All 0 where it has not, or where its requests end without a name.
 */
const volatile __u32 worker_in_task, work_in_worker, work_in_request, opcode_in_request;

/* The request that a worker does; 0: none that can be told. */
static __always_inline u64 request_of(u64 task)
{
	u64 worker, work;

	if (!work_in_request)
		return 0;
	worker = word_at(task + worker_in_task);
	work = worker ? word_at(worker + work_in_worker) : 0;
	return work ? work - work_in_request : 0;
}

static __always_inline bool request_wants_names(u64 request, u32 operation)
{
	u32 opcode = word_at(request + opcode_in_request) & (SAKER_URING_OPERATIONS - 1);

	return request && operations_of_requests[opcode] & 1u << operation;
}

/* Names are noted only for calls whose end takes them, so that none is left over for a later call:
 * not for the kernel's own threads. */
static __always_inline bool call_wants_names(u64 task, u32 operation)
{
	u64 told = READ(struct pt_regs, current_regs(task), NUMBER_REGISTER);
	u32 number = number_of(told);
	u32 index;

	if (number >= SAKER_NUMBERS)
		return false;
	index = first_call(abi_of(told, task)) + number;
	return index < SAKER_CALLS && operations_of[index] & 1u << operation;
}

static __always_inline struct pending *make_pending(u32 tid)
{
	if (task_storage)
		return bpf_task_storage_get(&pending_names, bpf_get_current_task_btf(), NULL,
					    BPF_LOCAL_STORAGE_GET_F_CREATE);
	bpf_map_update_elem(&pending_names, &tid, &nothing_pending, BPF_ANY);
	return bpf_map_lookup_elem(&pending_names, &tid);
}

/* Begins the note of what the current call touches; NULL where nobody wants to know. */
static __always_inline struct pending *begin_note(u32 tid, u32 operation)
{
	u64 task = bpf_get_current_task();
	bool is_worker = READ(struct task_struct, task, flags) & PF_IO_WORKER;
	u64 request = is_worker ? request_of(task) : 0;
	struct pending *pending;

	if (is_worker ? !request_wants_names(request, operation)
		      : !call_wants_names(task, operation))
		return NULL;
	pending = make_pending(tid);
	if (!pending)
		return NULL;
	pending->task = task;
	pending->request = request;
	pending->root_dentry = 0;
	pending->used = 0;
	pending->operations = 0;
	pending->flags = 0;
	pending->text_size = 0;
	pending->name_sizes[0] = pending->name_sizes[1] = 0;
	return pending;
}

/* Puts the names where the request is held; nowhere, if it has been reported before its end. */
static __always_inline void hand_over(struct pending *pending)
{
	struct uring_key key = {.first = pending->request};
	u32 place, *found = bpf_map_lookup_elem(&uring_held, &key);

	if (found) {
		place = *found;
		bpf_map_update_elem(&request_names, &place, pending, BPF_ANY);
	}
	pending->operations = 0;
}

static __always_inline void end_note(struct pending *pending, u32 operation)
{
	pending->operations = 1u << operation;
	if (pending->request)
		hand_over(pending);
}

/* The kernel's copy of a string. */
static __always_inline void note_text(struct pending *pending, u64 text)
{
	long size = bpf_probe_read_kernel_str(pending->text, PENDING_TEXT - 1, (void *)text);

	if (size <= 0) {
		pending->flags |= SAKER_UNNAMED;
		return;
	}
	if (size == PENDING_TEXT - 1)
		pending->flags |= SAKER_TRUNCATED;
	pending->text_size = size;
}

/*
 * Notes the real name of a directory entry, as the index-th, in the room up to `bound`: the first
 * of two leaves half of it, so that it cannot hide the second. The root is a NUL by itself; a walk
 * that was cut ends without its last NUL, and one that had no room at all leaves the name unknown.
 */
static __always_inline void note_name(struct pending *pending, u32 tid, u32 index, u32 bound,
				      u64 vfsmount, u64 dentry)
{
	u32 begin = pending->used & (PENDING_WALKS - 1);

	pending->vfsmount = vfsmount;
	pending->dentry = dentry;
	pending->used = begin;
	pending->bound = bound;
	walk_path(tid);
	if (pending->used == begin && pending->cut)
		pending->flags |= SAKER_UNNAMED;
	else if (pending->used == begin)
		pending->data[(pending->used++) & (PENDING_WALKS - 1)] = 0;
	pending->name_sizes[index] = pending->used - begin;
	if (READ(struct dentry, dentry, d_flags) & DCACHE_OP_COMPARE)
		pending->flags |= SAKER_LOOSE_NAMES;
}

/* Makes the note of what the current call touches; `work` may use `pending` and `tid`. The kernel
 * leaves out a program that is under way on its processor for another task: where the object may do
 * so, it keeps the processor meanwhile. */
#define NOTE(operation, work)                                                                      \
	({                                                                                         \
		u32 tid = bpf_get_current_pid_tgid();                                              \
		struct pending *pending;                                                           \
                                                                                                   \
		keep_processor();                                                                  \
		pending = begin_note(tid, operation);                                              \
		if (pending) {                                                                     \
			work;                                                                      \
			end_note(pending, operation);                                              \
		}                                                                                  \
		give_processor_back();                                                             \
	})

static __always_inline void note_one(u32 operation, u64 vfsmount, u64 dentry)
{
	NOTE(operation, note_name(pending, tid, 0, PENDING_WALKS, vfsmount, dentry));
}

static __always_inline void note_two(u32 operation, u64 first_mount, u64 first, u64 second_mount,
				     u64 second)
{
	NOTE(operation, ({
		     note_name(pending, tid, 0, PENDING_WALKS / 2, first_mount, first);
		     note_name(pending, tid, 1, PENDING_WALKS, second_mount, second);
	     }));
}

static __always_inline void note_text_and_name(u32 operation, u64 text, u64 vfsmount, u64 dentry)
{
	NOTE(operation, ({
		     if (text)
			     note_text(pending, text);
		     note_name(pending, tid, 0, PENDING_WALKS, vfsmount, dentry);
	     }));
}

#define MOUNT(path)  ((u64)(path)->mnt)
#define DENTRY(path) ((u64)(path)->dentry)

/* The programs of functions that are given an entry of a directory, and of those that are given a
 * path. */
#define NOTE_ENTRY(operation, function)                                                            \
	SEC("fentry/" #function)                                                                   \
	int BPF_PROG(operation, struct path *directory, struct dentry *entry)                      \
	{                                                                                          \
		note_one(SAKER_OPERATION_##operation, MOUNT(directory), (u64)entry);               \
		return 0;                                                                          \
	}
#define NOTE_PATH(operation, function)                                                             \
	SEC("fentry/" #function)                                                                   \
	int BPF_PROG(operation, struct path *path)                                                 \
	{                                                                                          \
		note_one(SAKER_OPERATION_##operation, MOUNT(path), DENTRY(path));                  \
		return 0;                                                                          \
	}

NOTE_ENTRY(unlink, security_path_unlink)
NOTE_ENTRY(rmdir, security_path_rmdir)
NOTE_ENTRY(mkdir, security_path_mkdir)

/* Also asked for files that open() makes: their calls want nothing. */
NOTE_ENTRY(mknod, security_path_mknod)

SEC("fentry/security_path_symlink")
int BPF_PROG(symlink, struct path *directory, struct dentry *entry, const char *target)
{
	note_text_and_name(SAKER_OPERATION_symlink, (u64)target, MOUNT(directory), (u64)entry);
	return 0;
}

/* Both names of a link are of the same mount. */
SEC("fentry/security_path_link")
int BPF_PROG(link, struct dentry *old, struct path *directory, struct dentry *entry)
{
	note_two(SAKER_OPERATION_link, MOUNT(directory), (u64)old, MOUNT(directory), (u64)entry);
	return 0;
}

SEC("fentry/security_path_rename")
int BPF_PROG(rename, struct path *old_directory, struct dentry *old, struct path *new_directory,
	     struct dentry *new)
{
	note_two(SAKER_OPERATION_rename, MOUNT(old_directory), (u64)old, MOUNT(new_directory),
		 (u64) new);
	return 0;
}

NOTE_PATH(chmod, security_path_chmod)
NOTE_PATH(chown, chown_common)

/* Also asked of open() with O_TRUNC. */
NOTE_PATH(truncate, security_path_truncate)

SEC("fentry/security_sb_mount")
int BPF_PROG(mount, const char *device, struct path *point)
{
	note_text_and_name(SAKER_OPERATION_mount, (u64)device, MOUNT(point), DENTRY(point));
	return 0;
}

SEC("fentry/security_sb_umount")
int BPF_PROG(umount, struct vfsmount *mount)
{
	note_one(SAKER_OPERATION_umount, (u64)mount, (u64)mount->mnt_root);
	return 0;
}

SEC("fentry/security_move_mount")
int BPF_PROG(move_mount, struct path *from, struct path *to)
{
	note_two(SAKER_OPERATION_move_mount, MOUNT(from), DENTRY(from), MOUNT(to), DENTRY(to));
	return 0;
}

SEC("fentry/security_sb_pivotroot")
int BPF_PROG(pivot_root, struct path *put_old, struct path *new_root)
{
	note_two(SAKER_OPERATION_pivot_root, MOUNT(new_root), DENTRY(new_root), MOUNT(put_old),
		 DENTRY(put_old));
	return 0;
}

NOTE_PATH(chroot, security_path_chroot)
