"""Chasing another's clock in virtual time: the beat is met, by bending, and then left alone."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.chase import Heard, chased
from bridge.tempo import Tempo, cps_of

TURN = 0.25
LEAD = 0.05


def follow(tempo: Tempo, other: Tempo, begin: float, seconds: float, beats: float = 4.0) -> tuple[Tempo, int]:
    """Our line after chasing for so long, and how often it was changed."""
    changes = 0
    turns = int(seconds / TURN)
    for turn in range(turns):
        now = begin + turn * TURN
        cycle = other.cycle_at(now)
        tick = int(cycle * 24 * beats)
        heard = Heard(
            other.time_at(Fraction(tick) / Fraction(24 * beats)), 1 / (other.cps_at(now) * 24 * beats), tick
        )
        new = chased(tempo, now + LEAD, heard, beats)
        if new is not None:
            changes += 1
            assert new.cycle_at(now + LEAD) == pytest.approx(tempo.cycle_at(now + LEAD), abs=1e-9)
            assert new.cps_at(now + LEAD + 0.001) == pytest.approx(other.cps_at(now), rel=0.11)
            tempo = new
    return tempo, changes


@settings(deadline=None)
@given(st.floats(60, 200), st.floats(60, 200), st.floats(0, 8), st.sampled_from([3.0, 4.0, 7.0]))
def test_it_meets_the_beat_without_a_jump_and_then_rests(
    ours: float, theirs: float, apart: float, beats: float
) -> None:
    """From wherever the two are, within a tempo that lies a tenth beside the other's at most."""
    tempo, other = Tempo.steady(cps_of(ours, beats)), Tempo.steady(cps_of(theirs, beats), -apart)
    tempo, _ = follow(tempo, other, 5.0, 120.0, beats)
    away = (other.cycle_at(125.0) - tempo.cycle_at(125.0) + 0.5) % 1 - 0.5
    assert abs(away / cps_of(theirs, beats)) < 0.001
    _, changes = follow(tempo, other, 125.0, 60.0, beats)
    assert changes <= 2


def test_it_follows_a_ramp_of_the_other() -> None:
    """And is within two milliseconds of its beat when that has ended."""
    other = Tempo.steady(0.5).ramped(20.0, 0.7, Fraction(16), cycle=Fraction(10))
    tempo, _ = follow(Tempo.steady(0.5, 0.3), other, 1.0, 100.0)
    away = (other.cycle_at(101.0) - tempo.cycle_at(101.0) + 0.5) % 1 - 0.5
    assert abs(away / 0.7) < 0.002


def test_while_the_other_stands_only_its_tempo_is_taken() -> None:
    """The place in the cycle stays ours."""
    tempo = chased(Tempo.steady(0.5), 3.3, Heard(3.0, 1 / (0.6 * 96)), 4.0)
    assert tempo is not None
    assert tempo.segments[-1].cps == pytest.approx(0.6)
    assert tempo.cycle_at(3.3) == pytest.approx(1.65)
    assert chased(tempo, 4.0, Heard(3.9, 1 / (0.6 * 96)), 4.0) is None
