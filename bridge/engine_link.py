"""A process's line to whichever engine plays: JSON messages, and none of them ever holds anybody up."""

from __future__ import annotations

import json
import queue
from typing import TYPE_CHECKING, cast

from bridge.errors import PeerGone
from bridge.worker import Connection, connect, pause, start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

AGAIN = 0.05
"""Seconds between two knocks at a door that does not answer."""

Said = dict[str, object]


class EngineLink:
    """Comes in at the engine's door as a prompt does, and comes back to the next engine by itself.

    Args:
        where: The door.
        key: The session's key.
        on_open: Called when an engine is there.
        on_message: Called with what it says; both in a thread of ours.
        on_gone: Called when it is gone.
    """

    def __init__(
        self,
        where: str,
        key: bytes,
        on_open: Callable[[], object],
        on_message: Callable[[Said], object],
        on_gone: Callable[[], object],
    ) -> None:
        self._where = where
        self._key = key
        self._on_open = on_open
        self._on_message = on_message
        self._on_gone = on_gone
        self._connection: Connection | None = None
        self._outbox: queue.SimpleQueue[tuple[Connection, Said]] = queue.SimpleQueue()
        start_thread("engine in", self._read)
        start_thread("engine out", self._write)

    @property
    def open(self) -> bool:
        """Whether an engine is there."""
        return self._connection is not None

    @property
    def waiting(self) -> int:
        """How many messages wait for an engine that does not read."""
        return self._outbox.qsize()

    def send(self, message: Said) -> bool:
        """Send a message soon; False if there is no engine."""
        connection = self._connection
        if connection is None:
            return False
        self._outbox.put((connection, message))
        return True

    def _write(self) -> None:
        while True:
            connection, message = self._outbox.get()
            if connection is self._connection:
                try:
                    connection.send_json(b"J", message)
                except PeerGone:
                    connection.close()

    def _read(self) -> None:
        while True:
            try:
                connection = connect(self._where, self._key, patience=0.5)
            except PeerGone:
                pause(AGAIN)
                continue
            self._connection = connection
            self._on_open()
            try:
                while True:
                    message: object = json.loads(connection.receive()[1])
                    if isinstance(message, dict):
                        self._on_message(cast("Said", message))
            except (PeerGone, ValueError):
                pass
            self._connection = None
            connection.close()
            self._on_gone()
