# SPDX-License-Identifier: Apache-2.0
"""Runs a command to its end, with or without a terminal, in a session of its own."""

import ctypes
import dataclasses
import fcntl
import os
import pwd
import select
import signal
import subprocess
import tempfile
import termios
import time

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None)


@dataclasses.dataclass(frozen=True)
class Outcome:
    status: int  # exit status, or the negative number of the signal that killed it
    output: str
    late: bool = False  # it did not end in time


def die_with_parent(number):
    """A preexec function: the kernel sends this signal when we are gone, however that came."""
    return lambda: LIBC.prctl(PR_SET_PDEATHSIG, number)


def account(user):
    """Popen's arguments for another user; none for our own, which no name stands for as well."""
    entry = pwd.getpwnam(user) if user else None
    if entry is None or entry.pw_uid == os.geteuid():
        return {}
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def run(command, env, cwd=None, user=None, tty=False, stdin="", seconds=60):
    """What the command did. Whatever it left running in its session's process group is killed."""
    start = run_on_terminal if tty else run_on_file
    return start(command, stdin, seconds, env=env, cwd=cwd, start_new_session=True,
                 **account(user))


def run_on_file(command, stdin, seconds, **arguments):
    # Files, not pipes: a child left in the background must not keep us waiting.
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
        source.write(stdin.encode())
        source.seek(0)
        process = subprocess.Popen(command, stdin=source, stdout=output,
                                   stderr=subprocess.STDOUT, **arguments)
        with on_exit(process) as exited:
            late = not select.select([exited], [], [], seconds)[0]
        status = end(process)
        output.seek(0)
        return Outcome(status, output.read().decode("utf-8", "replace"), late)


def run_on_terminal(command, stdin, seconds, **arguments):
    master, slave = os.openpty()
    try:
        process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), **arguments)
    finally:
        os.close(slave)
    os.write(master, stdin.encode())
    with on_exit(process) as exited, open(master, "rb", buffering=0) as terminal:
        output, late = read_terminal(terminal, exited, time.monotonic() + seconds)
        status = end(process)
    return Outcome(status, output.decode("utf-8", "replace").replace("\r\n", "\n"), late)


def read_terminal(terminal, exited, deadline):
    """(all that is printed until the process has exited, whether the deadline came first)"""
    output = b""
    while True:
        ready = select.select([terminal, exited], [], [], max(0, deadline - time.monotonic()))[0]
        if terminal in ready:
            try:
                data = terminal.read(65536)
            except OSError:  # EIO: nobody has the terminal open any more
                data = b""
            if data:
                output += data
                continue
            ready = [exited] if select.select([exited], [], [], deadline - time.monotonic())[0] else []
        return output, not ready


def on_exit(process):
    """A file that becomes readable when the process has exited."""
    return open(os.pidfd_open(process.pid), "rb", buffering=0)


def end(process):
    """Kills what is left of the process's group, which its unreaped leader still reserves."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    return process.wait()
