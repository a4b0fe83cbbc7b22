/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The wire between the kernel side (bpf/) and user space (src/event): plain C, shared by both.
 *
 * A record is one `struct saker_record` followed by its captures: byte strings whose lengths stand
 * in `lengths`, back to back and unaligned, in the order in which the event's row in syscalls.def
 * names them. A capture that could not be taken has length 0.
 *
 * Units: times are ns of CLOCK_BOOTTIME, sizes are bytes, pids are those of the initial pid
 * namespace unless a name says `ns`. Byte order is the machine's: a record never leaves it.
 */
#ifndef SAKER_RECORD_H
#define SAKER_RECORD_H

#ifndef __bpf__
#include <linux/types.h>
#endif

/* The event types, in the order of the table. Not stable across versions. */
enum saker_event {
#define EVENT(name, ...) SAKER_EVENT_##name,
#include "saker/syscalls.def"
	SAKER_EVENT_COUNT
};

#define SAKER_MAX_CAPTURES 10
/*
 * Where the truth about a call's captures begins: capture SAKER_REAL + k says what the kernel used
 * when it acted on the argument of capture k. A path's is a walked path (of the root: one NUL, so
 * that no byte means that nothing is known), a string's is the kernel's own copy of it.
 */
#define SAKER_REAL 4
/* One more than the highest x86-64 syscall number that can be watched; of ia32 too. */
#define SAKER_MAX_SYSCALLS 512
/* Bytes of captures in one record: room for SAKER_ARGS_DEFAULT, and for SAKER_ARGS_LIMIT. Powers of
 * two (masks). */
#define SAKER_DATA_SMALL 65536
#define SAKER_DATA_MAX	 262144
/* A user-space string or path, with its final NUL (PATH_MAX in linux/limits.h). */
#define SAKER_STRING_MAX 4096
/* argv and environment together, unless the user says otherwise; and the most that he may say. Each
 * may have half of it, and what the other leaves. */
#define SAKER_ARGS_DEFAULT 16384
#define SAKER_ARGS_LIMIT   131072
/* Steps (names, and mount points crossed) that a walk takes before it calls the path cut. */
#define SAKER_PATH_STEPS 256
/* The largest snap length: bytes of I/O payload that a record carries. */
#define SAKER_SNAP_MAX 512

/* saker_record.flags */
#define SAKER_TRUNCATED (1u << 0) /* a string or a buffer was longer than its bound */
#define SAKER_PATH_CUT	(1u << 1) /* a walk ended before the root: never match it as a prefix */
#define SAKER_FAULT	(1u << 2) /* user memory could not be read: that capture is empty */
#define SAKER_FULL	(1u << 3) /* the record had no room for a later capture */
/* Of a call that touches names of files (operations.def): */
#define SAKER_REAL_NAMES  (1u << 4) /* the captures from SAKER_REAL on are there */
#define SAKER_UNNAMED	  (1u << 5) /* they should be, and were missed, or one of them was */
#define SAKER_LOOSE_NAMES (1u << 6) /* the filesystem folds case or the like: names may differ */
#define SAKER_NO_RESULT                                                                            \
	(1u << 7) /* an io_uring request, reported before its end: ret says nothing */

enum saker_ring {
	SAKER_RING_BULK = 0,
	SAKER_RING_VITAL =
	    1, /* what the process table lives on: a flood of file events cannot fill it */
	SAKER_RING_CLASSES = 2,
};

struct saker_record {
	__u64 time;
	__u64 sequence;	  /* of this cpu, over all rings; a record that was lost leaves a gap */
	__u64 start_time; /* of the thread group's leader; with tgid the key of a process */
	__u64 cgroup;	  /* id of the v2 cgroup, or of a v1 cgroup with SAKER_CGROUP_V1 set */
	__s64 ret;
	__u64 args[6]; /* the raw argument registers */
	__u32 size;    /* of the whole record */
	__u32 flags;
	__u32 tid;
	__u32 tgid;
	__u32 ptgid; /* of the real parent */
	__u32 uid;   /* effective */
	__u32 gid;   /* effective */
	__u16 event; /* enum saker_event */
	__u16 cpu;
	char comm[16]; /* of the thread, NUL-padded */
	__u32 lengths[SAKER_MAX_CAPTURES];
	__u16 syscall; /* number, 64-bit ABI; SAKER_NO_SYSCALL where that has no such call */
	__u8 abi;      /* enum saker_abi */
	__u8 reserved[5];
};

