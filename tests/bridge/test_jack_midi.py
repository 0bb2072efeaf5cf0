"""All of MIDI through a real JACK server: what a piece says arrives whole, in order, at its frame."""

from __future__ import annotations

import statistics
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bridge.clock import monotonic
from bridge.event import TimedEvent
from bridge.layer import route_of
from bridge.midi import encode
from bridge.midi_bytes import messages
from bridge.mpe import Zone
from bridge.targets import MidiTarget, midi, mpe

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bridge.conftest import EngineEnd, Receiver, StartOutput

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

RATE = 48_000
OUT = "Sempre:out"
SETUP = [message.hex() for message in messages(Zone(voices=3).set_up())]


class Piece:
    """Events of some targets, sent as an engine sends them."""

    def __init__(self, engine: EngineEnd, *targets: MidiTarget) -> None:
        engine.held()
        self._engine = engine
        self._ids = 0
        engine.connection.send_json(b"R", {str(route_of(t.key)): t.to_json() for t in targets})

    def send(self, target: MidiTarget, at: float, duration: float, **controls: object) -> None:
        """Say something at a time."""
        self._ids += 1
        self._engine.send(*encode(target, TimedEvent(at, duration, controls, "lead", self._ids)))


def test_a_zone_is_set_up_for_each_who_listens(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Once at the beginning, again for who comes later; on a named port when it is reached."""
    del jack_server
    desk = start_output(backend="jack")
    ours, named = mpe(voices=3), mpe("Thing", voices=3)
    Piece(desk.engine(1), ours, named)
    for receiver in (listen("rx1", OUT), listen("Thing")):
        rows = receiver.wait_midi(lambda r: len(r) >= len(SETUP))
        assert [text for _, text in rows] == SETUP


def test_panic_sets_a_zone_up_anew(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """For a system that does not tell who connects; all sound is off before, the tracked notes first."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx6", OUT)
    target = mpe(voices=3)
    piece = Piece(desk.engine(1), target)
    receiver.wait_midi(lambda r: len(r) >= len(SETUP))
    for key in (60, 64):
        piece.send(target, desk.now() + 0.1, 60.0, note=key)
    heard = len(receiver.wait_midi(lambda r: sum(t[0] == "9" for _, t in r) == 2))
    desk.child.say({"op": "panic"})
    rows = receiver.wait_midi(lambda r: len(r) >= heard + 2 + 64 + len(SETUP))[heard:]
    sent = [text for _, text in rows]
    assert sent[:2] == ["813c40", "824040"]
    assert set(SETUP) <= set(sent)
    for channel in range(4):
        for reset in (f"b{channel}4000", f"e{channel}0040", f"b{channel}7800", f"b{channel}7b00"):
            assert reset in sent


def test_a_chord_in_mpe_has_a_channel_a_note_prepared_at_the_same_frame(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Four notes on three voices: the oldest ends before the fourth begins; each is bent before it sounds."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx2", OUT)
    target = mpe(voices=3)
    piece = Piece(desk.engine(1), target)
    receiver.wait_midi(lambda r: len(r) >= len(SETUP))
    start = desk.now() + 0.4
    for n, key in enumerate((60, 64.5, 67.25, 71)):
        piece.send(target, start + n * 0.05, 1.0, note=key, velocity=1, release_velocity=0)
    rows = receiver.wait_midi(lambda r: sum(t[0] == "8" for _, t in r) >= 4)
    played = [(frame, text) for frame, text in rows if text not in SETUP]
    assert [text for _, text in played] == [
        "e10040", "d100", "b14a40", "913c7f",
        "e22b3f", "d200", "b24a40", "92417f",
        "e32b40", "d300", "b34a40", "93437f",
        "813c00",
        "e10040", "d100", "b14a40", "91477f",
        "824100", "834300", "814700",
    ]  # fmt: skip
    begins = [frame for frame, text in played if text[0] == "9"]
    assert all(abs(b - a - 2400) <= 1 for a, b in pairwise(begins))
    for n, frame in enumerate(begins):
        group = played[n * 4 + (n == 3) : n * 4 + (n == 3) + 4]
        assert {f for f, _ in group} == {frame}
    stolen = next(frame for frame, text in played if text == "813c00")
    assert stolen == begins[3]


