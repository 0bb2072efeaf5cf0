"""Urns and colours of noise: chance that remembers what it gave, as a pure function of the slot's number."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns.arguments import values_of, whole
from patterns.chance import noise, noises
from patterns.core import Flat, Pattern
from patterns.engines.driven import GROUP
from patterns.errors import PatternError
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle

_MOST = 1024  # values in an urn: all of them are drawn for each slot that is asked for alone
_LINES = 16
_SPREAD = 6  # standard deviations that 0 and 1 are apart
_EVEN = 12**-0.5  # the standard deviation of an even draw


def _slots(count: int, value_at: Callable[[int, Walk], Any]) -> Pattern:
    """So many values a cycle, each by its number."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        first = begin * count // TICKS
        last = max(first + 1, int(-(-end * count // TICKS)))
        walk.spend(last - first)
        haps: list[Flat] = []
        for index in range(first, last):
            start, stop = settle(Fraction(index * TICKS, count)), settle(Fraction((index + 1) * TICKS, count))
            haps.append((start, stop, max(begin, start), min(end, stop), value_at(index, walk), ()))
        return haps

    return Pattern(run, Fraction(count))


@function(GROUP, strudel="")
def urn(values: Any, *, per_cycle: int = 8) -> Pattern:
    """Draw from an urn till it is empty, then fill it again: all come equally often, none twice in a row.

    >>> drawn = [hap.value for hap in urn([0, 2, 4, 7], per_cycle=4).haps(0, 8)]
    >>> [sorted(drawn[at : at + 4]) == [0, 2, 4, 7] for at in range(0, 32, 4)] == [True] * 8
    True
    >>> any(a == b for a, b in zip(drawn, drawn[1:]))
    False

    Args:
        values: A list, the letters of a text, or a `range`: 1 to 1024; one that stands there twice is
            drawn twice as often. Two that are alike may meet.
        per_cycle: Values a cycle, 1 to 4096.
    """
    found = values_of("urn", values)
    if not 0 < len(found) <= _MOST:
        raise PatternError(f"urn wants 1 to {_MOST} values, found {len(found)}")
    size = len(found)

    def order(filling: int, walk: Walk) -> list[int]:
        keys = noises(filling * TICKS, walk, size)
        return sorted(range(size), key=keys.__getitem__)

    def value_at(index: int, walk: Walk) -> Any:
        filling, place = divmod(index, size)
        drawn = order(filling, walk)
        if place < 2 < size and drawn[0] == order(filling - 1, walk)[-1]:
            place = 1 - place
        walk.spend(size // 64)
        return found[drawn[place]]

    return _slots(whole("urn: per_cycle=", per_cycle), value_at)


@function(GROUP, strudel="")
def pink(*, per_cycle: int = 8, lines: int = 8) -> Pattern:
    """Give random numbers from 0 to 1 that hang together over short and long times alike, as melodies do.

    >>> near = [hap.value for hap in pink().haps(0, 64)]
    >>> sum(abs(a - b) for a, b in zip(near, near[1:])) < sum(abs(a - b) for a, b in zip(near, near[99:]))
    True

    Args:
        per_cycle: Values a cycle, 1 to 4096.
        lines: Dice that are added up, 1 to 16, each thrown half as often as the one before; the last of
            8 every 128 values.

    Source: R. Voss, in M. Gardner, White and brown music, fractal curves and one-over-f fluctuations
    (1978).
    """
    count = whole("pink: lines=", lines, 1, _LINES)
    times = whole("pink: per_cycle=", per_cycle)
    width = _SPREAD * _EVEN * count**0.5

    def value_at(index: int, walk: Walk) -> float:
        drawn = sum(
            noise(settle(Fraction((index >> line) * TICKS, times)), walk, line + 1) for line in range(count)
        )
        return min(1.0, max(0.0, 0.5 + (drawn - count / 2) / width))

    return _slots(times, value_at)
