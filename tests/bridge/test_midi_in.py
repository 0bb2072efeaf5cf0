"""The process in which MIDI comes in, on a real JACK server: frames, ports that come and go, engines."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bridge.clock import Mapping, SharedClock, create_page, monotonic
from bridge.engine_link import EngineLink, Said
from bridge.midi_in import LATER, Inlet
from bridge.worker import Child, Connection, Door, address, pause, start_thread

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

KEYS = Path(__file__).parents[1] / "jack" / "keys.py"
PATIENCE = 15.0
RATE = 48_000
KEY = b"a key of the tests"


class Keys:
    """A keyboard: a JACK client in a process of its own."""

    def __init__(self, name: str) -> None:
        self.port = f"{name}:out"
        self._process = subprocess.Popen(
            [sys.executable, str(KEYS), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._said: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        start_thread("keys", self._read)
        self._said.get(timeout=PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._said.put(json.loads(line))

    def tell(self, message: object) -> dict[str, Any]:
        """Say a line, wait for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()
        return self._said.get(timeout=PATIENCE)

    def play(self, *rows: tuple[int, str]) -> list[int]:
        """Play messages so many frames from now; gives the server's frames at which they left."""
        return [frame for frame, _ in self.tell({"play": rows})["played"]]

    def kill(self) -> None:
        """Tear the plug out."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


class Line:
    """The line to an engine that the test is."""

    waiting = 0

    def __init__(self, here: Callable[[], object], says: Callable[[Said], object]) -> None:
        self._here, self.says = here, says
        self.sent: list[Said] = []

    def send(self, message: Said) -> bool:
        """What the process tells."""
        self.sent.append(message)
        return True

    def declare(self, *names: str, **positions: object) -> None:
        """Another engine comes, and says what is followed."""
        self._here()
        there = {name.replace("_", " "): value for name, value in positions.items()}
        self.says({"op": "inputs", "inputs": [{"name": name} for name in names], "positions": there})

    def rows(self, name: str) -> list[tuple[Any, float | None]]:
        """Where an input was moved to, and for when."""
        moves = [message for message in [*self.sent] if message["op"] == "move"]
        rows = [row for move in moves for row in cast("list[list[Any]]", move["rows"])]
        return [(row[1], row[2]) for row in rows if row[0] == name]


class Process:
    """The process, in a thread of ours."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.clock: SharedClock = create_page(folder / "clock")
        self.said: list[Said] = []
        self.line = Line(lambda: None, lambda _: None)

        def link(here: Callable[[], object], says: Callable[[Said], object], _: object) -> EngineLink:
            self.line = Line(here, says)
            return cast("EngineLink", self.line)

        self.inlet = Inlet({"inputs": [], **settings}, self.clock, self.said.append, link)
        self._open = True
        self._thread = start_thread("inlet", self._run)

    def _run(self) -> None:
        while self._open:
            self.inlet.turn()

    def until(self, test: Callable[[], object]) -> None:
        """Wait until something is true."""
        deadline = monotonic() + PATIENCE
        while not test():
            assert monotonic() < deadline, (self.said[-8:], self.line.sent[-8:])
            pause(0.005)

    def heard(self, text: str) -> bool:
        """Whether it has said something."""
        return any(text in str(row.get("text", "")) for row in [*self.said])

    def close(self) -> None:
        """End it."""
        self._open = False
        self._thread.join(PATIENCE)
        self.inlet.close()
        self.clock.close()


