"""The engine's door: prompts and editors of the same user come in here."""

from __future__ import annotations

import json
import queue
import threading
from typing import TYPE_CHECKING, cast

from bridge.errors import PeerGone
from bridge.worker import Connection, Door, start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

Message = dict[str, object]

BEHIND = 200
"""Messages that a client may be behind before it misses the next ones (a stopped terminal, say)."""


class Client:
    """One prompt or editor; what is sent to it never holds up the sender."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._outbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        start_thread("client out", self._write)

    def send(self, message: Message) -> None:
        """Send it soon, or drop it if the client has fallen far behind."""
        if self._outbox.qsize() < BEHIND:
            self._outbox.put(message)

    def _write(self) -> None:
        while True:
            try:
                self._connection.send_json(b"J", self._outbox.get())
            except PeerGone:
                return


class Clients:
    """All of them.

    Args:
        where: Address of the door.
        key: The session's key.
        on_message: Called with each message of a client, in the client's reading thread.
        welcome: Makes what a new client is told first.
    """

    def __init__(
        self,
        where: str,
        key: bytes,
        on_message: Callable[[Client, Message], None],
        welcome: Callable[[], list[Message]] = list,
    ) -> None:
        self._on_message = on_message
        self._welcome = welcome
        self._all: tuple[Client, ...] = ()
        self._lock = threading.Lock()
        self._door = Door(where, key, self._serve)

    def broadcast(self, message: Message, *, but: Client | None = None) -> None:
        """Tell every client, or all but one."""
        for client in self._all:
            if client is not but:
                client.send(message)

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _serve(self, connection: Connection) -> None:
        client = Client(connection)
        for message in self._welcome():
            client.send(message)
        with self._lock:
            self._all = (*self._all, client)
        try:
            while True:
                _, body = connection.receive()
                message: object = json.loads(body)
                if isinstance(message, dict):
                    self._on_message(client, cast("Message", message))
        except (PeerGone, ValueError):
            return
        finally:
            with self._lock:
                self._all = tuple(c for c in self._all if c is not client)
