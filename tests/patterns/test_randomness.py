"""Chance: the same every time, and good enough to be called chance."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest

from patterns.chance import noise, noises
from patterns.registry import namespace
from patterns.state import NO_CONTROLS, Walk
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())


def draws(step: int, seed: int = 0, count: int = 8192) -> list[float]:
    """Draw numbers, `step` of them in a cycle."""
    walk = Walk(0.5, seed, NO_CONTROLS, "hash", 0)
    return [noise(index * TICKS // step, walk) for index in range(count)]


def correlation(one: list[float], other: list[float]) -> float:
    """Compute the correlation of two rows of numbers."""
    mean_a, mean_b = sum(one) / len(one), sum(other) / len(other)
    above = sum((a - mean_a) * (b - mean_b) for a, b in zip(one, other, strict=True))
    below = sum((a - mean_a) ** 2 for a in one) * sum((b - mean_b) ** 2 for b in other)
    return above / below**0.5


@pytest.mark.parametrize("step", [1, 3, 16, 64, 256])
def test_neighbours_are_not_alike(step: int) -> None:
    """Mean, spread and correlation of neighbours are those of chance (4 standard deviations)."""
    drawn = draws(step)
    assert abs(sum(drawn) / len(drawn) - 0.5) < 0.013
    assert abs(correlation(drawn[:-1], drawn[1:])) < 0.045
    tenths = [sum(1 for value in drawn if int(value * 10) == tenth) for tenth in range(10)]
    assert all(abs(count - len(drawn) / 10) < 4 * (len(drawn) * 0.09) ** 0.5 for count in tenths)


def test_seeds_are_not_alike() -> None:
    """Layers with other seeds, and streams with other numbers, have other chances."""
    assert abs(correlation(draws(16, 0), draws(16, 1))) < 0.045
    one = [hap.value for hap in N["rand"].segment(16).seed(1).haps(0, 64)]
    two = [hap.value for hap in N["rand"].segment(16).seed(2).haps(0, 64)]
    assert abs(correlation(one, two)) < 0.13


@pytest.mark.parametrize("step", [1, 3, 16, 64, 256])
@pytest.mark.parametrize("lag", [2, 3, 4, 8, 16, 64])
def test_later_numbers_do_not_follow_earlier_ones(step: int, lag: int) -> None:
    """No echo of a number some steps later, at any pace of drawing (4 standard deviations)."""
    drawn = draws(step)
    assert abs(correlation(drawn[:-lag], drawn[lag:])) < 4 / len(drawn) ** 0.5


@pytest.mark.parametrize("step", [1, 5, 16, 256])
def test_pairs_fill_the_square_evenly(step: int) -> None:
    """Neighbours lie on no lines: chi-squared of pairs in 16 by 16 fields, within 5 standard deviations."""
    drawn = draws(step, count=16384)
    fields = Counter((int(a * 16), int(b * 16)) for a, b in zip(drawn[::2], drawn[1::2], strict=True))
    expected = len(drawn) / 2 / 256
    chi = sum((fields[i, j] - expected) ** 2 / expected for i in range(16) for j in range(16))
    assert abs(chi - 255) < 5 * (2 * 255) ** 0.5


def test_numbers_are_uniform() -> None:
    """The largest gap to an even spread is that of chance (Kolmogorov and Smirnov, 1 in 10,000)."""
    for seed in range(8):
        drawn = sorted(draws(16, seed))
        gap = max(abs((place + 0.5) / len(drawn) - value) for place, value in enumerate(drawn))
        assert gap < 2.23 / len(drawn) ** 0.5


def test_no_two_layers_share_their_chance() -> None:
    """Of twenty seeds, next to each other and far apart, no two are alike (5 standard deviations)."""
    seeds = [*range(12), 255, 256, 2**16, 2**31, 2**32, 2**40, 2**63, 2**64 - 1]
    rows = {seed: draws(16, seed, 1024) for seed in seeds}
    for one, two in combinations(seeds, 2):
        assert abs(correlation(rows[one], rows[two])) < 5 / 1024**0.5, (one, two)


def test_streams_and_random_things_are_independent() -> None:
    """Neither streams of one layer nor the `?` of one text are alike, nor a stream a layer's seed."""
    rows: list[list[float]] = [draws(16, 1, 1024)]
    for stream in (1.0, 2.0, 3.0, 0.5, -1.0, 1e9):
        walk = Walk(0.5, 0, NO_CONTROLS, "hash", 0)
        walk.stream = stream
        rows.append([noise(index * TICKS // 16, walk) for index in range(1024)])
    walk = Walk(0.5, 0, NO_CONTROLS, "hash", 0)
    rows += [[noise(at * TICKS // 16, walk, index) for at in range(1024)] for index in range(5)]
    rows += [list(row) for row in zip(*(noises(at * TICKS, walk, 4) for at in range(1024)), strict=True)]
    for one, two in combinations(rows, 2):
        assert abs(correlation(one, two)) < 5 / 1024**0.5


def test_far_cycles_are_as_random_as_near_ones() -> None:
    """Nothing repeats: not after Strudel's 300 cycles, and not at cycle 100,000 or before 0."""
    walk = Walk(0.5, 0, NO_CONTROLS, "hash", 0)
    rows = [
        [noise((begin + index) * TICKS, walk) for index in range(1024)]
        for begin in (0, 300, 3000, 100_000, -1024, 10**9)
    ]
    for one, two in combinations(rows, 2):
        assert abs(correlation(one[:200], two[:200])) < 5 / 200**0.5
    assert len({value for row in rows for value in row}) > 0.99 * (6 * 1024 - 724)


def test_times_off_the_grid_draw_as_well() -> None:
    """A time that is no whole tick has a number of its own, the same each time."""
    walk = Walk(0.5, 0, NO_CONTROLS, "hash", 0)
    drawn = [noise(Fraction(index * TICKS, 17 * 19), walk) for index in range(4096)]
    assert abs(sum(drawn) / len(drawn) - 0.5) < 4 * (1 / 12 / len(drawn)) ** 0.5
    assert abs(correlation(drawn[:-1], drawn[1:])) < 4 / len(drawn) ** 0.5


def test_a_stream_is_the_same_however_it_is_asked() -> None:
    """Whole cycles, windows, and cycles in any order give the same numbers."""
    pattern = N["mini"]("a*16").degrade_by(0.4).set(N["n"](N["rand"]))
    whole = [hap for hap in pattern.answer(0, 8 * TICKS, seed=3).haps if hap.has_onset]
    parts = [
        hap
        for window in reversed(range(64))
        for hap in pattern.answer(window * TICKS // 8, (window + 1) * TICKS // 8, seed=3).haps
        if hap.has_onset
    ]
    assert sorted(whole) == sorted(parts)


def test_chance_is_the_same_on_every_machine() -> None:
    """These numbers were drawn once and must stay."""
    assert [round(value, 12) for value in draws(4, 7, 3)] == [0.883732230803, 0.318382619711, 0.827505516521]
