#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the sensor holds in memory on a busy machine.

    test/bench/memory.py [--seconds N]

The workload runs on every cpu, again and again, for that time. Exit status 2: the sensor cannot run
on this machine.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import attached
import report

WORKLOAD = pathlib.Path(__file__).resolve().parent / "workload"
LIMIT_MIB = 32
COLUMNS = ["VmRSS", "VmHWM", "RssAnon", "RssFile", "RssShmem", "Pss"]


def work_until(end, folder):
    while time.monotonic() < end:
        subprocess.run([WORKLOAD, folder], check=True)


def keep_busy(seconds):
    """Returns when the last round of work that began in time has ended."""
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="saker-bench-", dir="/tmp") as folder:
        workers = [threading.Thread(target=work_until, args=(end, folder))
                   for _ in os.sched_getaffinity(0)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()


def row(name, sizes):
    return [name] + [f"{sizes[column] / 1024:.1f}" if column in sizes else "-"
                     for column in COLUMNS]


def main():
    attached.clean_up_on_signals()
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    try:
        with attached.sensor() as sensor:
            before = sensor.memory()
            keep_busy(seconds)
            after = sensor.memory()
    except attached.CannotRun as error:
        print(f"memory.py: the sensor does not run: {error}", file=sys.stderr)
        return 2

    print(f"{sensor.produced} events, {sensor.lost} of them lost, in {seconds} s of work on each "
          "cpu; in MiB:\n")
    report.table([["", *COLUMNS], row("just started", before), row("after the work", after)])
    print()
    resident = after["VmRSS"] / 1024
    report.target("resident memory", f"<= {LIMIT_MIB} MiB", f"{resident:.1f} MiB",
                  f"{before['VmRSS'] / 1024:.1f} MiB when just started", resident <= LIMIT_MIB)
    return 0


if __name__ == "__main__":
    sys.exit(main())
