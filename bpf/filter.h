/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What no rule can want is not sent: see saker/name_filter.h. */
#ifndef SAKER_FILTER_H
#define SAKER_FILTER_H

#include "scratch.h"
#include "saker/name_filter.h"

#define O_ACCMODE 3

/* Filled by user space, before the programs are attached. */
struct saker_name_filter name_filter;

/* Words that one call of scan_on() reads: enough for most names. */
#define WORDS_AT_ONCE 16

/* Goes on with s->scan from s->data[from] on; returns how far it came. A global function, as the
 * next: verified once, by itself. */
__attribute__((noinline)) int scan_on(u32 cpu, u32 from, u32 to)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_name_scan scan;

	if (!s)
		return to;
	scan = s->scan;
	for (u32 i = 0; i < WORDS_AT_ONCE && from < to; i++) {
		u64 *word = (u64 *)&s->data[from & (data_bytes - 1)];

		from += saker_name_word(&scan, &name_filter, *word);
	}
	s->scan = scan;
	return from;
}

/* Looks for wanted components in the names at s->data[from..to). */
__attribute__((noinline)) int scan_names(u32 cpu, u32 from, u32 to)
{
	struct scratch *s = scratch_of(cpu);

	if (!s || s->names & SAKER_NAME_ANY)
		return 0;
	s->scan.hash = SAKER_NAME_SEED;
	s->scan.inside = s->scan.components = s->scan.classes = 0;
	for (u32 i = 0; i < SAKER_NAME_WORDS / WORDS_AT_ONCE && from < to; i++)
		from = scan_on(cpu, from, to);
	if (from < to)
		s->scan.classes = SAKER_NAME_ANY;
	if (s->scan.components <= 1)
		s->scan.classes |= name_filter.shallow;
	s->names |= s->scan.classes;
	return 0;
}

/* A name that was not captured whole may be any. */
#define NAME_INCOMPLETE (SAKER_TRUNCATED | SAKER_PATH_CUT | SAKER_FAULT | SAKER_FULL)

/* Can a rule want the record that is being built? */
static __always_inline bool is_wanted(struct scratch *s)
{
	u32 classes = SAKER_NAME_ANY;

	if (s->file_flags & O_ACCMODE)
		classes |= SAKER_NAME_WRITE;
	return (s->names & classes) || s->record.flags & NAME_INCOMPLETE;
}

/* Counts a record that was built and is of no use. */
static __always_inline void count_filtered(u32 cpu)
{
	struct saker_cpu *counters = bpf_map_lookup_elem(&cpus, &cpu);

	if (counters)
		counters->filtered++;
}

#endif
