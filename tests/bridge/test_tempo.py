"""The line of cycles over time: both ways, without a jump."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.tempo import Tempo, cps_of

CPS = st.floats(0.05, 4.0)
GAP = st.floats(0.01, 500.0)
CHANGES = st.lists(st.tuples(GAP, CPS, st.booleans()), max_size=6)


def line(cps: float, changes: list[tuple[float, float, bool]]) -> Tempo:
    """A line of steady stretches and ramps; a ramp reaches the next tempo when its stretch ends."""
    tempo, when, now = Tempo.steady(cps, begin=3.0), 3.0, cps
    for gap, reach, ramp in changes:
        tempo = tempo.changed(when, now, slope=(reach - now) / gap if ramp else 0.0)
        when += gap
        now = reach
    return tempo.changed(when, now)


@given(CPS, CHANGES, st.floats(-10.0, 3000.0))
def test_time_and_cycle_are_inverse(
    cps: float, changes: list[tuple[float, float, bool]], when: float
) -> None:
    """The cycle at a time, and the time of that cycle; also on ramps."""
    tempo = line(cps, changes)
    when = max(when, 3.0) if changes and changes[0][2] else when
    assert tempo.time_at(tempo.cycle_at(when)) == pytest.approx(when, abs=1e-6)


@given(CPS, CHANGES)
def test_no_change_of_tempo_jumps(cps: float, changes: list[tuple[float, float, bool]]) -> None:
    """Just before and just after each change it is the same cycle."""
    tempo = line(cps, changes)
    for former, segment in zip(tempo.segments, tempo.segments[1:], strict=False):
        assert former.cycle_at(segment.begin) == pytest.approx(float(segment.cycle), abs=1e-9)
        assert tempo.time_at(segment.cycle) == pytest.approx(segment.begin, abs=1e-9)


@given(CPS, CHANGES, st.lists(st.floats(3.0, 3000.0), min_size=2, max_size=8))
def test_time_runs_forward(cps: float, changes: list[tuple[float, float, bool]], whens: list[float]) -> None:
    """A later time is never an earlier cycle."""
    tempo = line(cps, changes)
    cycles = [tempo.cycle_at(w) for w in sorted(whens)]
    assert cycles == sorted(cycles)


@given(CPS, CHANGES)
def test_it_travels_exactly(cps: float, changes: list[tuple[float, float, bool]]) -> None:
    """Another engine goes on with the very same line."""
    tempo = line(cps, changes)
    assert Tempo.from_json(tempo.to_json()) == tempo


@given(CPS, CHANGES, st.floats(0, 1000.0), st.floats(0, 1000.0))
def test_the_past_can_be_forgotten(
    cps: float, changes: list[tuple[float, float, bool]], when: float, later: float
) -> None:
    """What has ended before a time is not needed after it."""
    tempo = line(cps, changes)
    short = tempo.since(3.0 + when)
    at = 3.0 + when + later
    assert short.cycle_at(at) == tempo.cycle_at(at)
    assert short.cps_at(at) == tempo.cps_at(at)
    assert short.time_at(tempo.cycle_at(at)) == pytest.approx(at, abs=1e-6)


def test_a_change_on_a_known_cycle_keeps_it_exact() -> None:
    """A change at cycle 8 begins at 8, not at 7.9999."""
    tempo = Tempo.steady(0.3)
    tempo = tempo.changed(tempo.time_at(8), 0.7, cycle=Fraction(8))
    assert tempo.segments[-1].cycle == 8
    assert tempo.time_at(Fraction(8)) == tempo.segments[-1].begin


def test_a_change_replaces_what_was_to_come() -> None:
    """The musician's last word about the future holds."""
    tempo = Tempo.steady(0.5).changed(10.0, 1.0).changed(4.0, 2.0)
    assert [s.begin for s in tempo.segments] == [0.0, 4.0]
    assert tempo.cycle_at(5.0) == 4.0


@pytest.mark.parametrize("bpm", [0, -1, 1001, math.nan, math.inf])
def test_a_tempo_that_cannot_be_is_named(bpm: float) -> None:
    """The message says the value and the range."""
    with pytest.raises(ValueError, match=rf"1000 \(got {bpm}\)"):
        cps_of(bpm)
    with pytest.raises(ValueError, match="beats_per_cycle"):
        cps_of(120, -abs(bpm))
