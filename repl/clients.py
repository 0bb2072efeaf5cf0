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
LONGEST = 4 << 20
"""Bytes that a message of a client may have: a file to be evaluated is hardly ever a hundredth of it."""


class Client:
    """One prompt or editor; what is sent to it never holds up the sender.

    Attributes:
        topics: What it wants to be told besides what everybody is told.
    """

    def __init__(self, connection: Connection) -> None:
        self.topics: frozenset[str] = frozenset()
        self.gone = False
        """Whether it has left."""
        self._connection = connection
        self._outbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        start_thread("client out", self._write)

    def leave(self) -> None:
        """Send nothing more: it is gone."""
        self.gone = True
        self._outbox.put(None)

    def send(self, message: Message) -> None:
        """Send it soon, or drop it if the client has fallen far behind."""
        if self._outbox.qsize() < BEHIND:
            self._outbox.put(message)

    def _write(self) -> None:
        while (message := self._outbox.get()) is not None:
            try:
                self._connection.send_json(b"J", message)
            except PeerGone:
                return


class Clients:
    """All of them.

    Args:
        where: Address of the door.
        key: The session's key.
        on_message: Called with each message of a client, in the client's reading thread.
        welcome: Makes what a new client is told first.
        count: Makes what all are told of their number, when somebody comes or goes; None tells nothing.
    """

    def __init__(
        self,
        where: str,
        key: bytes,
        on_message: Callable[[Client, Message], None],
        welcome: Callable[[], list[Message]] = list,
        count: Callable[[int], Message] | None = None,
    ) -> None:
        self._on_message = on_message
        self._welcome = welcome
        self._count = count
        self._all: tuple[Client, ...] = ()
        self._lock = threading.Lock()
        self._door = Door(where, key, self._serve, longest=LONGEST)

    def broadcast(self, message: Message, *, but: Client | None = None, topic: str = "") -> None:
        """Tell every client, or all but one, or those who want to be told of a topic."""
        for client in self._all:
            if client is not but and (not topic or topic in client.topics):
                client.send(message)

    def wanted(self, topic: str) -> bool:
        """Whether any client wants to be told of a topic."""
        return any(topic in client.topics for client in self._all)

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _serve(self, connection: Connection) -> None:
        client = Client(connection)
        for message in self._welcome():
            client.send(message)
        with self._lock:
            self._all = (*self._all, client)
        self._tell_count()
        try:
            while True:
                _, body = connection.receive()
                message: object = json.loads(body)
                if isinstance(message, dict):
                    self._on_message(client, cast("Message", message))
        except (PeerGone, ValueError, RecursionError):  # gone, or what it says is no JSON that can be read
            return
        finally:
            client.leave()
            with self._lock:
                self._all = tuple(c for c in self._all if c is not client)
            self._tell_count()

    def _tell_count(self) -> None:
        if self._count is not None:
            self.broadcast(self._count(len(self._all)))
