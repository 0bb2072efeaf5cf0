"""The output process for real: who may speak to it, what it sends when, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bridge.clock import monotonic, wall_at
from bridge.errors import PeerGone
from bridge.event import SinkEvent
from bridge.osc import bundle
from bridge.worker import connect, pause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bridge.conftest import StartOutput

NTP = 2_208_988_800
"""Seconds from 1900, where timetags begin, to 1970."""


class Ear:
    """A UDP socket that notes each datagram with its timetag and the wall clock's time of arrival."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(5.0)

    @property
    def route(self) -> dict[str, object]:
        """Where to send to."""
        return {"host": "127.0.0.1", "port": self._socket.getsockname()[1]}

    def hear(self) -> tuple[bytes, float, float]:
        """The next datagram, its timetag in wall time, and the time of its arrival in monotonic time."""
        data = self._socket.recv(65536)
        now = monotonic()
        seconds, fraction = struct.unpack_from(">II", data, 8)
        return data, seconds - NTP + fraction / 2**32, now

    def quiet(self, seconds: float) -> bool:
        """Whether nothing comes for a while."""
        self._socket.settimeout(seconds)
        try:
            self._socket.recv(65536)
        except TimeoutError:
            return True
        finally:
            self._socket.settimeout(5.0)
        return False

    def close(self) -> None:
        """Let go of the port."""
        self._socket.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    """A receiver of OSC."""
    one = Ear()
    yield one
    one.close()


def note(ident: int, at: float, until: float, route: int = 1) -> SinkEvent:
    """A note for a MIDI route."""
    return SinkEvent(ident, at, until, route, bytes((0x90, ident % 128, 100)), bytes((0x80, ident % 128, 0)))


def test_it_says_that_it_is_ready_and_gives_signs_of_life(start_output: StartOutput) -> None:
    """With one line for the musician about where MIDI goes."""
    desk = start_output(backend="none")
    ready = desk.wait_line("ready")
    assert ready["text"] == "MIDI: none (switched off in the settings)"
    begun = monotonic()
    desk.wait_line("beat", count=3)
    assert monotonic() - begun < 3.0


def test_an_unknown_backend_is_named(start_output: StartOutput) -> None:
    """And time goes on without MIDI."""
    desk = start_output(backend="telepathy")
    assert "telepathy" in str(desk.wait_line("ready")["text"])


def test_hello_is_answered_by_what_is_held(start_output: StartOutput) -> None:
    """A second engine learns what the first had sent, and only the newer one is obeyed."""
    desk = start_output(backend="none")
    first = desk.engine(1)
    assert first.held() == []
    far = desk.now() + 100
    first.routes(midi=[{"port": None}])
    first.send(note(4, far, far + 1), note(8, far + 1, far + 2))
    first.cancel(8)
    first.status()
    second = desk.engine(2)
    assert second.held() == [(4, far)]
    assert first.closed.wait(5.0)
    lower = desk.engine(1)
    with pytest.raises(PeerGone):
        lower.held()
    second.send(note(8, far + 1, far + 2))
    pause(0.05)
    third = desk.engine(2)
    assert sorted(third.held()) == [(4, far), (8, far + 1)]


def test_what_an_engine_sent_plays_on_without_it(start_output: StartOutput) -> None:
    """Its connection closes; nothing stops, and everything ends at its time."""
    desk = start_output(backend="none")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}])
    now = desk.now()
    engine.send(note(4, now + 0.2, now + 0.6), note(8, now + 0.2, now + 60))
    pause(0.05)
    engine.close()
    desk.wait_until(now + 0.25)
    other = desk.engine(2)
    other.wait_status("sounding", 2)
    other.wait_status("sounding", 1)
    assert desk.now() >= now + 0.6


@pytest.mark.parametrize("way", ["supervisor", "engine"])
def test_panic_ends_all_sound_and_forgets_what_is_to_come(start_output: StartOutput, way: str) -> None:
    """From the engine, or from the supervisor when the engine hangs."""
    desk = start_output(backend="none")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}])
    now = desk.now()
    engine.send(note(4, now + 0.05, now + 60), note(8, now + 50, now + 60))
    engine.wait_status("sounding", 1)
    if way == "supervisor":
        desk.child.say({"op": "panic"})
    else:
        engine.connection.send(b"P")
    engine.wait_status("sounding", 0)
    assert desk.engine(2).held() == []


def test_a_wrong_key_is_turned_away(start_output: StartOutput) -> None:
    """And the door stays open for the right one, also while a client stalls at it."""
    desk = start_output(backend="none")
    with pytest.raises(PeerGone):
        connect(desk.door, b"another key")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(desk.door)
        assert desk.engine(1).held() == []
    assert "turned a client away" in desk.log.read_text()


def test_nonsense_closes_the_connection_not_the_process(start_output: StartOutput) -> None:
    """A message cut off in the middle, and a hello that is none."""
    desk = start_output(backend="none")
    engine = desk.engine(1)
    engine.held()
    engine.connection.send(b"E", b"half an event")
    assert engine.closed.wait(5.0)
    rude = connect(desk.door, b"a key of the tests")
    rude.send(b"H", b"{}")
    with pytest.raises(PeerGone):
        rude.receive()
    assert desk.engine(2).held() == []


