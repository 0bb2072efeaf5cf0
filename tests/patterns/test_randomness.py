"""Chance: the same every time, and good enough to be called chance."""

from __future__ import annotations

from typing import Any

import pytest

from patterns.chance import noise
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


def test_chance_is_the_same_on_every_machine() -> None:
    """These numbers were drawn once and must stay."""
    assert [round(value, 12) for value in draws(4, 7, 3)] == [0.883732230803, 0.318382619711, 0.827505516521]
