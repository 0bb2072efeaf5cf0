"""The engine's understudy, seen from the engine: who rehearses for it and knows all that was accepted."""

from __future__ import annotations

import json
import queue
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from bridge.clock import monotonic
from bridge.errors import BridgeError, PeerGone
from bridge.worker import Connection, connect, start_thread
from repl.report import block, place_in_dump

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from repl.commits import Commit

LOAD_LIMIT = 1.5
"""Seconds in which a piece must have run; a loop in Python is then interrupted, with its line."""
TYPED_LIMIT = 8.0
"""Seconds that the understudy computes for what was typed; at the prompt itself that may take any time."""
ANSWER_LIMIT = 2.5
"""Seconds in which the understudy must have answered; else it hangs in C and is replaced."""
ARRIVAL_LIMIT = 10.0
"""Seconds for which a rehearsal waits for an understudy to be there."""
STUCK_LIMIT = 5 * TYPED_LIMIT + 5.0
"""Seconds for which it may be at one thing that was accepted; waiting is cut off before, so it hangs in C."""
LOADED, NEAR = "loaded", "near"
"""What the understudy says on its way: it has run the piece, and tried the cycle that comes next."""
LOOK = 0.5
"""Seconds between two looks at how far it is."""
LONG = 2.0
"""Seconds after which the musician is told what a rehearsal waits for."""


@dataclass(eq=False, slots=True)
class _Met:
    """An understudy that we are connected to, and how much of what runs a musician's code it has done."""

    connection: Connection
    pid: int
    asked: int = 0
    reached: int = 0

    def send(self, message: dict[str, object]) -> bool:
        """Whether it could be sent."""
        try:
            self.connection.send_json(b"J", message)
        except PeerGone:
            return False
        return True

    def commit(self, commit: Commit) -> None:
        """Hand over an accepted change, and have it say when it has followed."""
        if self.send({"op": "commit", "commit": commit}) and commit["kind"] in {"file", "typed"}:
            self.asked += 1
            self.send({"op": "mark", "number": self.asked})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rehearsal.

    Args:
        error: What is to be shown; None when all is well.
        modules: The texts of the musician's own modules that the piece has imported, by file name; None if
            nobody can say.
        sought: The files in which it looked for modules in vain.
    """

    error: str | None = None
    modules: Mapping[str, str] | None = None
    sought: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A piece to be tried.

    Args:
        file: Its name.
        source: Its text.
        cycle: The cycle that passes.
        cps: Cycles per second.
        seed: The piece's seed.
        done: Called with what came of it.
        unsaved: Texts of modules that stand in for what is on the disk.
        passed: Told on the way what went well, `LOADED` and `NEAR`, with the texts of the musician's modules.
    """

    file: str
    source: str
    cycle: float
    cps: float
    seed: int
    done: Callable[[Outcome], None]
    unsaved: Mapping[str, str] = field(default_factory=dict[str, str])
    passed: Callable[[str, Mapping[str, str]], object] = lambda _stage, _modules: None


