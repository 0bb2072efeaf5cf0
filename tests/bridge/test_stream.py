"""Signals between onsets, in virtual time: ramps of controllers, thinned, the same however the ticks fall."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Generator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock import ManualClock
from bridge.event import TimedEvent
from bridge.layer import Layer
from bridge.midi import encode
from bridge.place import Place
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.stream import grain_of, places
from bridge.targets import MidiTarget, midi, mpe, superdirt
from bridge.tempo import Tempo
from bridge.trouble import Trouble
from patterns.core import Pattern
from patterns.inputs import knob
from patterns.registry import namespace
from plugin_host.specs import fx, instrument

NAMES: dict[str, Any] = namespace()
MIDI = midi()


def piece(source: str) -> Pattern:
    """A pattern as a piece writes it."""
    made = eval(source, dict(NAMES))
    assert isinstance(made, Pattern)
    return made


class Desk:
    """A scheduler in virtual time, and what it sent."""

    def __init__(self, cps: float = 0.5) -> None:
        self.clock = ManualClock()
        self.sink = Recorder()
        self.troubles: list[Trouble] = []
        self.scheduler = Scheduler(
            self.clock,
            {"midi": self.sink, "osc": self.sink, "audio": self.sink},
            Tempo.steady(cps),
            lambda _: MIDI,
            on_trouble=self.troubles.append,
        )

    def play(self, source: str, target: Any = MIDI, name: str = "ramp", boundary: int = 0) -> None:
        """Set a layer."""
        self.scheduler.set_layer(name, Layer(piece(source), target), Fraction(boundary))
        self.scheduler.step()

    def run(self, until: float, tick: float = 0.02) -> None:
        """Let time pass."""
        while self.clock.now() < until:
            self.clock.advance(min(tick, until - self.clock.now()))
            self.scheduler.step()

    def said(self, name: str) -> list[tuple[float, Any]]:
        """When a control was sent before 2 s, and its value."""
        return [
            (round(e.at, 6), e.controls[name]) for e in self.sink.events() if name in e.controls and e.at < 2
        ]


def sent(source: str, target: MidiTarget = MIDI) -> list[TimedEvent]:
    """What a layer sends in its first cycle of 2 s."""
    desk = Desk()
    desk.play(source, target)
    desk.run(2.0)
    return [e for e in desk.sink.events() if e.at < 2]


def test_a_ramp_of_a_cycle_is_127_controllers_each_at_its_place() -> None:
    """192 samples, of which those are sent that MIDI rounds otherwise than the one before."""
    events = sent("cc(74, saw)")
    values = [encode(MIDI, e)[0].on[2] for e in events]
    assert values == list(range(127))
    for event in events:
        assert (event.at * 96) % 1 == pytest.approx(0, abs=1e-6)
        assert round(float(event.controls["cc74"]) * 127) == round(event.at / 2 * 127)  # pyright: ignore[reportArgumentType] - a number


def test_fourteen_bits_are_thinned_by_fourteen_bits() -> None:
    """A slow ramp that seven bits would hold for ever moves in each sample."""
    assert len(sent("cc14(1, saw.slow(16))")) == 192
    assert len(sent("cc(1, saw.slow(16))")) < 10


def test_a_signal_that_stands_still_is_said_once_a_cycle() -> None:
    """For an instrument that comes later."""
    desk = Desk()
    desk.play("cc(74, saw.range(.5, .5))")
    desk.run(6.0)
    assert [e.at for e in desk.sink.events() if e.at < 8] == [0.0, 2.0, 4.0, 6.0]


@pytest.mark.parametrize("source", ["note('c e') | cc(74, saw)", "note('c e').cc(74, saw)"])
def test_merged_with_notes_it_streams_between_them(source: str) -> None:
    """The notes say it too, so that it is there before they sound."""
    events = sent(source)
    notes = [e for e in events if "note" in e.controls]
    assert [(e.at, e.controls["cc74"]) for e in notes] == [(0.0, 0.0), (1.0, 0.5)]
    assert [encode(MIDI, e)[0].on[2] for e in events if "note" not in e.controls] == list(range(127))


def test_other_controls_are_taken_at_onsets() -> None:
    """As in Strudel: a pan of notes is theirs."""
    assert len(sent("note('c e') | pan(saw)")) == 2
    assert len(sent("note('c e').bend(saw)")) == 2


@pytest.mark.parametrize(
    ("source", "status"),
    [("bend(saw)", 0xE0), ("touch(saw)", 0xD0), ("timbre(saw)", 0xB0), ("nrpn(5, saw)", 0xB0)],
)
def test_bends_and_pressures_stream_as_layers_of_their_own(source: str, status: int) -> None:
    """And stacked with notes."""
    for one in (source, f"stack(note('c e'), {source})"):
        events = [e for e in sent(one) if "note" not in e.controls]
        assert len(events) > 100
        assert {encode(MIDI, e)[0].on[0] for e in events} == {status}


def test_in_a_zone_they_speak_to_all_notes() -> None:
    """On the master channel."""
    target = mpe("x", zone="upper")
    events = sent("bend(saw)", target)
    assert {encode(target, e)[0].on[0] for e in events} == {0xEF}


def test_channels_stream_beside_each_other() -> None:
    """The same controller on two channels is two streams."""
    events = sent("stack(cc(1, saw).channel(2), cc(1, isaw).channel(3))")
    for channel in (2, 3):
        assert len([e for e in events if e.controls["channel"] == channel]) == 127


def test_a_stream_can_be_nudged() -> None:
    """As a whole, and beside another that is not."""
    assert [e.at for e in sent("cc(1, square).nudge(.25)")] == [0.25, 1.25]
    assert [e.at for e in sent("stack(cc(1, square), cc(2, square).nudge(.1))")] == [0.0, 0.1, 1.0, 1.1]


def test_a_layer_that_is_slow_to_sample_is_not_taken_for_one_that_hangs() -> None:
    """Each stretch of the horizon is a query of its own, with its own time."""
    limits: list[float] = []

    @contextlib.contextmanager
    def limit(seconds: float) -> Generator[None]:
        limits.append(seconds)
        yield

    desk = Desk()
    desk.scheduler = Scheduler(
        desk.clock, {"midi": desk.sink}, Tempo.steady(0.5), lambda _: MIDI, limit=limit
    )
    desk.play("cc(1, saw)")
    assert len(limits) > 10


def test_it_follows_time_as_any_pattern() -> None:
    """Faster, turned round, in half of the time, in steps."""
    assert [encode(MIDI, e)[0].on[2] for e in sent("cc(1, saw).rev()")][1:] == list(range(126, 0, -1))
    halves = sent("fastcat(cc(1, saw).fast(2), silence)")
    assert 60 <= len(halves) <= 130
    assert all(e.at < 1 for e in halves)
    assert [e.at for e in sent("cc(1, saw).segment(4)")] == [0.0, 0.5, 1.0, 1.5]
    assert [e.at for e in sent("cc(1, '0 1 0 1')")] == [0.0, 0.5, 1.0, 1.5]


def test_a_knob_streams_from_when_it_is_turned() -> None:
    """Within the near horizon; what stands still is not sent again within a cycle."""
    desk = Desk()
    desk.scheduler.set_layer("k", Layer(NAMES["cc"](7, knob("level")), MIDI), Fraction(0))
    desk.run(0.5)
    desk.scheduler.set_control("level", 0.5)
    desk.run(1.0)
    desk.scheduler.set_control("level", 1.0)
    desk.run(1.5)
    said = desk.said("cc7")
    assert [value for _, value in said] == [0.0, 0.5, 1.0]
    assert said[1][0] == pytest.approx(0.61, abs=0.03)


@settings(max_examples=20)
@given(
    st.lists(st.floats(0.004, 0.7), min_size=1, max_size=12),
    st.sampled_from(
        ["cc(74, sine.slow(3))", "note('c*8').cc(74, saw)", "every(2, rev, cc14(1, sine))", "cc(1, perlin)"]
    ),
)
def test_the_ramp_is_the_same_however_the_ticks_fall(ticks: list[float], source: str) -> None:
    """Ids, times and values."""

    def heard(steps: list[float]) -> dict[int, float]:
        desk = Desk()
        desk.play(source)
        for step in steps:
            desk.clock.advance(step)
            desk.scheduler.step()
        desk.run(6.0)
        return {e.id: e.at for e in desk.sink.events() if e.at < 6}

    assert heard(ticks) == heard([])


def test_another_engine_goes_on_with_the_same_events() -> None:
    """What the first one sent is what the second would."""
    first = Desk()
    first.play("note('c*4').cc(74, sine.slow(3))")
    first.run(5.0)
    second = Desk()
    second.clock.advance(5.0)
    place = first.scheduler.places["ramp"]

    copy = Place("ramp", list(place.versions), place.versions[0][0], place.seed)
    second.scheduler.resume([copy], first.scheduler.tempo, first.scheduler.controls)
    second.scheduler.reconcile(second.sink, [i for i, (_, e) in first.sink.held.items() if e.at > 5.1])
    cancelled = [row for row in second.sink.log if row[0] == "cancel"]
    assert cancelled == []
    wanted = {e.id for e in first.sink.events() if 5.1 < e.at < 7.4}
    assert wanted <= {e.id for e in second.sink.events()}


def test_a_swap_leaves_the_ramp_alone_where_it_is_equal() -> None:
    """Only what differs is cancelled and sent."""
    desk = Desk()
    desk.play("cc(74, sine.slow(2))")
    desk.run(1.0)
    desk.sink.log.clear()
    desk.play("cc(74, sine.slow(2)).slow(1)", boundary=1)
    assert [row for row in desk.sink.log if row[0] == "cancel"] == []
    desk.play("cc(74, saw)", boundary=1)
    assert len([row for row in desk.sink.log if row[0] == "cancel"]) > 40


def test_what_cannot_stream_is_said() -> None:
    """A signal of notes, a value out of range, a way out that has no controllers."""
    for source, target, text in (
        ("note(saw)", MIDI, "no onsets"),
        ("saw", MIDI, "no onsets"),
        ("cc(1, saw)", superdirt(), "only MIDI follows"),
        ("cc(1, saw.range(0, 127))", MIDI, "cc1 must be 0 to 1"),
    ):
        desk = Desk()
        desk.play(source, target)
        desk.run(0.1)
        assert any(text in trouble.problem.message for trouble in desk.troubles), source
        assert not any(trouble.fallen_back for trouble in desk.troubles)


@pytest.mark.parametrize(("cps", "rate"), [(0.5, 96), (1, 96), (0.25, 96), (0.6, 115.2), (8, 96)])
def test_the_rate_is_near_a_hundred_at_any_tempo(cps: float, rate: float) -> None:
    """Samples in a cycle are 192 times a power of two."""
    assert cps * grain_of(cps) == pytest.approx(rate)
    assert grain_of(1e-9) == 12288
    assert grain_of(1e9) == 3


def test_places_are_counted_alike_whatever_the_window() -> None:
    """Half-open, as all windows are."""
    assert [*places(Fraction(1, 8), Fraction(3, 4), 4)] == [1, 2]
    assert [*places(Fraction(1, 4), Fraction(1, 2), 4)] == [1]


def moved(source: str, name: str = "param.cutoff") -> list[tuple[float, float, float]]:
    """When a parameter is told where to be, where, and how long it takes, in the first cycle of 2 s."""
    desk = Desk()
    desk.play(source, instrument("bass") | fx.reverb())
    desk.run(2.0)
    assert desk.troubles == []
    return [
        (event.at, float(event.controls[name]), event.duration)  # pyright: ignore[reportArgumentType] - a number
        for event in desk.sink.events()
        if name in event.controls and event.at < 2
    ]


@pytest.mark.parametrize("source", ["param('cutoff', sine)", "note('c e').param('cutoff', sine)"])
def test_a_parameter_is_told_where_to_be_at_the_next_place(source: str) -> None:
    """So an instrument that goes there evenly is where the signal is, at each place."""
    rows = moved(source)
    assert len(rows) == 192
    for at, goal, over in rows:
        assert goal == pytest.approx(0.5 + 0.5 * math.sin(math.pi * (at + over)), abs=1e-6)
        assert over == pytest.approx(2 / 192)


def test_the_notes_beside_a_signal_do_not_say_it() -> None:
    """What a note says is its own as long as it sounds; steps are said by notes alone."""
    assert all(over < 0.1 for _, _, over in moved("note('c2 e2').param('cutoff', sine)"))
    assert [(at, goal) for at, goal, _ in moved("note('c2 e2').param('cutoff', '.2 .4')")] == [
        (0, 0.2),
        (1, 0.4),
    ]


def test_a_parameter_that_stands_still_is_said_once_a_cycle() -> None:
    """For an instrument that comes later."""
    assert [row[0] for row in moved("param('cutoff', sine.range(.5, .5))")] == [0.0]


@pytest.mark.parametrize(
    ("source", "goes_to"),
    [
        ("s('bd*4').param('room', sine)", {0: "drums", 7: "drums"}),
        ("note('c e').param('room', sine)", {0: "keys", 7: "keys"}),
        ("param('room', sine)", {0: "keys"}),
        # It goes on where notes are missing for a while.
        ("s('<bd ~ ~ ~>').param('room', sine)", {0: "drums", 2: "drums", 7: "drums"}),
        ("cat(s('bd'), note('c')).param('room', sine)", {0: "drums", 1: "keys", 7: "keys"}),
    ],
)
def test_without_an_instrument_a_signal_goes_where_its_notes_go(
    source: str, goes_to: Mapping[int, str]
) -> None:
    """As they would themselves; without notes to the keys."""
    desk = Desk()
    desk.scheduler = Scheduler(
        desk.clock,
        {"audio": desk.sink},
        Tempo.steady(0.5),
        lambda controls: instrument("drums" if "s" in controls else "keys"),
    )
    desk.scheduler.set_layer("ramp", Layer(piece(source)), Fraction(0))
    desk.run(16.0)
    for cycle, name in goes_to.items():
        found = {
            target.key
            for target, event in desk.sink.held.values()
            if "param.room" in event.controls and cycle <= event.at / 2 < cycle + 1
        }
        assert found == {instrument(name).key}, (cycle, found)


def test_a_knob_moves_a_parameter_to_where_it_stands() -> None:
    """Nobody knows where it will be: what was asked for is never asked anew."""
    desk = Desk()
    layer = Layer(NAMES["param"]("cutoff", knob("k")), instrument("bass"))
    desk.scheduler.set_layer("ramp", layer, Fraction(0))
    desk.run(0.5)
    begun = desk.scheduler.set_control("k", 1.0)
    desk.run(1.0)
    rows = [(e.at, e.controls["param.cutoff"]) for e in desk.sink.events()]
    assert [value for _, value in rows] == [0.0, 1.0]
    assert rows[1][0] == pytest.approx(float(begun) * 2, abs=2 / 96)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("param('cutof', sine)", "did you mean 'cutoff'"),
        ("note('c*8').param('cutof', .5)", "did you mean 'cutoff'"),
        ("param('voices', sine)", "how it is built"),
        ("param('cutoff', sine.range(0, 100))", "from 0, its lowest, to 1"),
    ],
)
def test_what_cannot_be_moved_is_said_once(source: str, told: str) -> None:
    """With the line of its play, and the layer plays on."""
    desk = Desk()
    desk.scheduler.set_layer("a.py:ramp", Layer(piece(source), instrument("bass"), where=7), Fraction(0))
    desk.run(2.0)
    assert [told in trouble.problem.message for trouble in desk.troubles] == [True]
    assert desk.troubles[0].problem.where[0].line == 7
    assert len(desk.sink.events()) > 3