@pytest.mark.parametrize("way", ["stop", "eof", "SIGTERM", "SIGHUP"])
def test_it_leaves_when_told_and_when_the_supervisor_is_gone(start_output: StartOutput, way: str) -> None:
    """Bounded in time, with code 0."""
    desk = start_output(backend="none")
    begun = monotonic()
    if way == "stop":
        desk.child.say({"op": "stop"})
    elif way == "eof":
        assert desk.child.process.stdin is not None
        desk.child.process.stdin.close()
    else:
        desk.child.process.send_signal(getattr(signal, way))
    assert desk.ended.wait(5.0)
    assert desk.code == 0
    assert monotonic() - begun < 3.0


def test_ctrl_c_in_the_terminal_does_not_end_it(start_output: StartOutput) -> None:
    """It reaches every process there; only the supervisor decides who ends."""
    desk = start_output(backend="none")
    desk.child.process.send_signal(signal.SIGINT)
    pause(0.1)
    assert desk.engine(1).held() == []


def test_osc_leaves_in_time_and_before_its_timetag(start_output: StartOutput, ear: Ear) -> None:
    """Sent in any order, they come in order of time, 200 ms before what the timetag says.

    It says it by the wall clock of the moment of sending; the engine had written our own time there.
    """
    desk = start_output(backend="none")
    engine = desk.engine(1)
    engine.held()
    engine.routes(osc=[ear.route])
    start = desk.now() + 0.3
    events: list[SinkEvent] = []
    for i in (3, 0, 9, 1, 4, 8, 2, 7, 6, 5):
        onset = start + i * 0.03
        data = bundle("/dirt/play", {"n": i}, onset)
        events.append(SinkEvent(4 * i, onset - 0.2, onset - 0.2, 1, data, b""))
    engine.send(*events)
    heard = [ear.hear() for _ in events]
    sent = [e.on for e in sorted(events, key=lambda e: e.at)]
    assert [data[:8] + data[16:] for data, _, _ in heard] == [data[:8] + data[16:] for data in sent]
    for i, (_, tag, arrived) in enumerate(heard):
        onset = start + i * 0.03
        assert tag == pytest.approx(wall_at(onset, desk.clock), abs=0.002)
        assert arrived >= onset - 0.2
        assert arrived < onset
    late = sorted(arrived - (start + i * 0.03 - 0.2) for i, (_, _, arrived) in enumerate(heard))
    assert late[len(late) // 2] < 0.02


def test_an_address_that_does_not_exist_is_named_once(start_output: StartOutput, ear: Ear) -> None:
    """The other addresses are served."""
    desk = start_output(backend="none")
    engine = desk.engine(1)
    engine.held()
    nowhere: dict[str, object] = {"host": "no.such.host.invalid", "port": 9}
    for _ in range(2):
        engine.routes(osc=[nowhere, ear.route])
    desk.wait_line("notice", "no.such.host.invalid")
    now = desk.now()
    engine.send(*(SinkEvent(r, now, now, r, bundle("/x", {}, 1.0), b"") for r in (1, 2)))
    assert ear.hear()[0][16:] == bundle("/x", {}, 1.0)[16:]
    assert len([x for x in desk.lines if x["op"] == "notice"]) == 1


def test_after_a_standstill_nothing_bursts_and_ends_are_sent(start_output: StartOutput, ear: Ear) -> None:
    """A stopped process: what was due meanwhile is dropped and counted, what is due then comes."""
    desk = start_output(backend="none")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}], osc=[ear.route])
    start = desk.now() + 0.2
    ticks = [start + i * 0.02 for i in range(70)]
    engine.send(*(SinkEvent(4 * i, t, t, 2, bundle("/t", {"n": i}, 1.0), b"") for i, t in enumerate(ticks)))
    engine.send(note(4001, start, start + 0.8), note(4005, start + 0.8, start + 60))
    desk.wait_until(start + 0.3)
    process = desk.child.process.pid
    os.kill(process, signal.SIGSTOP)
    stopped = monotonic()
    pause(0.7)
    os.kill(process, signal.SIGCONT)
    desk.wait_until(ticks[-1] + 0.1)
    arrivals: list[float] = []
    while len(arrivals) < 70:
        try:
            data, _, _ = ear.hear()
        except TimeoutError:
            break
        arrivals.append(struct.unpack(">i", data[-4:])[0])
        if arrivals[-1] == 69:
            break
    numbers = [int(n) for n in arrivals]
    assert numbers == sorted(set(numbers))
    missing = sorted(set(range(70)) - set(numbers))
    # 0.7 seconds are 35 ticks; the last 200 ms of them still come before their timetags.
    assert 15 <= len(missing) <= 35
    assert missing == list(range(missing[0], missing[-1] + 1))
    assert start + missing[0] * 0.02 >= stopped - 0.1
    status = engine.status()
    assert status["sounding"] == 0
    assert status["dropped"] >= len(missing)


def test_the_process_stays_small() -> None:
    """No numpy, no pattern, no tonality: what is not imported cannot hold up a note."""
    code = (
        "import sys, json, bridge.output, bridge.rt_midi, bridge.jack_midi\n"
        "big = ('numpy', 'patterns', 'pythonosc')\n"
        "print(json.dumps(sorted(m for m in sys.modules if m.split('.')[0] in big)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=20)
    assert json.loads(out.stdout) == ["patterns", "patterns.errors"]
