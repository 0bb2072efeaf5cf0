"""A session started as a user starts it, and a listener at its MIDI port."""

import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import pytest

from bridge.sent import read_logs
from bridge.worker import connect, start_thread
from repl.runtime import door, kept, key_of

RATE = 48_000
KEYS = Path(__file__).parents[1] / "jack" / "keys.py"
Row = tuple[int, str]
LEFT_OUT = 4096
"""Frames around a period that the server left out in which notes are not where they were sent."""
PATIENCE = 10.0
SEMPRE = "import sys; from repl.cli import main; sys.exit(main())"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A session as a user starts it lives in real time: nothing else runs beside these tests."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.realtime)


class Note(NamedTuple):
    """One sounding note as the listener heard it: frames, channel, pitch and velocity."""

    begin: int
    end: int
    channel: int
    key: int
    velocity: int


class Heard(NamedTuple):
    """What came out of the port, and the folder of the session that it came from."""

    rows: list[tuple[int, str]]
    folder: Path = Path()

    def notes(self) -> list[Note]:
        """The notes in order; a note-on without its off, or an off without its on, is an error.

        But for a note whose one end the server may have lost: with a period that it left out.
        """
        sounding: dict[tuple[int, int], tuple[int, int]] = {}
        notes: list[Note] = []
        for frame, text in self.rows:
            if text[0] in "+-s":
                continue
            status, key, velocity = bytes.fromhex(text)
            place = (status & 15, key)
            if status & 0xF0 == 0x90:
                if place in sounding:
                    lost = self.disturbed(sounding[place][0], frame)
                    assert lost, f"{place} struck twice; {self.around(frame)}"
                sounding[place] = (frame, velocity)
            elif status & 0xF0 == 0x80:
                if place not in sounding:
                    lost = self.disturbed(frame - RATE, frame)
                    assert lost, f"{place} ended without sounding; {self.around(frame)}"
                    continue
                begin, struck = sounding.pop(place)
                notes.append(Note(begin, frame, *place, struck))
        for place, (begin, _) in sounding.items():
            assert self.disturbed(begin, begin + RATE), f"{place} hung; {self.around(begin + RATE)}"
        return sorted(notes)

    def disturbed(self, begin: int, end: int | None = None) -> bool:
        """Whether the server left out a period of the listener between two frames, or near one.

        A server without a sound card does so on a busy machine, with all clients; nobody can then say where
        what was sent in it went. What it leaves out is some 100 frames to 4,000.
        """
        last = begin if end is None else end
        return any(begin - LEFT_OUT <= at <= last + LEFT_OUT for at, text in self.rows if text == "slip")

    def around(self, frame: int) -> str:
        """All that is known of the second before a frame: what came, what left, and who complained."""
        near = [row for row in self.rows if frame - RATE < row[0] <= frame]
        missed = [at for at, text in self.rows if text == "slip"]
        sent = [
            (row.kind, row.frame & 0xFFFFFFFF, row.data.hex())
            for row in read_logs(kept(self.folder / "run" / "sempre")).rows
            if frame - RATE < row.frame & 0xFFFFFFFF <= frame
        ]
        said = [path.read_text() for path in self.folder.glob("said.txt")]
        server = [log.read_text()[-400:] for log in self.folder.parent.glob("jack[0-9]*/jackd.log")]
        return f"before it came {near}; missed: {missed}; sent: {sent}; said: {said}; the server: {server}"

    def ports(self) -> list[str]:
        """The comings (+) and goings (-) of the port."""
        return [text for _, text in self.rows if text[0] in "+-"]


class Listener:
    """The listening process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "heard.json"
        script = Path(__file__).with_name("listener.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), "Sempre", str(self._path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def heard(self) -> Heard:
        """End it and take what it wrote down."""
        self._process.terminate()
        self._process.wait(PATIENCE)
        self.kill()
        return Heard(json.loads(self._path.read_text()), self._folder)

    def kill(self) -> None:
        """End it whatever it does."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


