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

/* Does `work`, which may use `s`, the scratch memory, and `cpu`. */
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

/* As BPF_PROG of libbpf, of a program that is undisturbed, with the context as `ctx`; what follows
 * is the body of a function without a value. */
#define UNDISTURBED_PROG(name, arguments...)                                                       \
	name(unsigned long long *ctx);                                                             \
	static __always_inline void undisturbed_##name(struct scratch *s, u32 cpu,                 \
						       unsigned long long *ctx, ##arguments);      \
	int name(unsigned long long *ctx)                                                          \
	{                                                                                          \
		_Pragma("GCC diagnostic push");                                                    \
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"");                            \
		UNDISTURBED(undisturbed_##name(s, cpu, ___bpf_ctx_cast(arguments)));               \
		_Pragma("GCC diagnostic pop");                                                     \
		return 0;                                                                          \
	}                                                                                          \
	static __always_inline void undisturbed_##name(struct scratch *s, u32 cpu,                 \
						       unsigned long long *ctx, ##arguments)

#endif
