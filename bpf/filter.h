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

/* Goes on with s->scan, in that many steps at most. Takes in what the scan has found. */
static __always_inline void end_scan(struct scratch *s, u32 cpu, u32 from, u32 to, u32 steps)
{
	for (u32 i = 0; i < steps && from < to; i++)
		from = scan_on(cpu, from, to);
	s->names |= from < to ? SAKER_NAME_ANY : s->scan.classes;
	s->components += s->scan.components;
}

/* Looks at the one component at s->data[at]. */
static __always_inline void scan_component(struct scratch *s, u32 at, u32 size)
{
	u64 hash = saker_name_hash_all((u64 *)&s->data[at], size);

	s->names |= saker_name_classes(&name_filter, hash);
	s->components++;
}

#define SCAN_STEPS (SAKER_NAME_WORDS / WORDS_AT_ONCE)

/* Looks at what stands at s->data[from..to). */
static __always_inline void scan_text_inline(struct scratch *s, u32 cpu, u32 from, u32 to)
{
	struct saker_name_scan scan = {.hash = SAKER_NAME_SEED};

	if (s->names & SAKER_NAME_ANY)
		return;
	/* With numbers that it knew, the verifier would follow each way through the loop by itself.
	 */
	scan.components = scan.classes = s->zero;
	from ^= s->zero;
	from = scan_some(s, &scan, from, to);
	s->scan = scan;
	end_scan(s, cpu, from, to, SCAN_STEPS - 1);
}

/* The same, a global function, and less to verify. */
__attribute__((noinline)) int scan_text(u32 cpu, u32 from, u32 to)
{
	struct scratch *s = scratch_of(cpu);

	if (!s || s->names & SAKER_NAME_ANY)
		return 0;
	s->scan = (struct saker_name_scan){.hash = SAKER_NAME_SEED};
	end_scan(s, cpu, from, to, SCAN_STEPS);
	return 0;
}

/*
 * A name is looked at in pieces, between begin_name() and end_name(): what was asked for as a text,
 * what is walked one component after the other (path.h). Its classes are added to s->names, unless
 * everything is wanted anyway.
 */
static __always_inline void begin_name(struct scratch *s)
{
	s->components = 0;
	s->unseen = 0;
}

/* A walk that begins at s->data[walk] left out a component that is too long for it. */
static __always_inline void end_name(struct scratch *s, u32 cpu, u32 walk)
{
	if (s->unseen)
		scan_text(cpu, walk, s->used);
	if (s->components <= 1)
		s->names |= name_filter.shallow;
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