def test_sysex_arrives_whole_between_notes(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """A thousand bytes, untouched, while notes go on at their frames."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx3", OUT)
    target = midi()
    piece = Piece(desk.engine(1), target)
    start = desk.now() + 0.4
    data = bytes(range(128)) * 8
    for n in range(40):
        piece.send(target, start + n * 0.01, 0.005, note=n)
    piece.send(target, start + 0.2, 0, sysexraw=data)
    rows = receiver.wait_midi(lambda r: len(r) >= 81)
    sysex = [(frame, text) for frame, text in rows if text.startswith("f0")]
    assert [text for _, text in sysex] == ["f0" + data.hex() + "f7"]
    begins = [frame for frame, text in rows if text[0] == "9"]
    assert all(abs(b - a - 480) <= 1 for a, b in pairwise(begins))
    assert abs(sysex[0][0] - begins[20]) <= 1


def test_controllers_of_a_slow_line_are_thinned_and_notes_keep_their_frames(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Four ramps of 500 Hz are twice what a DIN plug takes; the last values arrive, and no note waits."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx4", OUT)
    target = midi(rate=31_250)
    piece = Piece(desk.engine(1), target)
    start = desk.now() + 0.8
    for n in range(500):
        piece.send(target, start + n * 0.002, 0, **{f"cc{c}": (n + c) / 600 for c in range(4)})
    for n in range(10):
        piece.send(target, start + n * 0.1 + 0.0007, 0.05, note=60 + n)
    rows = receiver.wait_midi(
        lambda r: (
            sum(t[0] == "8" for _, t in r) >= 10
            and all(f"b0{c:02x}{round((499 + c) / 600 * 127):02x}" in {t for _, t in r} for c in range(4))
        )
    )
    begins = [frame for frame, text in rows if text[0] == "9"]
    assert all(abs(b - a - 4800) <= 1 for a, b in pairwise(begins))
    controllers = [frame for frame, text in rows if text[0] == "b"]
    assert len(controllers) < 1100
    assert min(b - a for a, b in pairwise(controllers)) >= 45  # 0.96 ms are 46.08 frames


def test_the_systems_way_sends_runs_of_messages_one_by_one(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Bank, program, controllers, sysex and note of one event, and a zone, through rtmidi."""
    del jack_server
    pytest.importorskip("rtmidi")
    desk = start_output(backend="rtmidi-jack")
    receiver = listen("rx5", "Sempre:Sempre")
    plain, zone = midi(), mpe(voices=3)
    piece = Piece(desk.engine(1), plain, zone)
    start = desk.now() + 0.4
    piece.send(plain, start, 0.1, note=60, velocity=1, progNum=5, midibank=1, cc14_1=1, sysexraw="7d01")
    piece.send(zone, start + 0.2, 0.1, note=60.5, velocity=1, touch=1)
    rows = receiver.wait_midi(lambda r: sum(t[0] == "8" for _, t in r) >= 2)
    assert [text for _, text in rows if text not in SETUP] == [
        "f07d01f7", "b00000", "b02001", "c005", "b0017f", "b0217f", "903c7f", "803c40",
        "e12b3f", "d17f", "b14a40", "913d7f", "813d40",
    ]  # fmt: skip


def test_panic_is_heard_within_ten_milliseconds(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """From the supervisor's line to the end at the listener: the median of nine; no engine is asked."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx7", OUT)
    target = midi()
    piece = Piece(desk.engine(1), target)
    taken: list[float] = []
    for n in range(9):
        piece.send(target, desk.now() + 0.05, 60.0, note=n)
        receiver.wait_midi(lambda r, n=n: any(t.startswith(f"90{n:02x}") for _, t in r))
        pressed = monotonic()
        desk.child.say({"op": "panic"})
        receiver.wait_midi(lambda r, n=n: any(t.startswith(f"80{n:02x}") for _, t in r))
        taken.append(receiver.heard_at(f"80{n:02x}") - pressed)
        receiver.wait_midi(lambda r, n=n: sum(t == "bf7b00" for _, t in r) == n + 1)
    print(f"panic: {[round(t * 1000, 1) for t in sorted(taken)]} ms")  # noqa: T201 - a figure for reading
    assert statistics.median(taken) < 0.01
