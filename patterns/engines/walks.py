"""Walks: values that wander from where they are, between bounds, around a home, or by leaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from patterns.arguments import number, probability
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.engines.draws import normal
from patterns.engines.driven import GROUP, driven, reflected
from patterns.errors import PatternError
from patterns.registry import function

_FARTHEST = 1e9  # times the shortest step: beyond it nothing of a small one is left in a float


def _bounds(title: str, low: Any, high: Any) -> tuple[float, float]:
    bottom, top = number(f"{title}: low=", low), number(f"{title}: high=", high)
    if bottom > top:
        raise PatternError(f"{title}: low= must not be above high=, found {low!r} and {high!r}")
    return float(bottom), float(top)


def _whole(*values: Any) -> bool:
    return all(float(one).is_integer() for one in values)


@function(GROUP, strudel="")
def wander(
    low: Any = 0,
    high: Any = 7,
    step: Any = 1,
    *,
    per_cycle: Any = 8,
    start: float = 0,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Walk at random between two bounds, by at most a step at a time, and turn back at them.

    >>> walk = [hap.value for hap in wander(0, 7).haps(0, 4)]
    >>> all(0 <= value <= 7 for value in walk), {abs(a - b) for a, b in zip(walk, walk[1:])}
    (True, {1})

    Where bounds, step and start are whole numbers so are the values, and each differs from the one before.

    Args:
        low: The lower bound; like the next two a number or a pattern, read when a value begins.
        high: The upper bound.
        step: The widest step.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
        start: Where it comes from; brought within the bounds.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.
    """

    def go(at: float, given: Sequence[Any], dice: Dice) -> float:
        bottom, top = _bounds("wander", given[0], given[1])
        widest = float(number("wander: step=", given[2]))
        if widest < 0:
            raise PatternError(f"wander: step= wants a number from 0 on, found {given[2]!r}")
        here = min(max(at, bottom), top)
        if not _whole(here, bottom, top, widest):
            return reflected(here + (2 * dice.random() - 1) * widest, bottom, top)
        if not widest:
            return int(here)
        far = dice.whole(int(widest)) + 1
        there = reflected(here + (far if dice.random() < 0.5 else -far), bottom, top)
        return int(there if there != here or bottom == top else reflected(here + 1, bottom, top))

    return driven("wander", go, number("wander: start=", start), [low, high, step], per_cycle, name, since)


@function(GROUP, strudel="")
def drift(
    home: Any = 0,
    pull: Any = 0.1,
    spread: Any = 1,
    *,
    per_cycle: Any = 8,
    start: float = 0,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Walk at random and be drawn back home all the time, as a tired voice to its note.

    >>> far = [abs(hap.value) for hap in drift(0, 0.5, 1).haps(0, 64)]
    >>> 0.5 < sum(far) / len(far) < 1.5
    True

    Args:
        home: Where it is drawn to; like the next two a number or a pattern, read when a value begins.
        pull: The part of the way home that it goes each time, 0 to 1: with 0 it walks away for ever.
        spread: How far chance takes it each time; two of three times not as far.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
        start: Where it comes from.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.

    Source: G. Uhlenbeck, L. Ornstein, On the theory of the Brownian motion (1930), in equal steps of time.
    """

    def go(at: float, given: Sequence[Any], dice: Dice) -> float:
        middle = float(number("drift: home=", given[0]))
        part, far = probability("drift: pull=", given[1]), float(number("drift: spread=", given[2]))
        return at + part * (middle - at) + far * normal(dice)

    first = number("drift: start=", start)
    return driven("drift", go, first, [home, pull, spread], per_cycle, name, since)


@function(GROUP, strudel="")
def levy(
    low: Any = 0,
    high: Any = 1,
    step: Any = 0.05,
    tail: Any = 1.5,
    *,
    per_cycle: Any = 8,
    start: float = 0,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Wander in small steps and now and then leap far away, as a bird that looks for food.

    >>> flight = [hap.value for hap in levy(0, 100, 1).haps(0, 32)]
    >>> steps = sorted(abs(a - b) for a, b in zip(flight, flight[1:]))
    >>> steps[len(steps) // 2] < 3, steps[-1] > 10
    (True, True)

    Args:
        low: The lower bound; like the next three a number or a pattern, read when a value begins.
        high: The upper bound; what leaps beyond one turns back.
        step: The shortest step.
        tail: How rare long steps are, above 0: about 1 leaps often, 3 hardly ever.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
        start: Where it comes from; brought within the bounds.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.

    Source: B. Mandelbrot, The fractal geometry of nature (1982): steps whose lengths have Pareto's
    distribution.
    """

    def go(at: float, given: Sequence[Any], dice: Dice) -> float:
        bottom, top = _bounds("levy", given[0], given[1])
        shortest, power = float(number("levy: step=", given[2])), float(number("levy: tail=", given[3]))
        if shortest < 0 or power <= 0:
            raise PatternError("levy wants step= from 0 on and tail= above 0")
        # A leap is bounded by what a number can hold; it turns back at the bounds in any case.
        far = shortest * min((1 - dice.random()) ** (-1 / power), _FARTHEST)
        here = min(max(at, bottom), top)
        return reflected(here + (far if dice.random() < 0.5 else -far), bottom, top)

    first = number("levy: start=", start)
    return driven("levy", go, first, [low, high, step, tail], per_cycle, name, since)
