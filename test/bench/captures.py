#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What each way of capturing an argument costs in the kernel.

    test/bench/captures.py [--rounds N] [--calls N]

For each of them the sensor runs with one rule that wants the event of one call (captures.cpp), and
never matches; the kernel counts the program's runs and their time (kernel.bpf_stats_enabled). The
program runs for all calls of the machine: what one that nobody wants costs is measured first, and
subtracted. The empty program is the floor.
Exit status 2: nothing can be attached, or the kernel does not count.
"""

import argparse
import contextlib
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

import attached
import report

COUNTING = pathlib.Path("/proc/sys/kernel/bpf_stats_enabled")
UNWANTED = "getppid"
# What is captured; the call's name in captures.cpp, of which the first word is that of the event.
CAPTURES = (
    ("nothing: the record alone", "getuid"),
    ("string", "mq_unlink"),
    ("path", "access"),
    ("path, with its base directory", "access ./"),
    ("descriptor: file", "lseek"),
    ("descriptor: anonymous inode", "fcntl"),
    ("descriptor: socket", "shutdown"),
    ("descriptor and address", "bind"),
    ("descriptor and 64 bytes", "write"),
    ("descriptor and vector", "writev"),
    ("descriptor, name and data of a message", "sendmsg"),
    ("structure", "nanosleep"),
    ("two descriptors by their numbers", "pipe2"),
    ("path and working directory", "chdir"),
    ("memory of the process", "brk"),
    ("descriptors to wait for", "poll"),
    ("path and arguments of a failed execve", "execve"),
)


@contextlib.contextmanager
def counting():
    before = COUNTING.read_text()
    COUNTING.write_text("1")
    try:
        yield
    finally:
        COUNTING.write_text(before)


class Calls:
    """The program that makes the calls."""

    def __init__(self):
        self._process = subprocess.Popen([attached.BUILD / "bench/captures"], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def make(self, name, times):
        print(f"{name} {times}", file=self._process.stdin, flush=True)
        if not self._process.stdout.readline():
            raise attached.CannotRun("the program that makes the calls has failed")

    def end(self):
        self._process.stdin.close()
        self._process.wait()


def runs_of(name):
    """ns and number of the runs so far of the program of that name that was loaded last."""
    found = subprocess.run(["/usr/sbin/bpftool", "-j", "prog", "show", "name", name],
                           capture_output=True, check=True)
    programs = json.loads(found.stdout)
    programs = programs if isinstance(programs, list) else [programs]
    newest = max(programs, key=lambda program: program["id"])
    return newest.get("run_time_ns", 0), newest.get("run_cnt", 0)


def measure(calls, name, times, program="sys_exit"):
    """ns and number of the program's runs while the call is made."""
    before = runs_of(program)
    calls.make(name, times)
    after = runs_of(program)
    return after[0] - before[0], after[1] - before[1]


def each(calls, name, times, program):
    """ns of a run, where all runs are alike."""
    ns, runs = measure(calls, name, times, program)
    if runs < times:
        raise attached.CannotRun("the kernel does not count the runs of BPF programs")
    return ns / runs


def one_rule(folder, event):
    rules = pathlib.Path(folder, "rules.yaml")
    rules.write_text("- rule: Never\n  desc: Wants the event, and never matches.\n"
                     f"  condition: evt.type = {event} and proc.name = saker-bench-nobody\n"
                     "  output: never\n  priority: NOTICE\n")
    return rules


def cost_of(calls, folder, name, times, rounds):
    """ns of an event, beyond what the call would cost if nobody wanted it, and that."""
    costs, idle = [], []
    with attached.sensor(one_rule(folder, name.split()[0])):
        for _ in range(rounds):
            unwanted = each(calls, UNWANTED, times, "sys_exit")
            ns, runs = measure(calls, name, times)
            costs.append((ns - (runs - times) * unwanted) / times)
            idle.append(unwanted)
    return statistics.median(costs), statistics.median(idle)


def floor_ns(calls, times, rounds):
    with attached.floor():
        return statistics.median(each(calls, UNWANTED, times, "nothing") for _ in range(rounds))


def run(calls, times, rounds):
    floor = floor_ns(calls, times, rounds)
    rows, idle = [["ns in the kernel", "call", "an event", "above the floor"]], []
    with tempfile.TemporaryDirectory() as folder:
        for what, name in CAPTURES:
            cost, unwanted = cost_of(calls, folder, name, times, rounds)
            idle.append(unwanted)
            rows.append([what, name, f"{cost:.0f}", f"{cost - floor:+.0f}"])
    unwanted = statistics.median(idle)
    rows[1:1] = [["the empty program (floor)", UNWANTED, f"{floor:.0f}", ""],
                 ["a call that nobody wants", UNWANTED, f"{unwanted:.0f}",
                  f"{unwanted - floor:+.0f}"]]
    report.table(rows)


def main():
    attached.clean_up_on_signals()
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=20000)
    arguments = parser.parse_args()
    calls = Calls()
    try:
        with counting():
            print(f"{arguments.rounds} rounds of {arguments.calls} calls; medians, with the"
                  " kernel's own counting\n")
            run(calls, arguments.calls, arguments.rounds)
    except (attached.CannotRun, OSError, subprocess.CalledProcessError) as error:
        print(f"captures.py: cannot measure: {error}", file=sys.stderr)
        return 2
    finally:
        calls.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
