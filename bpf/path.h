/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Names of files, as the kernel has them: a walk from a dentry up to the root of the mount
 * namespace, which leaves one NUL-terminated name for each component, the leaf first.
 *
 * A bind mount of a part of the root filesystem is followed to its origin: the walk first goes on
 * past the mount's own root, and if it meets the root mount's root, that is the name. If not, it
 * goes back and hops to the mount point.
 */
#ifndef SAKER_PATH_H
#define SAKER_PATH_H

/* A walk works in a record's scratch memory, or in what the includer has brought along: a type with
 * those members of struct scratch that are used below, how to find it by a number, the bound of its
 * data, a power of two, and whether that has room. */
#ifndef WALK_MEMORY
#include "filter.h"
#define WALK_MEMORY	    struct scratch
#define WALK_MEMORY_OF(cpu) scratch_of(cpu)
#define WALK_MAX	    data_bytes
#define WALK_HAS_ROOM	    has_room
#define WALK_OF_RECORD
#endif

#define MOUNT_OF(address)    ((address) - bpf_core_field_offset(struct mount, mnt))
#define VFSMOUNT_OF(address) ((address) + bpf_core_field_offset(struct mount, mnt))
/* Mounts between a process's root and the root of its mount namespace, in a chroot. Where there are
 * more, the root is not known: no bind mount is followed to its origin then. */
#define ROOT_DEPTH 32
#define NO_ROOT	   1

static __always_inline void set_root(WALK_MEMORY *s, u64 mount)
{
	s->root_dentry = (u64)READ(struct mount, mount, mnt.mnt_root);
	s->root_super = (u64)READ(struct dentry, s->root_dentry, d_sb);
}

/*
 * The root mount: the one below the top of the namespace's tree (the top itself is the kernel's
 * empty rootfs, but where the system runs from its initramfs).
 */
static __always_inline void find_root(WALK_MEMORY *s)
{
	u64 fs = (u64)READ(struct task_struct, s->task, fs);
	u64 vfsmount = (u64)READ(struct fs_struct, fs, root.mnt);
	u64 mount = MOUNT_OF(vfsmount);

	s->root_dentry = s->root_super = NO_ROOT;
	for (int i = 0; i < ROOT_DEPTH; i++) {
		u64 parent = (u64)READ(struct mount, mount, mnt_parent);
		u64 above;

		if (parent == mount || !parent) {
			set_root(s, mount);
			return;
		}
		above = (u64)READ(struct mount, parent, mnt_parent);
		if (above == parent) {
			/* `mount` lies on the top: it is the root where it covers the top's root.
			 */
			u64 point = (u64)READ(struct mount, mount, mnt_mountpoint);

			set_root(s, point == (u64)READ(struct mount, parent, mnt.mnt_root)
					? mount
					: parent);
			return;
		}
		mount = parent;
	}
}

#define SHORT_NAME 32

/* Copies a name that lies in its dentry, as nearly all do, without a helper call. */
static __always_inline bool copy_short_name(u8 *to, u64 dentry, u64 name)
{
	if (bpf_core_field_exists(((struct dentry___since_6_14 *)0)->d_shortname)) {
		if (name != dentry + bpf_core_field_offset(struct dentry___since_6_14, d_shortname))
			return false;
		COPY(to, SHORT_NAME, struct dentry___since_6_14, dentry, d_shortname);
		return true;
	}
	if (name != dentry + bpf_core_field_offset(struct dentry___before_6_14, d_iname))
		return false;
	COPY(to, SHORT_NAME, struct dentry___before_6_14, dentry, d_iname);
	return true;
}

/* The filter looks at the names of a record as they are appended: it is known then where each of
 * them ends, and its NUL is not there yet, which a word that was just stored would have to wait
 * for. */
#ifdef WALK_OF_RECORD
static __always_inline void see_name(struct scratch *s, u32 at, u32 length)
{
	if (s->names & SAKER_NAME_ANY)
		return;
	if (length <= SHORT_NAME)
		scan_component(s, at, length);
	else
		s->unseen = 1;
}

static __always_inline void set_mark(struct scratch *s)
{
	s->marked_components = s->components;
}

static __always_inline void back_to_mark(struct scratch *s)
{
	s->components = s->marked_components;
}
#else
#define see_name(memory, at, length)
#define set_mark(memory)
#define back_to_mark(memory)
#endif

/* Appends the name of one dentry. */
static __always_inline void append_name(WALK_MEMORY *s, u64 dentry)
{
	u64 name = (u64)READ(struct dentry, dentry, d_name.name);
	u32 length = (READ(struct dentry, dentry, d_name.hash_len) >> 32) & 255;
	u32 at = s->used & (WALK_MAX - 1);

	if (length > SHORT_NAME || !copy_short_name(&s->data[at], dentry, name))
		bpf_probe_read_kernel(&s->data[at], length, (void *)name);
	see_name(s, at, length);
	s->data[at + length] = 0;
	s->used = at + length + 1;
}

