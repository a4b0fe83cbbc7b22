# SPDX-License-Identifier: Apache-2.0
"""Compares the events that a sensor reported with the calls that were made."""

import dataclasses
import re

import table as tables

EBADF, EINTR = 9, 4
# What a call that a signal interrupted has returned before the kernel decides whether it is done
# again (include/linux/errno.h): ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK.
RESTARTS = (-512, -513, -514, -516)


@dataclasses.dataclass(frozen=True)
class Call:
    """A line of a script, and what its event must look like."""
    line: int  # in the script
    name: str  # of the event
    expected: str | None = None  # the text of evt.args; None: its names alone


@dataclasses.dataclass(frozen=True)
class Seen:
    """One alert of the rule."""
    type: str
    result: int | None
    thread: int
    args: str


def seen(alerts):
    """The events in the order of the alerts, which are maps as the sensor prints them."""
    for alert in alerts:
        if alert.get("rule") == tables.RULE:
            fields = alert["output_fields"]
            yield Seen(fields["evt.type"], fields["evt.rawres"], fields["thread.tid"],
                       fields["evt.args"] or "")


def made(text):
    """{line: result} from what the program printed."""
    pairs = (line.split() for line in text.splitlines())
    return {int(line): int(result) for line, result in pairs}


def is_sentinel(event):
    return event.type == "close" and event.result in (-EBADF, None)


def names_of(args):
    return re.findall(r"(?:^| )([a-z_0-9]+)=", args)


def pattern_of(expected):
    """A regular expression for a text in which * stands for whatever has no blank."""
    return r"\S*".join(re.escape(part) for part in expected.split("*"))


def wrong_of(call, params, result, event):
    """What is wrong with an event, or an empty text."""
    if event.type != call.name:
        return f"reported as {event.type}"
    if event.result != result and not (result == -EINTR and event.result in RESTARTS):
        return f"returned {result}, reported {event.result}"
    if call.expected is not None:
        if not re.fullmatch(pattern_of(call.expected), event.args, re.DOTALL):
            return f"is      {event.args}\nand not {call.expected}"
    elif names_of(event.args) != list(params):
        return f"parameters {' '.join(params)}, reported {event.args}"
    return ""


@dataclasses.dataclass
class Verdict:
    wrong: list  # (name of the call, what is wrong)
    calls: int  # that were made
    events: int  # that came of them

    def summary(self):
        return f"{len(self.wrong)} calls are wrong, {self.events} events of {self.calls} calls came"

    def reasons(self):
        """What is wrong, a line each."""
        lines = [f"{name}: {line}" for name, why in self.wrong for line in why.splitlines()]
        if self.events != self.calls:
            lines.append(f"{self.events} events of {self.calls} calls came")
        return lines


def between_sentinels(events):
    """What the thread that made the first call did until it made the last one."""
    first = next((event for event in events if is_sentinel(event)), None)
    own = [event for event in events if first and event.thread == first.thread]
    ends = [index for index, event in enumerate(own) if is_sentinel(event)]
    return own[ends[0]:ends[-1] + 1] if len(ends) > 1 else []


def wrong_of_others(instead, events):
    """[(call, what is wrong)] for those that cannot have an event of their own."""
    return [(name, f"no {wanted['type']} with {wanted['says']}")
            for name, wanted in instead.items() if "type" in wanted and not any(
                event.type == wanted["type"] and wanted["says"] in event.args.split(" ")
                for event in events)]


def judge(calls, instead, results, events, table):
    """The verdict on the calls of one script; `instead` is what must be seen besides (special.yaml)."""
    found = between_sentinels(events)
    wrong = wrong_of_others(instead, events)
    for call, event in zip(calls, found):
        params = table.by_name[call.name].params
        reason = wrong_of(call, params, results.get(call.line), event)
        if reason:
            wrong.append((call.name, reason))
            if event.type != call.name:
                break  # one is missing: those that follow are not the ones of their lines
    return Verdict(wrong, len(calls), len(found))