/* The way in which a call reached the kernel. */
enum saker_abi {
	SAKER_ABI_64 = 0,
	SAKER_ABI_IA32,	    /* 32-bit x86: int 0x80, sysenter */
	SAKER_ABI_X32,	    /* 64-bit mode with 32-bit pointers: numbers with bit 30 */
	SAKER_ABI_IO_URING, /* a request of a ring; no system call */
	SAKER_ABI_COUNT
};

#define SAKER_CGROUP_V1	 (1ull << 63)
#define SAKER_NO_SYSCALL 0xffff

/*
 * How the kernel side takes one capture. `arg` is the number of a syscall argument, or
 * SAKER_ARG_RET for the return value; `aux` depends on the kind.
 */
enum saker_capture_kind {
	SAKER_CAPTURE_NONE = 0,
	SAKER_CAPTURE_STRING, /* user string, with its NUL */
	SAKER_CAPTURE_PATH, /* struct saker_path; aux: argument with its dirfd, or SAKER_ARG_CWD */
	SAKER_CAPTURE_FD,   /* struct saker_fd of a descriptor */
	SAKER_CAPTURE_SOCKADDR, /* raw sockaddr; aux: argument with its length */
	SAKER_CAPTURE_BYTES,	/* payload up to the snap length; aux: argument with its length */
	SAKER_CAPTURE_IOVEC,	/* payload of an iovec array; aux: argument with its count */
	SAKER_CAPTURE_MSGHDR,	/* payload of a msghdr's iovecs */
	SAKER_CAPTURE_MSGNAME,	/* sockaddr of a msghdr */
	SAKER_CAPTURE_STRUCT,	/* aux bytes of a user struct */
	SAKER_CAPTURE_FD_AT, /* struct saker_fd; the number stands in user memory; aux: its index */
	SAKER_CAPTURE_MAPPED_FD,  /* struct saker_fd, where the number is not negative */
	SAKER_CAPTURE_ARGV,	  /* NUL-separated strings of a user array of pointers */
	SAKER_CAPTURE_MSGCONTROL, /* control data of a msghdr */
	SAKER_CAPTURE_CWD,	  /* walked path of the working directory */
	SAKER_CAPTURE_MEMORY,	  /* struct saker_memory */
	SAKER_CAPTURE_POLL,  /* struct saker_poll of each pollfd; aux: argument with their number */
	SAKER_CAPTURE_ARRAY, /* the first two elements, of aux bytes each; number: argument + 1 */
	SAKER_CAPTURE_POINTED,	  /* aux bytes of what the first pointer of an array leads to */
	SAKER_CAPTURE_IOCB_FD,	  /* struct saker_fd; the number stands in the first struct iocb */
	SAKER_CAPTURE_LONGS,	  /* STRUCT of longs, which the caller has as 32-bit ones */
	SAKER_CAPTURE_NAMESPACES, /* struct saker_namespaces */
	SAKER_CAPTURE_CAPS, /* struct saker_caps[2]: the sets' low words, then the high ones */
	SAKER_CAPTURE_KINDS,
};

#define SAKER_ARG_RET	  6
#define SAKER_ARG_CWD	  7
#define SAKER_ARG_POINTER 16 /* added to `aux`: the argument points to the length (a socklen_t) */

/*
 * A property of a call's arguments: what (argument >> shift) - first is, where it is below 32. Of
 * arguments, the lower 32 bits count.
 */
struct saker_condition {
	__u32 values; /* bit n: it may be n; 0: there is no condition */
	__u32 first;
	__u8 arg;
	__u8 shift;
	__u16 reserved;
};

struct saker_capture {
	__u8 kind;
	__u8 arg;
	__u8 aux;
	__u8 reserved;
	struct saker_condition when; /* taken only then */
};

/* saker_syscall.each */
#define SAKER_ONCE	   0
#define SAKER_EACH_MESSAGE 1 /* one record for each struct mmsghdr that was sent or received */
#define SAKER_EACH_REQUEST 2 /* one record for each struct iocb that was submitted */

