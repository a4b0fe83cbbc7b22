/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The kernel surface: every kernel struct and field that Saker reads, declared by hand with only
 * the members that are used. Offsets are the running kernel's (CO-RE), so that the order and the
 * gaps here mean nothing. A name with ___ is a variant of the struct before it, for the kernels
 * that its comment names.
 */
#ifndef SAKER_KERNEL_H
#define SAKER_KERNEL_H

#include <linux/types.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

typedef __u64 u64;
typedef __u32 u32;
typedef __u16 u16;
typedef __u8 u8;
typedef __s64 s64;
typedef __s32 s32;

#define S_IFMT		 0170000
#define S_IFSOCK	 0140000
#define S_IFREG		 0100000
#define S_IFBLK		 0060000
#define S_IFDIR		 0040000
#define S_IFCHR		 0020000
#define S_IFIFO		 0010000

#define FMODE_CREATED	 0x100000
#define SB_RDONLY	 1
#define CAP_DAC_OVERRIDE 1
#define PF_IO_WORKER	 0x10 /* of a task: a thread that the kernel made for io_uring */

/* include/uapi/linux/magic.h; fs/pidfs.c */
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define ANON_INODE_FS_MAGIC   0x09041934
#define TMPFS_MAGIC	      0x01021994
#define HUGETLBFS_MAGIC	      0x958458f6
#define PID_FS_MAGIC	      0x50494446
#define SECRETMEM_MAGIC	      0x5345434d

#define AF_UNIX		      1
#define AF_INET		      2
#define AF_INET6	      10
#define AF_NETLINK	      16
#define AF_PACKET	      17
#define SOCK_STREAM	      1
#define TCP_ESTABLISHED	      1
#define TCP_LISTEN	      10

/* include/uapi/asm-generic/siginfo.h: signals that carry their sender's id, and SIGCHLD. */
#define SI_USER	 0
#define SI_QUEUE -1
#define SI_MESGQ -3
#define SI_TKILL -6
#define SIGCHLD	 17

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#ifdef __TARGET_ARCH_arm64
struct pt_regs {
	u64 regs[31];
	u64 orig_x0;
	s32 syscallno;
};

struct thread_info {
	unsigned long flags;
};
#else
struct pt_regs {
	unsigned long di, si, dx, r10, r8, r9, bx, cx, bp, ax, orig_ax;
};

struct thread_info {
	u32 status;
};
#endif

typedef struct {
	u32 val;
} kuid_t;

typedef struct {
	u32 val;
} kgid_t;

typedef struct {
	int counter;
} atomic_t;

/* Read as 8 bytes: two words before 6.3, one since. */
typedef struct {
	u64 val;
} kernel_cap_t;

struct ns_common {
	u32 inum;
};

struct user_namespace {
	struct ns_common ns;
};

struct cred {
	kuid_t euid;
	kgid_t egid;
	kernel_cap_t cap_inheritable;
	kernel_cap_t cap_permitted;
	kernel_cap_t cap_effective;
	struct user_namespace *user_ns;
};

struct task_struct;

struct pid_namespace {
	struct task_struct *child_reaper;
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	u32 level;
	struct upid numbers[1];
};

struct tty_driver {
	int major;
	int minor_start;
};

struct tty_struct {
	struct tty_driver *driver;
	int index;
};

struct rlimit {
	unsigned long rlim_cur;
};

enum pid_type { PIDTYPE_PGID = 2, PIDTYPE_SID = 3 };
#define RLIMIT_NOFILE 7

struct list_head {
	struct list_head *next;
};

struct signal_struct {
	atomic_t live;
	u32 is_child_subreaper : 1;
	struct pid *pids[4];
	struct tty_struct *tty;
	struct rlimit rlim[16];
	int group_exit_code;
};

struct qstr {
	u64 hash_len; /* the upper half is the length */
	const unsigned char *name;
};

struct super_block {
	u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
};

