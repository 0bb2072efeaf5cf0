"""Link's beats on our timeline: how two clocks are fitted, and how our line is bent onto the others'."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.link_line import AHEAD, MISSED, NEAR, ClockFit, LinkLine, away, met
from bridge.tempo import Tempo


@given(st.floats(-300e-6, 300e-6), st.floats(-1e6, 1e6), st.integers(0, 1000))
def test_two_clocks_are_fitted_to_microseconds(drift: float, offset: float, seed: int) -> None:
    """One that goes 0.3 ms a second wrong, looked at with jitter: where it will be is known, and its rate."""
    chance = random.Random(seed)
    fit = ClockFit()
    for k in range(300):
        ours = 5000.0 + k / 10
        fit.look(offset + ours * (1 + drift) + chance.gauss(0, 1e-6), ours)
    assert fit.rate == pytest.approx(1 / (1 + drift), abs=2e-6)
    assert 0.3e-6 < fit.noise < 2e-6
    assert fit.other(5034.0) == pytest.approx(offset + 5034.0 * (1 + drift), abs=10e-6)
    assert fit.ours(fit.other(5034.0)) == pytest.approx(5034.0, abs=1e-9)


def test_a_clock_that_was_set_is_followed_and_not_taken_for_jitter() -> None:
    """Half a millisecond a second wrong for a third of a second: a second later that is forgotten."""
    fit = ClockFit()
    noises: list[float] = []
    for k in range(200):
        ours = k / 10
        fit.look(ours + 500e-6 * min(0.3, max(0.0, ours - 10)), ours)
        noises.append(fit.noise)
        if ours > 11.3 and fit.trusted:
            assert fit.ours(ours) == pytest.approx(ours - 150e-6, abs=MISSED)
    assert max(noises) < 20e-6
    assert fit.rate == pytest.approx(1, abs=1e-9)
    assert fit.ours(20.0) == pytest.approx(20.0 - 150e-6, abs=1e-9)


def test_a_look_that_was_late_changes_nothing() -> None:
    """A fifth of a millisecond, now and then: whoever looks may be stopped between two clocks."""
    chance = random.Random(1)
    fit = ClockFit()
    for k in range(300):
        fit.look(k / 10 + (200e-6 if k % 7 == 6 else 0.0) + chance.gauss(0, 1e-6), k / 10)
    assert fit.trusted
    assert fit.ours(31.0) == pytest.approx(31.0, abs=10e-6)
    assert fit.rate == pytest.approx(1, abs=5e-6)


def test_a_clock_that_stood_still_is_fitted_anew() -> None:
    """Its rate is not taken from before and after; until there are some looks nothing is trusted."""
    fit = ClockFit()
    for k in range(100):
        fit.look(50.0 + k / 10, k / 10)
    for k in range(100, 103):
        fit.look(50.0 + k / 10 - 0.006, k / 10)
    assert not fit.trusted
    for k in range(103, 110):
        fit.look(50.0 + k / 10 - 0.006, k / 10)
    assert fit.trusted
    assert fit.rate == pytest.approx(1, abs=1e-9)
    assert fit.ours(60.0) == pytest.approx(10.0 + 0.006)


@given(
    st.floats(0.3, 3.0),
    st.floats(0.3, 3.0),
    st.floats(0.0, 100.0),
    st.sampled_from([3.0, 4.0, 5.5, 0.25]),
)
def test_our_line_is_bent_until_it_lies_on_theirs(
    ours: float, period: float, beat: float, beats: float
) -> None:
    """From any tempo and place: no jump, a tenth beside their tempo at most, and then nothing is left."""
    before = Tempo.steady(ours, begin=100.0)
    line = LinkLine(at=107.0, beat=beat, period=period, quantum=beats)
    after = met(before, 110.0, line)
    if after is None:
        assert abs(away(before, line, 110.0)) < NEAR
        assert ours == pytest.approx(line.cps, rel=1e-5)
        return
    assert after.cycle_at(110.0) == pytest.approx(before.cycle_at(110.0))
    assert after.cycle_at(109.9) == before.cycle_at(109.9)
    for segment in after.segments[1:]:
        assert abs(segment.cps / line.cps - 1) <= 0.1 + 1e-9
    settled = after.segments[-1].begin
    assert settled - 110.0 <= max(1.0, 1 / line.cps / 0.1 / 2 + 1e-6)
    assert abs(away(after, line, settled + 100)) < 1e-7
    assert met(after, 110.3, line) is None
    assert met(after, settled + 50, line) is None


def test_what_is_near_is_left_alone_but_no_drift_is() -> None:
    """Each change has all be sent anew; a tempo that leads away within some seconds is one."""
    line = LinkLine(at=0.0, beat=0.0, period=0.5, quantum=4.0)
    assert met(Tempo.steady(0.5, begin=NEAR * 0.9), 10.0, line) is None
    assert met(Tempo.steady(0.5, begin=NEAR * 1.1), 10.0, line) is not None
    drifting = 0.5 * (1 + 1.2 * NEAR / AHEAD)
    assert met(Tempo.steady(drifting, 10.0, Fraction(5)), 10.0, line) is not None
    noisy = LinkLine(at=0.0, beat=0.0, period=0.5, quantum=4.0, noise=0.001)
    assert met(Tempo.steady(0.5, begin=0.002), 10.0, noisy) is None


def test_the_shorter_way_round_the_cycle_is_taken() -> None:
    """Our cycle 7.9 meets their 3.1 forwards, and 7.1 their 2.9 backwards."""
    line = LinkLine(at=0.0, beat=12.4, period=0.5, quantum=4.0)
    assert away(Tempo.steady(0.5, 0.0, Fraction(79, 10)), line, 0.0) == pytest.approx(0.4)
    behind = LinkLine(at=0.0, beat=11.6, period=0.5, quantum=4.0)
    assert away(Tempo.steady(0.5, 0.0, Fraction(71, 10)), behind, 0.0) == pytest.approx(-0.4)


def test_a_line_goes_over_the_wire() -> None:
    """As it is."""
    line = LinkLine(at=1 / 3, beat=2.0, period=0.1 + 0.2, quantum=4.0, noise=1e-6)
    assert LinkLine.from_json(line.to_json()) == line
