/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Keeping the processor, in the objects for kernels that may preempt programs on tracepoints (from
 * 7.0 on). The kernel leaves out every run of a program that is under way on the same processor,
 * until the preempted one goes on: all that others do there would go unseen.
 */
#ifndef SAKER_PREEMPTION_H
#define SAKER_PREEMPTION_H

#include "kernel.h"

#ifdef SAKER_PREEMPTIBLE
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;

static __always_inline void keep_processor(void)
{
	bpf_preempt_disable();
}

/* Enabling preemption gives the processor away at once, should somebody have been waiting for it,
 * and the program would still be under way: not so with interrupts off. Who waits gets it on the
 * way back to user space. */
static __always_inline void give_processor_back(void)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	bpf_preempt_enable();
	bpf_local_irq_restore(&flags);
}
#else
static __always_inline void keep_processor(void)
{
}

static __always_inline void give_processor_back(void)
{
}
#endif

#endif
