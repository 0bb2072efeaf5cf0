"""The engine's side of a sending process: encodes, sends without ever waiting, comes back by itself."""

from __future__ import annotations

import json
import queue
from typing import TYPE_CHECKING, Protocol, cast

from bridge.errors import BridgeError, PeerGone
from bridge.event import SinkEvent, decode_held, encode_events, encode_ids
from bridge.layer import route_of
from bridge.precedence import come_first
from bridge.worker import Connection, connect, pause, start_thread
from patterns.errors import SempreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bridge.event import Seconds, TimedEvent
    from bridge.layer import Target

    Encode = Callable[[Target, TimedEvent, float], list[SinkEvent]]

PATIENCE = 0.05
"""Seconds between two knocks at a door that does not answer."""
BATCH = 32
"""Events in one message: a sending process unpacks so many in about 0.1 ms."""


class Screen(Protocol):
    """Shows what sounds: it is told of events as a sending process is, and never waits either."""

    def show(self, events: Sequence[TimedEvent]) -> None:
        """Take events; one that is known is moved."""
        ...

    def take_back(self, ids: Sequence[int]) -> None:
        """Forget events that do not come after all."""
        ...

    def clear(self) -> None:
        """Forget all of them."""
        ...


class ProcessSink:
    """Sends to one process, in a thread of its own, so that a process that hangs holds up nobody.

    Args:
        name: For messages and threads.
        where: The process's door.
        key: The session's key.
        term: Which engine of the session we are; a later one takes the connection over.
        encode: Turns an event into what the process sends.
        describe: Says of a target what the process has to know.
        on_held: Told, once connected, what the process already holds.
        on_status: Told how the process is, a few times a second.
        on_trouble: Told, with the event's layer, what cannot be played.
        latency: Seconds of warning that it wants.
        screen: Told of the same events, as they are.

    Attributes:
        connected: Whether the process is there.
        ready: The routes that the process has ready, where getting one ready takes time.
    """

    def __init__(
        self,
        name: str,
        where: str,
        key: bytes,
        term: int,
        encode: Encode,
        describe: Callable[[Target], dict[str, object]],
        *,
        on_held: Callable[[list[int]], None],
        on_status: Callable[[dict[str, object]], None],
        on_trouble: Callable[[str, str], None],
        latency: Seconds = 0.0,
        screen: Screen | None = None,
    ) -> None:
        self.name = name
        self.latency = latency
        self.connected = False
        self.ready: frozenset[int] = frozenset()
        self._where = where
        self._key = key
        self._term = term
        self._encode = encode
        self._describe = describe
        self._on_held = on_held
        self._on_status = on_status
        self._on_trouble = on_trouble
        self._screen = screen
        self._routes: dict[int, dict[str, object]] = {}
        self._layers: dict[str, int] = {}
        self._standing: dict[bytes, bytes] = {}
        self._outbox: queue.SimpleQueue[tuple[Connection | None, bytes, bytes]] = queue.SimpleQueue()
        self._connection: Connection | None = None

    def start(self) -> None:
        """Begin to connect and send."""
        start_thread(f"{self.name} in", self._read)
        start_thread(f"{self.name} out", self._write)

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Take events; what cannot be encoded is reported and dropped."""
        number = route_of(target.key)
        if number not in self._routes:
            self._routes[number] = self._describe(target)
            self._put(b"R", json.dumps({str(number): self._routes[number]}).encode())
        if self._screen is not None:
            self._screen.show(events)
        encoded: list[SinkEvent] = []
        for event in events:
            try:
                layer = self._layers.get(event.layer) or self._number(event.layer)
                encoded += [e._replace(layer=layer) for e in self._encode(target, event, cps)]
            except (SempreError, ValueError, TypeError) as error:
                self._on_trouble(event.layer, str(error))
        for begin in range(0, len(encoded), BATCH):
            self._put(b"E", encode_events(encoded[begin : begin + BATCH]))

    def prepare(self, targets: Iterable[Target]) -> None:
        """Tell the process of targets before their first event, so that it can get them ready."""
        fresh = {route_of(t.key): self._describe(t) for t in targets if route_of(t.key) not in self._routes}
        if fresh:
            self._routes |= fresh
            self._put(b"R", json.dumps({str(n): r for n, r in fresh.items()}).encode())

    def cancel(self, ids: Iterable[int]) -> None:
        """Take back events that have not begun."""
        ids = list(ids)
        if self._screen is not None:
            self._screen.take_back(ids)
        data = encode_ids(ids)
        if data:
            self._put(b"X", data)

    def stand(self, kind: bytes, body: bytes) -> None:
        """Say what holds until it is said anew; a process that comes back is told it again."""
        self._standing = self._standing | {kind: body}
        self._put(kind, body)

    def tell(self, kind: bytes, body: bytes, *, stands: bool = False) -> None:
        """Say something.

        Args:
            kind: What about.
            body: What.
            stands: Whether it holds until it is said anew, as for `stand`; else it holds for this moment,
                and is lost if the process is not there.
        """
        if stands:
            self.stand(kind, body)
        else:
            self._put(kind, body)

    def panic(self) -> None:
        """Sound off, now."""
        if self._screen is not None:
            self._screen.clear()
        self._put(b"P", b"")

    def layer_name(self, number: str) -> str:
        """The layer that the process calls by a number; empty if it is none of ours."""
        return next((name for name, known in dict(self._layers).items() if str(known) == number), "")

    def _number(self, layer: str) -> int:
        """Give a layer its number and tell the process."""
        number = self._layers[layer] = route_of(layer)
        self._put(b"L", json.dumps({str(number): layer}).encode())
        return number

    def _put(self, kind: bytes, body: bytes) -> None:
        if self._connection is not None:
            # What is not sent now is sent by the reconciliation that follows a connection.
            self._outbox.put((self._connection, kind, body))

    def _write(self) -> None:
        come_first()
        while True:
            connection, kind, body = self._outbox.get()
            if connection is not None and connection is self._connection:
                try:
                    connection.send(kind, body)
                except PeerGone:
                    connection.close()

    def _read(self) -> None:
        while True:
            try:
                self._converse(connect(self._where, self._key, patience=0.5))
            except BridgeError:
                pause(PATIENCE)
            self._connection = None
            self.connected = False
            self.ready = frozenset()

    def _converse(self, connection: Connection) -> None:
        try:
            self._hear(connection)
        finally:
            connection.close()

    def _hear(self, connection: Connection) -> None:
        connection.send_json(b"H", {"term": self._term})
        while True:
            kind, body = connection.receive()
            if kind == b"h":
                connection.send(b"R", self._table())
                self._connection = connection
                # Once more: a route that the scheduler added between the two lines above was told to nobody.
                self._put(b"R", self._table())
                self._put(b"L", json.dumps({str(n): name for name, n in dict(self._layers).items()}).encode())
                for about, said in self._standing.items():
                    self._put(about, said)
                self.connected = True
                self._on_held([ident for ident, _ in decode_held(body)])
            elif kind == b"r":
                self.ready = frozenset(cast("list[int]", json.loads(body)))
            elif kind == b"s":
                self._on_status(cast("dict[str, object]", json.loads(body)))

    def _table(self) -> bytes:
        # A copy, made in one go: the scheduler's thread adds routes at any time.
        return json.dumps({str(n): r for n, r in dict(self._routes).items()}).encode()
