"""The prompt's side of a session's doors: connected, listened to, and knocked at again when they close."""

from __future__ import annotations

import json
from multiprocessing import AuthenticationError
from typing import TYPE_CHECKING, cast

from bridge.errors import PeerGone
from bridge.worker import connect, start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.worker import Connection

Message = dict[str, object]

JSON = b"J"
"""The kind of every message between a prompt and a session."""


def read_message(body: bytes) -> Message | None:
    """The object that a message carries; None if it carries anything else.

    >>> read_message(b'{"op": "bye"}')
    {'op': 'bye'}
    >>> read_message(b"[1") is None
    True
    """
    try:
        message: object = json.loads(body)
    except ValueError:
        return None
    return cast("Message", message) if isinstance(message, dict) else None


class Client:
    """One door of a session, kept open by a thread of its own, which also makes every callback.

    Args:
        where: From `bridge.worker.address`.
        key: The session's key.
        on_message: Called with each message.
        on_open: Called each time that the door has opened.
        on_gone: Called each time that it has closed; at the first, too, if nobody ever answered.
        patience: Seconds during which a closed door is tried before `on_gone` says that nobody answers.
        again: Whether to go on knocking; an engine is replaced, a supervisor is not.
    """

    def __init__(
        self,
        where: str,
        key: bytes,
        on_message: Callable[[Message], object],
        on_open: Callable[[], object],
        on_gone: Callable[[], object],
        *,
        patience: float = 5.0,
        again: bool = True,
    ) -> None:
        self._where = where
        self._key = key
        self._on_message = on_message
        self._on_open = on_open
        self._on_gone = on_gone
        self._patience = patience
        self._again = again
        self._closed = False
        self._connection: Connection | None = None

    def start(self, name: str) -> None:
        """Begin to knock and to listen.

        Args:
            name: Of the thread.
        """
        start_thread(name, self._run)

    def send(self, message: Message) -> bool:
        """Send a message; False if nobody is there to take it."""
        connection = self._connection
        if connection is None:
            return False
        try:
            connection.send_json(JSON, message)
        except PeerGone:
            return False
        return True

    def close(self) -> None:
        """Hang up for good."""
        self._closed = True
        connection = self._connection
        if connection is not None:
            connection.close()

    def _run(self) -> None:
        while not self._closed:
            try:
                connection = connect(self._where, self._key, patience=self._patience)
            except (PeerGone, AuthenticationError):
                connection = None
            if connection is not None:
                self._listen(connection)
            if self._closed:
                return
            self._on_gone()
            if not self._again:
                return

    def _listen(self, connection: Connection) -> None:
        self._connection = connection
        self._on_open()
        try:
            while not self._closed:
                message = read_message(connection.receive()[1])
                if message is not None:
                    self._on_message(message)
        except PeerGone:
            pass
        self._connection = None
        connection.close()
