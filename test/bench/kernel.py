#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the sensor adds to the time of system calls.

    test/bench/kernel.py [--rounds N]

A round measures each operation (load.cpp) with nothing attached, with an empty program on sys_exit
(the floor), and with the sensor. Rounds are short and many, and each begins with another one of
these, so that whatever else the machine does meets all alike. The load has a cpu of its own; where
that shares its core with a neighbour of whom this machine knows nothing, as a virtual one's does,
only what was measured while the neighbour was idle counts (pace.h).
Exit status 2: nothing can be attached on this machine.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import attached
import report

HERE = pathlib.Path(__file__).resolve().parent
OPERATIONS = ["getpid", "open+close", "fork+exec+wait", "connect"]
PASSES = 4  # of a round; the first only warms up
SLOW = 1.08  # times the best pace: a neighbour is at work
LEAST = 8  # measurements of each variant that have to be left
GETPID_TIMES_FLOOR = 1.3
OPEN_CLOSE_NS = 600
HOOKS = {"tracing", "raw_tracepoint", "raw_tracepoint_writable", "tracepoint", "kprobe", "lsm"}


class Load:
    """The program that does the operations, on one cpu."""

    def __init__(self, cpu):
        self._process = subprocess.Popen(
            [attached.BUILD / "bench/load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))

    def run(self, operation):
        """Does it some thousand times: ns for each, and how often it was done."""
        print(operation, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline().split()
        if not answer:
            sys.exit("kernel.py: the load has failed")
        return float(answer[0]), int(answer[1])

    def pace(self):
        return self.run("pace")[0]

    def end(self):
        self._process.stdin.close()
        self._process.wait()


@dataclasses.dataclass
class Sample:
    """One measurement. In ns an operation, but for the pace, which is that before or after it, the
    slower one."""
    ns: float
    sensor_ns: float
    pace: float


class Variant:
    """Something that is attached while the load runs, or nothing, and what was measured then."""

    def __init__(self, name, attach):
        self.name = name
        self._attach = attach
        self.samples = {operation: [] for operation in OPERATIONS}
        self.produced = self.lost = 0

    def ns(self, operation):
        return [sample.ns for sample in self.samples[operation]]

    def run_round(self, load):
        with self._attach() as program:
            for number in range(PASSES):
                for operation in OPERATIONS:
                    self._measure(load, operation, program, keep=number > 0)
        if program:
            self.produced += program.produced
            self.lost += program.lost

    def _measure(self, load, operation, program, keep):
        pace = load.pace()
        before = program.cpu_ns() if program else 0
        ns, times = load.run(operation)
        time.sleep(0.003)  # the sensor comes to its end with what it was sent
        after = program.cpu_ns() if program else 0
        pace = max(pace, load.pace())
        if keep:
            self.samples[operation].append(Sample(ns, (after - before) / times, pace))


def leave_out_slow(variants, operation):
    """Keeps what was measured at the machine's best pace, alike for all variants, if that is enough
    of each. Returns how many measurements were left out."""
    best = report.quantile([sample.pace for variant in variants
                            for sample in variant.samples[operation]], 0.05)
    quick = [[sample for sample in variant.samples[operation] if sample.pace <= SLOW * best]
             for variant in variants]
    if min(map(len, quick)) < LEAST:
        return 0
    before = sum(len(variant.samples[operation]) for variant in variants)
    for variant, samples in zip(variants, quick):
        variant.samples[operation] = samples
    return before - sum(map(len, quick))


def added(variant, bare, operation, of=statistics.median):
    return of(variant.ns(operation)) - of(bare.ns(operation))


def print_operation(operation, variants):
    bare, floor = variants[:2]
    rows = [[operation, "ns", "best", "added", "best", "x floor", "sensor's cpu"]]
    for variant in variants:
        row = [variant.name, f"{statistics.median(variant.ns(operation)):.1f}",
               f"{min(variant.ns(operation)):.1f}"]
        if variant is not bare:
            extra, least = (added(variant, bare, operation, of) for of in (statistics.median, min))
            base = added(floor, bare, operation)
            sensor_ns = statistics.median(sample.sensor_ns for sample in variant.samples[operation])
            row += [f"{extra:+.1f}", f"{least:+.1f}", f"{extra / base:.2f}" if base > 0 else "-",
                    f"{sensor_ns:.0f}"]
        rows.append(row + [""] * (7 - len(row)))
    report.table(rows)


def print_targets(bare, floor, defaults):
    base, extra = (added(one, bare, "getpid") for one in (floor, defaults))
    limit = GETPID_TIMES_FLOOR * base
    report.target("getpid, added", f"<= {limit:.1f} ns ({GETPID_TIMES_FLOOR} x the floor)",
                  f"{extra:+.1f} ns", f"{base:+.1f} ns", extra <= limit)
    base, extra = (added(one, bare, "open+close") for one in (floor, defaults))
    report.target("open+close, added", f"<= {OPEN_CLOSE_NS} ns", f"{extra:+.0f} ns",
                  f"{base:+.0f} ns", extra <= OPEN_CLOSE_NS)


def programs_loaded():
    """Names of BPF programs that hang on the kernel's hooks, or could."""
    found = subprocess.run(["/usr/sbin/bpftool", "-j", "prog", "show"], capture_output=True,
                           check=False)
    programs = json.loads(found.stdout) if found.returncode == 0 else []
    return {program.get("name", "?") for program in programs if program["type"] in HOOKS}


def measure(variants, load_cpu, rounds):
    load = Load(load_cpu)
    try:
        for number in range(rounds):
            for shift in range(len(variants)):
                variants[(number + shift) % len(variants)].run_round(load)
    finally:
        load.end()


def print_report(variants, strangers):
    if strangers:
        print(f"Warning: other BPF programs were loaded ({', '.join(sorted(strangers))}): not even "
              "\"nothing attached\" was measured without any\n")
    for operation in OPERATIONS:
        left_out = leave_out_slow(variants, operation)
        print_operation(operation, variants)
        print(f"left out: {left_out} measurements at a pace below the machine's best\n"
              if left_out else "")
    bare, floor, *_, defaults = variants
    print(f"Default rules: {defaults.produced} events, {defaults.lost} of them lost\n")
    print_targets(bare, floor, defaults)


def main():
    attached.clean_up_on_signals()
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    *others, load_cpu = sorted(os.sched_getaffinity(0))
    cpus = set(others) or {load_cpu}
    os.sched_setaffinity(0, cpus)
    variants = [
        Variant("nothing attached", contextlib.nullcontext),
        Variant("floor", lambda: attached.floor(cpus=cpus)),
        Variant("sensor, one rule", lambda: attached.sensor(HERE / "one_rule.yaml", cpus=cpus)),
        Variant("sensor, default rules", lambda: attached.sensor(cpus=cpus)),
    ]
    strangers = programs_loaded()
    try:
        measure(variants, load_cpu, rounds)
    except attached.CannotRun as error:
        print(f"kernel.py: cannot attach: {error}", file=sys.stderr)
        return 2
    time.sleep(0.5)  # the kernel frees ours late
    strangers |= programs_loaded()

    print(f"{rounds} rounds of {PASSES - 1} measurements; medians and best, in ns an operation"
          f"{'' if others else '; one cpu for the load and the sensor'}\n")
    print_report(variants, strangers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
