# SPDX-License-Identifier: Apache-2.0
"""Programs that attach themselves to the kernel for a while: the sensor, and the floor."""

import os
import pathlib
import re
import signal
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", TOP / "build/release"))
DEFAULT_RULES = TOP / "rules/saker_rules.yaml"
LEDGER_PATTERN = r"events: produced (\d+), consumed (\d+), lost (\d+)"


class CannotRun(Exception):
    """It did not attach; the last line of its log says why."""


def clean_up_on_signals():
    """Ends this program by an exception, so that nothing stays attached and no folder behind."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


class Attached:
    """Attached between __enter__ and __exit__, which wait for both."""

    def __init__(self, command, ready_pattern, cpus=None, stdout=subprocess.DEVNULL):
        self._command = [str(word) for word in command]
        self._ready_pattern = ready_pattern
        self._cpus = cpus or os.sched_getaffinity(0)
        self._stdout = stdout
        self.produced = self.lost = 0  # events; known after the end, and 0 for the floor

    def __enter__(self):
        self.process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=self._stdout, stderr=subprocess.PIPE,
            text=True, preexec_fn=lambda: os.sched_setaffinity(0, self._cpus))
        line = f"{self._command[0]} said nothing"
        for line in self.process.stderr:
            if re.search(self._ready_pattern, line):
                return self
        self.process.wait()
        raise CannotRun(line.strip())

    def __exit__(self, *_):
        self.process.terminate()
        for line in self.process.stderr:
            found = re.search(LEDGER_PATTERN, line)
            if found:
                self.produced, self.lost = int(found[1]), int(found[3])
        self.process.wait()

    def cpu_ns(self):
        """CPU time that the program has used so far, in user space and in the kernel."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir())

    def memory(self):
        """What the program holds in memory, in KiB by the names of /proc/PID/status; with its
        proportional share (Pss), where the kernel lets us read that."""
        folder = pathlib.Path(f"/proc/{self.process.pid}")
        text = (folder / "status").read_text()
        try:
            text += (folder / "smaps_rollup").read_text()
        except PermissionError:
            pass
        wanted = r"^(VmRSS|VmHWM|RssAnon|RssFile|RssShmem|Pss):\s+(\d+) kB"
        return {name: int(size) for name, size in re.findall(wanted, text, re.M)}


def sensor(rules=DEFAULT_RULES, options=(), **more):
    """The sensor with these rules: a file, or a folder."""
    command = [BUILD / "saker", "run", "-U", "-r", rules]
    for option in options:
        command += ["-o", option]
    return Attached(command, r"watching \d+ system calls", **more)


def floor(**more):
    return Attached([BUILD / "bench/floor"], "attached", **more)