class Partner:
    """Keeps a connection to the current understudy.

    Args:
        key: The session's key.
        history: Gives the commits that a new understudy needs.
        replace: Asks the supervisor for another understudy.
        dump: Where a process writes its stack when it crashes or hangs.
        say: Shows a text to the musician.
    """

    def __init__(
        self,
        key: bytes,
        history: Callable[[], list[Commit]],
        replace: Callable[[], None],
        dump: Callable[[int], Path],
        say: Callable[[str], object] = bool,
    ) -> None:
        self._key = key
        self._history = history
        self._replace = replace
        self._dump = dump
        self._say = say
        self._met: _Met | None = None
        self._jobs: queue.SimpleQueue[Rehearsal] = queue.SimpleQueue()
        self._replies: queue.Queue[dict[str, object] | None] = queue.Queue()
        self._arrivals: queue.Queue[None] = queue.Queue()
        start_thread("rehearsals", self._run)

    def meet(self, where: str, pid: int) -> None:
        """Connect to a new understudy and tell it everything; called in the engine's main thread."""
        try:
            met = _Met(connect(where, self._key, patience=1.0), pid)
        except BridgeError:
            return
        for commit in self._history():
            met.commit(commit)
        self._met = met
        start_thread("understudy", lambda: self._listen(met))
        self._arrivals.put(None)

    def commit(self, commit: Commit) -> None:
        """Hand over an accepted change; called in the engine's main thread."""
        if self._met is not None:
            self._met.commit(commit)

    def rehearse(self, rehearsal: Rehearsal) -> None:
        """Have a piece tried; its `done` is called in a thread of ours."""
        self._jobs.put(rehearsal)

    def _listen(self, met: _Met) -> None:
        try:
            while True:
                message = cast("dict[str, object]", json.loads(met.connection.receive()[1]))
                if message["op"] == "mark":
                    met.reached = cast("int", message["number"])
                    self._arrivals.put(None)
                else:
                    self._replies.put(message)
        except PeerGone:
            if self._met is met:
                self._met = None
                self._replies.put(None)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            job.done(self._try(job))

    def _try(self, job: Rehearsal) -> Outcome:
        met = self._present(job.file)
        if met is None:
            return Outcome(f"{job.file}: nobody is there to rehearse it; save it again in a moment")
        while not self._replies.empty():
            self._replies.get_nowait()
        request: dict[str, object] = {
            "op": "rehearse",
            "file": job.file,
            "source": job.source,
            "cycle": job.cycle,
            "cps": job.cps,
            "seed": job.seed,
            "unsaved": dict(job.unsaved),
        }
        if not met.send(request):
            return self._died(job, met.pid)
        try:
            reply = self._answer(job)
        except queue.Empty:
            self._met = None
            self._replace()
            return self._failed(
                job, met.pid, f"it does not come to an end (given up after {ANSWER_LIMIT:g} s)"
            )
        if reply is None:
            return self._died(job, met.pid)
        return Outcome(
            cast("str | None", reply.get("error")),
            cast("dict[str, str]", reply.get("modules", {})),
            cast("list[str]", reply.get("sought", [])),
        )

    def _answer(self, job: Rehearsal) -> dict[str, object] | None:
        """What came of it; None if the understudy died.

        Raises:
            queue.Empty: It has not come in time.
        """
        until = monotonic() + ANSWER_LIMIT
        while True:
            reply = self._replies.get(timeout=max(0.0, until - monotonic()))
            if reply is None or reply["op"] not in {LOADED, NEAR}:
                return reply
            job.passed(str(reply["op"]), cast("dict[str, str]", reply["modules"]))

    def _present(self, file: str) -> _Met | None:
        """Wait until an understudy is there that knows all that was accepted before."""
        begun = monotonic()
        met: _Met | None = None
        asked = looks = 0
        told = False
        while True:
            if self._met is not met:
                met, looks = self._met, 0
                asked = 0 if met is None else met.asked
            if met is not None and met.reached >= asked:
                return met
            try:
                self._arrivals.get(timeout=LOOK)
                looks = 0
            except queue.Empty:
                looks += 1  # not by the clock: we may have been suspended ourselves
            if met is None and looks * LOOK >= ARRIVAL_LIMIT:
                return None
            if met is not None and looks * LOOK >= STUCK_LIMIT:
                self._met = None
                self._replace()
                return None
            if met is not None and not told and monotonic() - begun > LONG:
                told = True
                self._say(f"{file}: the understudy is catching up with what was typed; it is tried then")

    def _died(self, job: Rehearsal, pid: int) -> Outcome:
        return self._failed(job, pid, "it ends the process that runs it")

    def _failed(self, job: Rehearsal, pid: int, what: str) -> Outcome:
        """The block for a piece that took its process down: the stack that was dumped knows the line."""
        path = self._dump(pid)
        dump = path.read_text(errors="replace") if path.exists() else ""
        place = place_in_dump(dump, job.file)
        message = f"{what}; nothing was changed, what played plays on"
        if place is None:
            return Outcome(f"{job.file}: {message}")
        return Outcome(block(message, place, job.source))
