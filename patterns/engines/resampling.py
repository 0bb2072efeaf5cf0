"""A bar that is drawn anew, note by note, from what its neighbours like: it changes and stays in style."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any, cast

from patterns.arguments import called, number, told, values_of, whole
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, bars, driven
from patterns.errors import PatternError
from patterns.registry import function

MOST_VALUES = 64
MOST_STEPS = 64
_MOST_SWEEPS = 16

Weights = list[list[float]]


def _weight(title: str, value: Any) -> float:
    found = float(number(f"gibbs: {title}=, a weight", value))
    if found < 0:
        raise PatternError(f"gibbs: {title}= gave a weight below 0: {told(value)}")
    return found


def _alone(given: Any, values: Sequence[Any], steps: int) -> Weights:
    """How much each step likes each value, read once: of a function, a dict, or a list of dicts."""
    if given is None:
        return [[1.0] * len(values)] * steps
    rows = cast("Sequence[Any]", given if isinstance(given, (list, tuple)) else [given])
    if rows and all(isinstance(row, Mapping) for row in rows):
        tables = [rows[step % len(rows)] for step in range(steps)]
        return [[_weight("alone", table.get(value, 0)) for value in values] for table in tables]
    ask = called("gibbs: alone=", "weights by value, or a function of step and value", given)
    return [[_weight("alone", ask(step, value)) for value in values] for step in range(steps)]


def _pairs(given: Any, values: Sequence[Any]) -> Weights:
    """How much each value likes each next one, read once: of a function, or of weights by value by value."""
    if given is None:
        return [[1.0] * len(values)] * len(values)
    if isinstance(given, Mapping):
        table = cast("Mapping[Any, Any]", given)
        rows = [table.get(value, {}) for value in values]
        if not all(isinstance(row, Mapping) for row in rows):
            raise TypeError("gibbs: pair= wants weights by value by value, such as {0: {2: 3, 4: 1}, …}")
        return [[_weight("pair", row.get(after, 0)) for after in values] for row in rows]
    ask = called("gibbs: pair=", "weights by value by value, or a function of two values", given)
    return [[_weight("pair", ask(before, after)) for after in values] for before in values]


def _drawn(weights: Sequence[float], heat: float, dice: Dice, otherwise: int) -> int:
    """Draw a number by weight; where nothing can be drawn it stays as it is."""
    top = max(weights)
    if not top:
        return otherwise
    if heat != 1:
        power = 1 / heat if heat else float("inf")
        weights = [(weight / top) ** power for weight in weights]
    sums = [*accumulate(weights)]
    return min(bisect_right(sums, dice.random() * sums[-1]), len(weights) - 1)


@function(GROUP, strudel="")
def gibbs(
    values: Any,
    steps: int = 8,
    sweeps: Any = 1,
    heat: Any = 1,
    *,
    alone: Any = None,
    pair: Any = None,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Draw a bar anew in each cycle, step by step, by weights and by what suits the neighbours.

    >>> near = gibbs(range(8), 8, pair=lambda a, b: abs(a - b) == 1)
    >>> bar = [hap.value for hap in near.haps(9, 10)]
    >>> {abs(a - b) for a, b in zip(bar, bar[1:])}
    {1}

    The bar of a cycle comes from the one before, so few sweeps change it slowly; the bar is a ring, its
    first step the neighbour of its last. In the long run a bar is as likely as all its weights multiplied
    say.

    Args:
        values: What may stand there, 1 to 64 values: a list, a `range`, the letters of a text; None or "~"
            is a rest.
        steps: Steps in a bar, 1 to 64.
        sweeps: How often each step is drawn anew in a cycle, 0 to 16; 0 keeps the bar. Like the next one
            a number or a pattern, read when a cycle begins.
        heat: How even the weights become, 0 to 100: at 1 they are as they are, at 0 the best always wins.
        alone: How much a step likes a value, by itself: weights by value, a list of such for the steps in
            turn, or `lambda step, value: …`.
        pair: How much a value likes a next one: `{0: {2: 3, 4: 1}, …}` or `lambda a, b: …`; true and false
            are weights too. What is not named has the weight 0.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.

    Source: S. Geman, D. Geman, Stochastic relaxation, Gibbs distributions, and the Bayesian restoration of
    images (1984).
    """
    found = values_of("gibbs", values)
    if not 0 < len(found) <= MOST_VALUES:
        raise PatternError(f"gibbs wants 1 to {MOST_VALUES} values, found {len(found)}")
    length = whole("gibbs: steps=", steps, 1, MOST_STEPS)
    by_step, by_pair = _alone(alone, found, length), _pairs(pair, found)
    into = [[row[after] for row in by_pair] for after in range(len(found))]

    def begun(bar: list[Any], heat_now: float, dice: Dice) -> list[int]:
        """What an older version has left, where it still suits; the rest suits what is before it."""
        made: list[int] = []
        for step, weights in enumerate(by_step):
            if step < len(bar) and bar[step] in found:
                made.append(found.index(bar[step]))
                continue
            suited = [w * p for w, p in zip(weights, by_pair[made[-1]], strict=True)] if made else weights
            made.append(_drawn(suited, heat_now, dice, dice.whole(len(found))))
        return made

    def go(bar: list[Any], given: Sequence[Any], dice: Dice) -> list[Any]:
        times = whole("gibbs: sweeps=", given[0], 0, _MOST_SWEEPS)
        heat_now = float(number("gibbs: heat=", given[1]))
        if not 0 <= heat_now <= 100:
            raise PatternError(f"gibbs: heat= wants 0 to 100, found {told(given[1])}")
        row = begun(bar, heat_now, dice)
        for _ in range(times):
            for step, weights in enumerate(by_step):
                before, after = by_pair[row[step - 1]], into[row[(step + 1) % length]]
                chances = (
                    [w * by_pair[v][v] for v, w in enumerate(weights)]
                    if length == 1
                    else [w * b * a for w, b, a in zip(weights, before, after, strict=True)]
                )
                row[step] = _drawn(chances, heat_now, dice, row[step])
        return [found[value] for value in row]

    cost = length * len(found) // 4
    return bars(
        driven("gibbs", go, [], [sweeps, heat], 1, name, since, cost=cost, made_of=(found, by_step, by_pair)),
        Fraction(length),
    )
