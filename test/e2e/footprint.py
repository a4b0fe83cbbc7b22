#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a storm of containers leaves behind in a sensor, which is one of its own.

    footprint.py SAKER FOLDER NUMBER AT_ONCE

Fails if the sensor goes on knowing the containers or their processes, or keeps their memory.
"""

import pathlib
import re
import subprocess
import sys
import time

import case
import machine
import sensor

HERE = pathlib.Path(__file__).resolve().parent
KNOWN = r"known: (\d+) processes, (\d+) containers"
# The table of processes is compared with /proc. It has more, by no more than so many where nothing is
# left behind: it keeps a few hundred that have ended. The storm has more than a thousand.
PROCESSES = 500
# Memory that was used once is not all given back to the kernel.
KIB = 8 << 10
SECONDS = 90  # for the tables to forget, which they do after ten


def anonymous_kib(pid):
    """Without the rings, which are the kernel's, and the binary."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^RssAnon:\s+(\d+) kB$", status, re.M)[1])


def live_processes():
    return sum(entry.name.isdigit() for entry in pathlib.Path("/proc").iterdir())


class Known:
    """What the sensor says that it knows, about once a second."""

    def __init__(self, log):
        self._log = log
        self._begin = 0

    def next(self):
        """(processes, containers)"""
        at = self._log.wait_for(KNOWN, sensor.SECONDS, self._begin)
        self._begin = at + 1
        return tuple(int(number) for number in re.search(KNOWN, self._log.slice(at, at + 1)[0]).groups())

    def skip(self):
        """What was said until now is old."""
        self._begin = len(self._log.slice())


def storm(folder, number, at_once):
    subprocess.run([HERE / "storm.py", "runc", folder, number, at_once, "/bin/echo", "passing"],
                   check=True, stdin=subprocess.DEVNULL, env={"PATH": machine.PATH})


def await_forgetting(known, containers):
    deadline = time.monotonic() + SECONDS
    known.skip()
    while True:
        processes_now, containers_now = known.next()
        live = live_processes()
        said = (f"{processes_now} processes are known and {live} there, {containers_now} containers "
                f"are known, before it were {containers}")
        if processes_now <= live + PROCESSES and containers_now <= containers:
            return said
        if time.monotonic() > deadline:
            raise SystemExit(f"after the storm {said}")


def watch_storm(running, folder, number, at_once):
    known = Known(running.log)
    _, containers = known.next()
    before = anonymous_kib(running.pid())
    storm(folder, number, at_once)
    met = max(known.next()[1] for _ in range(2))
    if met <= containers:
        raise SystemExit(f"of the storm no container was met: {met} are known")
    said = await_forgetting(known, containers)
    after = anonymous_kib(running.pid())
    print(f"{said}; {after - before} KiB are left")
    if after > before + KIB:
        raise SystemExit(f"of the storm {after - before} KiB are left, {KIB} may be")


def main():
    binary, folder, number, at_once = sys.argv[1:]
    spec = case.SensorSpec("footprint", options=("log_level=debug",))
    running = sensor.Sensor(spec, binary, HERE.parent.parent, folder)
    try:
        running.start()
        watch_storm(running, folder, number, at_once)
    finally:
        wrong = running.stop()
    if wrong:
        raise SystemExit("; ".join(wrong))
    print("as before")


if __name__ == "__main__":
    main()
