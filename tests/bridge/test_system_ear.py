"""MIDI clock from the system's own ports: a binding that behaves as rtmidi does, and rtmidi itself."""

from __future__ import annotations

import random
import sys
import types
from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from bridge.clock_out import CONTINUE, START, STOP, TICK, Course, Line
from bridge.errors import BridgeError
from bridge.midi_in_system import open_poll
from bridge.rt_midi import input_names
from bridge.system_ear import SystemEar
from bridge.tempo import Tempo, cps_of
from bridge.worker import pause

if TYPE_CHECKING:
    from tests.bridge.conftest import StartOutput


class Wire:
    """What rtmidi is connected to: messages with their times, and the ports that there are."""

    def __init__(self) -> None:
        self.ports = ["Through", "Drum Machine MIDI 1"]
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.now = 0.0
        self.drift = 1.0
        self.opened: list[str] = []
        self.closed = 0
        self.hears_clock = False


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """A module in rtmidi's place."""
    wire = Wire()

    class MidiIn:
        """An input that is polled; its deltas are the driver's."""

        def __init__(self, api: int, name: str) -> None:
            del api
            self.name = name
            self.last: float | None = None
            self.timing = True

        def get_ports(self) -> list[str]:
            return wire.ports

        def ignore_types(self, *, sysex: bool, timing: bool, active_sense: bool) -> None:
            assert sysex
            assert active_sense
            self.timing = timing

        def open_port(self, port: int) -> None:
            wire.opened.append(wire.ports[port])
            wire.hears_clock = not self.timing

        def get_message(self) -> tuple[list[int], float] | None:
            if not wire.waiting or wire.waiting[0][0] > wire.now:
                return None
            at, message = wire.waiting.popleft()
            delta = 0.0 if self.last is None else (at - self.last) * wire.drift
            self.last = at
            return list(message), delta

        def close_port(self) -> None:
            wire.closed += 1

        def delete(self) -> None:
            assert wire.closed

    module = types.ModuleType("rtmidi")
    for name, value in {
        "MidiIn": MidiIn,
        "RtMidiError": RuntimeError,
        "API_UNSPECIFIED": 0,
        "API_LINUX_ALSA": 2,
    }.items():
        setattr(module, name, value)
    monkeypatch.setitem(sys.modules, "rtmidi", module)
    return wire


class Listener:
    """An ear, and the thread that polls it now and then."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.notices: list[str] = []
        self.news = 0
        self.chance = random.Random(4)
        self.stalls = 0.01
        self.ear = SystemEar(
            self.notices.append,
            input_names,
            lambda i: open_poll("system", "Sempre clock", i, clock=True),
            self.tell,
        )

    def tell(self) -> None:
        """Something is to be known at once."""
        self.news += 1

    def play(self, until: float) -> None:
        """Poll as a busy thread does: each millisecond or two, and now and then 30 ms late."""
        while self.wire.now < until:
            late = 0.03 if self.chance.random() < self.stalls else 0.0
            self.wire.now += self.chance.uniform(0.0005, 0.002) + late
            self.ear.hear(self.wire.now)

    def said(self) -> dict[str, object]:
        """What is known."""
        found = self.ear.said(self.wire.now)
        assert found is not None
        return found


@pytest.mark.parametrize("drift", [1.0, 1.0003, 0.9997])
def test_the_drivers_deltas_are_trusted_however_late_it_is_asked(wire: Wire, drift: float) -> None:
    """Locked in two seconds to 0.05 bpm, its tick to two milliseconds; a driver that drifts never jumps."""
    wire.drift = drift
    gap = 60 / 128 / 24
    chance = random.Random(9)
    wire.waiting.extend((1 + k * gap + chance.uniform(-0.0005, 0.0005), TICK) for k in range(6000))
    listener = Listener(wire)
    listener.ear.listen("drum")
    listener.ear.seek()
    assert wire.opened == ["Drum Machine MIDI 1"]
    assert wire.hears_clock
    assert listener.notices == ["MIDI clock: Drum Machine MIDI 1 is followed"]
    listener.play(3.0)
    worst = 0.0
    for until in range(4, 110):
        said = listener.said()
        assert said["state"] == "locked"
        period, at = said["period"], said["at"]
        assert isinstance(period, float)
        assert isinstance(at, float)
        worst = max(worst, abs(60 / period / 24 - 128))
        off = (at - 1) / gap
        assert abs(off - round(off)) * gap < 0.002
        listener.play(until)
    print(f"worst {worst:.3f} bpm")  # noqa: T201 - figures
    assert worst < 0.05


def test_transport_is_known_at_once(wire: Wire) -> None:
    """A start with its first tick, a stop by itself; the tick's number says where."""
    listener = Listener(wire)
    listener.stalls = 0.0
    listener.ear.listen("drum")
    listener.ear.seek()
    gap = 60 / 120 / 24
    rows = [(k * gap, TICK) for k in range(1, 400)]
    rows += [
        (48.4 * gap, START),
        (144.4 * gap, STOP),
        (200.2 * gap, b"\xf2\x10\x00"),
        (200.3 * gap, CONTINUE),
    ]
    wire.waiting.extend(sorted(rows))
    listener.play(48 * gap)
    assert (listener.news, listener.said()["moves"], listener.said()["rolling"]) == (0, 0, False)
    listener.play(49.5 * gap)
    assert listener.news == 1
    assert (listener.said()["rolling"], listener.said()["begun"], listener.said()["tick"]) == (True, 0, 0)
    listener.play(120.5 * gap)
    assert listener.said()["tick"] == 71
    listener.play(145 * gap)
    assert (listener.news, listener.said()["rolling"]) == (2, False)
    listener.play(202 * gap)
    assert (listener.news, listener.said()["begun"]) == (3, 96)
    listener.play(399 * gap)
    listener.play(399 * gap + 0.3)
    assert listener.said()["state"] == "freewheel"