/*
 * What the kernel side does for one number of one ABI; filled by user space from the tables. Those
 * of an ABI stand behind one another from a number of their own on. So do the calls that are
 * chosen by the first argument of ia32's socketcall() and ipc(): the parts of these.
 */
#define SAKER_CALLS_64	       0
#define SAKER_CALLS_IA32       512
#define SAKER_CALLS_X32	       1024
#define SAKER_CALLS_SOCKETCALL 2048
#define SAKER_CALLS_IPC	       2080
#define SAKER_CALLS	       2112
/* One more than the highest number of any ABI, without x32's bit 30. */
#define SAKER_NUMBERS (SAKER_CALLS_SOCKETCALL - SAKER_CALLS_X32)
#define SAKER_PARTS   (SAKER_CALLS_IPC - SAKER_CALLS_SOCKETCALL)

struct saker_syscall {
	__u16 event;
	__u16 syscall; /* for saker_record.syscall */
	__u16 parts;   /* ia32: where the parts begin; 0: this is a call by itself */
	__u8 ring;
	__u8 captures; /* how many of `capture` are used */
	__u8 each;     /* SAKER_ONCE, or what of the call gets a record of its own */
	__u8 wanted;   /* as the array `wanted`, which tells nothing of parts */
	__u8 pass;     /* classes (name_filter.h) that are sent whatever the name is */
	/* ia32: so many words of arguments stand in memory, where this word points to. */
	__u8 words;
	__u8 pointer;
	__u8 from[6]; /* ia32: where each argument comes from */
	__u8 opens;   /* the first two captures are a PATH and the FD that it led to, as result */
	__u8 failures; /* those that returned an error are wanted too */
	__u8 reserved;
	__u32 operations; /* bits of enum saker_operation: the kernel tells the real names */
	struct saker_capture capture[4];
};

/* What a call does to names of files. */
enum saker_operation {
#define OPERATION(name, function) SAKER_OPERATION_##name,
#include "saker/operations.def"
	SAKER_OPERATION_COUNT
};

/*
 * saker_syscall.from: a word and its form. The words are the registers bx, cx, dx, si, di, bp, then
 * those that stand in memory. Words that nobody filled are 0.
 */
#define SAKER_FROM_WORDS    16
#define SAKER_FROM_MEMORY   6
#define SAKER_FROM_NOWHERE  15
#define SAKER_FROM_FORM	    4 /* the form's place: above the word's number */
#define SAKER_FROM_UNSIGNED 0
#define SAKER_FROM_SIGNED   1 /* a long that may be negative */
#define SAKER_FROM_LOW_HIGH 2 /* with the next word as the upper half */
#define SAKER_FROM_HIGH_LOW 3 /* with the next word as the lower half */
#define SAKER_FROM_PAGES    4 /* a multiple of 4096 bytes */
#define SAKER_FROM_SHORT_ID 5 /* a user or group of 16 bits; all ones: none */
#define SAKER_FROM_TO_LONGS 6 /* a pointer to longs: STRUCT becomes LONGS */

/*
 * A path that the caller named: `asked` bytes of the argument (with NUL), then, where it is
 * relative, the walked path of its base directory. An empty name (AT_EMPTY_PATH) is whatever the
 * descriptor stands for: its base is struct saker_fd, and what follows that.
 */
struct saker_path {
	__u16 asked;
	__u8 described; /* 1: the base is struct saker_fd */
	__u8 reserved;
	__u32 base; /* bytes of the walked base */
};

/*
 * A walked path is a row of NUL-terminated names, the leaf first ("shadow\0etc\0" is
 * /etc/shadow; no byte at all is "/"): the kernel meets them in this order, and user space turns
 * them around. Objects without a place in the tree (pipe, memfd, anonymous inode) have one name. A
 * walk that was cut (SAKER_PATH_CUT) lacks its last NUL.
 */

enum saker_fd_type {
	SAKER_FD_NONE = 0, /* no such descriptor */
	SAKER_FD_FILE,
	SAKER_FD_DIRECTORY,
	SAKER_FD_CHAR,
	SAKER_FD_BLOCK,
	SAKER_FD_FIFO,
	SAKER_FD_INET4,
	SAKER_FD_INET6,
	SAKER_FD_UNIX,
	SAKER_FD_NETLINK,
	SAKER_FD_PACKET,
	SAKER_FD_SOCKET, /* any other family */
	SAKER_FD_MEMFD,
	SAKER_FD_ANON, /* an anonymous inode; its name tells which: [eventpoll], bpf-map, ... */
};

