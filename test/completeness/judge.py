# SPDX-License-Identifier: Apache-2.0
"""Compares the events that a sensor reported with the calls that were made."""

import dataclasses
import re

import table as tables

EINTR, EBADF, ENOSYS = 4, 9, 38
# What a call that a signal interrupted has returned before the kernel decides whether it is done
# again (include/linux/errno.h): ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK.
RESTARTS = (-512, -513, -514, -516)
# Calls that have an event for each thing that they did, which says what became of that.
EACH = ("sendmmsg", "recvmmsg", "io_submit")


@dataclasses.dataclass(frozen=True)
class Call:
    """A line of a script, and what its event must look like."""
    line: int  # in the script
    of: tables.Event
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


def made(lines):
    """{line: result} from what the program printed."""
    return {int(line): int(result) for line, result in (line.split() for line in lines)}


def is_sentinel(event):
    return event.type == "close" and event.result in (-EBADF, None)


def names_of(args):
    return re.findall(r"(?:^| )([a-z_0-9]+)=", args)


def pattern_of(expected):
    """A regular expression for a text in which * stands for whatever has no blank."""
    return r"\S*".join(re.escape(part) for part in expected.split("*"))


def may_differ(call, result, event):
    return (call.of.name in EACH and result > 0) or result == -EINTR and event.result in RESTARTS


def wrong_of(call, result, event):
    """What is wrong with an event, or an empty text."""
    if event.type != call.of.name:
        return f"reported as {event.type}"
    if event.result != result and not may_differ(call, result, event):
        return f"returned {result}, reported {event.result}"
    if call.expected is not None:
        if not re.fullmatch(pattern_of(call.expected), event.args, re.DOTALL):
            return f"is      {event.args}\nand not {call.expected}"
    elif names_of(event.args) != list(call.of.params):
        return f"parameters {' '.join(call.of.params)}, reported {event.args}"
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


def between_sentinels(events, place):
    """What a thread did from its first sentinel to its last one. Scripts run one after the other;
    the thread is that of the script at this place among those whose events these are."""
    threads = list(dict.fromkeys(event.thread for event in events if is_sentinel(event)))
    own = [event for event in events if threads[place:] and event.thread == threads[place]]
    ends = [index for index, event in enumerate(own) if is_sentinel(event)]
    return own[ends[0]:ends[-1] + 1] if len(ends) > 1 else []


def wrong_of_others(instead, events):
    """[(call, what is wrong)] for those that cannot have an event of their own."""
    return [(name, f"no {wanted['type']} with {wanted['says']}")
            for name, wanted in instead.items() if "type" in wanted and not any(
                event.type == wanted["type"] and wanted["says"] in event.args.split(" ")
                for event in events)]


def compare(calls, results, found):
    """The verdict on calls, by line what they returned, and the events that came of them."""
    wrong = []
    for call, event in zip(calls, found):
        reason = wrong_of(call, results.get(call.line), event)
        if reason:
            wrong.append((call.of.name, reason))
            if event.type != call.of.name:
                break  # one is missing: those that follow are not the ones of their lines
    return Verdict(wrong, len(calls), len(found))
