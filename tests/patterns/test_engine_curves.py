"""Curves of chance and events at any moment: the figures that theory gives, measured by the books."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, product
from statistics import NormalDist, fmean, pvariance
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.core import Pattern
from patterns.engines.breeding import evolve
from patterns.engines.draws import beta, exponential, gaussian, tendency
from patterns.engines.points import hawkes, poisson
from patterns.engines.resampling import gibbs
from patterns.registry import namespace

N: dict[str, Any] = dict(namespace())
mini = cast("Callable[[str], Pattern]", N["mini"])
sine, saw = N["sine"], N["saw"]
BELL = NormalDist()


def values(pattern: Pattern, end: int, begin: int = 0) -> list[Any]:
    """What it gives in some cycles."""
    return [hap.value for hap in pattern.haps(begin, end)]


def onsets(pattern: Pattern, end: int, seed: int = 0) -> list[float]:
    """When something begins."""
    found = pattern.haps(0, end, seed=seed)
    return [float(hap.whole.begin) for hap in found if hap.has_onset and hap.whole is not None]


def fits(found: Sequence[float], below: Callable[[float], float]) -> bool:
    """Whether values may come from a distribution: the test of Kolmogorov and Smirnov, at 1 in 1000."""
    ordered, size = sorted(found), len(found)
    gap = max(
        max((at + 1) / size - below(value), below(value) - at / size) for at, value in enumerate(ordered)
    )
    return gap < 1.95 / math.sqrt(size)


def test_the_test_can_fail() -> None:
    """Even numbers are no bell; a bell that is a third of its deviation away is not this one."""
    assert not fits([at / 1000 for at in range(1000)], BELL.cdf)
    assert not fits([BELL.inv_cdf((at + 0.5) / 1000) + 1 / 3 for at in range(1000)], BELL.cdf)
    assert fits([BELL.inv_cdf((at + 0.5) / 1000) for at in range(1000)], BELL.cdf)


def test_a_bell_is_a_bell() -> None:
    """With its mean and its deviation, which may move."""
    assert fits(values(gaussian(60, 5), 300), NormalDist(60, 5).cdf)
    moving = gaussian("<0 100>", "<1 10>")
    assert fits([v for cycle in range(0, 300, 2) for v in values(moving, cycle + 1, cycle)], BELL.cdf)
    assert fits(
        [v for cycle in range(1, 300, 2) for v in values(moving, cycle + 1, cycle)], NormalDist(100, 10).cdf
    )
    assert set(values(gaussian(3, 0), 2)) == {3}


@pytest.mark.parametrize(("low", "high"), [(-1, 2), (0.5, 0.6), (3, None), (None, -4), (6, 9), (-0.1, 5)])
def test_a_bell_is_cut_and_not_heaped(low: float | None, high: float | None) -> None:
    """Between its bounds it is the bell's own part, far out as well."""
    bottom, top = -math.inf if low is None else low, math.inf if high is None else high
    found = values(gaussian(0, 1, low, high), 200)
    assert all(bottom <= value <= top for value in found)
    turn = -1 if top < 0 else 1  # the far left is as the far right, where cdf keeps no figures

    def tail(value: float) -> float:
        return 0.0 if value == math.inf else math.erfc(value / math.sqrt(2)) / 2

    first, last = (bottom, top) if turn == 1 else (-top, -bottom)
    whole = tail(first) - tail(last)
    assert fits([turn * value for value in found], lambda value: (tail(first) - tail(value)) / whole)


@pytest.mark.parametrize(("a", "b"), [(2, 5), (0.5, 0.5), (0.2, 3), (1, 1), (40, 60)])
def test_shapes_have_their_means_and_deviations(a: float, b: float) -> None:
    """Of the beta distribution, by its formulas."""
    found = values(beta(a, b), 500)
    variance = a * b / ((a + b) ** 2 * (a + b + 1))
    assert fmean(found) == pytest.approx(a / (a + b), abs=4 * math.sqrt(variance / len(found)))
    assert pvariance(found) == pytest.approx(variance, rel=0.1)
    assert all(20 <= value <= 30 for value in values(beta(a, b, 20, 30), 20))


def test_edges_are_an_arc_sine() -> None:
    """Both shapes a half: the curve has a formula."""
    assert fits(values(beta(), 300), lambda value: 2 / math.pi * math.asin(math.sqrt(value)))


def test_gaps_are_exponential() -> None:
    """Most small, few large."""
    assert fits(values(exponential(2), 300), lambda value: 1 - math.exp(-value / 2))


