"""Arcs: curves over minutes and hours."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from patterns.arguments import listed, number
from patterns.arguments import time as cycles_of
from patterns.combine import signal
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.form.layout import GROUP
from patterns.kinds import is_sequence
from patterns.registry import function, nearest
from patterns.signals import eased
from patterns.state import Walk
from patterns.ticks import TICKS, Time

__all__ = ["SHAPES", "arc"]

SHAPES: dict[str, Callable[[float], float]] = {
    "linear": lambda share: share,
    "ease": eased,
    "hold": lambda _: 0.0,
    "late": lambda share: share**3,
    "early": lambda share: 1 - (1 - share) ** 3,
}
"""How one level becomes the next: name → from 0 to 1."""
_MOST = 4096  # levels
_LONGEST = 10**7  # cycles: months


@function(GROUP, strudel="")
def arc(levels: Any, cycles: Any = 64, *, shape: str = "linear", again: bool = False) -> Pattern:
    """Go from level to level over a long time: a signal for minutes and hours.

    >>> [hap.value for hap in arc([0, 1, 0.5], 8).segment(1/2).haps(0, 12)]
    [0.0, 0.5, 1.0, 0.75, 0.5, 0.5]

    Args:
        levels: Two or more numbers, evenly spread; pairs of a cycle and a level are where you say.
        cycles: How long it takes, up to 10,000,000; at 120 beats a minute and four beats a cycle half an
            hour is 900. With pairs the last of them says it.
        shape: How one becomes the next: "linear", "ease", "hold", "late", "early".
        again: Whether it begins anew after that; else the last level stays.
    """
    curve = SHAPES.get(shape) if isinstance(shape, str) else None  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
    if curve is None:
        hint = nearest(str(shape), list(SHAPES)) or f"; there is {', '.join(SHAPES)}"
        raise PatternError(f"arc knows no shape {shape!r}{hint}")
    points = _points(listed("arc", "a list of levels, such as [0, 1, .5]", levels), cycles)
    long = points[-1][0]

    def sample(time: Time, _walk: Walk) -> float:
        at = float(time / TICKS)
        at = at % long if again else at
        if at <= points[0][0]:
            return points[0][1]
        for (begin, low), (end, high) in pairwise(points):
            if at < end:
                return low + (high - low) * curve((at - begin) / (end - begin))
        return points[-1][1]

    return signal(sample)


def _points(rows: list[Any], cycles: Any) -> list[tuple[float, float]]:
    if not 2 <= len(rows) <= _MOST:
        raise PatternError(f"arc wants 2 to {_MOST} levels, found {len(rows)}")
    pairs = sum(map(is_sequence, rows))
    if 0 < pairs < len(rows):
        raise PatternError("arc wants levels, or pairs of a cycle and a level, not both of them")
    if pairs:
        points = [_point(row) for row in rows]
        if any(one[0] >= other[0] for one, other in pairwise(points)):
            raise PatternError("arc: the cycles of its pairs must rise")
        long = points[-1][0]
    else:
        long = float(cycles_of("arc", cycles))
        gaps = len(rows) - 1
        points = [(long * place / gaps, float(number("arc", row))) for place, row in enumerate(rows)]
    if not 0 < long <= _LONGEST or points[0][0] < 0:
        raise PatternError(f"arc lasts up to {_LONGEST} cycles, and longer than 0, found {long:g}")
    return points


def _point(row: Any) -> tuple[float, float]:
    pair: list[Any] = list(row)
    if len(pair) != 2:
        raise PatternError(f"arc wants pairs of a cycle and a level, found {row!r}")
    return float(cycles_of("arc", pair[0])), float(number("arc", pair[1]))
