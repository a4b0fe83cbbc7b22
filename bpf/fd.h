/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What lies behind a file descriptor of the current task. */
#ifndef SAKER_FD_H
#define SAKER_FD_H

#include "filter.h"
#include "path.h"
#include "socket.h"

static __always_inline u64 file_of(struct scratch *s, u32 number)
{
	u64 files = (u64)READ(struct task_struct, s->task, files);
	u64 table = (u64)READ(struct files_struct, files, fdt);

	if (!table || number >= READ(struct fdtable, table, max_fds))
		return 0;
	return READ_POINTER((u64)READ(struct fdtable, table, fd) + number * sizeof(u64));
}

/* In an overlay, the inode is the first member but one of struct ovl_inode, and the dentry of the
 * upper layer follows it (fs/overlayfs/ovl_entry.h); the module's types are not in vmlinux. */
static __always_inline bool in_upper_layer(u64 inode)
{
	u64 upper = 0;

	bpf_probe_read_kernel(&upper, sizeof(upper),
			      (void *)(inode + bpf_core_type_size(struct inode)));
	return upper != 0;
}

static __always_inline bool is_memfd(u64 dentry)
{
	u64 name = (u64)READ(struct dentry, dentry, d_name.name);
	char start[6] = {};

	if ((u64)READ(struct dentry, dentry, d_parent) != dentry)
		return false;
	bpf_probe_read_kernel(start, sizeof(start), (void *)name);
	return start[0] == 'm' && start[1] == 'e' && start[2] == 'm' && start[3] == 'f' &&
	       start[4] == 'd' && start[5] == ':';
}

static __always_inline u8 inode_fd_type(u32 mode, u64 magic)
{
	if (magic == ANON_INODE_FS_MAGIC || magic == PID_FS_MAGIC)
		return SAKER_FD_ANON;
	switch (mode & S_IFMT) {
	case S_IFREG:
		return SAKER_FD_FILE;
	case S_IFDIR:
		return SAKER_FD_DIRECTORY;
	case S_IFCHR:
		return SAKER_FD_CHAR;
	case S_IFBLK:
		return SAKER_FD_BLOCK;
	case S_IFIFO:
		return SAKER_FD_FIFO;
	case S_IFSOCK:
		return SAKER_FD_SOCKET;
	}
	return SAKER_FD_ANON;
}

/* The first 8 bytes of what an anonymous inode is called. */
#define NAME_PIDFD    0x005d64666469705bull /* "[pidfd]" with its NUL */
#define NAME_BPF_MAP  0x0070616d2d667062ull /* "bpf-map" with its NUL */
#define NAME_BPF_PROG 0x676f72702d667062ull /* "bpf-prog" */

static __always_inline void append_object_name(struct scratch *s, u64 file)
{
	u64 object = (u64)READ(struct file, file, private_data);

	COPY(END_OF(s), 16, struct bpf_map, object, name);
	s->used += 16;
}

static __always_inline void append_program_name(struct scratch *s, u64 file)
{
	u64 program = (u64)READ(struct file, file, private_data);
	u64 aux = (u64)READ(struct bpf_prog, program, aux);

	COPY(END_OF(s), 16, struct bpf_prog_aux, aux, name);
	s->used += 16;
}

/* The pid in the initial namespace; it stays when the process has ended. */
static __always_inline void append_pid(struct scratch *s, u64 pid)
{
	*(s32 *)END_OF(s) = READ(struct pid, pid, numbers[0].nr);
	s->used += sizeof(s32);
}

/* Appends the name of an anonymous inode, and of what it stands for (see struct saker_fd). */
static __always_inline void append_anonymous(struct scratch *s, u32 cpu, u64 file, u64 magic)
{
	u8 *name = END_OF(s);
	u64 inode = (u64)READ(struct file, file, f_inode);

	/* Since 6.9 pidfds have a file system of their own, and no name there. */
	if (magic == PID_FS_MAGIC) {
		*(u64 *)name = NAME_PIDFD;
		s->used += sizeof(u64);
		append_pid(s, (u64)READ(struct inode, inode, i_private));
		return;
	}
	WALK(s, cpu, struct file, file, f_path);
	switch (*(u64 *)name) {
	case NAME_PIDFD:
		append_pid(s, (u64)READ(struct file, file, private_data));
		break;
	case NAME_BPF_MAP:
		append_object_name(s, file);
		break;
	case NAME_BPF_PROG:
		append_program_name(s, file);
		break;
	}
}

/* Fills struct saker_fd of an open file, but for what is of sockets alone. Returns the magic number
 * of its filesystem. */
static __always_inline u64 fill_facts(struct saker_fd *fd, u64 file, u32 number)
{
	u64 inode, super, dentry, magic;

	inode = (u64)READ(struct file, file, f_inode);
	super = (u64)READ(struct inode, inode, i_sb);
	dentry = (u64)READ(struct file, file, f_path.dentry);
	magic = READ(struct super_block, super, s_magic);

	fd->number = number;
	fd->mode = READ(struct inode, inode, i_mode);
	fd->type = inode_fd_type(fd->mode, magic);
	fd->flags = 0;
	fd->family = 0;
	fd->dev = READ(struct super_block, super, s_dev);
	fd->ino = READ(struct inode, inode, i_ino);
	fd->protocol = 0;
	fd->socket_type = 0;
	fd->open_flags = READ(struct file, file, f_flags);
	if (fd->type == SAKER_FD_SOCKET)
		return magic;
	if (READ(struct file, file, f_mode) & FMODE_CREATED)
		fd->flags |= SAKER_FD_CREATED;
	if (magic == OVERLAYFS_SUPER_MAGIC)
		fd->flags |= in_upper_layer(inode) ? SAKER_FD_UPPER : SAKER_FD_LOWER;
	if (((magic == TMPFS_MAGIC || magic == HUGETLBFS_MAGIC) && is_memfd(dentry)) ||
	    magic == SECRETMEM_MAGIC)
		fd->type = SAKER_FD_MEMFD;
	return magic;
}

/* Appends struct saker_fd of s->file, under that number, and the name or addresses behind it. A
 * global function: verified once, by itself. */
__attribute__((noinline)) int capture_file(u32 cpu, u32 number)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_fd *fd;
	u64 file, magic;
	u32 begin;

	if (!s || !s->file || !has_room(s, 1024))
		return 0;
	file = s->file;
	fd = (struct saker_fd *)END_OF(s);
	magic = fill_facts(fd, file, number);
	if (number == s->record.ret)
		s->file_flags = fd->open_flags;
	s->used += sizeof(*fd);
	if (fd->type == SAKER_FD_SOCKET) {
		append_socket(s, fd, file);
	} else if (fd->type == SAKER_FD_ANON) {
		append_anonymous(s, cpu, file, magic);
	} else {
		begin = s->used;
		begin_name(s);
		WALK(s, cpu, struct file, file, f_path);
		end_name(s, cpu, begin);
		if (s->cut)
			fd->flags |= SAKER_FD_CUT;
	}
	return 0;
}

/* Likewise of a descriptor; nothing for a number that is not open. */
static __always_inline void capture_fd(struct scratch *s, u32 cpu, u32 number)
{
	s->file = file_of(s, number);
	capture_file(cpu, number);
}

#endif
