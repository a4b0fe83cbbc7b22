/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* By which ABI a call was made, and in which registers its number and its arguments are. */
#ifndef SAKER_ABI_H
#define SAKER_ABI_H

#include "kernel.h"
#include "saker/record.h"

#ifdef __TARGET_ARCH_arm64
#define NUMBER_REGISTER syscallno
/* A process of 32 bits (arch/arm64/include/asm/thread_info.h). */
#define TIF_32BIT 22

/* Calls of 32-bit Arm have numbers and structures of their own, which no table here knows. */
static __always_inline u32 abi_of(u64 number, u64 task)
{
	bool arm32 = READ(struct task_struct, task, thread_info.flags) & 1ul << TIF_32BIT;

	return arm32 ? SAKER_ABI_COUNT : SAKER_ABI_64;
}

static __always_inline u32 number_of(u64 number)
{
	return number;
}

/* The first argument's register has the result by now. */
static __always_inline void read_arguments(u64 *arguments, struct pt_regs *regs)
{
	arguments[0] = regs->orig_x0;
#pragma unroll
	for (int i = 1; i < 6; i++)
		arguments[i] = regs->regs[i];
}

static __always_inline void read_words(u32 *words, struct pt_regs *regs)
{
	__builtin_memset(words, 0, 6 * sizeof(*words));
}
#else
#define NUMBER_REGISTER orig_ax
#define TS_COMPAT	0x2
#define X32_BIT		0x40000000

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

/* The number of the call in its ABI. The kernel looks at 32 bits, whatever stands above them
 * (before 5.13 at all 64, and refuses). SAKER_NUMBERS or more where it is none, as in a cancelled
 * call. */
static __always_inline u32 number_of(u64 orig_ax)
{
	return (u32)orig_ax & ~X32_BIT;
}

static __always_inline void read_arguments(u64 *arguments, struct pt_regs *regs)
{
	arguments[0] = regs->di;
	arguments[1] = regs->si;
	arguments[2] = regs->dx;
	arguments[3] = regs->r10;
	arguments[4] = regs->r8;
	arguments[5] = regs->r9;
}

/* The registers of an ia32 call (record.h: SAKER_FROM_WORDS). */
static __always_inline void read_words(u32 *words, struct pt_regs *regs)
{
	words[0] = regs->bx;
	words[1] = regs->cx;
	words[2] = regs->dx;
	words[3] = regs->si;
	words[4] = regs->di;
	words[5] = regs->bp;
}
#endif

/* Where the descriptors of an ABI begin. */
static __always_inline u32 first_call(u32 abi)
{
	if (abi == SAKER_ABI_IA32)
		return SAKER_CALLS_IA32;
	return abi == SAKER_ABI_X32 ? SAKER_CALLS_X32 : SAKER_CALLS_64;
}

#endif