static __always_inline void enter_mount(WALK_MEMORY *s, u64 vfsmount, u64 dentry)
{
	s->vfsmount = vfsmount;
	s->dentry = dentry;
	s->mount_root = (u64)READ(struct vfsmount, vfsmount, mnt_root);
	s->marked = false;
}

/* Goes on at the mount point of the walk's mount. False at the top of the tree. */
static __always_inline bool leave_mount(WALK_MEMORY *s)
{
	u64 mount = MOUNT_OF(s->vfsmount);
	u64 above = (u64)READ(struct mount, mount, mnt_parent);

	if (s->marked) {
		s->used = s->mark;
		back_to_mark(s);
	}
	if (above == mount)
		return false;
	enter_mount(s, VFSMOUNT_OF(above), (u64)READ(struct mount, mount, mnt_mountpoint));
	return true;
}

enum walk { WALK_ON, WALK_DONE, WALK_CUT };

/* One step up. The walk's state is in memory, not in registers, so that the verifier sees the same
 * state before every step. */
static __always_inline enum walk walk_step(WALK_MEMORY *s, u32 start)
{
	u64 dentry = s->dentry;
	u64 parent;

	if (dentry == s->root_dentry)
		return WALK_DONE;
	parent = (u64)READ(struct dentry, dentry, d_parent);
	if (dentry == s->mount_root && !s->marked) {
		s->mark = s->used;
		set_mark(s);
		s->marked = true;
	}
	if (parent == dentry ||
	    (s->marked && (u64)READ(struct dentry, dentry, d_sb) != s->root_super)) {
		bool connected = s->marked;

		/* A root that the mount does not begin at: a file opened by its handle, whose
		 * folders the kernel does not know, or one that was moved out of a bind mount. */
		if (leave_mount(s))
			return connected ? WALK_ON : WALK_CUT;
		/* Not in the tree: a pipe, a memfd; or a detached mount, whose root is called /. */
		if (s->used == start) {
			append_name(s, dentry);
			if (s->data[start & (WALK_MAX - 1)] == '/')
				s->used = start;
		}
		return WALK_DONE;
	}
	if (!WALK_HAS_ROOM(s, 256))
		return WALK_CUT;
	append_name(s, dentry);
	s->dentry = parent;
	return WALK_ON;
}

/* Steps that are taken without a call of another function: enough for most paths. */
#define STEPS_AT_ONCE 8

/* Some steps up; what the last one came to. */
static __always_inline enum walk walk_some(WALK_MEMORY *s, u32 start)
{
	enum walk step = WALK_CUT;

	for (int i = 0; i < STEPS_AT_ONCE; i++) {
		step = walk_step(s, start);
		if (step != WALK_ON)
			break;
	}
	return step;
}

/* The same. A global function: verified once, by itself. Were all steps in one loop, the verifier
 * would follow each of them, in a tenth of a second. */
__attribute__((noinline)) int walk_on(u32 key, u32 start)
{
	WALK_MEMORY *s = WALK_MEMORY_OF(key);

	return s ? walk_some(s, start) : WALK_CUT;
}

static __always_inline void begin_walk(WALK_MEMORY *s)
{
	if (!s->root_dentry)
		find_root(s);
	enter_mount(s, s->vfsmount, s->dentry);
}

/* A walk that was cut ends without its last NUL: a record may have several. */
static __always_inline void end_walk(WALK_MEMORY *s, u32 start, int step)
{
	s->cut = step != WALK_DONE;
	if (!s->cut)
		return;
	if (s->used != start)
		s->used--;
#ifdef WALK_OF_RECORD
	s->record.flags |= SAKER_PATH_CUT;
#endif
}

/* Appends the walked path of (s->vfsmount, s->dentry). Sets s->cut. */
__attribute__((noinline)) int walk_path(u32 key)
{
	WALK_MEMORY *s = WALK_MEMORY_OF(key);
	int step = WALK_ON;
	u32 start;

	if (!s || !s->dentry)
		return 0;
	start = s->used;
	begin_walk(s);
	for (int i = 0; i < SAKER_PATH_STEPS / STEPS_AT_ONCE && step == WALK_ON; i++)
		step = walk_on(key, start);
	end_walk(s, start, step);
	return 0;
}

/* The same, mostly without a call of a function. */
static __always_inline void walk_path_inline(WALK_MEMORY *s, u32 key)
{
	u32 start = s->used;
	int step;

	begin_walk(s);
	step = walk_some(s, start);
	for (int i = 1; i < SAKER_PATH_STEPS / STEPS_AT_ONCE && step == WALK_ON; i++)
		step = walk_on(key, start);
	end_walk(s, start, step);
}

/* Where a walk begins: a struct path, by its address or that of a file. */
#define WALK_FROM(s, type, pointer, member)                                                        \
	do {                                                                                       \
		(s)->vfsmount = (u64)READ(type, pointer, member.mnt);                              \
		(s)->dentry = (u64)READ(type, pointer, member.dentry);                             \
	} while (0)

/* Appends the walked path of one. */
#define WALK(s, cpu, type, pointer, member)                                                        \
	({                                                                                         \
		WALK_FROM(s, type, pointer, member);                                               \
		walk_path(cpu);                                                                    \
	})

#endif
