/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The kernel filter on file names, shared by the kernel side, which asks it, by user space, which
 * fills it, and by tests, which do both: plain C.
 *
 * A rule that wants a file by its name needs some component of that name: "shadow" for
 * /etc/shadow, "root" for all below /root. The filter is the set of these components; an opened
 * file none of whose names (the asked one with its base, the real one) has a component in the set
 * is of no use to any rule, and is not sent. The set is a Bloom filter over hashes of components:
 * it may let pass too much, never too little.
 */
#ifndef SAKER_NAME_FILTER_H
#define SAKER_NAME_FILTER_H

#ifndef __bpf__
#include <linux/types.h>
#endif

/* A power of two (a mask). */
#define SAKER_NAME_SLOTS 16384
/* Words of names that are looked at; more pass. */
#define SAKER_NAME_WORDS 64

/* When a component is wanted; a slot has the classes of all components that fell on it. */
#define SAKER_NAME_ANY	 (1u << 0) /* however the file was opened */
#define SAKER_NAME_WRITE (1u << 1) /* where it was opened for writing */

struct saker_name_filter {
	__u8 slots[SAKER_NAME_SLOTS];
	__u8 shallow; /* classes in which a name of at most one component is wanted */
};

/*
 * A scan over the bytes of names, eight at a time. Components end at a slash (asked names) or a NUL
 * (walked ones). The hash of a component is that of its words from its first byte on, the last one
 * filled up with zeros; there is always a last one, of no to seven bytes.
 */
struct saker_name_scan {
	__u64 hash;   /* of the component so far */
	__u32 inside; /* 1 after the first word of a component */
	__u32 components;
	__u32 classes; /* of the components that ended */
};

#define SAKER_NAME_SEED 0xcbf29ce484222325ull

/* One in each byte, and what finds a zero byte (the lowest one for sure): see "Determine if a word
 * has a zero byte" in Sean Anderson's Bit Twiddling Hacks. */
#define SAKER_NAME_ONES	       0x0101010101010101ull
#define SAKER_NAME_ZEROS(word) (((word) - SAKER_NAME_ONES) & ~(word) & SAKER_NAME_ONES << 7)

/* Adds a word to a hash; the factor is 2^64 divided by the golden ratio. */
static inline __attribute__((always_inline)) __u64 saker_name_hash(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 32;
}

/* The two slots of a component. */
#define SAKER_NAME_SLOT(hash)	    ((hash) & (SAKER_NAME_SLOTS - 1))
#define SAKER_NAME_OTHER_SLOT(hash) ((hash) >> 40 & (SAKER_NAME_SLOTS - 1))

/* The classes of a component, by its hash. Most have none by the first slot: then the second one is
 * not fetched from memory. */
static inline __attribute__((always_inline)) __u32
saker_name_classes(const struct saker_name_filter *filter, __u64 hash)
{
	__u32 classes = filter->slots[SAKER_NAME_SLOT(hash)];

	return classes ? classes & filter->slots[SAKER_NAME_OTHER_SLOT(hash)] : 0;
}

/* The hash of a component: `size` bytes, in words that are readable up to the one behind the last
 * whole one. */
static inline __attribute__((always_inline)) __u64 saker_name_hash_all(const __u64 *words,
								       __u32 size)
{
	__u64 hash = SAKER_NAME_SEED;

	for (; size >= 8; size -= 8)
		hash = saker_name_hash(hash, *words++);
	return saker_name_hash(hash, *words & ((1ull << 8 * size) - 1));
}

/* Takes the next bytes, lowest first. Returns how many of them it has read: eight, or those up to
 * the end of a component. */
static inline __attribute__((always_inline)) __u32
saker_name_word(struct saker_name_scan *scan, const struct saker_name_filter *filter, __u64 word)
{
	const __u64 ends = SAKER_NAME_ZEROS(word) | SAKER_NAME_ZEROS(word ^ SAKER_NAME_ONES * '/');
	__u64 hash, before;
	__u32 bytes;

	if (!ends) {
		scan->hash = saker_name_hash(scan->hash, word);
		scan->inside = 1;
		return 8;
	}
	before = ((ends & -ends) >> 7) - 1; /* the bits below the end */
	bytes = (before & SAKER_NAME_ONES) * SAKER_NAME_ONES >> 56;
	if (bytes || scan->inside) {
		hash = saker_name_hash(scan->hash, word & before);
		scan->classes |= saker_name_classes(filter, hash);
		scan->components++;
	}
	scan->hash = SAKER_NAME_SEED;
	scan->inside = 0;
	return bytes + 1;
}

#endif