struct inode {
	u16 i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	struct super_block *i_sb;
	unsigned long i_ino;
	u32 i_rdev;
	void *i_private;
};

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

struct inode___before_6_6 {
	struct timespec64 i_mtime;
	struct timespec64 i_ctime;
};

struct inode___before_6_11 {
	struct timespec64 i_mtime;
	struct timespec64 __i_mtime; /* since 6.7 */
	struct timespec64 __i_ctime; /* since 6.6 */
};

struct inode___since_6_11 {
	s64 i_mtime_sec;
	s64 i_ctime_sec;
	u32 i_mtime_nsec;
	u32 i_ctime_nsec;
};

/* Short names lie in the dentry itself, in d_iname before 6.14. */
struct dentry___before_6_14 {
	unsigned char d_iname[1];
};

union shortname_store {
	unsigned char string[1];
};

struct dentry___since_6_14 {
	union shortname_store d_shortname;
};

struct dentry {
	u32 d_flags;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	u32 f_flags;
	u32 f_mode;
	void *private_data;
};

/* Any struct that begins with a pointer: to read one as a direct load. */
struct hlist_head {
	void *first;
};

struct fdtable {
	u32 max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root;
	struct path pwd;
};

struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start, arg_end, env_start, env_end;
	unsigned long total_vm;
};

/* Four counters (file, anonymous, swap, shared pages): read as a whole. */
struct mm_rss_stat___before_6_2 {
};

struct mm_struct___before_6_2 {
	struct mm_rss_stat___before_6_2 rss_stat;
};

struct percpu_counter {
	s64 count;
};

struct mm_struct___since_6_2 {
	struct percpu_counter rss_stat[4];
};

struct mnt_namespace {
	struct ns_common ns;
};

struct net {
	struct ns_common ns;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
	struct net *net_ns;
};

struct kernfs_node {
	u64 id;
	const char *name;
};

/* kernfs_node's way up was called `parent` before 6.15. */
struct kernfs_node___before_6_15 {
	struct kernfs_node *parent;
};

struct kernfs_node___since_6_15 {
	struct kernfs_node *__parent;
};

struct cgroup_root {
	int hierarchy_id; /* 0: v2 */
};

