/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What no rule can want is not sent: see saker/name_filter.h. */
#ifndef SAKER_FILTER_H
#define SAKER_FILTER_H

#include "scratch.h"
#include "saker/name_filter.h"

#define O_ACCMODE 3

/* Filled by user space, before the programs are attached. */
struct saker_name_filter name_filter;

/* Words that are read without a call of another function: enough for most names. */
#define WORDS_AT_ONCE 16

/* Reads some words from s->data[from] on; returns how far it came. */
static __always_inline u32 scan_some(struct scratch *s, struct saker_name_scan *scan, u32 from,
				     u32 to)
{
	for (u32 i = 0; i < WORDS_AT_ONCE && from < to; i++) {
		u64 *word = (u64 *)&s->data[from & (data_bytes - 1)];

		from += saker_name_word(scan, &name_filter, *word);
	}
	return from;
}

/* The same with s->scan. A global function: verified once, by itself. */
__attribute__((noinline)) int scan_on(u32 cpu, u32 from, u32 to)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_name_scan scan;

	if (!s)
		return to;
	scan = s->scan;
	from = scan_some(s, &scan, from, to);
	s->scan = scan;
	return from;
}

/* What is left of a long name. Returns how far it came. */
static __always_inline u32 scan_rest(struct scratch *s, u32 cpu, struct saker_name_scan *scan,
				     u32 from, u32 to)
{
	s->scan = *scan;
	for (u32 i = 1; i < SAKER_NAME_WORDS / WORDS_AT_ONCE && from < to; i++)
		from = scan_on(cpu, from, to);
	*scan = s->scan;
	return from;
}

/* Looks for wanted components in the names at s->data[from..to). */
static __always_inline void scan_names_inline(struct scratch *s, u32 cpu, u32 from, u32 to)
{
	struct saker_name_scan scan = {.hash = SAKER_NAME_SEED};

	if (s->names & SAKER_NAME_ANY)
		return;
	/* With numbers that it knew, the verifier would follow each way through the loop by itself.
	 */
	scan.components = scan.classes = s->zero;
	from ^= s->zero;
	from = scan_some(s, &scan, from, to);
	if (from < to)
		from = scan_rest(s, cpu, &scan, from, to);
	if (from < to)
		scan.classes = SAKER_NAME_ANY;
	if (scan.components <= 1)
		scan.classes |= name_filter.shallow;
	s->names |= scan.classes;
}

/* The same, a global function. */
__attribute__((noinline)) int scan_names(u32 cpu, u32 from, u32 to)
{
	struct scratch *s = scratch_of(cpu);

	if (s)
		scan_names_inline(s, cpu, from, to);
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
