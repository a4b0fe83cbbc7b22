# SPDX-License-Identifier: Apache-2.0
"""A running sensor, and the alerts that it raised between two marks."""

import os
import pathlib
import re
import signal
import subprocess

import yaml

import lines
import machine
import match
import process

# Opening a file of this folder raises an alert of the marker rule. All names are of one length, so
# that none is a part of another. The folder is no other file's: all else has to get past the
# kernel side's filter by what the rules of a case want.
MARKER_FOLDER = pathlib.Path("/tmp/saker-e2e-marks")
MARKER_RULE = f"""
- rule: End-to-end marker
  desc: The test runner opened a file to mark a place in the row of alerts.
  condition: evt.type in (open, openat) and fd.name startswith {MARKER_FOLDER}/
  output: marker %fd.name
  priority: EMERGENCY
  tags: [test]
"""
READY_PATTERN = r"watching \d+ system calls"
LEDGER_PATTERN = r"events: produced (\d+), consumed (\d+), lost (\d+)"
TOTAL_PATTERN = r"^Events detected: (\d+)$"
SECONDS = 60  # for whatever the sensor is waited for, on a busy machine
MARKS = 6  # a mark may be among the events that a busy machine loses: so many are made


class SensorError(Exception):
    """The sensor is of no more use; says why."""


def rule_names(text):
    """The names of the rules in a rules file."""
    items = [item for document in yaml.safe_load_all(text) for item in document or []]
    return {item["rule"] for item in items if "rule" in item}


class Sensor:
    """`rule_names` are those of its rules files."""

    def __init__(self, spec, binary, top, folder):
        self.spec = spec
        self.folder = pathlib.Path(folder)
        self._marks = 0
        self._command = self._prepare(binary, pathlib.Path(top))
        self._process = None

    def _prepare(self, binary, top):
        """The command line. The rules are copied: the sensor's user may not be able to reach our
        tree."""
        marker = self.folder / "marker.yaml"
        marker.write_text(MARKER_RULE)
        # First, so that no other rule takes the marker where only the first match counts.
        files = [marker]
        self.rule_names = set()
        for number, rules in enumerate(self.spec.rules):
            copy = self.folder / f"rules{number}.yaml"
            copy.write_text(rules if "\n" in rules else (top / rules).read_text())
            files.append(copy)
            self.rule_names |= rule_names(copy.read_text())
        command = [*self._as_user(), str(binary), "run", "-U", *self.spec.arguments]
        for option in ("json_output=true", "rule_matching=all"):
            if not any(own.startswith(option.split("=")[0] + "=") for own in self.spec.options):
                command += ["-o", option]
        for option in self.spec.options:
            command += ["-o", option]
        for path in files:
            command += ["-r", str(path)]
        return command

    def _as_user(self):
        """The command's beginning that makes us the sensor's user, with its capabilities alone."""
        if self.spec.user == "root":
            return []
        capabilities = "-all" + "".join(f",+{name}" for name in self.spec.capabilities)
        return ["setpriv", f"--reuid={self.spec.user}", "--regid=nogroup", "--clear-groups",
                f"--inh-caps={capabilities}", f"--ambient-caps={capabilities}",
                f"--bounding-set={capabilities}", "--no-new-privs", "--"]

    def start(self):
        """Returns when the sensor sees events."""
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, cwd="/", start_new_session=True,
            env={"PATH": machine.PATH, "LANG": "C.UTF-8"},
            preexec_fn=process.die_with_parent(signal.SIGINT))
        self.out = lines.Lines(self._process.stdout)
        self.log = lines.Lines(self._process.stderr)
        try:
            self.log.wait_for(READY_PATTERN, SECONDS)
        except (EOFError, TimeoutError) as error:
            raise SensorError(f"the sensor is not ready: its log {error}") from error

    def pid(self):
        return self._process.pid

    def mark(self):
        """Index, among the lines of standard output, of a mark set now. What was done before is
        reported above it, what is done afterwards below it."""
        self._marks += 1
        MARKER_FOLDER.mkdir(mode=0o700, exist_ok=True)
        path = f"{MARKER_FOLDER}/{os.getpid():010}-{self._marks:06}"
        for left in reversed(range(MARKS)):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW))
            os.unlink(path)
            try:
                return self.out.wait_for(re.escape(path), SECONDS / MARKS)
            except (EOFError, TimeoutError) as error:
                if left == 0 or isinstance(error, EOFError):
                    raise SensorError(f"the sensor's output {error}") from error

    def between(self, begin, end):
        """The lines between two marks."""
        return [line for line in self.out.slice(begin + 1, end) if line]

    def stop(self):
        """Ends the sensor as Ctrl-C does; returns what was wrong with its end, a line each."""
        if self._process is None:
            return []
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            status = self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return [f"did not end within {SECONDS} s of SIGINT"]
        self.out.wait_for_end(SECONDS)
        self.log.wait_for_end(SECONDS)
        return judge_end(status, self.out.slice(), self.log.slice(), self.spec.log)

    def log_tail(self):
        return self.log.slice()[-30:] if self._process else []


def judge_end(status, out, log, log_matchers=()):
    """What is wrong with an ended sensor: its exit status, summary, ledger and log."""
    wrong = [] if status == 0 else [f"exit status {status}"]
    wrong += judge_summary(out)
    wrong += judge_ledger(out + log)
    wrong += [f"no line of the log fits {matcher}" for matcher in log_matchers
              if not any(match.fits(matcher, line) for line in log)]
    return wrong


def judge_summary(out):
    """The summary counts every alert, and each of them was printed."""
    for index, line in enumerate(out):
        found = re.search(TOTAL_PATTERN, line)
        if found:
            printed = sum(1 for above in out[:index] if above)
            counted = int(found[1])
            return [] if printed == counted else [
                f"the summary counts {counted} alerts, {printed} were printed"]
    return ["no summary"]


def ledger(text):
    """(produced, consumed, lost) as the sensor's last word on it says; None if it said nothing."""
    found = [entry for entry in (re.search(LEDGER_PATTERN, line) for line in text) if entry]
    return tuple(int(number) for number in found[-1].groups()) if found else None


def judge_ledger(text):
    """Nothing is lost silently: what the kernel produced was consumed or is counted as lost."""
    found = ledger(text)
    if not found:
        return ["no ledger of events"]
    produced, consumed, lost = found
    if produced != consumed + lost:
        return [f"the ledger does not add up: produced {produced}, consumed {consumed}, lost {lost}"]
    return [] if produced > 0 else ["the ledger counts no event"]
