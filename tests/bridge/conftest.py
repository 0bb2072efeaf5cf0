"""The output process as the supervisor starts it, and engines that knock at its door."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bridge.clock import SharedClock, create_page
from bridge.errors import PeerGone
from bridge.event import SinkEvent, decode_held, encode_events, encode_ids
from bridge.worker import Child, Line, address, connect, pause, start_thread

PATIENCE = 10.0
RECEIVER = Path(__file__).parents[1] / "jack" / "receiver.py"
KEY = b"a key of the tests"


class EngineEnd:
    """An engine's connection: what it receives is put into a queue by a thread of its own."""

    def __init__(self, desk: "Desk", term: int) -> None:
        self.connection = connect(desk.door, KEY, patience=PATIENCE)
        self._messages: queue.SimpleQueue[tuple[bytes, bytes] | None] = queue.SimpleQueue()
        self.closed = threading.Event()
        self._reports: list[dict[str, Any]] = []
        self._news = threading.Condition()
        start_thread("engine end", self._read)
        self.connection.send_json(b"H", {"term": term})

    def _read(self) -> None:
        try:
            while True:
                kind, body = self.connection.receive()
                if kind == b"s":
                    with self._news:
                        self._reports.append(json.loads(body))
                        self._news.notify_all()
                else:
                    self._messages.put((kind, body))
        except PeerGone:
            self.closed.set()
            self._messages.put(None)

    def wait_for(self, kind: bytes) -> bytes:
        """The body of the next message of a kind."""
        while (message := self._messages.get(timeout=PATIENCE)) is not None:
            if message[0] == kind:
                return message[1]
        raise PeerGone("closed")

    def held(self) -> list[tuple[int, float]]:
        """What the process says it holds, in answer to hello."""
        return decode_held(self.wait_for(b"h"))

    def status(self) -> dict[str, Any]:
        """A report that was made after this call."""
        with self._news:
            wanted = len(self._reports) + 2
            assert self._news.wait_for(lambda: len(self._reports) >= wanted, PATIENCE)
            return self._reports[-1]

    def wait_status(self, name: str, value: object) -> dict[str, Any]:
        """The first report that says so."""
        with self._news:
            there = self._news.wait_for(
                lambda: bool(self._reports) and self._reports[-1][name] == value, PATIENCE
            )
            assert there, self._reports[-3:]
            return self._reports[-1]

    def routes(self, **kinds: list[dict[str, object]]) -> None:
        """Set routes, numbered from 1 in the order given."""
        rows = [{kind: place} for kind, places in kinds.items() for place in places]
        self.connection.send_json(b"R", {str(n): row for n, row in enumerate(rows, 1)})

    def send(self, *events: SinkEvent) -> None:
        """Send events."""
        self.connection.send(b"E", encode_events(events))

    def cancel(self, *ids: int) -> None:
        """Take events back."""
        self.connection.send(b"X", encode_ids(ids))

    def close(self) -> None:
        """Go away."""
        self.connection.close()


class Desk:
    """What a supervisor has: the process, its lines, its door and the clock page."""

    def __init__(self, folder: Path, midi: dict[str, object]) -> None:
        folder.chmod(0o700)
        (folder / "key").write_bytes(KEY)
        self.log = folder / "output.log"
        self.door = address(folder, "output")
        self.clock: SharedClock = create_page(folder / "clock")
        self.lines: list[Line] = []
        self.ended = threading.Event()
        self.code: int | None = None
        self._news = threading.Condition()
        config = {"runtime": str(folder), "door": self.door, "settings": {"midi": midi}, "log": str(self.log)}
        self.child = Child(
            "output",
            [sys.executable, "-m", "bridge.output", json.dumps(config)],
            self._on_line,
            self._on_end,
            self.log,
        )

    def _on_line(self, _: Child, line: Line) -> None:
        with self._news:
            self.lines.append(line)
            self._news.notify_all()

    def _on_end(self, _: Child, code: int) -> None:
        self.code = code
        self.ended.set()

    def wait_line(self, op: str, text: str = "", *, count: int = 1) -> Line:
        """The `count`-th line of this kind that contains `text`."""

        def found() -> list[Line]:
            return [x for x in self.lines if x["op"] == op and text in str(x.get("text", ""))]

        with self._news:
            there = self._news.wait_for(lambda: len(found()) >= count or self.ended.is_set(), PATIENCE)
            assert there, f"no {op} {text!r} in {self.lines}"
            assert len(found()) >= count, f"it ended ({self.code}): {self.log.read_text()}"
            return found()[count - 1]

    def engine(self, term: int = 1) -> EngineEnd:
        """Another engine says hello."""
        return EngineEnd(self, term)

    def now(self) -> float:
        """The timeline's present."""
        return self.clock.now()

    def wait_until(self, when: float) -> None:
        """Sleep to a time of the timeline."""
        pause(when - self.now())

    def leave(self) -> None:
        """End it, whatever state it is in."""
        self.child.leave(2.0)
        self.ended.wait(PATIENCE)
        self.clock.close()


StartOutput = Callable[..., Desk]


@pytest.fixture
def start_output(tmp_path: Path) -> Iterator[StartOutput]:
    """Start output processes with these MIDI settings, wait until they are ready, end them afterwards."""
    desks: list[Desk] = []

    def start(**midi: object) -> Desk:
        folder = tmp_path / f"run{len(desks)}"
        folder.mkdir()
        desk = Desk(folder, midi)
        desks.append(desk)
        desk.wait_line("ready")
        return desk

    yield start
    for desk in desks:
        desk.leave()


class Receiver:
    """A JACK client in a process of its own, and what it has heard."""

    def __init__(self, name: str, *ports: str) -> None:
        self.rows: list[list[object]] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, str(RECEIVER), name, *ports],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        start_thread("receiver", self._read)
        self.wait_for(["ready"])
        for port in ports:
            self.wait_for(["port", port])

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._news:
                    self.rows.append(json.loads(line))
                    self._news.notify_all()

    def wait_for(self, row: list[object]) -> None:
        """Wait until it has said this."""
        with self._news:
            assert self._news.wait_for(lambda: row in self.rows, PATIENCE), self.rows[-5:]

    def midi(self) -> list[tuple[int, str]]:
        """Frames and bytes."""
        return [(cast("int", r[1]), str(r[2])) for r in self.rows if r[0] == "midi"]

    def heard_at(self, begin: str) -> float:
        """When a message that begins so was heard last, by the monotonic clock."""
        return max(cast("float", r[3]) for r in self.rows if r[0] == "midi" and str(r[2]).startswith(begin))

    def wait_midi(self, wanted: Callable[[list[tuple[int, str]]], bool]) -> list[tuple[int, str]]:
        """Wait until what was heard satisfies this."""
        with self._news:
            assert self._news.wait_for(lambda: wanted(self.midi()), PATIENCE), self.rows[-5:]
            return self.midi()

    def kill(self) -> None:
        """End it without a word to the server."""
        self._process.kill()
        self._process.wait()

    def leave(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def listen() -> Iterator[Callable[..., Receiver]]:
    """Start receivers."""
    receivers: list[Receiver] = []

    def start(name: str, *ports: str) -> Receiver:
        receivers.append(Receiver(name, *ports))
        return receivers[-1]

    yield start
    for receiver in receivers:
        receiver.leave()