@pytest.mark.parametrize(
    ("shape", "mean"), [("even", 1 / 2), ("low", 1 / 3), ("high", 2 / 3), ("middle", 1 / 2), ("bell", 1 / 2)]
)
def test_a_mask_is_filled_by_its_shape(shape: str, mean: float) -> None:
    """Its mean lies where it should."""
    assert fmean(values(tendency(10, 20, shape), 400)) == pytest.approx(10 + 10 * mean, abs=0.25)


def test_a_mask_keeps_to_its_bounds() -> None:
    """Straight lines between points, held before the first and after the last; signals; the order is free."""
    mask = tendency([(2, 0), (4, 10), (5, 0)], [(2, 0), (4, 30), (5, 100)], per_cycle=16)
    for hap in mask.haps(0, 8):
        at = float(hap.part.begin)
        low = 0 if at < 2 else 5 * (at - 2) if at < 4 else 10 * (5 - at) if at < 5 else 0
        high = 0 if at < 2 else 15 * (at - 2) if at < 4 else 30 + 70 * (at - 4) if at < 5 else 100
        assert low - 1e-9 <= hap.value <= high + 1e-9
    swollen = tendency(saw.range(0, 100).slow(8), saw.range(10, 110).slow(8))
    for hap in swollen.haps(0, 8):
        assert 0 <= hap.value - float(hap.part.begin) / 8 * 100 <= 10
    assert all(3 <= value <= 7 for value in values(tendency(7, 3), 4))


def test_whole_steps_are_alike() -> None:
    """From bound to bound, both included; where none lies between them it is the nearest."""
    found = Counter(values(tendency(60, 64, step=1), 400))
    assert set(found) == {60, 61, 62, 63, 64}
    assert all(count / 3200 == pytest.approx(1 / 5, abs=0.03) for count in found.values())
    assert set(values(tendency(0.2, 0.9, step=0.5), 4)) == {0.5}
    assert set(values(tendency(60.2, 60.4, step=1), 1)) == {60}


@pytest.mark.parametrize("density", [0.5, 8, 20])
def test_rain_falls_as_poisson_says(density: float) -> None:
    """As many in a cycle as their variance, exponential gaps, evenly over the cycle."""
    times = onsets(poisson(density), 400)
    counts = Counter(int(time) for time in times)
    falls = [counts[cycle] for cycle in range(400)]
    assert fmean(falls) == pytest.approx(density, abs=4 * math.sqrt(density / 400))
    assert pvariance(falls) == pytest.approx(density, rel=0.3)
    assert fits([b - a for a, b in pairwise(times)], lambda gap: 1 - math.exp(-gap * density))
    assert fits([time % 1 for time in times], lambda time: time)


def test_rain_may_swell() -> None:
    """A density that moves is kept at every moment; more density adds events and moves none."""
    times = onsets(poisson(saw.range(0, 16)), 300)
    assert len(times) / 300 == pytest.approx(8, abs=0.5)
    assert fits([time % 1 for time in times], lambda time: time * time)
    turns = Counter(int(time) % 2 for time in onsets(poisson("<2 14>"), 300))
    assert turns[0] / 150 == pytest.approx(2, abs=0.4)
    assert turns[1] / 150 == pytest.approx(14, abs=1)
    light, heavy = set(onsets(poisson(3), 40)), set(onsets(poisson(11), 40))
    assert light < heavy
    assert set(onsets(poisson(sine.range(0, 11)), 40)) < heavy


def test_drops_keep_apart() -> None:
    """At least as far as is said, and as many are left as Matern's formula says."""
    gap, density = Fraction(1, 16), 12
    times = onsets(poisson(density, apart=gap), 300)
    assert min(b - a for a, b in pairwise(times)) >= float(gap)
    left = (1 - math.exp(-2 * density * gap)) / (2 * gap)
    assert len(times) / 300 == pytest.approx(left, rel=0.05)


def test_calls_are_answered_in_later_cycles_too() -> None:
    """Slow answers are as many as quick ones: none is lost where a cycle ends."""
    times = onsets(hawkes(3, 0.6, 1 / 4), 600)
    assert len(times) / 600 == pytest.approx(3 / (1 - 0.6), rel=0.1)


def test_swarms_are_as_many_and_as_crowded_as_theory_says() -> None:
    """Density / (1 - calls) in the mean; and much more uneven than rain. Without calls they are rain."""
    counts = Counter(int(time) for time in onsets(hawkes(3, 0.6, 1 / 32), 600))
    falls = [counts[cycle] for cycle in range(600)]
    assert fmean(falls) == pytest.approx(3 / (1 - 0.6), rel=0.1)
    assert pvariance(falls) / fmean(falls) > 3  # 1 / (1 - 0.6)^2 = 6.25 over long stretches, 1 for rain
    rain = Counter(int(time) for time in onsets(hawkes(3, 0), 400))
    falls = [rain[cycle] for cycle in range(400)]
    assert pvariance(falls) / fmean(falls) == pytest.approx(1, abs=0.25)