struct cgroup {
	struct cgroup_root *root;
	int level;
	struct kernfs_node *kn;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

struct css_set {
	struct cgroup_subsys_state *subsys[14];
	struct cgroup *dfl_cgrp;
};

/* The numbers differ from kernel to kernel. */
enum cgroup_subsys_id {
	memory_cgrp_id = 1,
	pids_cgrp_id = 2,
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int flags;
	int pid;
	int tgid;
	int exit_code;
	struct task_struct *real_parent;
	struct list_head children;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	u64 start_boottime;
	unsigned long min_flt, maj_flt;
	const struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct mm_struct *mm;
	kuid_t loginuid;
	struct css_set *cgroups;
};

/* What a signal carries; _kill begins as _sigchld and _rt do: with the sender's id. */
union __sifields {
	struct {
		int _pid;
	} _kill;
};

struct kernel_siginfo {
	int si_code;
	union __sifields _sifields;
};

struct bpf_map {
	char name[16];
};

struct bpf_prog_aux {
	char name[16];
};

struct bpf_prog {
	struct bpf_prog_aux *aux;
};

struct linux_binprm {
	const char *filename;
};

/* Since 5.9: set for an execveat() with a descriptor. */
struct linux_binprm___since_5_9 {
	char *fdpath;
};

struct in6_addr {
	u8 bytes[16];
};

struct sock_common {
	u32 skc_daddr;
	u32 skc_rcv_saddr;
	u16 skc_dport;
	u16 skc_num;
	u16 skc_family;
	u8 skc_state;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	u16 sk_type;
	u16 sk_protocol;
	u32 sk_ack_backlog;
	u32 sk_max_ack_backlog;
};

struct socket {
	struct sock *sk;
};

struct sockaddr_un {
	u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	int len;
	struct sockaddr_un name[1];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

/* The kernel's copy of a name that a call was given. */
struct filename {
	const char *name;
};

/* io_uring: what all requests have in common. The rest of a request is different for each kind of
 * operation: uring.def. */
struct io_ring_ctx;

struct io_kiocb {
	struct file *file;
	u8 opcode;
	u32 flags;
	struct io_ring_ctx *ctx;
	void *async_data;
	const struct cred *creds;
};

struct io_kiocb___before_5_19 {
	u64 user_data;
};

struct io_cqe {
	u64 user_data;
	s32 fd;
};

struct io_kiocb___since_5_19 {
	struct io_cqe cqe;
};

struct io_uring_sqe {
	s32 fd;
};

struct io_uring_cqe {
	u64 user_data;
	s32 res;
	u32 flags;
};

/* A fixed file is a word: its address with flags. */
struct io_file_table___before_6_13 {
	unsigned long *files;
};

struct io_ring_ctx___before_6_13 {
	struct io_file_table___before_6_13 file_table;
	u32 nr_user_files;
};

struct io_rsrc_data___since_6_13 {
	u32 nr;
	void **nodes; /* struct io_rsrc_node, which older kernels do not have */
};

struct io_file_table___since_6_13 {
	struct io_rsrc_data___since_6_13 data;
};

struct io_ring_ctx___since_6_13 {
	struct io_file_table___since_6_13 file_table;
};

/* Where the request that is being taken in stands in the ring. */
struct io_ring_ctx___before_5_19 {
	u32 *sq_array;
	struct io_uring_sqe *sq_sqes;
	u32 cached_sq_head; /* of the next one */
	u32 sq_entries;
};

#pragma clang attribute pop

/*
 * Two ways to read kernel memory by address, and an object compiled for each: where the kernel has
 * bpf_rdonly_cast (6.2), a read is one load; elsewhere it is a helper call. (One object with both
 * would not do: libbpf looks for a function that the kernel does not have in its modules, which
 * takes CAP_SYS_ADMIN.)
 */
#ifdef SAKER_DIRECT_READS
extern void *bpf_rdonly_cast(const void *object, u32 btf_id) __ksym;

#define READ(type, pointer, field)                                                                 \
	(((type *)bpf_rdonly_cast((void *)(pointer), bpf_core_type_id_kernel(type)))->field)
/* Copies the first `size` bytes, a multiple of 8, of a char array in a kernel struct, however long
 * that is there. */
#define COPY(to, size, type, pointer, field)                                                       \
	({                                                                                         \
		u8 *_from =                                                                        \
		    (u8 *)bpf_rdonly_cast((void *)(pointer), bpf_core_type_id_kernel(type)) +      \
		    bpf_core_field_offset(type, field);                                            \
		_Pragma("unroll") for (int _i = 0; _i < (size); _i += 8)                           \
		{                                                                                  \
			*(u64 *)((u8 *)(to) + _i) = *(u64 *)(_from + _i);                          \
		}                                                                                  \
	})
#define READ_POINTER(address) ((u64)READ(struct hlist_head, address, first))
#else
#define COPY(to, size, type, pointer, field) bpf_core_read(to, size, &((type *)(pointer))->field)
#define READ_POINTER(address)		     word_at(address)
#define READ(type, pointer, field)                                                                 \
	({                                                                                         \
		type *_pointer = (type *)(pointer);                                                \
		typeof(_pointer->field) _value;                                                    \
		bpf_core_read(&_value, sizeof(_value), &_pointer->field);                          \
		_value;                                                                            \
	})
#endif

/* A word of memory whose place is known at run time only: not by READ, for whose loads the verifier
 * wants to know the type. */
static __always_inline u64 word_at(u64 address)
{
	u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), (void *)address);
	return word;
}

#endif
