/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Programs that have their processor, and with it its scratch memory, for themselves.
 *
 * Until Linux 7.0 programs on tracepoints run with preemption off; since then they have to see to
 * that themselves (preemption.h). And an interrupt may cause a program to run at any time: where a
 * record is being built, it does nothing, and is counted as missed.
 */
#ifndef SAKER_UNDISTURBED_H
#define SAKER_UNDISTURBED_H

#include "preemption.h"
#include "scratch.h"

/* The scratch memory, NULL if a record is being built in it. */
static __always_inline struct scratch *claim(u32 cpu)
{
	struct scratch *s = scratch_of(cpu);
	struct saker_cpu *counters;

	if (!s)
		return NULL;
	if (s->busy) {
		counters = bpf_map_lookup_elem(&cpus, &cpu);
		if (counters)
			counters->missed++;
		return NULL;
	}
	s->busy = 1;
	barrier();
	return s;
}

static __always_inline void hand_back(struct scratch *s)
{
	barrier();
	s->busy = 0;
}

/* Does `work`, which is given the scratch memory and the processor under the names `s` and `cpu`.
 */
#define UNDISTURBED(work)                                                                          \
	({                                                                                         \
		u32 cpu;                                                                           \
		struct scratch *s;                                                                 \
                                                                                                   \
		keep_processor();                                                                  \
		cpu = bpf_get_smp_processor_id();                                                  \
		s = claim(cpu);                                                                    \
		if (s) {                                                                           \
			work;                                                                      \
			hand_back(s);                                                              \
		}                                                                                  \
		give_processor_back();                                                             \
	})

#endif
