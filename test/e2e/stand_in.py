#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the sensor, for the tests of the runner: takes the sensor's command line, and raises
an alert for each file that is created under a name that begins as the runner's do.

`-o stand_in=FAULT` makes it do one thing wrong: mute (never ready), crash, ledger, summary.
"""

import ctypes
import json
import os
import signal
import struct
import sys

import sensor

IN_CREATE = 0x100  # linux/inotify.h
HEADER = struct.Struct("iIII")  # struct inotify_event


def created():
    """Paths of files as they are created in the runner's folders; waits between them."""
    libc = ctypes.CDLL(None)
    fd = libc.inotify_init()
    sensor.MARKER_FOLDER.mkdir(mode=0o700, exist_ok=True)
    folders = {libc.inotify_add_watch(fd, os.fsencode(folder), IN_CREATE): folder
               for folder in ("/tmp", str(sensor.MARKER_FOLDER))}
    yield None  # watching
    while True:
        data = os.read(fd, 65536)
        while data:
            watch, _, _, length = HEADER.unpack_from(data)
            name = data[HEADER.size:HEADER.size + length].rstrip(b"\0").decode()
            yield f"{folders[watch]}/{name}"
            data = data[HEADER.size + length:]


def alert(name):
    return json.dumps({"rule": "File created", "priority": "Notice", "output": f"created {name}",
                       "output_fields": {"fd.name": name, "proc.tty": 0}})


def main():
    fault = "".join(word.removeprefix("stand_in=") for word in sys.argv if "stand_in=" in word)
    count = 0

    def end(*_):
        produced = count + 1 if fault == "ledger" else count
        print(f"Events detected: {count + 1 if fault == 'summary' else count}", flush=True)
        print(f"events: produced {produced}, consumed {count}, lost 0", file=sys.stderr, flush=True)
        os._exit(0)

    signal.signal(signal.SIGINT, end)
    names = created()
    next(names)
    if fault == "mute":
        sys.exit(1)
    print("watching 3 system calls", file=sys.stderr, flush=True)
    for name in names:
        if fault == "crash" and "crash" in name:
            os._exit(1)
        if name.startswith("/tmp/saker-e2e-"):
            count += 1
            print(alert(name), flush=True)


if __name__ == "__main__":
    main()