class Real:
    """The process as the supervisor starts it, and an engine that follows what is held."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        (folder / "key").write_bytes(KEY)
        create_page(folder / "clock").close()
        self._news: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._door = Door(address(folder, "engine"), KEY, self._serve)
        config: object = {"runtime": str(folder), "settings": {"midi": {"backend": "jack", "inputs": []}}}
        self._child = Child(
            "keys",
            [sys.executable, "-m", "bridge.midi_in", json.dumps(config)],
            lambda _, line: self._news.put(line),
            lambda _, code: self._news.put(code),
            folder / "keys.log",
        )
        self.code: object = None

    def _serve(self, connection: Connection) -> None:
        names = [{"name": "midi keys"}]
        connection.send_json(b"J", {"op": "inputs", "inputs": names, "positions": {}})
        while True:
            message = json.loads(connection.receive()[1])
            for row in message.get("rows", []):
                self._news.put(tuple(tuple(key) for key in row[1]))

    def until(self, wanted: object) -> None:
        """Wait for something that it says, or that the engine is told."""
        while self._news.get(timeout=PATIENCE) != wanted:
            pass

    def leave(self) -> None:
        """Let it end."""
        self._child.say({"op": "stop"})
        self.code = self._child.process.wait(PATIENCE)
        self._door.close()


@pytest.fixture
def keyboard() -> Iterator[Callable[[str], Keys]]:
    """Make keyboards."""
    made: list[Keys] = []

    def make(name: str) -> Keys:
        made.append(Keys(name))
        return made[-1]

    yield make
    for one in made:
        one.kill()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Start processes."""
    made: list[Process] = []

    def make(**settings: object) -> Process:
        folder = tmp_path / f"run{len(made)}"
        folder.mkdir()
        made.append(Process(folder, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_strokes_have_their_frames(
    jack_server: str, process: Callable[..., Process], keyboard: Callable[[str], Keys]
) -> None:
    """A rhythm that is played at exact frames comes in at exactly these, whatever the machine does."""
    assert jack_server
    one = process(backend="jack")
    one.clock.publish(Mapping(monotonic(), 0.0, 1.0, float(RATE), 0))  # time is the server's frames
    one.line.declare("midi hit")
    keys = keyboard("Rhythm")
    keys.tell({"to": "Sempre in:in"})
    gaps = [0, 137, 1000, 1001, 5000, 12345]
    frames = keys.play(*((gap, "90247f") for gap in gaps))
    one.until(lambda: len(one.line.rows("midi hit")) == len(gaps))
    stamps = [cast("float", at) - LATER for _, at in one.line.rows("midi hit")]
    # The counter has 32 bits, and our clock begins anywhere: what counts is the distance.
    assert (
        [round((at - stamps[0]) * RATE) for at in stamps] == [frame - frames[0] for frame in frames] == gaps
    )


def test_ports_are_found_lost_and_found_again(
    jack_server: str, process: Callable[..., Process], keyboard: Callable[[str], Keys]
) -> None:
    """By a part of the name; what was held is let go with the plug; back within a second, as is said."""
    assert jack_server
    one = process(backend="jack", inputs=["keystage"])
    one.line.declare("midi keys", "midi cc 1 of other")
    one.until(lambda: one.heard("no port has 'keystage' in its name"))
    one.until(lambda: one.heard("no port has 'other' in its name"))
    keys = keyboard("My Keystage 61")
    one.until(lambda: one.heard("My Keystage 61:out is heard"))
    keys.play((0, "903c40"), (10, "904040"))
    one.until(lambda: one.inlet.state.positions.get("midi keys") == ((60, 64), (64, 64)))
    keys.kill()
    one.until(lambda: one.heard("My Keystage 61:out is gone"))
    one.until(lambda: one.inlet.state.positions.get("midi keys") == ())
    before = len(one.said)
    keys = keyboard("My Keystage 61")
    began = monotonic()
    one.until(lambda: any("is heard" in str(row.get("text", "")) for row in one.said[before:]))
    assert monotonic() - began < 1.0
    other = keyboard("Another")
    one.until(lambda: one.heard("Another:out is heard"))
    keys.play((0, "b00110"))
    other.play((0, "b0017f"))
    one.until(lambda: one.line.rows("midi cc 1 of other"))
    assert [place for place, _ in one.line.rows("midi cc 1 of other")] == [1.0]


def test_a_server_that_dies_and_comes_back(
    tmp_path: Path,
    keyboard: Callable[[str], Keys],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was held is let go, and the port is there again."""
    name = f"sempre-keys-{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")

    def serve() -> subprocess.Popen[bytes]:
        command = ["jackd", "-n", name, "--no-realtime", "-d", "dummy", "-r", str(RATE), "-p", "256"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        waiting = ["jack_wait", "-s", name, "-w", "-t", "8"]
        subprocess.run(waiting, timeout=10, check=True, capture_output=True)
        return server

    try:
        server = serve()
    except FileNotFoundError:
        pytest.skip("jackd is not installed (apt-get install jackd2)")
    try:
        # A process of its own, as the product has it: a client of a dead server must never be closed.
        one = Real(tmp_path)
        one.until({"op": "notice", "text": 'MIDI in: JACK, virtual port "Sempre in:in"'})
        keys = keyboard("Before")
        keys.tell({"to": "Sempre in:in"})
        keys.play((0, "903c40"))
        one.until(((60, 64),))
        server.kill()
        server.wait()
        one.until(())
        server = serve()
        keys = keyboard("After")
        keys.tell({"to": "Sempre in:in"})
        keys.play((0, "903c40"))
        one.until(((60, 64),))
        one.leave()
        assert one.code == 0
    finally:
        server.terminate()
        server.wait(5)


def test_another_engine_is_told(
    jack_server: str, process: Callable[..., Process], keyboard: Callable[[str], Keys]
) -> None:
    """What was moved while none was there, and what the next one has not got."""
    assert jack_server
    one = process(backend="jack")
    keys = keyboard("Faders")
    keys.tell({"to": "Sempre in:in"})
    keys.play((0, "b04a7f"))
    one.line.declare("midi cc 74", midi_cc_74=0.5)
    one.until(lambda: one.line.rows("midi cc 74") == [(1.0, None)])
    one.line.declare("midi cc 74", midi_cc_74=1.0)
    one.until(lambda: sum(message["op"] == "inputs" for message in one.line.sent) == 2)
    pause(0.1)
    assert one.line.rows("midi cc 74") == [(1.0, None)]


def test_the_systems_way_is_polled(
    jack_server: str, process: Callable[..., Process], keyboard: Callable[[str], Keys]
) -> None:
    """Through the library's JACK API here, since this machine has no ALSA: its deltas keep the rhythm."""
    assert jack_server
    pytest.importorskip("rtmidi")
    one = process(backend="rtmidi-jack", inputs=["Drumpad"])
    one.line.declare("midi hit", "midi cc 1 of sempre")
    keys = keyboard("Drumpad")
    one.until(lambda: one.heard("Drumpad:out is heard"))
    gaps = [0, 9600, 12000, 24000, 33600]
    keys.play(*((gap, "90247f") for gap in gaps))
    one.until(lambda: len(one.line.rows("midi hit")) == len(gaps))
    stamps = [cast("float", at) for _, at in one.line.rows("midi hit")]
    errors = sorted(abs(at - stamps[0] - gap / RATE) for at, gap in zip(stamps, gaps, strict=True))
    assert errors[len(errors) // 2] < 0.012, "within two periods and the machine's own hiccups, by the median"
    keys.tell({"to": "Sempre in:Sempre"})
    keys.play((0, "b0017f"))
    one.until(lambda: one.line.rows("midi cc 1 of sempre"))
    keys.kill()
    one.until(lambda: one.heard("Drumpad:out is gone"))
