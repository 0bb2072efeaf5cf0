"""The engine's understudy, seen from the engine: who rehearses for it and knows all that was accepted."""

from __future__ import annotations

import json
import queue
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bridge.errors import BridgeError, PeerGone
from bridge.worker import Connection, connect, start_thread
from repl.report import block, place_in_dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repl.commits import Commit

LOAD_LIMIT = 1.5
"""Seconds in which a piece must have run; a loop in Python is then interrupted, with its line."""
ANSWER_LIMIT = 2.5
"""Seconds in which the understudy must have answered; else it hangs in C and is replaced."""
ARRIVAL_LIMIT = 10.0
"""Seconds for which a rehearsal waits for an understudy to be there."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A piece to be tried.

    Args:
        file: Its name.
        source: Its text.
        cycle: The cycle that passes.
        cps: Cycles per second.
        seed: The piece's seed.
        done: Called with the error to show, or None when all is well.
    """

    file: str
    source: str
    cycle: float
    cps: float
    seed: int
    done: Callable[[str | None], None]


class Partner:
    """Keeps a connection to the current understudy.

    Args:
        key: The session's key.
        history: Gives the commits that a new understudy needs.
        replace: Asks the supervisor for another understudy.
        dump: Where a process writes its stack when it crashes or hangs.
    """

    def __init__(
        self,
        key: bytes,
        history: Callable[[], list[Commit]],
        replace: Callable[[], None],
        dump: Callable[[int], Path],
    ) -> None:
        self._key = key
        self._history = history
        self._replace = replace
        self._dump = dump
        self._pid = 0
        self._connection: Connection | None = None
        self._jobs: queue.SimpleQueue[Rehearsal] = queue.SimpleQueue()
        self._replies: queue.Queue[dict[str, object] | None] = queue.Queue()
        self._arrivals: queue.Queue[None] = queue.Queue()
        start_thread("rehearsals", self._run)

    def meet(self, where: str, pid: int) -> None:
        """Connect to a new understudy and tell it everything; called in the engine's main thread."""
        try:
            connection = connect(where, self._key, patience=1.0)
            for commit in self._history():
                connection.send_json(b"J", {"op": "commit", "commit": commit})
        except BridgeError:
            return
        self._pid = pid
        self._connection = connection
        start_thread("understudy", lambda: self._listen(connection))
        self._arrivals.put(None)

    def commit(self, commit: Commit) -> None:
        """Hand over an accepted change; called in the engine's main thread."""
        self._send({"op": "commit", "commit": commit})

    def rehearse(self, rehearsal: Rehearsal) -> None:
        """Have a piece tried; its `done` is called in a thread of ours."""
        self._jobs.put(rehearsal)

    def _send(self, message: dict[str, object]) -> bool:
        connection = self._connection
        if connection is None:
            return False
        try:
            connection.send_json(b"J", message)
        except PeerGone:
            return False
        return True

    def _listen(self, connection: Connection) -> None:
        try:
            while True:
                self._replies.put(cast("dict[str, object]", json.loads(connection.receive()[1])))
        except PeerGone:
            if self._connection is connection:
                self._connection = None
                self._replies.put(None)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            job.done(self._try(job))

    def _try(self, job: Rehearsal) -> str | None:
        if not self._present():
            return f"{job.file}: nobody is there to rehearse it; save it again in a moment"
        while not self._replies.empty():
            self._replies.get_nowait()
        pid = self._pid
        request: dict[str, object] = {
            "op": "rehearse",
            "file": job.file,
            "source": job.source,
            "cycle": job.cycle,
            "cps": job.cps,
            "seed": job.seed,
        }
        if not self._send(request):
            return self._died(job, pid)
        try:
            reply = self._replies.get(timeout=ANSWER_LIMIT)
        except queue.Empty:
            self._connection = None
            self._replace()
            return self._failed(job, pid, f"it does not come to an end (given up after {ANSWER_LIMIT:g} s)")
        if reply is None:
            return self._died(job, pid)
        error = reply.get("error")
        return str(error) if error is not None else None

    def _present(self) -> bool:
        while self._connection is None:
            try:
                self._arrivals.get(timeout=ARRIVAL_LIMIT)
            except queue.Empty:
                return False
        return True

    def _died(self, job: Rehearsal, pid: int) -> str:
        return self._failed(job, pid, "it ends the process that runs it")

    def _failed(self, job: Rehearsal, pid: int, what: str) -> str:
        """The block for a piece that took its process down: the stack that was dumped knows the line."""
        path = self._dump(pid)
        dump = path.read_text(errors="replace") if path.exists() else ""
        place = place_in_dump(dump, job.file)
        message = f"{what}; nothing was changed, what played plays on"
        if place is None:
            return f"{job.file}: {message}"
        return block(message, place, job.source)