/* saker_fd.flags */
#define SAKER_FD_UPPER	   (1u << 0) /* in an overlay's upper layer */
#define SAKER_FD_LOWER	   (1u << 1) /* in an overlay's lower layer */
#define SAKER_FD_LISTENING (1u << 2)
#define SAKER_FD_CONNECTED (1u << 3)
#define SAKER_FD_CREATED   (1u << 4) /* this open created the file */
#define SAKER_FD_CUT	   (1u << 5) /* the walk ended before the root */

/* A descriptor as the kernel has it, and behind it its walked path (up to FIFO, MEMFD, ANON), a
 * struct saker_inet (INET4, INET6) or a unix path (abstract names start with NUL). Behind an ANON's
 * name comes a pidfd's target (its pid, __s32), or a BPF object's own name (16 bytes).
 */
struct saker_fd {
	__s32 number;
	__u8 type;
	__u8 flags;
	__u16 family; /* of a socket: AF_* */
	__u32 dev;    /* as the kernel has it: major << 20 | minor */
	__u32 mode;   /* i_mode */
	__u64 ino;
	__u16 protocol;	   /* of a socket: IPPROTO_* */
	__u16 socket_type; /* SOCK_* */
	__u32 open_flags;  /* f_flags */
};

struct saker_inet {
	__u8 local[16]; /* network order; the first 4 bytes for INET4 */
	__u8 remote[16];
	__u16 local_port; /* host order */
	__u16 remote_port;
	__u32 queue_length; /* of a listening socket: connections that wait for accept */
	__u32 queue_max;
	__u8 state; /* TCP_* */
	__u8 reserved[3];
};

/* One descriptor that poll waits for, followed by `size` bytes: a struct saker_fd and its name. */
struct saker_poll {
	__s32 number;
	__u16 events; /* POLLIN, ... */
	__u16 revents;
	__u32 size;
};
/* Pollfds that are captured. */
#define SAKER_POLL_MAX 16

struct saker_memory {
	__u32 vm_size; /* KiB */
	__u32 vm_rss;
	__u32 vm_swap;
};

/* Capabilities as capset() takes them (struct __user_cap_data_struct of linux/capability.h): those
 * that a successful call has set, as the kernel has them, or those that a failed one asked for. */
struct saker_caps {
	__u32 effective;
	__u32 permitted;
	__u32 inheritable;
};

/* Inode numbers of the namespaces that a task is in; 0: not known. */
struct saker_namespaces {
	__u32 mnt;
	__u32 pid;
	__u32 user;
	__u32 net;
};

/* The captures of a process record (events execve and execveat when they succeed). */
enum saker_process_capture {
	SAKER_PROCESS_FACTS = 0, /* struct saker_process */
	SAKER_PROCESS_FILENAME,	 /* what execve was given, with NUL */
	SAKER_PROCESS_EXE,	 /* walked path of the executable */
	SAKER_PROCESS_CWD,	 /* walked path */
	SAKER_PROCESS_CGROUP,	 /* walked path in its hierarchy */
	SAKER_PROCESS_ARGS,	 /* NUL-separated, from argv[0] */
	SAKER_PROCESS_ENV,
	SAKER_PROCESS_STDIN, /* struct saker_fd, as are the next two */
	SAKER_PROCESS_STDOUT,
	SAKER_PROCESS_STDERR,
};

/* saker_process.flags */
#define SAKER_EXE_WRITABLE (1u << 0)
#define SAKER_EXE_UPPER	   (1u << 1)
#define SAKER_EXE_LOWER	   (1u << 2)
#define SAKER_EXE_MEMFD	   (1u << 3)
#define SAKER_CLONE_CHILD  (1u << 4) /* a fork record: facts are the child's */

