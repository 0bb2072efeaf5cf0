"""Rhythms by arithmetic: lines drawn on a grid, and steps of one size round a circle."""

from __future__ import annotations

from typing import Any

from patterns.arguments import over, whole
from patterns.core import Pattern
from patterns.euclidean import MOST_STEPS
from patterns.registry import transform
from patterns.rhythm import on_hits

GROUP = "Rhythm"


def _grid(hits: int, steps: int, places: list[int]) -> tuple[bool, ...]:
    there = set(places) if hits else set[int]()
    return tuple(step in there for step in range(steps))


@transform(GROUP, strudel="")
def bresenham(pattern: Pattern, hits: Any, steps: Any, shift: Any = 0) -> Pattern:
    """Spread hits as evenly as a straight line is drawn on a grid: `euclid` with its long gaps elsewhere.

    >>> [str(hap.whole.begin) for hap in mini("a").bresenham(5, 8).haps(0, 1)]
    ['0', '1/8', '3/8', '1/2', '3/4']
    >>> [str(hap.whole.begin) for hap in mini("a").bresenham(5, 8, 4).haps(0, 1)]
    ['0', '1/4', '1/2', '5/8', '7/8']

    Args:
        pattern: The pattern.
        hits: Number of hits; more than the steps fill all steps.
        steps: Number of steps, up to 4096.
        shift: Where the line begins, in parts of a step, so many as there are hits: each next one moves as
            few hits as can be, and all in turn; with 7 hits over 12 they are the keys of a major scale.

    Source: J. Bresenham, Algorithm for computer control of a digital plotter (1965); the shifts:
    J. Clough, J. Douthett, Maximally even sets (1991).
    """

    def build(count: Any, size: Any, mode: Any) -> Pattern:
        length = whole("bresenham: steps=", size, 1, MOST_STEPS)
        number = min(whole("bresenham: hits=", count, 0, MOST_STEPS), length)
        first = whole("bresenham: shift=", mode, -MOST_STEPS)
        places = [(length * hit + first) // number % length for hit in range(number)]
        return on_hits(pattern, _grid(number, length, places))

    return over([hits, steps, shift], build, pattern, ahead=True)


@transform(GROUP, strudel="")
def deep(pattern: Pattern, hits: Any, steps: Any, stride: Any = 5) -> Pattern:
    """Go round the steps by one stride: a rhythm in which each distance is as common as no other.

    >>> [int(hap.whole.begin * 16) for hap in mini("a").deep(5, 16).haps(0, 1)]
    [0, 4, 5, 10, 15]

    Args:
        pattern: The pattern.
        hits: Number of hits; up to half the steps and one more it is a deep rhythm.
        steps: Number of steps, up to 4096.
        stride: Steps from each hit to the next one that is placed; one without a common divisor with
            the steps reaches them all.

    Source: G. Toussaint, The geometry of musical rhythm (2013); of scales, C. Gamer, Some combinational
    resources of equal-tempered systems (1967).
    """

    def build(count: Any, size: Any, far: Any) -> Pattern:
        length = whole("deep: steps=", size, 1, MOST_STEPS)
        number = whole("deep: hits=", count, 0, MOST_STEPS)
        by = whole("deep: stride=", far, -MOST_STEPS)
        return on_hits(pattern, _grid(number, length, [hit * by % length for hit in range(number)]))

    return over([hits, steps, stride], build, pattern, ahead=True)
