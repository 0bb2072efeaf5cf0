"""What prompts and editors ask of one engine: in turn, each its own, and each told what the others typed."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, cast

from repl.statement import placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from repl.clients import Client, Message

LONGEST = 2000
"""Characters of a statement that the others are shown."""
LONGEST_NAME = 40
LAST_LINE = 1_000_000
"""The highest number that a line may have: those before it are made anew, as empty ones."""
ASKS = ("eval", "interrupt")
"""What is ours of the messages of a client."""


class Jam:
    """Evaluates for everybody who is joined, one statement at a time.

    Args:
        answer: Runs a statement, of somebody, in the main thread; gives the answer and whether all went well.
        interrupt: Ends what is being run; called in any thread.
        later: Puts work off to the main thread.
        tell: Tells all clients, or all but one.
    """

    def __init__(
        self,
        answer: Callable[[str, str], tuple[str, bool]],
        interrupt: Callable[[], None],
        later: Callable[[Callable[[], object]], object],
        tell: Callable[[Message, Client], None],
    ) -> None:
        self._answer = answer
        self._interrupt = interrupt
        self._later = later
        self._tell = tell
        self._lock = threading.Lock()
        self._running: Client | None = None
        self._waiting: dict[Client, set[int]] = {}
        self._count = 0

    def hear(self, client: Client, message: Message) -> None:
        """Take a message that is one of `ASKS`; called in the client's thread."""
        if message.get("op") == "interrupt":
            self._stop(client)
            return
        with self._lock:
            self._count = number = self._count + 1
            self._waiting.setdefault(client, set()).add(number)
        self._later(partial(self._evaluate, client, number, message))

    def _stop(self, client: Client) -> None:
        """End what runs if it is this client's, or was of one that is gone; else let its own not begin."""
        with self._lock:
            running = self._running
            if running is client or (running is not None and running.gone):
                # Within the lock: in the next moment another one's may run.
                self._interrupt()
            else:
                self._waiting.pop(client, None)

    def _evaluate(self, client: Client, number: int, message: Message) -> None:
        text, ident = str(message.get("text", "")), message.get("id")
        with self._lock:
            waiting = self._waiting.get(client, set[int]())
            wanted = number in waiting
            waiting.discard(number)
            if not waiting:
                self._waiting.pop(client, None)
            self._running = client if wanted else None
        if not wanted:
            said = "interrupted before it began; another one's statement was being evaluated"
            client.send({"op": "result", "id": ident, "text": said, "ok": False})
            return
        try:
            answer, ok = self._answer(_placed(text, message), _name(message.get("who"), ""))
        finally:
            with self._lock:
                self._running = None
        client.send({"op": "result", "id": ident, "text": answer, "ok": ok})
        shown = text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
        self._tell({"op": "typed", "who": _name(message.get("who")), "text": shown, "ok": ok}, client)


def _placed(text: str, message: Message) -> str:
    """A statement with the place that an editor says it has."""
    file, line = message.get("file"), message.get("line")
    there = isinstance(file, str) and file.isprintable() and isinstance(line, int) and 0 < line <= LAST_LINE
    return placed(text, cast("str", file), cast("int", line)) if there else text


def _name(given: object, nobody: str = "somebody") -> str:
    """Who somebody says to be, fit to be shown.

    >>> _name("Ada"), _name(7), _name("a" + chr(27) + "b")
    ('Ada', 'somebody', 'ab')
    """
    kept = "".join(c for c in given if c.isprintable())[:LONGEST_NAME] if isinstance(given, str) else ""
    return kept.strip() or nobody