struct saker_process {
	__u64 start_time; /* of the process itself: differs from the header's in a fork record */
	__u64 parent_start_time; /* with ptgid the key of the parent */
	__u64 pidns_start_time;	 /* start of init of the innermost pid namespace */
	__u64 exe_ino;
	__u64 exe_ctime; /* ns since the epoch */
	__u64 exe_mtime;
	__u64 cap_inheritable;
	__u64 cap_permitted;
	__u64 cap_effective;
	__u64 cgroup;
	__u64 args_size; /* real sizes, however much was captured */
	__u64 env_size;
	__u64 fdlimit;
	__u64 pgft_maj; /* page faults of this thread since its start */
	__u64 pgft_min;
	struct saker_memory memory;
	__u32 tgid;
	__u32 ptgid;
	__u32 vpid; /* in the innermost pid namespace, as are vpgid and sid */
	__u32 vpgid;
	__u32 pgid;
	__u32 sid;
	__u32 tty; /* device number, as st_rdev has it; 0: none */
	__u32 loginuid;
	__u32 uid; /* effective */
	__u32 gid;
	__u32 exe_dev;
	__u32 flags;
	struct saker_namespaces ns;
	char comm[16];
};

/* The captures of cgroup_mkdir and cgroup_rmdir: 0: the path as text, with NUL; args[0]: its id.
 *
 * Of cgroup_attach_task: 0: the walked path of the cgroup that now names the container of what was
 * moved; args[0]: its id; args[1], args[2]: tgid and start time of the process, or 0 where only a
 * thread was moved. */

/* One cpu's counters, in a memory-mapped array; user space only reads them. */
struct saker_cpu {
	__u64 sequence;
	__u64 produced[SAKER_RING_CLASSES]; /* records that were to be sent */
	__u64 lost[SAKER_RING_CLASSES];	    /* the ring was full */
	__u64 bytes;
	__u64 filtered; /* records that no rule can want, and that were not sent */
	__u64 unnamed;	/* records with SAKER_UNNAMED */
	__u64 missed;	/* runs of programs while a record was being built (bpf/undisturbed.h) */
};

/* Operations of io_uring that have a place in the kernel side's tables; a power of two (a mask). */
#define SAKER_URING_OPERATIONS	 128

#define SAKER_URING_AT_SUBMIT	 (1u << 0) /* reported when it is taken in: its end says nothing */
#define SAKER_URING_FD_AT_SUBMIT (1u << 1) /* its descriptor is gone at its end */
#define SAKER_URING_MULTISHOT	 (1u << 2) /* it may have several results */
#define SAKER_URING_OPENS	 (1u << 3) /* its result is a file by a name */

/* What an argument of an io_uring request is. */
enum saker_uring_source {
	SAKER_URING_NONE = 0,
	SAKER_URING_UNSIGNED, /* a number, or an address of user memory */
	SAKER_URING_SIGNED,
	SAKER_URING_NAME,  /* the address of the kernel's struct filename */
	SAKER_URING_TEXT,  /* the address of a string in kernel memory */
	SAKER_URING_BYTES, /* kernel memory itself, `size` bytes */
	SAKER_URING_FILE,  /* the request's descriptor or fixed file */
};

/* Where it lies. */
enum saker_uring_place {
	SAKER_URING_REQUEST = 0, /* in struct io_kiocb */
	SAKER_URING_ASYNC,	 /* in what its async_data points to */
	SAKER_URING_ADDRESS,	 /* likewise; or that is the sockaddr itself */
};

struct saker_uring_argument {
	__u16 offset; /* in struct io_kiocb, or in what its async_data points to */
	__u8 size;
	__u8 source; /* enum saker_uring_source */
	__u8 async;  /* enum saker_uring_place */
	__u8 reserved;
};

/* What the kernel side does for one operation of io_uring; filled by user space from uring.def and
 * the running kernel's types. */
struct saker_uring_operation {
	__u16 event;
	__u16 syscall;		/* the number that the record says */
	__u16 event_with_flags; /* these two, where argument `flags_argument` is not 0 */
	__u16 syscall_with_flags;
	__u16 slot_offset;   /* in struct io_kiocb, of the fixed file's number; 0: it has none */
	__u8 flags_argument; /* SAKER_ARG_RET: it has none */
	__u8 traits;	     /* SAKER_URING_AT_SUBMIT, ... */
	__u8 ring;
	__u8 captures;
	__u8 pass; /* classes of names (name_filter.h) of which all are wanted */
	__u8 reserved;
	struct saker_capture capture[4];
	struct saker_uring_argument argument[6];
};

/* Settings that change while running, in a memory-mapped array of one. */
struct saker_control {
	__u32 wake; /* user space: 1 to be woken by the next record; kernel: 0 */
};

#endif
