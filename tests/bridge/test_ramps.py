"""Ramps of the tempo, nudges and taps: no jump, both ways exact, nothing lost and nothing doubled."""

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock import ManualClock
from bridge.layer import Layer
from bridge.scheduler import Scheduler
from bridge.sink import Player
from bridge.taps import Taps
from bridge.targets import midi
from bridge.tempo import STRETCH, Tempo
from patterns.registry import namespace

NAMES: dict[str, Any] = namespace()
CPS = st.floats(0.05, 4.0)
OVER = st.fractions(Fraction(1, 16), Fraction(64), max_denominator=96)
MOVES = st.lists(
    st.one_of(st.tuples(st.just("ramp"), CPS, OVER), st.tuples(st.just("nudge"), st.floats(-1.0, 1.0), OVER)),
    min_size=1,
    max_size=5,
)
GAPS = st.lists(st.floats(0.01, 60.0), min_size=5, max_size=5)


def moved(cps: float, moves: list[tuple[str, float, Fraction]], gaps: list[float]) -> Tempo:
    """A line that was changed again and again, also within a change."""
    tempo, when = Tempo.steady(cps), 1.0
    for (kind, value, over), gap in zip(moves, gaps, strict=False):
        tempo = tempo.ramped(when, value, over) if kind == "ramp" else tempo.nudged(when, value)
        when += gap
    return tempo


@given(CPS, CPS, OVER, st.floats(0.0, 1.0))
def test_a_ramp_is_reached_in_its_cycles_and_evenly_in_time(
    first: float, last: float, over: Fraction, part: float
) -> None:
    """At its end the tempo and the cycle are those that were asked for; on the way cps is a straight line."""
    tempo = Tempo.steady(first).ramped(Tempo.steady(first).time_at(2), last, over, cycle=Fraction(2))
    begin, end = tempo.time_at(2), tempo.time_at(2 + over)
    assert tempo.segments[-1].cycle == 2 + over
    assert end - begin == pytest.approx(2 * float(over) / (first + last))
    assert tempo.cps_at(end + 1) == last
    assert tempo.cps_at(begin + part * (end - begin)) == pytest.approx(first + part * (last - first))


@given(CPS, MOVES, GAPS, st.lists(st.floats(0.0, 400.0), min_size=2, max_size=6))
def test_whatever_is_changed_time_and_cycle_are_inverse_and_run_forward(
    cps: float, moves: list[tuple[str, float, Fraction]], gaps: list[float], whens: list[float]
) -> None:
    """Also in the middle of a ramp that cuts another one off."""
    tempo = moved(cps, moves, gaps)
    cycles = [tempo.cycle_at(when) for when in sorted(whens)]
    assert cycles == sorted(cycles)
    for when, cycle in zip(sorted(whens), cycles, strict=True):
        assert tempo.time_at(cycle) == pytest.approx(when, abs=1e-6)
    for former, segment in zip(tempo.segments, tempo.segments[1:], strict=False):
        assert former.begin < segment.begin
        assert former.cycle_at(segment.begin) == pytest.approx(float(segment.cycle), abs=1e-8)
        assert former.time_at(segment.cycle) == pytest.approx(segment.begin, abs=1e-6)
    assert Tempo.from_json(tempo.to_json()) == tempo


@given(CPS, MOVES, GAPS, st.floats(-1.0, 1.0), st.floats(0.01, 100.0), st.floats(0.0, 100.0))
def test_a_nudge_moves_what_follows_and_leaves_the_rest(
    cps: float,
    moves: list[tuple[str, float, Fraction]],
    gaps: list[float],
    later: float,
    when: float,
    after: float,
) -> None:
    """By exactly so much, also within a ramp; what was before it is what it was."""
    before = moved(cps, moves, gaps)
    tempo = before.nudged(when, later)
    stretch = max(STRETCH, 10 * abs(later))
    cycle = before.cycle_at(when + stretch + after)
    assert tempo.time_at(cycle) == pytest.approx(before.time_at(cycle) + later, abs=1e-6)
    assert tempo.cycle_at(when - 0.001) == before.cycle_at(when - 0.001)
    mean = (before.cycle_at(when + stretch) - before.cycle_at(when)) / stretch
    assert tempo.cps_at(when) == pytest.approx(mean, rel=0.12)


@settings(max_examples=15, deadline=None)
@given(MOVES, st.lists(st.floats(0.1, 2.0), min_size=5, max_size=5), st.floats(0.005, 0.3))
def test_ramps_and_nudges_lose_and_double_nothing(
    moves: list[tuple[str, float, Fraction]], gaps: list[float], tick: float
) -> None:
    """Each note is heard once, at its cycle, whatever had been sent ahead."""
    clock, player = ManualClock(), Player()
    scheduler = Scheduler(clock, {"midi": player}, Tempo.steady(0.5), lambda _: midi())
    scheduler.set_layer("bass", Layer(NAMES["note"]("0 1 2 3 4 5 6 7"), midi()), Fraction(0))
    scheduler.step()

    def run(seconds: float) -> None:
        until = clock.now() + seconds
        while clock.now() < until:
            clock.advance(min(tick, until - clock.now()))
            player.play(clock.now())
            scheduler.step()

    for (kind, value, over), gap in zip(moves, gaps, strict=False):
        run(gap)
        if kind == "ramp":
            scheduler.set_tempo(value, scheduler.next_boundary(), over)
        else:
            scheduler.nudge(value)
    run(3.0)
    heard = [float(str(x.event.controls["note"])) for x in player.sounds]
    assert heard == [i % 8 for i in range(len(heard))]
    assert len(heard) == math.floor(scheduler.tempo.cycle_at(clock.now()) * 8 - 1e-6) + 1
    last = player.sounds[-1]
    assert last.begin == pytest.approx(scheduler.tempo.time_at(Fraction(len(heard) - 1, 8)), abs=1e-6)
    assert player.agenda.late == 0


@given(st.floats(35.0, 400.0), st.lists(st.floats(-0.015, 0.015), min_size=9, max_size=30))
def test_taps_give_the_tempo(bpm: float, errors: list[float]) -> None:
    """A hand that errs by up to 15 ms."""
    taps = Taps()
    found = [taps.tap(5.0 + i * 60 / bpm + error) for i, error in enumerate(errors)]
    assert found[0] is None
    assert found[-1] is not None
    assert 60 / found[-1] == pytest.approx(60 / bpm, abs=0.0301)


def test_a_pause_begins_anew_and_one_slip_does_not_matter() -> None:
    """As does a key that bounces."""
    taps = Taps()
    for at in (0.0, 0.5, 0.51, 1.0, 1.71, 2.0, 2.5):
        taps.tap(at)
    assert taps.tap(3.0) == pytest.approx(120)
    assert taps.tap(5.5) is None
    assert taps.tap(6.5) == pytest.approx(60)