@given(st.fractions(Fraction(1, 64), 4, max_denominator=64), st.integers(0, 5))
@settings(max_examples=20, deadline=None)
def test_drops_ring_as_long_as_they_are(length: Fraction, seed: int) -> None:
    """Beyond the end of their cycle too, and over one another."""
    found = poisson(4, length=length).haps(5, 6, seed=seed)
    assert all(hap.whole is not None and hap.whole.end - hap.whole.begin == length for hap in found)
    heard = [hap.whole.begin for hap in found if hap.whole is not None]
    earlier = [hap.whole for hap in poisson(4, length=length).haps(0, 6, seed=seed) if hap.whole is not None]
    assert sorted(heard) == sorted({span.begin for span in earlier if span.end > 5})


ALONE = [{0: 2, 1: 1, 2: 1}, {0: 1, 1: 1, 2: 3}, {0: 1, 1: 4, 2: 1}]
PAIR = {0: {0: 1, 1: 5, 2: 1}, 1: {0: 2, 1: 1, 2: 4}, 2: {0: 3, 1: 2, 2: 1}}


@pytest.mark.parametrize("heat", [1, 2])
def test_bars_are_as_likely_as_their_weights_multiplied(heat: float) -> None:
    """All 27 bars of three steps, counted against the product of their weights."""
    weights = {
        bar: math.prod(
            ALONE[at][bar[at]] * PAIR[bar[at]][bar[(at + 1) % 3]] for at in range(3)
        ) ** (1 / heat)
        for bar in product(range(3), repeat=3)
    }  # fmt: skip
    whole = sum(weights.values())
    line = values(gibbs(range(3), 3, 3, heat, alone=ALONE, pair=PAIR), 2000)
    counts = Counter(tuple(line[at : at + 3]) for at in range(0, len(line), 3))
    apart = sum(abs(counts[bar] / 2000 - weight / whole) for bar, weight in weights.items()) / 2
    assert apart < 0.06
    uneven = sum(abs(1 / 27 - weight / whole) for weight in weights.values()) / 2
    assert uneven > 0.15  # what it would be if the weights did not count


def rests_between(step: int, value: Any) -> bool:
    """Notes on even steps, rests on odd ones."""
    return (step % 2 == 0) == (value != "~")


def nothing(_one: Any, _other: Any) -> int:
    """What suits nobody."""
    return 0


def test_weights_may_be_functions_and_rests_are_values() -> None:
    """True and false are weights; where nothing suits a step stays."""
    bars = gibbs([0, 4, "~"], 4, alone=rests_between)
    assert [str(hap.part.begin % 1) for hap in bars.haps(3, 4)] == ["0", "1/2"]
    stuck = gibbs([0, 1], 2, pair=nothing)
    assert len({tuple(values(stuck, cycle + 1, cycle)) for cycle in range(5)}) == 1
    cold = gibbs(range(5), 6, heat=0, alone={2: 3, 4: 1})
    assert values(cold, 4, 3) == [2] * 6


GOAL = [0, 3, 5, 7, 5, 3, 2, 0]


def near(phrase: list[int]) -> int:
    """How many steps are as they should be."""
    return sum(a == b for a, b in zip(phrase, GOAL, strict=True))


def far(phrase: list[int]) -> int:
    """The other way round."""
    return -near(phrase)


def alike(_phrase: list[int]) -> int:
    """No phrase is better than another."""
    return 0


def test_breeding_finds_what_is_wanted() -> None:
    """It never gets worse on its way, and comes where chance alone would need millions of years."""
    bred = evolve(near, range(8), generations=4)
    line = values(bred, 60)
    way = [near(line[at : at + 8]) for at in range(0, len(line), 8)]
    assert way == sorted(way)
    assert way[0] < 6
    assert way[-1] == 8


def test_rules_are_weighed_and_a_start_is_kept_near() -> None:
    """The heavier rule wins; with 0 generations the first phrases stay; from a start they are like it."""
    against: list[Any] = [(near, 1), (far, 2)]
    found = values(evolve(against, range(8), generations=8), 40, 39)
    assert near(found) == 0
    still = evolve(near, range(8), generations="<0 0 0>")
    assert len({tuple(values(still, cycle + 1, cycle)) for cycle in range(6)}) == 1
    assert near(values(evolve(near, range(8), generations=0, start=GOAL), 1)) == 8
    assert values(evolve(alike, range(8), 3, 0, start=[7, 7, 7]), 1) == [7, 7, 7]
