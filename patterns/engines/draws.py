"""Draws from the curves of chance: one value for each slot, by parameters that may move."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

from patterns.arguments import number, time, told
from patterns.combine import signal
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, drawn
from patterns.errors import PatternError
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import Time, to_cycles

_SMALLEST = 2.0**-53
_FEW, _MANY = 8, 200  # tries by the whole curve, and then within the bounds
_LEAST_SHAPE, _LARGEST_SHAPE = 0.01, 1000.0
_LARGEST = 1e300


def normal(dice: Dice) -> float:
    """Draw from a bell curve around 0, of deviation 1.

    Source: G. Box, M. Muller, A note on the generation of random normal deviates (1958).
    """
    radius = math.sqrt(-2 * math.log(max(dice.random(), _SMALLEST)))
    return radius * math.cos(2 * math.pi * dice.random())


def _bell_within(low: float, high: float, dice: Dice) -> float:
    """Draw from the part of the bell curve that lies between two bounds.

    Source: J. von Neumann, Various techniques used in connection with random digits (1951).
    """
    for _ in range(_FEW):
        value = normal(dice)
        if low <= value <= high:
            return value
    near = min(max(0.0, low), high)  # where the curve is highest within the bounds
    reach = 10 / max(1.0, abs(near))  # farther than this there is less than one in 20,000
    bottom, top = max(low, near - reach), min(high, near + reach)
    for _ in range(_MANY):
        value = bottom + (top - bottom) * dice.random()
        if dice.random() < math.exp((near * near - value * value) / 2):
            return value
    return near


def _gamma(shape: float, dice: Dice) -> float:
    """Draw from a gamma distribution.

    Source: G. Marsaglia, W. Tsang, A simple method for generating gamma variables (2000).
    """
    if shape < 1:
        return _gamma(shape + 1, dice) * max(dice.random(), _SMALLEST) ** (1 / shape)
    part = shape - 1 / 3
    scale = 1 / math.sqrt(9 * part)
    for _ in range(_MANY):
        bell = normal(dice)
        cube = (1 + scale * bell) ** 3
        if cube > 0 and math.log(max(dice.random(), _SMALLEST)) < bell * bell / 2 + part * (
            1 - cube + math.log(cube)
        ):
            return part * cube
    return part


def beta_draw(a: float, b: float, dice: Dice) -> float:
    """Draw from a beta distribution: 0 to 1."""
    if a == b == 1:
        return dice.random()
    one, other = _gamma(a, dice), _gamma(b, dice)
    if not one + other:  # both too small for a number
        return float(dice.random() < a / (a + b))
    return one / (one + other)


def _positive(name: str, value: Any, low: float, high: float) -> float:
    found = float(number(name, value))
    if not low <= found <= high:
        raise PatternError(f"{name} wants a number from {low:g} to {high:g}, found {told(value)}")
    return found


@function(GROUP, strudel="")
def gaussian(
    mean: Any = 0, spread: Any = 1, low: Any = None, high: Any = None, *, per_cycle: Any = 8
) -> Pattern:
    """Draw numbers around a mean: most near it, two of three not farther than the spread, few far away.

    >>> found = [hap.value for hap in gaussian(60, 5).haps(0, 128)]
    >>> 59 < sum(found) / len(found) < 61
    True
    >>> all(58 <= hap.value <= 61 for hap in gaussian(60, 5, 58, 61).haps(0, 8))
    True

    Args:
        mean: The middle; all four are numbers or patterns, read when a value begins.
        spread: The standard deviation, 0 and more.
        low: The lower bound, if there is one: what lies beyond is drawn again, not moved to it.
        high: The upper bound, if there is one.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
    """

    def draw(given: Sequence[Any], dice: Dice) -> float:
        middle = float(number("gaussian: mean=", given[0]))
        wide = _positive("gaussian: spread=", given[1], 0, _LARGEST)
        bottom, top = (
            limit if one is None else float(number(f"gaussian: {word}=", one))
            for word, one, limit in (("low", given[2], -math.inf), ("high", given[3], math.inf))
        )
        if bottom > top:
            raise PatternError(f"gaussian: low= must not be above high=, found {bottom:g} and {top:g}")
        if not wide:
            return min(max(middle, bottom), top)
        value = middle + wide * _bell_within((bottom - middle) / wide, (top - middle) / wide, dice)
        return min(max(value, bottom), top)

    return drawn("gaussian", draw, [mean, spread, low, high], per_cycle)


@function(GROUP, strudel="")
def beta(a: Any = 0.5, b: Any = 0.5, low: Any = 0, high: Any = 1, *, per_cycle: Any = 8) -> Pattern:
    """Draw numbers between two bounds: near both ends, near one, or near the middle, as two shapes say.

    >>> ends = [hap.value for hap in beta(0.2, 0.2).haps(0, 64)]
    >>> sum(value < 0.1 or value > 0.9 for value in ends) > len(ends) / 2
    True

    Args:
        a: 0.01 to 1000; below 1 it is drawn to the lower bound, far above it away from it. The mean is a /
            (a + b). All four are numbers or patterns, read when a value begins.
        b: The same for the upper bound.
        low: The lower bound.
        high: The upper bound.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".

    Source: for music, D. Lorrain, A panoply of stochastic 'cannons' (1980).
    """

    def draw(given: Sequence[Any], dice: Dice) -> float:
        one, other = (
            _positive(f"beta: {word}=", value, _LEAST_SHAPE, _LARGEST_SHAPE)
            for word, value in zip("ab", given[:2], strict=True)
        )
        bottom, top = float(number("beta: low=", given[2])), float(number("beta: high=", given[3]))
        return bottom + (top - bottom) * beta_draw(one, other, dice)

    return drawn("beta", draw, [a, b, low, high], per_cycle)


@function(GROUP, strudel="")
def exponential(mean: Any = 1, *, per_cycle: Any = 8) -> Pattern:
    """Draw numbers from 0 on: most small, few large, as the gaps between the drops of rain.

    >>> found = sorted(hap.value for hap in exponential(2).haps(0, 64))
    >>> 1.2 < found[len(found) // 2] < 1.6, found[-1] > 8
    (True, True)

    Args:
        mean: The mean, 0 and more: a number or a pattern, read when a value begins.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
    """

    def draw(given: Sequence[Any], dice: Dice) -> float:
        return -_positive("exponential: mean=", given[0], 0, _LARGEST) * math.log(1 - dice.random())

    return drawn("exponential", draw, [mean], per_cycle)


_SHAPES: dict[str, Callable[[Dice], float]] = {
    "even": lambda dice: dice.random(),
    "low": lambda dice: min(dice.random(), dice.random()),
    "high": lambda dice: max(dice.random(), dice.random()),
    "middle": lambda dice: (dice.random() + dice.random()) / 2,
    "edges": lambda dice: beta_draw(0.3, 0.3, dice),
    "bell": lambda dice: 0.5 + _bell_within(-2.5, 2.5, dice) / 5,
}


def _bent(title: str, given: Any) -> Any:
    """Read a bound: a number or a pattern, or a list of points in time with straight lines between them."""
    if not isinstance(given, list):
        return given
    found = cast("list[Any]", given)
    if not all(isinstance(one, tuple) for one in found):
        return found
    points: list[tuple[Fraction, float]] = []
    for point in cast("list[tuple[Any, ...]]", found):
        if len(point) != 2:
            raise PatternError(f"tendency: {title}= wants points such as (8, 60), found {told(point)}")
        points.append((time(f"tendency: {title}=", point[0]), float(number(f"tendency: {title}=", point[1]))))
    if not points or any(one[0] >= other[0] for one, other in pairwise(points)):
        raise PatternError(
            f"tendency: {title}= wants points in the order of their cycles, found {told(found)}"
        )

    def sample(at: Time, _walk: Walk) -> float:
        here = to_cycles(at)
        behind = next((index for index, point in enumerate(points) if point[0] > here), len(points))
        if behind in {0, len(points)}:
            return points[min(behind, len(points) - 1)][1]
        (begin, low), (end, high) = points[behind - 1], points[behind]
        return low + (high - low) * float((here - begin) / (end - begin))

    return signal(sample)


@function(GROUP, strudel="")
def tendency(
    low: Any = 0, high: Any = 1, shape: Any = "even", *, step: Any = 0, per_cycle: Any = 8
) -> Pattern:
    """Draw numbers between two bounds that move: a mask that opens, narrows and wanders over many cycles.

    >>> opening = tendency(60, [(0, 60), (8, 84)], step=1)
    >>> {hap.value for hap in opening.haps(0, 0.1)}, max(hap.value for hap in opening.haps(8, 16)) > 78
    ({60}, True)

    Args:
        low: One bound: a number, a pattern, often a slow signal, or a list of points: `[(0, 48), (16, 60)]`
            is 48 at cycle 0 and goes straight to 60 at cycle 16. Read when a value begins, as all but the
            last.
        high: The other bound.
        shape: Where between them it is likely: "even", "low", "high", "middle", "edges" or "bell"; or a
            pattern of these words.
        step: What the values are multiples of, such as 1 for whole numbers; 0 for none.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".

    Source: G. M. Koenig, Project 2 (1970); B. Truax, The POD system of interactive composition programs
    (1977).
    """

    def draw(given: Sequence[Any], dice: Dice) -> float:
        bottom, top = float(number("tendency: low=", given[0])), float(number("tendency: high=", given[1]))
        curve = _SHAPES.get(str(given[2]))
        if curve is None:
            raise PatternError(f"tendency: shape= is one of {', '.join(_SHAPES)}, found {told(given[2])}")
        grid = _positive("tendency: step=", given[3], 0, _LARGEST)
        if not grid:
            return bottom + (top - bottom) * curve(dice)
        bottom, top = min(bottom, top), max(bottom, top)
        first, last = math.ceil(bottom / grid), math.floor(top / grid)
        if first > last:  # none lies between them: the nearest
            value = round((bottom + top) / 2 / grid) * grid
        else:
            value = (first + min(int(curve(dice) * (last - first + 1)), last - first)) * grid
        return int(value) if value.is_integer() else value

    return drawn("tendency", draw, [_bent("low", low), _bent("high", high), shape, step], per_cycle)
