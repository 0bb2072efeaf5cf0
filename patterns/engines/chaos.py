"""Chaos: values that follow from the one before by a plain formula, and yet never come round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from patterns.arguments import number
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, counted, driven
from patterns.errors import PatternError
from patterns.registry import function

_SHORT = 0.01  # of the attractor's time in one step: with 0.02 its two wings are no longer alike
_PARTS = 16  # of a cycle's time that pass in one value of a rhythm, however near they are
_MOST_STEPS = 100  # of these for one value
_REACH = (20.0, 28.0, 48.0)  # how far it goes on either side of 0, across and down; up from 0 to 48


@function(GROUP, strudel="")
def logistic(
    growth: Any = 3.8, *, per_cycle: Any = 8, start: float = 0.5, name: str = "", since: int = 0
) -> Pattern:
    """Let a value from 0 to 1 grow and starve: steady, in turns of 2, 4, 8, or chaotic, as it grows.

    >>> [round(hap.value, 2) for hap in logistic(3.2, per_cycle=4).haps(20, 21)]
    [0.8, 0.51, 0.8, 0.51]

    Args:
        growth: 0 to 4: up to 3 it comes to rest, up to 3.57 it goes round, beyond it is chaos with calm
            islands (3.83 goes round in 3); a number or a pattern, read when a value begins.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
        start: Where it comes from, 0 to 1; at 0 and 1 it stays 0.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.

    Source: R. May, Simple mathematical models with very complicated dynamics (1976).
    """

    def go(at: float, given: Sequence[Any], _dice: Dice) -> float:
        rate = float(number("logistic: growth=", given[0]))
        if not 0 <= rate <= 4:
            raise PatternError(f"logistic: growth= wants a number from 0 to 4, found {given[0]!r}")
        return min(1.0, rate * at * (1 - at))

    first = float(number("logistic: start=", start))
    if not 0 <= first <= 1:
        raise PatternError(f"logistic: start= wants a number from 0 to 1, found {start!r}")
    return driven("logistic", go, first, [growth], per_cycle, name, since)


@function(GROUP, strudel="")
def lorenz(
    speed: Any = 1,
    heat: Any = 28,
    *,
    axis: str = "x",
    per_cycle: Any = 16,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Circle smoothly around two places and change from one to the other when nobody expects it.

    >>> turns = [hap.value for hap in lorenz().haps(0, 32)]
    >>> min(turns) < 0.2, max(turns) > 0.8, all(0 <= turn <= 1 for turn in turns)
    (True, True, True)

    Args:
        speed: Its own time that passes in a cycle, above 0; it goes round about 1.3 times in 1. Like the
            next one a number or a pattern, read when a value begins.
        heat: What drives it, 0 to 100: below about 24.7 it may come to rest at one of the places.
        axis: Which of its three values is given, from 0 to 1: "x" and "y" have two sides, "z" has one.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)": each is then a sixteenth of
            a cycle's time after the one before.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.

    Source: E. Lorenz, Deterministic nonperiodic flow (1963), by steps of Runge and Kutta's fourth order.
    """
    if axis not in ("x", "y", "z"):
        raise PatternError(f'lorenz: axis= is "x", "y" or "z", found {axis!r}')
    which, parts = "xyz".index(axis), counted("lorenz", per_cycle) or _PARTS

    def go(at: Sequence[float], given: Sequence[Any], _dice: Dice) -> list[float]:
        pace, drive = float(number("lorenz: speed=", given[0])), float(number("lorenz: heat=", given[1]))
        if not 0 <= drive <= 100 or pace < 0:
            raise PatternError("lorenz wants speed= from 0 on and heat= from 0 to 100")
        far = pace / parts
        count = min(int(far / _SHORT) + 1, _MOST_STEPS)
        here = (at[0], at[1], at[2])
        for _ in range(count):
            here = _moved(here, min(far / count, _SHORT), drive)
        return [*here]

    def show(at: Sequence[float]) -> float:
        reach = _REACH[which]
        shown = at[2] / reach if which == 2 else (at[which] / reach + 1) / 2
        return min(1.0, max(0.0, shown))

    return driven("lorenz", go, [1.0, 1.0, 20.0], [speed, heat], per_cycle, name, since, show)


_Place = tuple[float, float, float]


def _slope(at: _Place, drive: float) -> _Place:
    x, y, z = at
    return 10 * (y - x), x * (drive - z) - y, x * y - 8 / 3 * z


def _after(at: _Place, slope: _Place, time: float) -> _Place:
    return at[0] + time * slope[0], at[1] + time * slope[1], at[2] + time * slope[2]


def _moved(at: _Place, time: float, drive: float) -> _Place:
    first = _slope(at, drive)
    second = _slope(_after(at, first, time / 2), drive)
    third = _slope(_after(at, second, time / 2), drive)
    fourth = _slope(_after(at, third, time), drive)
    mean = [(a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(first, second, third, fourth, strict=True)]
    return _after(at, (mean[0], mean[1], mean[2]), time)
