/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* By which of the three ABIs of x86-64 a call was made. */
#ifndef SAKER_ABI_H
#define SAKER_ABI_H

#include "kernel.h"
#include "saker/record.h"

/*
 * The ABI of the current call; SAKER_ABI_COUNT if there is none such: TS_COMPAT tells for each
 * call, not for each process. After an execve that changes it, the kernel has put the new ABI's
 * number of execve in place (set_personality_64bit() and its siblings,
 * arch/x86/kernel/process_64.c).
 */
static __always_inline u32 abi_of(u64 orig_ax, u64 task)
{
	bool x32 = orig_ax & X32_BIT;

	if (READ(struct task_struct, task, thread_info.status) & TS_COMPAT)
		return x32 ? SAKER_ABI_COUNT : SAKER_ABI_IA32;
	return x32 ? SAKER_ABI_X32 : SAKER_ABI_64;
}

/* Where the descriptors of an ABI begin. */
static __always_inline u32 first_call(u32 abi)
{
	if (abi == SAKER_ABI_IA32)
		return SAKER_CALLS_IA32;
	return abi == SAKER_ABI_X32 ? SAKER_CALLS_X32 : SAKER_CALLS_64;
}

/* The number of the call in its ABI. The kernel looks at 32 bits, whatever stands above them
 * (before 5.13 at all 64, and refuses). SAKER_NUMBERS or more where it is none, as in a cancelled
 * call. */
static __always_inline u32 number_of(u64 orig_ax)
{
	return (u32)orig_ax & ~X32_BIT;
}

#endif
