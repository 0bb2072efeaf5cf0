"""One thread that waits for many sockets, and for other threads."""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections import deque
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Hub:
    """Calls back when something can be read or written; other threads hand in work by `post`."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._inbox: deque[Callable[[], object]] = deque()
        # A pair of sockets, not a pipe: Windows waits for sockets only.
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)
        self.add(self._bell, READ, self._rung)

    def add(self, one: socket.socket, events: int, call: Callable[[int], None]) -> None:
        """Watch a socket; `call` gets what can be done: `READ`, `WRITE` or both."""
        self._selector.register(one, events, call)

    def change(self, one: socket.socket, events: int) -> None:
        """Watch for something else."""
        key = self._selector.get_key(one)
        if key.events != events:
            self._selector.modify(one, events, key.data)

    def remove(self, one: socket.socket) -> None:
        """Watch a socket no longer."""
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(one)

    def post(self, work: Callable[[], object]) -> None:
        """Have something done soon; from any thread."""
        self._inbox.append(work)
        with contextlib.suppress(OSError):
            self._rope.send(b"!")

    def turn(self, wait: float) -> None:
        """Wait up to so many seconds for anything, and see to it."""
        for key, events in self._selector.select(max(0.0, wait)):
            cast("Callable[[int], None]", key.data)(events)
        for _ in range(len(self._inbox)):
            self._inbox.popleft()()

    def close(self) -> None:
        """Let go of everything."""
        self._selector.close()
        self._bell.close()
        self._rope.close()

    def _rung(self, _events: int) -> None:
        with contextlib.suppress(OSError):
            while self._bell.recv(1024):
                pass
