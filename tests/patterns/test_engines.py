"""Engines: the same values whenever they are asked for, parameters that move, and what each is known for."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from statistics import correlation, pstdev
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.core import Pattern
from patterns.engines.chaos import logistic, lorenz
from patterns.engines.driven import reflected
from patterns.engines.urns import pink, urn
from patterns.engines.walks import drift, levy, wander
from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.state import NO_CONTROLS, Walk
from patterns.ticks import TICKS

saw = cast("Pattern", namespace()["saw"])
mini = cast("Callable[[str], Pattern]", namespace()["mini"])

ALL: dict[str, Callable[[], Pattern]] = {
    "wander": lambda: wander(0, 7),
    "drift": lambda: drift(60, 0.1, 2),
    "levy": lambda: levy(0, 1),
    "logistic": lambda: logistic(3.9),
    "lorenz": lorenz,
    "urn": lambda: urn(range(7)),
    "pink": pink,
}


def values(pattern: Pattern, begin: int, end: int) -> list[Any]:
    """What it gives in some cycles."""
    return [hap.value for hap in pattern.haps(begin, end)]


@pytest.mark.parametrize("name", ALL)
def test_any_cycle_can_be_asked_at_any_time(name: str) -> None:
    """Far ahead, backwards, and in pieces."""
    make = ALL[name]
    whole = values(make(), 0, 40)
    count = len(whole) // 40
    asked = make()
    for cycle in (39, 3, 20, 0):
        assert values(asked, cycle, cycle + 1) == whole[cycle * count : (cycle + 1) * count]


@pytest.mark.parametrize("name", ALL)
def test_the_seed_decides(name: str) -> None:
    """What chance does; chaos alone does not throw dice."""
    one, other = ([hap.value for hap in ALL[name]().haps(0, 8, seed=seed)] for seed in (1, 2))
    assert (one == other) == (name in {"logistic", "lorenz"})


@given(st.floats(-1e6, 1e6), st.floats(-100, 100), st.floats(0, 100))
def test_turning_back_stays_within_the_bounds(value: float, low: float, width: float) -> None:
    """However far beyond them it was; what is within is left alone."""
    found = reflected(value, low, low + width)
    assert low - 1e-6 <= found <= low + width + 1e-6
    if low < value < low + width:
        assert found == pytest.approx(value, abs=1e-6)


def test_bounds_may_move() -> None:
    """Each value keeps to those of its moment."""
    walk = wander(saw.range(0, 100).slow(8), saw.range(10, 110).slow(8), 3)
    for hap in walk.haps(0, 8):
        low = float(hap.part.begin) / 8 * 100
        assert low - 1e-9 <= hap.value <= low + 10 + 1e-9


def test_a_walk_without_steps_stays() -> None:
    """Until it is given one again."""
    assert values(wander(0, 7, 0, start=3), 0, 2) == [3] * 16
    assert set(values(wander(0, 7, mini("0 1"), start=3), 0, 1)[:4]) == {3}


def test_a_walk_home_stays_as_near_as_theory_says() -> None:
    """Its deviation comes to spread / sqrt(1 - (1 - pull)^2)."""
    found = values(drift(60, 0.3, 2), 50, 550)
    assert pstdev(found) == pytest.approx(2 / (1 - 0.7**2) ** 0.5, rel=0.1)
    assert sum(found) / len(found) == pytest.approx(60, abs=0.5)


def test_long_leaps_are_as_rare_as_their_tail_says() -> None:
    """Of steps of at least 1 one in 2^tail is longer than 2, one in 4^tail longer than 4."""
    flight = values(levy(-1e9, 1e9, 1, 1.5), 0, 1000)
    steps = [abs(b - a) for a, b in itertools.pairwise(flight)]
    for length in (2, 4):
        share = sum(step > length for step in steps) / len(steps)
        assert share == pytest.approx(length**-1.5, abs=0.02)


def test_growth_goes_from_rest_to_turns_to_chaos() -> None:
    """As the textbooks say: 1, 2, 4 and 3 values that go round, and many."""
    for growth, count in ((2.8, 1), (3.2, 2), (3.5, 4), (3.83, 3)):
        assert len({round(value, 6) for value in values(logistic(growth), 100, 110)}) == count
    assert len({round(value, 6) for value in values(logistic(3.99), 100, 110)}) == 80


def test_two_wings_are_visited_alike() -> None:
    """In the long run; and it moves smoothly in between."""
    turns = values(lorenz(2, per_cycle=64), 5, 105)
    left = sum(turn < 0.5 for turn in turns) / len(turns)
    assert 0.35 < left < 0.65
    assert max(abs(a - b) for a, b in itertools.pairwise(turns)) < 0.15


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.integers(-5, 50))
def test_an_urn_gives_all_before_it_is_filled_again(held: list[int], filling: int) -> None:
    """Each as often as it is in it."""
    drawn = values(urn(held, per_cycle=len(held)), filling, filling + 1)
    assert Counter(drawn) == Counter(held)


def test_pink_noise_hangs_together_over_short_and_long_times() -> None:
    """White noise does not, and a plain walk hangs together far more over short ones."""
    found = values(pink(), 0, 500)
    for gap, least in ((1, 0.6), (8, 0.35), (32, 0.15)):
        assert correlation(found[:-gap], found[gap:]) > least
    assert correlation(found[:-1], found[1:]) < 0.95


def test_a_wrong_parameter_is_told_and_the_value_stays() -> None:
    """The music goes on with what it had."""
    walk = Walk(0.5, 0, NO_CONTROLS, "hash", 1000)
    found = logistic(9).run(0, TICKS, walk)
    assert [hap[4] for hap in found] == [0.5] * 8
    assert any("growth= wants a number from 0 to 4, found 9" in str(problem) for problem in walk.problems)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: urn([]), "1 to 1024 values"),
        (lambda: logistic(3, start=2), "from 0 to 1"),
        (lambda: lorenz(axis="w"), "axis="),
        (lambda: wander(per_cycle=0), "per_cycle="),
        (lambda: drift(per_cycle=5000), "from 1 to 4096"),
    ],
)
def test_what_is_no_pattern_is_refused_at_once(make: Callable[[], Pattern], said: str) -> None:
    """With the name of what is wrong."""
    with pytest.raises(PatternError, match=said):
        make()
