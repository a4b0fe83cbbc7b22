// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The floor: what any sensor that hangs on sys_exit pays, and no sensor can pay less. Enabling one
 * syscall tracepoint sends every task down the slow way into and out of the kernel.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tp_btf/sys_exit")
int nothing(void *ctx)
{
	return 0;
}
