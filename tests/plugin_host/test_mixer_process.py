"""The mixer as a process: engines come and go, it plays what it holds, and it leaves with the supervisor."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import cast

import numpy as np
import pytest
from pedalboard.io import AudioFile

from bridge.clock import SharedClock, create_page, monotonic
from bridge.errors import PeerGone
from bridge.event import SinkEvent, decode_held, encode_events, encode_ids
from bridge.worker import Child, Connection, Line, address, connect, pause
from plugin_host.mixer import read_settings
from plugin_host.specs import instrument
from plugin_host.view_ring import ViewRing

pytestmark = pytest.mark.realtime  # events come at their times, or are late

ROOT = Path(__file__).parents[2]
KEY = b"0123456789abcdef"
BASS = json.dumps({"7": {"chain": instrument("bass").to_json()}}).encode()
Status = dict[str, object]


class Session:
    """What a supervisor has: the process, its lines, and a clock page."""

    def __init__(self, runtime: Path, audio: dict[str, object]) -> None:
        runtime.chmod(0o700)
        (runtime / "key").write_bytes(KEY)
        self.clock: SharedClock = create_page(runtime / "clock")
        self.log = runtime / "mixer.log"
        self.door = address(runtime, "mixer")
        self.lines: SimpleQueue[Line] = SimpleQueue()
        self.ended: SimpleQueue[int] = SimpleQueue()
        self.connections: list[Connection] = []
        config = {
            "runtime": str(runtime),
            "door": self.door,
            "settings": {"audio": audio},
            "log": str(self.log),
        }
        self.begun = monotonic()
        self.child = Child(
            "mixer",
            [sys.executable, "-m", "plugin_host.mixer", json.dumps(config)],
            lambda _, line: self.lines.put(line),
            lambda _, code: self.ended.put(code),
            self.log,
        )
        self.ready = self.line("ready")

    def line(self, op: str) -> Line:
        """The next line of this kind."""
        while True:
            try:
                line = self.lines.get(timeout=10)
            except Empty:
                raise AssertionError(f"no {op!r} came: {self.log.read_text()}") from None
            if line["op"] == op:
                return line

    def knock(self, term: int) -> Connection:
        """Come in as an engine."""
        connection = connect(self.door, KEY, patience=5)
        self.connections.append(connection)
        connection.send_json(b"H", {"term": term})
        return connection

    def engine(self, term: int) -> tuple[Connection, list[int]]:
        """Come in as an engine and learn what is held."""
        connection = self.knock(term)
        kind, body = connection.receive()
        while kind in (b"s", b"r"):  # a report may be on its way already
            kind, body = connection.receive()
        assert kind == b"h"
        return connection, [ident for ident, _ in decode_held(body)]

    def end(self) -> None:
        """Leave nothing behind."""
        for connection in self.connections:
            connection.close()
        self.child.leave(5)
        assert self.child.process.stdout is not None
        self.ended.get(timeout=5)
        self.child.process.stdout.close()
        self.clock.close()


Open = Callable[..., Session]


@pytest.fixture
def open_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Start mixers; all are ended."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    sessions: list[Session] = []

    def start(**audio: object) -> Session:
        folder = tmp_path / f"session{len(sessions)}"
        folder.mkdir()
        sessions.append(Session(folder, {"driver": "null", "profile": "normal"} | audio))
        return sessions[-1]

    yield start
    for session in sessions:
        session.end()


def status_when(connection: Connection, good: Callable[[Status], bool]) -> Status:
    """The first report that is as wanted, of those of the next seconds."""
    status: Status = {}
    for _ in range(24):
        kind, body = connection.receive()
        if kind == b"s":
            status = cast("Status", json.loads(body))
            if good(status):
                return status
    raise AssertionError(f"the last report was {status}")


def note(ident: int, at: float, length: float = 0.1) -> SinkEvent:
    """A note of the bass."""
    return SinkEvent(ident, at, at + length, 7, json.dumps({"note": 36.0, "velocity": 0.9}).encode(), b"")


def peak(status: Status) -> float:
    """How loud the bass is, in dB."""
    meters = cast("dict[str, dict[str, float]]", status["meters"])
    return meters.get("7", {}).get("peak", -200.0)


def test_a_screen_sees_what_is_played_and_holds_nobody_up(open_session: Open) -> None:
    """The sound lies in a ring, levels come by names; one that stops reading or goes changes nothing."""
    session = open_session()
    engine, _ = session.engine(1)
    engine.send(b"R", BASS)
    engine.send(b"L", json.dumps({"0": "piece.py:low"}).encode())
    engine.send(b"E", encode_events([note(1, session.clock.now() + 1.0, 60.0)]))
    screen = connect(session.door, KEY, patience=5)
    session.connections.append(screen)

    def look(*names: str) -> dict[str, object]:
        screen.send_json(b"V", {"of": names})
        kind, body = screen.receive()
        assert kind == b"v"
        return cast("dict[str, object]", json.loads(body))

    told = look("low")
    ring = ViewRing(Path(str(told["ring"])), cast("int", told["channels"]))
    assert (told["names"], told["weights"]) == (["low"], [1, 1])
    status_when(engine, lambda status: peak(status) > -60)
    levels = cast("dict[str, dict[str, float]]", look("low")["levels"])
    assert levels["layer low"]["peak"] > -60
    assert levels["master"]["peak"] > -60
    pause(0.3)
    begun, sound = ring.read(cast("int", told["since"]))
    assert np.abs(sound[:2]).max() > 1e-3 < np.abs(sound[2:4]).max()
    assert not sound[4:].any()
    # Nobody reads for as long as the ring holds: all goes on.
    pause(0.8)
    status_when(engine, lambda status: peak(status) > -60 and status["dropped"] == 0)
    assert ring.read(0)[0] > begun
    screen.close()
    while ring.path.exists():
        pause(0.02)
    status_when(engine, lambda status: peak(status) > -60)
    written = ring.written
    pause(0.1)
    assert ring.written == written


def test_who_asks_how_things_are_disturbs_no_engine(open_session: Open) -> None:
    """As often as it likes, and the engine is told of its own accord as before."""
    session = open_session()
    engine, _ = session.engine(1)
    asking = connect(session.door, KEY, patience=5)
    session.connections.append(asking)
    for _ in range(3):
        asking.send_json(b"S", {})
        kind, body = asking.receive()
        assert kind == b"s"
        assert 0 <= json.loads(body)["pulled"] <= 2
    status_when(engine, lambda status: "pulled" in status)


def test_it_is_ready_soon_and_says_that_nobody_hears_it(open_session: Open) -> None:
    """One line with the way to a file, beats, and a report with all the numbers."""
    session = open_session()
    took = monotonic() - session.begun
    assert took < 5  # 0.2 s alone on two cores; a busy machine is not what is tested
    assert session.ready["driver"] == "null"
    assert "`sempre render FILE --seconds N -o out.wav`" in str(session.ready["text"])
    assert session.line("beat") == {"op": "beat"}
    connection, held = session.engine(1)
    assert held == []
    status = status_when(connection, lambda _: True)
    keys = "late dropped load driver held sounding meters notices missing ahead skipped rate"
    assert set(keys.split()) <= set(status)
    assert status["ahead"] == 0.016


def test_an_event_sounds(open_session: Open) -> None:
    """Routes, events, and the meter moves; afterwards nothing is held and nothing was late."""
    session = open_session()
    connection, _ = session.engine(1)
    connection.send(b"R", BASS)
    connection.send(b"E", encode_events([note(1, session.clock.now() + 0.6, 2.0)]))
    status = status_when(connection, lambda s: peak(s) > -40)
    assert (status["sounding"], status["held"], status["late"]) == (1, 0, 0)
    assert status_when(connection, lambda s: s["sounding"] == 0)["dropped"] == 0


def test_what_is_held_plays_on_without_an_engine_and_the_next_one_is_told(open_session: Open) -> None:
    """The engine dies; the next one, of a higher term, hears what is held and sends it again in vain."""
    session = open_session()
    first, _ = session.engine(1)
    first.send(b"R", BASS)
    events = [note(n, session.clock.now() + 1.0 + n * 0.5, 0.4) for n in range(3)]
    first.send(b"E", encode_events(events))
    status_when(first, lambda s: s["held"] == 3)
    first.close()
    second, held = session.engine(2)
    assert sorted(held) == [0, 1, 2]
    second.send(b"R", BASS)
    second.send(b"E", encode_events(events))
    second.send(b"X", encode_ids([2]))
    assert status_when(second, lambda s: s["held"] == 1)["sounding"] == 1
    assert status_when(second, lambda s: s["held"] == 0 and s["sounding"] == 0)["late"] == 0


def test_the_engine_of_the_highest_term_is_heard(open_session: Open) -> None:
    """It closes the older one; an older one that knocks later is turned away."""
    session = open_session()
    old, _ = session.engine(3)
    new, _ = session.engine(4)
    with pytest.raises(PeerGone):
        status_when(old, lambda _: False)
    late = session.knock(2)
    with pytest.raises(PeerGone):
        late.receive()
    assert status_when(new, lambda _: True)["held"] == 0


def test_a_take_outlives_the_engine_and_is_whole_at_the_end(open_session: Open, tmp_path: Path) -> None:
    """It holds the note; what cannot be recorded is said; the end of the session is the end of the take."""
    session = open_session()
    connection, _ = session.engine(1)
    connection.send(b"R", BASS)
    connection.send(b"T", json.dumps({"path": str(tmp_path / "take.mp3")}).encode())
    assert "a .wav or a .flac file" in str(session.line("notice")["text"])
    asked = {"path": str(tmp_path / "take.wav"), "stems": True}
    connection.send(b"T", json.dumps(asked).encode())
    assert session.line("notice")["text"] == f"recording to {tmp_path / 'take.wav'}"
    connection.send(b"E", encode_events([note(1, session.clock.now() + 0.6, 0.3)]))
    status_when(connection, lambda s: peak(s) > -40)
    connection.close()
    second, _ = session.engine(2)
    second.send(b"T", json.dumps({"path": str(tmp_path / "take.flac")}).encode())
    told = {str(session.line("notice")["text"]) for _ in range(3)}
    assert f"recording to {tmp_path / 'take.flac'}" in told
    assert any(text.startswith(f"recorded: {tmp_path / 'take.wav'}, ") for text in told)
    assert any(text.startswith(f"recorded: {tmp_path / 'take stems'}, ") for text in told)
    with AudioFile(str(tmp_path / "take stems" / "bass.wav")) as file:
        assert float(np.abs(file.read(file.frames)).max()) > 0.01
    status_when(second, lambda s: s["sounding"] == 0)
    session.child.leave(5)
    assert str(session.line("notice")["text"]).startswith(f"recorded: {tmp_path / 'take.flac'}, ")
    for kind, loud in (("wav", True), ("flac", False)):
        with AudioFile(str(tmp_path / f"take.{kind}")) as file:
            sound = file.read(file.frames)
            assert sound.shape[1] > 0.1 * file.samplerate
        if loud:
            assert float(np.abs(sound).max()) > 0.01


@pytest.mark.parametrize("way", ["engine", "supervisor"])
def test_panic_comes_from_either_side(open_session: Open, way: str) -> None:
    """Sound off and nothing held, with or without a word from the engine."""
    session = open_session()
    connection, _ = session.engine(1)
    connection.send(b"R", BASS)
    now = session.clock.now()
    connection.send(b"E", encode_events([note(1, now + 0.5, 60), note(2, now + 30)]))
    status_when(connection, lambda s: peak(s) > -40)
    if way == "engine":
        connection.send(b"P")
    else:
        session.child.say({"op": "panic"})
    status = status_when(connection, lambda s: s["sounding"] == 0 and s["held"] == 0)
    assert peak(status_when(connection, lambda s: s is not status)) < -60


def test_nonsense_is_named_and_the_music_goes_on(open_session: Open) -> None:
    """Broken bytes, unknown instruments, unknown routes and bad controls: one notice each."""
    session = open_session()
    connection, _ = session.engine(1)
    at = session.clock.now() + 0.5
    bad = json.dumps({"1": {"chain": {"kind": "builtin", "name": "bsas"}}}).encode()
    connection.send(b"R", bad)
    assert "did you mean 'bass'?" in str(session.line("notice")["text"])
    for kind, body in ((b"R", b"{"), (b"X", b"123"), (b"M", b"[]")):
        connection.send(kind, body)
        assert "did not understand the engine" in str(session.line("notice")["text"])
    connection.send(b"R", BASS)
    connection.send(b"E", encode_events([SinkEvent(n, at, at, 7, b"{", b"") for n in (1, 2)]))
    assert "an event could not be played" in str(session.line("notice")["text"])
    connection.send(b"E", encode_events([note(9, session.clock.now() + 0.3, 1.0)]))
    status_when(connection, lambda s: peak(s) > -40)


@pytest.mark.parametrize("way", ["stop", "gone"])
def test_it_leaves_when_told_and_when_the_supervisor_is_gone(open_session: Open, way: str) -> None:
    """It fades out and ends by itself, well within a second."""
    session = open_session()
    connection, _ = session.engine(1)
    connection.send(b"R", BASS)
    connection.send(b"E", encode_events([note(1, session.clock.now() + 0.3, 60)]))
    status_when(connection, lambda s: s["sounding"] == 1)
    if way == "stop":
        session.child.say({"op": "stop"})
    else:
        assert session.child.process.stdin is not None
        session.child.process.stdin.close()
    assert session.child.process.wait(2) == 0


def test_settings_that_are_wrong_are_named_and_replaced(open_session: Open) -> None:
    """The sound does not depend on a typing error."""
    notices: list[str] = []
    assert read_settings({"audio": {"profile": "tigth"}}, notices.append).block == 256
    assert read_settings({"audio": 3}, notices.append).block == 256
    assert "did you mean 'tight'" in notices[0]
    assert len(notices) == 2
    session = open_session(profile="safe")
    connection, _ = session.engine(1)
    assert status_when(connection, lambda _: True)["ahead"] == 4 * 512 / 48_000


CONTROL = """
import time
period, ahead, lost = 256 / 48000, 3, 0
due = begun = time.monotonic()
while due < begun + 3.0:
    due += period
    time.sleep(max(0, due - time.monotonic()))
    late = int((time.monotonic() - due) / period) - ahead
    if late > 0:
        lost, due = lost + late, time.monotonic()
print(lost)
"""
"""A bare client beside the mixer: wakes once a block, and counts what a runway of three would miss."""


def test_a_busy_engine_costs_no_block(open_session: Open) -> None:
    """Another process that computes without pause, and one that reads nothing, are not heard."""
    session = open_session()
    connection, _ = session.engine(1)
    connection.send(b"R", BASS)
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    control = subprocess.Popen([sys.executable, "-c", CONTROL], stdout=subprocess.PIPE, text=True)
    try:
        now = session.clock.now()
        connection.send(b"E", encode_events([note(n, now + 0.5 + n * 0.05, 0.2) for n in range(40)]))
        pause(2.5)  # nothing is read meanwhile
        status = status_when(connection, lambda s: s["held"] == 0)
        slipped = int(control.communicate(timeout=10)[0])
    finally:
        for process in (busy, control):
            process.kill()
            process.wait()
    blocks = 2.5 * 48_000 / 256
    # 2 % of the blocks are allowed besides what the machine's own standstills cost the control; a design
    # that waits for the engine loses 40 %.
    assert cast("int", status["missing"]) < 0.02 * blocks + slipped
    assert status["dropped"] == 0
