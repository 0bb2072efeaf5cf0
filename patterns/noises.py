"""Random signals of other shapes than even: a bell curve, and a landscape to wander in."""

from __future__ import annotations

import math
from typing import Any

from patterns.arguments import number, over
from patterns.chance import noise
from patterns.combine import signal
from patterns.core import Pattern
from patterns.reading import reify
from patterns.registry import constant, function
from patterns.signals import eased
from patterns.state import Walk
from patterns.ticks import TICKS, Time

GROUP = "Signals"
_SPREAD = 3  # standard deviations on either side that 0 and 1 stand for; beyond lie 3 of 1,000
_SECOND = 0x20000  # number of the second random thing of a moment
_LANDSCAPE = 0x30000  # and of those of a landscape, one for each line of it


def _normal(time: Time, walk: Walk) -> float:
    """Draw from a bell curve.

    Source: G. Box, M. Muller, A note on the generation of random normal deviates (1958).
    """
    radius = math.sqrt(-2 * math.log(max(noise(time, walk), 0.001)))
    drawn = radius * math.cos(2 * math.pi * noise(time, walk, _SECOND))
    return (max(-_SPREAD, min(_SPREAD, drawn)) + _SPREAD) / (2 * _SPREAD)


constant(
    "normal",
    signal(_normal),
    "Give random numbers from 0 to 1, most of them near the middle, anew at every moment.",
    GROUP,
)


def _slope(column: int, line: int, walk: Walk) -> tuple[float, float]:
    turn = 2 * math.pi * noise(column * TICKS, walk, _LANDSCAPE + line)
    return math.cos(turn), math.sin(turn)


def _height(place: float, time: Time, walk: Walk) -> float:
    """Say how high the landscape is at a place across, and at a time: 0 to 1."""
    line = math.floor(place)
    below = place - line
    column = int(time // TICKS)
    along = float((time - column * TICKS) / TICKS)
    corners: list[float] = []
    for y in (0, 1):
        for x in (0, 1):
            east, south = _slope(column + x, line + y, walk)
            corners.append(east * (along - x) + south * (below - y))
    upper = corners[0] + eased(along) * (corners[1] - corners[0])
    lower = corners[2] + eased(along) * (corners[3] - corners[2])
    found = upper + eased(below) * (lower - upper)
    return max(0.0, min(1.0, (found * math.sqrt(2) + 1) / 2))


@function(GROUP)
def perlin2(across: Any) -> Pattern:
    """Wander smoothly through a random landscape: on with time, across by a number or pattern.

    >>> all(0 <= hap.value <= 1 for hap in perlin2(sine).segment(8).haps(0, 4))
    True

    Args:
        across: The way across; moving it by 1 leads to another line.

    Source: K. Perlin, An image synthesizer (1985).
    """
    source = reify(across)
    read = source.sample
    if read is not None:  # one value a cycle, as an argument is read, would be a jump in each
        return signal(
            lambda time, walk: _height(float(number("perlin2", read(time, walk))), time, walk),
            reads=source.reads,
        )

    def build(value: Any) -> Pattern:
        place = float(number("perlin2", value))
        return signal(lambda time, walk: _height(place, time, walk))

    return over([source], build)