def test_a_port_comes_and_goes(wire: Wire) -> None:
    """It is said once that it is missing; another clock begins anew; none lets go."""
    listener = Listener(wire)
    listener.ear.listen("synth")
    listener.ear.seek()
    listener.ear.seek()
    assert len(listener.notices) == 1
    assert "synth" in listener.notices[0]
    assert listener.said()["state"] == "silent"
    wire.ports = ["A Synth"]
    listener.ear.seek()
    assert wire.opened == ["A Synth"]
    wire.ports = ["Through"]
    listener.ear.seek()
    assert wire.closed == 1
    wire.ports = ["Through", "A Synth"]
    listener.ear.seek()
    assert wire.opened == ["A Synth", "A Synth"]
    listener.ear.listen(None)
    listener.ear.seek()
    assert wire.closed == 2
    assert listener.ear.said(0.0) is None
    listener.ear.listen("Through")
    listener.ear.seek()
    listener.ear.close()
    assert wire.closed == 3


@pytest.mark.jack
@pytest.mark.timeout(60)
def test_rtmidi_follows_a_session(jack_server: str, start_output: StartOutput) -> None:
    """The real library, on JACK: it locks, start and stop are seen, though it rounds to whole periods."""
    del jack_server
    leader = start_output(backend="jack")
    try:
        follower = start_output(backend="rtmidi-jack", name="Second")
    except BridgeError as error:
        pytest.skip(str(error))
    first, second = leader.engine(1), follower.engine(1)
    first.held()
    second.held()
    second.connection.send_json(b"F", "Sempre:out")
    follower.wait_line("notice", "is followed")
    tempo = Tempo.steady(cps_of(128), leader.now() + 0.5)
    course = Course(tempo, begin=Fraction(0), lines=(Line(None),))
    first.connection.send_json(b"T", course.to_json())
    leader.wait_until(tempo.time_at(0) + 2.5)
    heard = second.status()["clock"]
    for _ in range(30):
        if heard["state"] == "locked":
            break
        pause(0.25)
        heard = second.status()["clock"]
    assert heard["state"] == "locked"
    assert (heard["rolling"], heard["begun"], heard["moves"]) == (True, 0, 1)
    before, theirs, ours = second.status()["clock"], leader.now(), follower.now()
    pause(6.0)
    after = second.status()["clock"]
    # A server that slips beats slower, or makes up for it faster: its own time says how much at most.
    real = 128 * (leader.now() - theirs) / (follower.now() - ours)
    bpm = (after["tick"] - before["tick"]) / 24 / (after["at"] - before["at"]) * 60
    print(f"rtmidi over JACK reads {bpm:.3f} of {real:.3f}")  # noqa: T201 - figures
    # Its input knows periods only, of 5 ms here: that is a thousandth of these seconds.
    assert min(real, 128) - 0.3 < bpm < max(real, 128) + 0.3
    first.connection.send_json(b"T", Course(tempo, begin=None, lines=(Line(None),)).to_json())
    pause(0.3)
    heard = second.status()["clock"]
    assert (heard["rolling"], heard["moves"]) == (False, 2)