class Session:
    """`sempre play FILE` in a process of its own.

    Args:
        folder: Where the piece is, and where the session's doors will be.
        source: The piece.
        seconds: How long it plays.
        within: What the command begins with, to start it in another network, say.
    """

    def __init__(self, folder: Path, source: str, seconds: float, within: Sequence[str] = ()) -> None:
        self.piece = folder / "piece.py"
        self.piece.write_text(source)
        self._base = folder / "run"
        self._base.mkdir()
        self.log = folder / "said.txt"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [*within, sys.executable, "-c", SEMPRE, "play", self.piece.name, "--seconds", str(seconds)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=os.environ | {"XDG_RUNTIME_DIR": str(self._base)},
                cwd=folder,
            )

    def processes(self) -> dict[str, int]:
        """The process ids by role, as the supervisor knows them; waits until all are there."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for folder in (self._base / "sempre").glob("[0-9]*"):
                if not (folder / "key").exists():
                    continue  # it is being made
                connection = connect(door(folder, "supervisor"), key_of(folder), patience=2)
                connection.send_json(b"J", {"op": "status"})
                while True:
                    message = json.loads(connection.receive()[1])
                    if message["op"] == "processes":
                        break
                connection.close()
                found = cast("dict[str, int]", message["processes"])
                if {"engine", "understudy"} <= found.keys():
                    return found
            time.sleep(0.02)
        raise AssertionError(f"the session did not come up: {self.log.read_text()}")

    def statuses(self, seconds: float) -> list[dict[str, object]]:
        """What the engine says of itself for some time, as a prompt reads it."""
        folder = next((self._base / "sempre").glob("[0-9]*"))
        connection = connect(door(folder, "engine"), key_of(folder), patience=2)
        deadline = time.monotonic() + seconds
        found: list[dict[str, object]] = []
        while time.monotonic() < deadline:
            message = cast("dict[str, object]", json.loads(connection.receive()[1]))
            if message["op"] == "status":
                found.append(message)
        connection.close()
        return found

    def panic(self) -> tuple[float, float]:
        """Ask the supervisor for silence; when it was asked, and when it had passed it on."""
        folder = next((self._base / "sempre").glob("[0-9]*"))
        connection = connect(door(folder, "supervisor"), key_of(folder), patience=2)
        asked = time.monotonic()
        connection.send_json(b"J", {"op": "panic"})
        while json.loads(connection.receive()[1])["op"] != "panicked":
            pass
        answered = time.monotonic()
        connection.close()
        return asked, answered

    def kill(self, role: str) -> None:
        """`kill -9` one of its processes."""
        os.kill(self.processes()[role], signal.SIGKILL)

    def save(self, source: str) -> None:
        """Save the piece as editors do: to another file, then moved over it."""
        other = self.piece.with_suffix(".new")
        other.write_text(source)
        other.replace(self.piece)

    def said(self) -> str:
        """What it has printed so far."""
        return self.log.read_text()

    def wait_for(self, text: str, after: str = "") -> None:
        """Wait until it has said something, not counting what it had said before."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.said()[len(after) :]:
            assert time.monotonic() < deadline, f"{text!r} is not in: {self.said()}"
            time.sleep(0.02)

    def finish(self) -> str:
        """Wait for its end; gives what it said."""
        self.process.wait(60)
        return self.said()


Start = Callable[[str, float], Session]
"""Starts a session: a piece, and the seconds after which it ends by itself."""


@pytest.fixture
def listener(jack_server: str, tmp_path: Path) -> Iterator[Listener]:
    """Listen at the port "Sempre" from before it exists."""
    assert jack_server
    listening = Listener(tmp_path)
    yield listening
    listening.kill()


@pytest.fixture
def start(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, float], Session]]:
    """Start sessions that end with the test.

    Without a listener they find no JACK server, also where another test has started one: a dummy server
    on a busy machine loses whole periods now and then, and the session's clock with them.
    """
    if "listener" not in request.fixturenames:
        monkeypatch.setenv("JACK_DEFAULT_SERVER", "none-for-this-test")
        monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    sessions: list[Session] = []

    def begin(source: str, seconds: float) -> Session:
        sessions.append(Session(tmp_path, source, seconds))
        return sessions[-1]

    yield begin
    for session in sessions:
        session.process.kill()
        session.process.wait()


class Keys:
    """The keyboard: a JACK client in a process of its own."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(KEYS), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._said: queue.SimpleQueue[dict[str, list[Row]]] = queue.SimpleQueue()
        start_thread("keys", self._read)
        self._said.get(timeout=PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._said.put(json.loads(line))

    def _tell(self, message: object) -> dict[str, list[Row]]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()
        return self._said.get(timeout=PATIENCE)

    def connect(self, port: str) -> None:
        """Plug it in."""
        self._tell({"to": port})

    def play(self, *rows: Row) -> list[Row]:
        """Play messages so many frames from now; gives the server's frames at which they left."""
        return [(at, text) for at, text in self._tell({"play": rows})["played"]]

    def kill(self) -> None:
        """Tear the plug out."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


@pytest.fixture
def keyboard(jack_server: str) -> Iterator[Callable[[str], Keys]]:
    """Make keyboards."""
    assert jack_server
    made: list[Keys] = []

    def make(name: str) -> Keys:
        made.append(Keys(name))
        return made[-1]

    yield make
    for one in made:
        one.kill()
