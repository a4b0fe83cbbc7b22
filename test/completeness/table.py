# SPDX-License-Identifier: Apache-2.0
"""The table of events as the binary prints it, and the rule that catches all of them."""

import dataclasses
import json
import subprocess

PROGRAM = "calls"
RULE = "Completeness"


@dataclasses.dataclass(frozen=True)
class Event:
    name: str
    number: int | None  # of the system call; None for what is no call
    params: tuple  # their names


class Table:
    def __init__(self, binary):
        listing = subprocess.run([str(binary), "list", "events", "--format", "json"],
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 check=True)
        self.events = [
            Event(entry["name"], entry.get("number"),
                  tuple(param["name"] for param in entry["params"]))
            for entry in json.loads(listing.stdout)["events"] if entry["reported"]]
        self.by_number = {event.number: event for event in self.events
                          if event.number is not None}
        self.by_name = {event.name: event for event in self.events}

    def rules(self, program):
        """A rules file: whatever the program of that path does is an alert. Every type is named,
        since a rule that names none is not given all of them."""
        names = ", ".join(event.name for event in self.events)
        return (f"- rule: {RULE}\n"
                f"  desc: Every event of the program that makes all calls.\n"
                f"  condition: evt.type in ({names}) and proc.exepath = {program}\n"
                f"  output: called | type=%evt.type result=%evt.rawres tid=%thread.tid"
                f" abi=%evt.abi args=%evt.args\n"
                f"  priority: NOTICE\n")
