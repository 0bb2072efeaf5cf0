"""Rhythms between two others: from Euclid's to an even one, and from list to list."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.arguments import listed, over, time, whole
from patterns.combine import SILENCE, pure
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.euclidean import MOST_STEPS, euclidean
from patterns.joining import app_right
from patterns.kinds import is_sequence
from patterns.registry import function, transform
from patterns.rhythm import euclid_rot
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale, settle

GROUP = "Rhythm"


def _rhythm(places: Sequence[Fraction], length: Fraction) -> Pattern:
    """Make a rhythm of hits that begin at places in the cycle, all of the same length."""
    size = settle(length * TICKS)

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        walk.spend(len(places))
        kept: list[Flat] = []
        for place in places:
            start = cycle * TICKS + scale(TICKS, place.numerator, place.denominator)
            stop = start + size
            if start < end and stop > begin:
                kept.append((start, stop, max(start, begin), min(stop, end), True, ()))
        return kept

    return combine.split(pure(True), run, period=Fraction(1))


def _hits(name: str, rhythm: Any) -> list[Fraction]:
    steps = listed(name, "a list of 1 and 0", rhythm)
    return [Fraction(place, len(steps)) for place, hit in enumerate(steps) if hit]


def _mixed(first: Sequence[Fraction], last: Sequence[Fraction], share: Fraction) -> list[Fraction]:
    """Give the places between two rows, pair by pair; what has no partner is left out."""
    return [a + share * (b - a) for a, b in zip(first, last, strict=False)]


@function(GROUP)
def morph(one: Any, other: Any, by: Any) -> Pattern:
    """Give a rhythm between two others, as lists of 1 and 0; its hits are as long as the one's steps.

    >>> [str(hap.whole.begin) for hap in morph([1, 0, 1, 0], [1, 1, 0, 0], .5).haps(0, 1)]
    ['0', '3/8']

    The first hit goes to the first, the second to the second; where one has more hits, its last ones
    are left out.

    Args:
        one: The rhythm at 0.
        other: The rhythm at 1.
        by: How far from the one to the other, 0 to 1.
    """
    first, last = _hits("morph", one), _hits("morph", other)

    def build(value: Any) -> Pattern:
        share = time("morph", value)
        return _rhythm(_mixed(first, last, share), Fraction(1, len(one)))

    return over([by], build, ahead=True)


def _euclidish(name: str, pattern: Pattern, numbers: list[Any]) -> Pattern:
    def build(hits: Any, steps: Any, groove: Any) -> Pattern:
        count = whole(name, steps, 0)
        beats = euclidean(whole(name, hits, 0, MOST_STEPS), count)
        uneven = [Fraction(place, count) for place, hit in enumerate(beats) if hit]
        if not uneven:
            return combine.with_steps(SILENCE, Fraction(count))
        even = [Fraction(place, len(uneven)) for place in range(len(uneven))]
        rhythm = _rhythm(_mixed(uneven, even, time(name, groove)), Fraction(1, count))
        return combine.with_steps(app_right(pattern, rhythm, lambda value, _: value), Fraction(count))

    return over(numbers, build, pattern, ahead=True)


@transform(GROUP)
def euclidish(pattern: Pattern, hits: Any, steps: Any, groove: Any) -> Pattern:
    """Spread hits over steps, between Euclid's way and perfectly even.

    >>> [str(hap.whole.begin) for hap in mini("a").euclidish(3, 8, .5).haps(0, 1)]
    ['0', '17/48', '17/24']

    Args:
        pattern: The pattern.
        hits: Number of hits.
        steps: Number of steps, up to 4096.
        groove: 0 is on the steps as in `euclid`, 1 perfectly even.
    """
    return _euclidish("euclidish", pattern, [hits, steps, groove])


@transform(GROUP)
def eish(pattern: Pattern, hits: Any, steps: Any, groove: Any) -> Pattern:
    """Spread hits over steps, between Euclid's way and perfectly even, as `euclidish`.

    >>> [str(hap.whole.begin) for hap in mini("a").eish(3, 8, 1).haps(0, 1)]
    ['0', '1/3', '2/3']

    Args:
        pattern: The pattern.
        hits: Number of hits.
        steps: Number of steps, up to 4096.
        groove: 0 is on the steps as in `euclid`, 1 perfectly even.
    """
    return _euclidish("eish", pattern, [hits, steps, groove])


@transform(GROUP)
def bjork(pattern: Pattern, numbers: Any) -> Pattern:
    """Spread hits over steps, all numbers in one: hits, steps and rotation.

    >>> [str(hap.whole.begin) for hap in mini("a").bjork("3:8:2").haps(0, 1)]
    ['0', '1/4', '5/8']

    Args:
        pattern: The pattern.
        numbers: Hits, steps and, if you like, the rotation, as `3:8:2` or a list.
    """

    def build(value: Any) -> Pattern:
        found = list(value) if is_sequence(value) else [value]
        if len(found) not in {2, 3}:
            raise PatternError(
                f"bjork wants hits, steps and perhaps a rotation, such as 3:8:2, found {value!r}"
            )
        return euclid_rot(pattern, found[0], found[1], found[2] if found[2:] else 0)

    return build(numbers) if is_sequence(numbers) else over([numbers], build, pattern, ahead=True)
