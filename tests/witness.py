"""A process that sleeps in short turns and says when it was not woken: then the machine stood still."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time

TURN = 0.005
LATE = 0.015
"""Seconds between two turns that count as a machine that stood still; undisturbed they are 6 ms apart."""


class Witness:
    """Says whether the machine stood still, at the priority of an ordinary process.

    Its own process: in ours it would wait for the tests' computing.
    """

    def __init__(self) -> None:
        self._stood: list[tuple[float, float]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-S", __file__], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        threading.Thread(target=self._read, name="witness", daemon=True).start()

    def _read(self) -> None:
        # Closed while it is read: the run is over.
        with contextlib.suppress(ValueError):
            for line in self._process.stdout or ():
                begin, end = map(float, line.split())
                self._stood.append((begin, end))

    def stood(self, begin: float) -> list[tuple[float, float]]:
        """The stretches in which the machine stood still since a moment of `time.monotonic`."""
        return [stretch for stretch in self._stood if stretch[1] >= begin]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def _watch() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    parent, last = os.getppid(), time.monotonic()
    while os.getppid() == parent:
        time.sleep(TURN)  # noqa: TID251 - measures how late a sleep ends, in a process of its own
        now = time.monotonic()
        if now - last > LATE:
            sys.stdout.write(f"{last} {now}\n")
            sys.stdout.flush()
        last = now


if __name__ == "__main__":
    _watch()
