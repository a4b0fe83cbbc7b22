# SPDX-License-Identifier: Apache-2.0
"""What this machine has and lacks, asked of the kernel and never of the sensor: a sensor that fails
where it could run is a failure, not a reason to skip."""

import ctypes
import os
import pathlib
import platform
import struct

# The project's own tools come from Debian, not from what else the machine has under the same name.
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

# Numbers of linux/capability.h.
CAPABILITIES = {name: number for number, name in enumerate(
    "chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable "
    "net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio "
    "sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time "
    "sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog "
    "wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore".split())}
BPF_SYSCALL = {"x86_64": 321, "aarch64": 280}
BPF_MAP_CREATE, BPF_MAP_TYPE_RINGBUF = 0, 27


def has_capability(name):
    status = pathlib.Path("/proc/self/status").read_text()
    effective = int(status.split("CapEff:")[1].split()[0], 16)
    return bool(effective >> CAPABILITIES[name] & 1)


def ring_buffer_error():
    """Why the kernel gives us no BPF ring buffer (Linux 5.8), or None."""
    number = BPF_SYSCALL.get(platform.machine())
    if number is None:
        return f"no tests for {platform.machine()}"
    libc = ctypes.CDLL(None, use_errno=True)
    # union bpf_attr: map_type, key_size, value_size, max_entries
    attributes = ctypes.create_string_buffer(
        struct.pack("=4I", BPF_MAP_TYPE_RINGBUF, 0, 0, 65536), 128)
    fd = libc.syscall(number, BPF_MAP_CREATE, attributes, len(attributes))
    if fd < 0:
        return f"no BPF ring buffer: {os.strerror(ctypes.get_errno())}"
    os.close(fd)
    return None


def why_no_sensor():
    """Why no sensor can run here, or None."""
    if os.geteuid() != 0:
        return "not root"
    for name in ("bpf", "perfmon"):
        if not has_capability(name):
            return f"no CAP_{name.upper()}"
    if not os.path.exists("/sys/kernel/btf/vmlinux"):
        return "the kernel has no BTF"
    return ring_buffer_error()


def why_not_met(need):
    """Why this machine does not meet one of a case's `needs`, or None. Commands are the business of
    the place where the case runs."""
    if need.startswith("/"):
        return None if os.path.exists(need) else f"no {need}"
    if need.startswith("cap_"):
        return None if has_capability(need[len("cap_"):]) else f"no {need.upper()}"
    return None


def is_command(need):
    return not need.startswith(("/", "cap_")) and need != "image"
