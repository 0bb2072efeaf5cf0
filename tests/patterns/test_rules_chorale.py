"""A chorale by rules: judged by what sounds, not by what composed it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from patterns.rules.composed import composed
from patterns.state import DEFAULT_FUEL
from patterns.ticks import TICKS
from tests.patterns.rules_checked import Line, chorale_faults, lines, names_of_chords, shipped

CHOIR = shipped("chorale.py")


@pytest.mark.parametrize("seed", range(16))
def test_a_thousand_bars_of_chorales_have_no_fault(seed: int) -> None:
    """Of each of sixteen seeds 64, over the seams of phrases; bench/bench_rules.py has them in a row."""
    voices = lines(CHOIR, 64, seed=seed)
    assert chorale_faults(voices, names_of_chords(CHOIR, 64, seed=seed)) == []
    assert [len(line) for line in voices.values()] == [256] * 4


def test_another_seed_is_another_chorale() -> None:
    """From the first bars on."""
    assert lines(CHOIR, 2, seed=5) != lines(CHOIR, 2)


def test_the_bass_is_never_led_into_a_corner() -> None:
    """Six hours on: with a c4 it went up to that from b3, and no d was within reach of it."""
    bars = composed(CHOIR).answer(1752 * TICKS, 1760 * TICKS, fuel=10 * DEFAULT_FUEL)
    assert bars.problems == []
    assert [chord.partition("/")[0] for chord in names_of_chords(CHOIR, 1754)[1753]] == ["C", "Dm", "G", "C"]


def test_the_checker_finds_what_is_wrong() -> None:
    """One that finds nothing would prove nothing."""

    def voice(*pitches: float) -> Line:
        return [(Fraction(k, 4), Fraction(k + 1, 4), pitch) for k, pitch in enumerate(pitches)]

    good = {
        "bass": voice(48, 53, 55, 48), "tenor": voice(60, 57, 62, 60),
        "alto": voice(67, 65, 65, 64), "soprano": voice(76, 72, 71, 72),
    }  # fmt: skip
    chords = [["C", "F", "G7", "C"]]

    def found(**other: Line) -> str:
        return "; ".join(chorale_faults({**good, **other}, chords))

    assert found() == ""
    assert "spacing" in found(tenor=voice(48, 48, 50, 52))
    assert "range" in found(soprano=voice(88, 72, 71, 72))
    assert "parallels of 7" in found(tenor=voice(55, 60, 62, 60))
    assert "leading tone" in found(soprano=voice(76, 72, 71, 67))
    assert "seventh" in found(alto=voice(67, 65, 65, 67))
    assert "complete" in found(alto=voice(67, 65, 67, 64))
