"""Starts `transport.py`, and reads what it says."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.worker import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 10.0


class Conductor:
    """Another program that moves JACK's transport."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("transport.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        start_thread("conductor", self._read)
        self.wait(lambda: ["ready"] in self.rows)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._news:
                    self.rows.append(json.loads(line))
                    self._news.notify_all()

    def wait(self, test: Callable[[], bool]) -> None:
        """Wait until it has said something."""
        with self._news:
            assert self._news.wait_for(test, PATIENCE), self.rows

    def do(self, line: str) -> None:
        """Tell it what to do."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def moved(self, count: int) -> list[Any]:
        """The n-th start, stop or jump: whether it rolls, the server's frame, the transport's frame."""
        self.wait(lambda: len(self._moves()) >= count)
        return self._moves()[count - 1]

    def query(self) -> list[Any]:
        """What the transport says now: whether it rolls, frame, bpm, bar, beat, tick."""
        before = len(self._answers())
        self.do("query")
        self.wait(lambda: len(self._answers()) > before)
        return self._answers()[-1][1:]

    def _moves(self) -> list[list[Any]]:
        return [row for row in self.rows if isinstance(row[0], bool)]

    def _answers(self) -> list[list[Any]]:
        return [row for row in self.rows if row[0] == "query"]

    def leave(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
