"""The engine's side of a sending process: it comes back by itself and never waits."""

import json
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from bridge.errors import PeerGone
from bridge.event import SinkEvent, TimedEvent, decode_events, decode_ids, encode_held
from bridge.layer import Target, route_of
from bridge.process_sink import BATCH, ProcessSink
from bridge.targets import midi, superdirt
from bridge.worker import Connection, Door, address, pause

KEY = b"a key of the tests"
PATIENCE = 5.0


def encode(target: Target, event: TimedEvent, cps: float) -> list[SinkEvent]:
    """An event as its bytes; one that says `bad` cannot be encoded."""
    del cps
    if "bad" in event.controls:
        raise ValueError("bad must not be said")
    return [SinkEvent(event.id, event.at, event.at + event.duration, route_of(target.key), b"on", b"off")]


class Stage:
    """A door that behaves as a sending process, and a sink that knocks at it."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        self.where = address(folder, "door")
        self.messages: SimpleQueue[tuple[bytes, bytes]] = SimpleQueue()
        self.connections: list[Connection] = []
        self.held: SimpleQueue[list[int]] = SimpleQueue()
        self.troubles: list[tuple[str, str]] = []
        self.statuses: SimpleQueue[dict[str, object]] = SimpleQueue()
        self.door = Door(self.where, KEY, self._serve)
        self.sink = ProcessSink(
            "stage",
            self.where,
            KEY,
            3,
            encode,
            lambda target: target.to_json(),
            on_held=self.held.put,
            on_status=self.statuses.put,
            on_trouble=lambda layer, text: self.troubles.append((layer, text)),
        )

    def _serve(self, connection: Connection) -> None:
        self.connections.append(connection)
        try:
            while True:
                kind, body = connection.receive()
                self.messages.put((kind, body))
                if kind == b"H":
                    connection.send(b"h", encode_held([(44, 1.0)]))
        except PeerGone:
            self.messages.put((b"-", b""))

    def next(self, *kinds: bytes) -> bytes:
        """The body of the next message of these kinds."""
        while True:
            kind, body = self.messages.get(timeout=PATIENCE)
            if kind in kinds:
                return body


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose sink has not started."""
    one = Stage(tmp_path)
    yield one
    one.door.close()


def event(ident: int, **controls: object) -> TimedEvent:
    """An event of a second."""
    return TimedEvent(float(ident), 1.0, controls, "lead", ident)


def test_it_says_hello_tells_its_routes_and_asks_to_be_reconciled(stage: Stage) -> None:
    """With its term; routes that were prepared before are all told."""
    stage.sink.prepare([midi(), superdirt()])
    stage.sink.send(midi(), [event(4)], 0.5)  # nobody is there: the reconciliation will send it
    stage.sink.start()
    assert json.loads(stage.next(b"H")) == {"term": 3}
    table = json.loads(stage.next(b"R"))
    assert set(table) == {str(route_of(midi().key)), str(route_of(superdirt().key))}
    assert stage.held.get(timeout=PATIENCE) == [44]
    assert stage.sink.connected


def test_events_go_in_batches_after_their_route(stage: Stage) -> None:
    """And cancelled ones with all the messages that each may have become."""
    stage.sink.start()
    stage.held.get(timeout=PATIENCE)
    stage.sink.send(midi(), [event(4 * i) for i in range(1, 3 * BATCH)], 0.5)
    seen: list[str] = []
    got: list[int] = []
    while len(got) < 3 * BATCH - 1:
        kind, body = stage.messages.get(timeout=PATIENCE)
        if kind == b"R" and json.loads(body):
            seen.append("route")
        elif kind == b"E":
            seen.append("events")
            batch = decode_events(body)
            assert len(batch) <= BATCH
            got += [e.id for e in batch]
    assert seen[0] == "route"
    assert got == [4 * i for i in range(1, 3 * BATCH)]
    stage.sink.cancel([8, 16])
    assert decode_ids(stage.next(b"X")) == [8, 16]
    stage.sink.cancel([])
    stage.sink.panic()
    assert stage.next(b"P", b"X") == b""


def test_what_cannot_be_encoded_is_told_and_dropped(stage: Stage) -> None:
    """The rest is sent."""
    stage.sink.start()
    stage.held.get(timeout=PATIENCE)
    stage.sink.send(midi(), [event(4), event(8, bad=1), event(12)], 0.5)
    assert [e.id for e in decode_events(stage.next(b"E"))] == [4, 12]
    assert stage.troubles == [("lead", "bad must not be said")]


def test_a_process_that_went_is_found_again(stage: Stage) -> None:
    """Hello, all routes, and a reconciliation, each time."""
    stage.sink.start()
    stage.held.get(timeout=PATIENCE)
    stage.sink.send(midi(), [event(4)], 0.5)
    stage.next(b"E")
    for _ in range(3):
        stage.connections[-1].close()
        stage.next(b"H")
        assert str(route_of(midi().key)) in json.loads(stage.next(b"R"))
        assert stage.held.get(timeout=PATIENCE) == [44]
    stage.sink.send(midi(), [event(8)], 0.5)
    assert [e.id for e in decode_events(stage.next(b"E"))] == [8]


def test_status_is_passed_on(stage: Stage) -> None:
    """As it came."""
    stage.sink.start()
    stage.held.get(timeout=PATIENCE)
    stage.connections[0].send_json(b"s", {"late": 3})
    assert stage.statuses.get(timeout=PATIENCE) == {"late": 3}


def test_a_process_that_hangs_holds_up_nobody(tmp_path: Path) -> None:
    """Megabytes of events for one that reads nothing: `send` returns at once."""
    tmp_path.chmod(0o700)
    stage = Stage(tmp_path)
    stage.door.close()
    where = address(tmp_path, "deaf")
    connected: SimpleQueue[None] = SimpleQueue()

    def deaf(connection: Connection) -> None:
        connection.receive()
        connection.send(b"h", b"")
        connected.put(None)
        pause(60)

    door = Door(where, KEY, deaf)
    sink = ProcessSink(
        "deaf",
        where,
        KEY,
        1,
        encode,
        lambda _: {},
        on_held=lambda _: None,
        on_status=lambda _: None,
        on_trouble=lambda _, __: None,
    )
    sink.start()
    connected.get(timeout=PATIENCE)
    from bridge.clock import monotonic

    while not sink.connected:
        pause(0.001)
    begun = monotonic()
    sink.send(midi(), [event(4 * i) for i in range(20_000)], 0.5)
    assert monotonic() - begun < 3.0
    door.close()
