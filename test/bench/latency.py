#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How soon an alert is there.

    test/bench/latency.py [--alerts N] [--starts N]

Start to first alert: from the start of the sensor's program to its first line on stdout, while
another process opens a sensitive file without end.
Alert latency: from the event's time in the kernel to the arrival of the alert's line in a reader at
the other end of a pipe; for a running program that opens the file, and for one that is started to
do it. The machine should be idle. The floor is a line that a program writes into such a pipe with
the time at which it did.
Exit status 2: the sensor cannot run on this machine.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import attached
import report

SENSITIVE = "/etc/shadow"
FIRST_ALERT_MS = 400
MEDIAN_MS, P99_MS = 1, 5
PYTHON = "/usr/bin/python3"

# Some ms between two, never the same, so that no rhythm of the sensor's hides anything.
EVERY_SO_OFTEN = """
import os, random, sys, time
while True:
    time.sleep(random.uniform(0.005, 0.015))
"""
WRITE_TIME = EVERY_SO_OFTEN + "    os.write(1, b'%d\\n' % time.time_ns())"
OPEN_FILE = EVERY_SO_OFTEN + f"    os.close(os.open('{SENSITIVE}', os.O_RDONLY))"
RUN_CAT = EVERY_SO_OFTEN + f"    os.spawnv(os.P_WAIT, '/bin/cat', ['cat', '{SENSITIVE}'])"
OPEN_WITHOUT_END = ["/bin/sh", "-c", f"while :; do cat {SENSITIVE}; done"]


@contextlib.contextmanager
def running(command, stdout=subprocess.DEVNULL):
    """A process that lives no longer than the block."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def delays_of(lines, time_of, number):
    """ms from the time that a line tells to its arrival here."""
    delays = []
    for line in lines:
        arrived = time.time_ns()
        sent = time_of(line)
        if sent is not None:
            delays.append((arrived - sent) / 1e6)
        if len(delays) == number:
            return delays
    raise attached.CannotRun("it ended before its time")


def alert_time(line):
    """When the event of an alert happened, in ns since the epoch; None for any other event."""
    fields = json.loads(line)["output_fields"]
    return fields["evt.time"] if fields.get("fd.name") == SENSITIVE else None


def floor_delays(number):
    with running([PYTHON, "-c", WRITE_TIME], stdout=subprocess.PIPE) as writer:
        return delays_of(writer.stdout, int, number)


def alert_delays(program, number):
    with attached.sensor(options=["json_output=true"], stdout=subprocess.PIPE) as sensor, \
            running([PYTHON, "-c", program]):
        delays = delays_of(sensor.process.stdout, alert_time, number)
        sensor.process.stdout.close()  # a full pipe would keep the sensor from ending
    return delays


def milliseconds_to_first_line():
    """From the start of the sensor's program to its first alert."""
    with tempfile.TemporaryFile() as log:
        start = time.monotonic_ns()
        sensor = subprocess.Popen(
            [attached.BUILD / "saker", "run", "-U", "-r", attached.DEFAULT_RULES],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        line = sensor.stdout.readline()
        elapsed = time.monotonic_ns() - start
        sensor.terminate()
        sensor.communicate()
        log.seek(0)
        if not line:
            raise attached.CannotRun(log.read().decode().strip().rpartition("\n")[2])
    return elapsed / 1e6


def milliseconds_to_load_rules():
    start = time.monotonic_ns()
    subprocess.run([attached.BUILD / "saker", "run", "--dry-run", "-r", attached.DEFAULT_RULES],
                   capture_output=True, check=True)
    return (time.monotonic_ns() - start) / 1e6


def measure_starts(number):
    loads = [milliseconds_to_load_rules() for _ in range(number)]
    with running(OPEN_WITHOUT_END):
        firsts = [milliseconds_to_first_line() for _ in range(number)]
    rows = [[f"{number} starts, in ms", "median", "best", "worst"]]
    for name, values in (("rules loaded, nothing else", loads), ("first alert", firsts)):
        rows.append([name, *(f"{of(values):.0f}" for of in (statistics.median, min, max))])
    report.table(rows)
    print()
    median = statistics.median(firsts)
    report.target("start to first alert", f"<= {FIRST_ALERT_MS} ms", f"{median:.0f} ms",
                  f"{statistics.median(loads):.0f} ms to load the rules", median <= FIRST_ALERT_MS)


def measure_alerts(number):
    floor = floor_delays(number)
    kinds = {"file opened": alert_delays(OPEN_FILE, number),
             "program started, file opened": alert_delays(RUN_CAT, number)}
    rows = [[f"{number} lines each, in ms", "median", "p99", "best", "worst"]]
    for name, values in {"floor: a line in a pipe": floor, **kinds}.items():
        rows.append([name, *(f"{value:.3f}" for value in (
            statistics.median(values), report.quantile(values, 0.99), min(values), max(values)))])
    print()
    report.table(rows)
    print()
    for name, values in kinds.items():
        for part, share, limit in (("median", 0.5, MEDIAN_MS), ("p99", 0.99, P99_MS)):
            value = report.quantile(values, share)
            report.target(f"alert latency, {name}, {part}", f"<= {limit} ms", f"{value:.3f} ms",
                          f"{report.quantile(floor, share):.3f} ms", value <= limit)


def main():
    attached.clean_up_on_signals()
    parser = argparse.ArgumentParser()
    parser.add_argument("--alerts", type=int, default=500)
    parser.add_argument("--starts", type=int, default=11)
    arguments = parser.parse_args()
    try:
        if not os.access(SENSITIVE, os.R_OK):
            raise attached.CannotRun(f"{SENSITIVE} cannot be read, so there are no alerts")
        measure_starts(arguments.starts)
        measure_alerts(arguments.alerts)
    except attached.CannotRun as error:
        print(f"latency.py: cannot measure: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
