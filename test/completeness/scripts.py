# SPDX-License-Identifier: Apache-2.0
"""The scripts that the program `calls` runs, and what its events must look like."""

import dataclasses
import pathlib
import typing

import yaml

import judge

HERE = pathlib.Path(__file__).resolve().parent
# Where a guest of the kernel matrix has the program and its scripts, and where these may write.
GUEST, GUEST_WORK = "/completeness", "/run/completeness"
# A call that fails with this descriptor begins and ends what is judged.
SENTINEL = -23115
ALL_REFUSED = " ".join(["-1"] * 6)


class Lines:
    """The lines of a script: calls by name, made into calls by number."""

    def __init__(self, table):
        self._table = table
        self._lines = []
        self.calls = []
        self._sentinel()

    def add(self, text, expected=None):
        """A line of a script in which calls have names: `call close 3`, `fd = openat -100 s:x 0`.
        `expected` is what the event of a call must say."""
        words = text.split()
        at = 1 if words[0] in ("call", "child") else 2 if words[1:2] == ["="] else None
        if at is not None:
            event = self._table.by_name[words[at]]
            if words[0] != "child":
                self.calls.append(judge.Call(len(self._lines), event.name, expected))
            words[at] = str(event.number)
        elif words[0] != "let":
            raise ValueError(f"no such line: {text}")
        self._lines.append(" ".join(words))

    def text(self):
        """The whole script; nothing can be added afterwards."""
        self._sentinel()
        return "\n".join(self._lines) + "\n"

    def _sentinel(self):
        self.add(f"call close {SENTINEL}")


@dataclasses.dataclass(frozen=True)
class Script:
    name: str
    text: str
    judge: typing.Callable  # (what the calls returned, the events) -> judge.Verdict

    def file_name(self):
        return self.name.replace(" ", "-")


def every_call(table):
    """Makes every call of the table once, with arguments that do no harm (special.yaml)."""
    special = yaml.safe_load((HERE / "special.yaml").read_text())
    lines, instead = Lines(table), {}
    for number, event in sorted(table.by_number.items()):
        entry = special.pop(event.name, {})
        for line in entry.get("lines", [f"call {event.name} {ALL_REFUSED}"]):
            lines.add(line)
        if "instead" in entry:
            instead[event.name] = entry["instead"]
    if special:
        raise ValueError(f"special.yaml: no such call: {', '.join(special)}")
    return Script("every call", lines.text(), lambda results, events: judge.judge(
        lines.calls, instead, results, events, table))


def parameters(table, name, cases, folder):
    """Calls whose arguments are known, with what each event must say of its parameters
    (parameters.yaml). $D is the folder."""
    lines = Lines(table)
    for case in cases:
        text, expected = (case, None) if isinstance(case, str) else next(iter(case.items()))
        lines.add(text.replace("$D", folder),
                  expected and " ".join(expected.replace("$D", folder).split()))
    return Script(f"parameters of {name}", lines.text(), lambda results, events: judge.judge(
        lines.calls, {}, results, events, table))


def all_of(table, folder):
    groups = yaml.safe_load((HERE / "parameters.yaml").read_text())
    return [every_call(table),
            *(parameters(table, name, cases, folder) for name, cases in groups.items())]
