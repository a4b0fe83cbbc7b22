# SPDX-License-Identifier: Apache-2.0
"""The scripts that the program `calls` runs, and what its events must look like."""

import pathlib
import re

import yaml

import judge

HERE = pathlib.Path(__file__).resolve().parent
# Where a guest of the kernel matrix has the program and its scripts, and where these may write.
GUEST, GUEST_WORK = "/completeness", "/run/completeness"
# A call that fails with this descriptor begins and ends what is judged.
SENTINEL = -23115
# x86-64 counts to less, and begins again at 512 with what is for x32 alone.
NUMBERS = 512
ALL_REFUSED = " ".join(["-1"] * 6)


class Script:
    """Lines as calls.c has them, but for the calls: here they have names."""

    def __init__(self, name, table):
        self.name = name
        self._table = table
        self._calls = []
        # What must be seen of calls that have no event of their own: `instead` in special.yaml.
        self.instead = {}
        self._unknown = {}  # by line
        self._lines = []
        self._sentinel()

    def add(self, text, expected=None):
        """A line: `call close 3`, `fd = openat -100 s:x 0`. `expected` is what the event of a call
        must say (parameters.calls)."""
        words = text.split()
        at = 1 if words[0] in ("call", "must", "child") else 2 if words[1:2] == ["="] else None
        if at is not None:
            event = self._table.by_name[words[at]]
            if words[0] != "child":
                self._calls.append(judge.Call(len(self._lines), event, expected))
            words[at] = str(event.number)
        elif words[0] != "let":
            raise ValueError(f"no such line: {text}")
        self._lines.append(" ".join(words))

    def add_unknown(self, number):
        """A call that the table does not have: nor may the kernel."""
        self._unknown[len(self._lines)] = number
        self._lines.append(f"call {number} {ALL_REFUSED}")

    def _sentinel(self):
        self.add(f"call close {SENTINEL}")

    def end(self):
        """Nothing can be added afterwards."""
        self._sentinel()
        return self

    def text(self):
        return "\n".join(self._lines) + "\n"

    def file_name(self):
        return self.name.replace(" ", "-")

    def judge(self, results, events, place=0):
        """The verdict, from what the calls returned and the events of this and other scripts that
        ran one after the other: this one at that place."""
        # Other events of the thread, such as a signal that it gets, stand between those of calls.
        calls = [event for event in events if self._table.by_name[event.type].number is not None]
        found = judge.between_sentinels(calls, place)
        verdict = judge.compare(self._calls, results, found)
        verdict.wrong += judge.wrong_of_others(self.instead, events)
        verdict.wrong += [(f"number {number}", "the kernel has it, and the table has not")
                          for line, number in self._unknown.items()
                          if results.get(line) != -judge.ENOSYS]
        return verdict


def every_call(table):
    """Makes every call of the table once, with arguments that do no harm (special.yaml)."""
    special = yaml.safe_load((HERE / "special.yaml").read_text())
    script = Script("every call", table)
    for number, event in sorted(table.by_number.items()):
        entry = special.pop(event.name, {})
        for line in entry.get("lines", [f"call {event.name} {ALL_REFUSED}"]):
            script.add(line)
        if "instead" in entry:
            script.instead[event.name] = entry["instead"]
    for number in sorted(set(range(NUMBERS)) - set(table.by_number)):
        script.add_unknown(number)
    if special:
        raise ValueError(f"special.yaml: no such call: {', '.join(special)}")
    return script.end()


def groups_of(text):
    """{name: [[line, expected text or None]]} of a file like parameters.calls."""
    groups, lines = {}, []
    for line in text.splitlines():
        if line.startswith("["):
            lines = groups.setdefault(line.strip("[]"), [])
        elif line.startswith(" "):
            lines[-1][1] = " ".join(((lines[-1][1] or "") + line).split())
        elif line and not line.startswith("#"):
            lines.append([line, None])
    return groups


def groups():
    """Those of all such files."""
    found = {}
    for file in sorted(HERE.glob("parameters*.calls")):
        for name, lines in groups_of(file.read_text()).items():
            if name in found:
                raise ValueError(f"{file}: there is a group [{name}] already")
            found[name] = lines
    return found


def words_of(folder, number):
    """What the words of parameters.calls stand for. Runs at one time on one machine have different
    numbers, and so different addresses."""
    address = bytes((127, 66, number >> 8 & 0xff, number & 0x7f | 1))
    return {"$D": folder, "$A": ".".join(map(str, address)),
            "$N": str(int.from_bytes(address, "little"))}


def fill(text, words):
    return re.sub(r"\$[A-Z]", lambda found: words[found[0]], text)


def parameters(name, table, lines, words):
    """Calls whose arguments are known, with what each event must say of its parameters."""
    script = Script(f"parameters of {name}", table)
    for line, expected in lines:
        script.add(fill(line, words), expected and fill(expected, words))
    return script.end()


def not_compared(table):
    """The calls with parameters whose arguments are known in no script."""
    compared = {line.split()[2 if " = " in line else 1]
                for lines in groups().values() for line, expected in lines if expected}
    return [event.name for event in table.by_number.values()
            if event.params and event.name not in compared]


def all_of(table, folder, number=1):
    return [every_call(table), *(parameters(name, table, lines, words_of(folder, number))
                                 for name, lines in groups().items())]
