"""The prompt without a terminal: statements from a pipe, answers as plain lines, so that scripts can play."""

from __future__ import annotations

import contextlib
import queue
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from bridge.clock import monotonic
from bridge.worker import start_thread
from repl.conversation import PANIC
from repl.statement import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from repl.conversation import Conversation

TURN = 0.25
"""Seconds after which the conversation's time passes though nothing happens."""
LEAVE = 5.0
"""Seconds that the session has for ending after it was asked to."""


class Plain:
    """One thread reads lines, the calling one does everything else, in turn.

    Args:
        source: Where statements come from.
        sink: Where answers go.
        ours: Whether the session ends with the input; one that played before plays on.
    """

    def __init__(self, source: TextIO, sink: TextIO, *, ours: bool = True) -> None:
        self._ours = ours
        self._source = source
        self._sink = sink
        self._events: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._typed: deque[str] = deque()
        self._no_more = False

    def post(self, event: Callable[[], object]) -> None:
        """Have something done in the thread that runs; from any thread."""
        self._events.put(event)

    def show(self, text: str, tone: str) -> None:
        """Print a text; a pipe has no colours."""
        self._sink.write(f"{text}\n")
        self._sink.flush()

    def changed(self) -> None:
        """Nothing is drawn here."""

    def run(self, conversation: Conversation) -> int:
        """Evaluate statement after statement until the input or the session ends; returns the exit code."""
        start_thread("input", self._read)
        deadline: float | None = None
        while conversation.exit_code is None:
            if conversation.leaving:
                deadline = deadline or monotonic() + LEAVE
                if monotonic() > deadline:
                    return 0
            try:
                self._turn(conversation)
            except KeyboardInterrupt:
                if conversation.waiting:
                    conversation.interrupt()
                else:
                    conversation.stop()
        return conversation.exit_code

    def _turn(self, conversation: Conversation) -> None:
        """Do one thing: the next statement if the last is answered, or else the next event."""
        free = not conversation.waiting and not conversation.leaving
        # Panic never waits for an answer: it is typed when something does not answer.
        if self._typed and (free or self._typed[0].strip() in PANIC):
            conversation.enter(self._typed.popleft())
        elif free and self._no_more and self._ours:
            conversation.stop()
        elif free and self._no_more:
            conversation.detach()
        else:
            with contextlib.suppress(queue.Empty):
                self._events.get(timeout=TURN)()
            conversation.tick()

    def _read(self) -> None:
        for statement in statements(self._source):
            self.post(partial(self._typed.append, statement))
        self.post(self._end)

    def _end(self) -> None:
        self._no_more = True
