"""The line from the process in which MIDI comes in to one that sounds notes: past the engine."""

from __future__ import annotations

import json
import queue
from typing import TYPE_CHECKING

from bridge.errors import PeerGone
from bridge.event import BY_HAND, encode_events
from bridge.worker import Connection, connect, pause, start_thread

if TYPE_CHECKING:
    from bridge.event import SinkEvent

AGAIN = 0.1
"""Seconds between two knocks at a door that does not answer."""


class KeyboardLine:
    """Comes in at a sending process's door, again whenever that comes back; sending waits for nobody.

    Args:
        where: The door.
        key: The session's key.
    """

    def __init__(self, where: str, key: bytes) -> None:
        self._where = where
        self._key = key
        self._table: dict[str, dict[str, object]] = {}
        self._outbox: queue.SimpleQueue[tuple[Connection, bytes, bytes]] = queue.SimpleQueue()
        self._connection: Connection | None = None
        start_thread("keys in", self._read)
        start_thread("keys out", self._write)

    def learn(self, route: int, place: dict[str, object]) -> None:
        """Tell the process of a route, so that it gets ready what is played there."""
        if self._table.get(str(route)) != place:
            self._table = {**self._table, str(route): place}
            self._put(b"R", json.dumps(self._table).encode())

    def send(self, events: list[SinkEvent]) -> None:
        """Send notes; while there is no such process they are lost."""
        self._put(b"E", encode_events(events))

    def _put(self, kind: bytes, body: bytes) -> None:
        connection = self._connection
        if connection is not None:
            self._outbox.put((connection, kind, body))

    def _write(self) -> None:
        while True:
            connection, kind, body = self._outbox.get()
            if connection is self._connection:
                try:
                    connection.send(kind, body)
                except PeerGone:
                    connection.close()

    def _read(self) -> None:
        while True:
            try:
                connection = connect(self._where, self._key, patience=0.5)
            except PeerGone:
                pause(AGAIN)
                continue
            try:
                connection.send_json(b"K", {})
                self._connection = connection
                self._put(b"R", json.dumps(self._table).encode())
                self._put(b"L", json.dumps({str(BY_HAND): "keyboard"}).encode())
                while True:
                    connection.receive()
            except PeerGone:
                self._connection = None
                connection.close()
