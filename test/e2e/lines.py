# SPDX-License-Identifier: Apache-2.0
"""The lines of a pipe, read as they come, so that its writer never waits for us."""

import re
import threading
import time


class Lines:
    """Lines are kept for good and known by their index. Any thread may call."""

    def __init__(self, pipe):
        self._pipe = pipe
        self._lines = []
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self._pipe:
            with self._changed:
                self._lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for(self, pattern, seconds, begin=0):
        """Index of the first line, from that of index `begin` on, in which the pattern is found.
        TimeoutError if none comes in time, EOFError if none can come any more."""
        deadline = time.monotonic() + seconds
        seen = begin
        with self._changed:
            while True:
                for index in range(seen, len(self._lines)):
                    if re.search(pattern, self._lines[index]):
                        return index
                seen = len(self._lines)
                if self._ended:
                    raise EOFError(f"ended without '{pattern}'")
                if not self._changed.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"has no '{pattern}' after {seconds} s")

    def wait_for_end(self, seconds):
        self._thread.join(seconds)

    def slice(self, begin=None, end=None):
        with self._changed:
            return self._lines[begin:end]
