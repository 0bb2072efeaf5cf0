"""Events at any moment: as many as a density says, knowing nothing of one another, or calling others."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from patterns.arguments import number, ticks, told
from patterns.combine import explain
from patterns.core import BAD_VALUE, Flat, Pattern, sounding
from patterns.dice import Dice, dice_key
from patterns.engines.driven import GROUP
from patterns.errors import PatternError
from patterns.reading import reify
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import TICKS, Time

MOST = 256  # events a cycle
_BAND = 8  # of density: points are drawn by bands of so many a cycle, and one for each further one
_LONGEST = 16  # cycles of one event
_FAMILY = 64  # events that come of one
_MOST_CALLS = 0.9  # in the mean: with 1 a swarm would never end
_FARTHEST = 2 * TICKS  # that an event is from the one that it all came of

_Point = tuple[int, float]
"""When a point lies, and the density from which on it is heard."""


def poisson_count(mean: float, dice: Dice) -> int:
    """Draw how many events there are where there is a mean of so many, up to about 700.

    Source: D. Knuth, The art of computer programming, volume 2 (1969).
    """
    bound, product, count = math.exp(-mean), dice.random(), 0
    while product > bound:
        product *= dice.random()
        count += 1
    return count


@lru_cache(maxsize=256)
def _band(key: int, cycle: int, band: int) -> tuple[_Point, ...]:
    """The points of a cycle that are heard from some density in a band on."""
    dice = Dice(key, cycle, band)
    return tuple(
        (cycle * TICKS + int(dice.random() * TICKS), (band + dice.random()) * _BAND)
        for _ in range(poisson_count(_BAND, dice))
    )


def _level(title: str, pattern: Pattern, at: Time, walk: Walk) -> float:
    """What a density is at a time; 0 where it rests."""
    found = _at(pattern, at, walk)
    return 0.0 if found is None else _dense(title, found)


def _dense(title: str, value: Any) -> float:
    found = float(number(f"{title}: density=", value))
    if not 0 <= found <= MOST:
        raise PatternError(f"{title}: density= wants 0 to {MOST} events a cycle, found {told(value)}")
    return found


def _density(title: str, given: Any) -> Pattern:
    pattern = reify(given)
    if pattern.atom is not None:
        _dense(title, pattern.atom[0])
    return pattern


def _densest(title: str, pattern: Pattern, cycle: int, walk: Walk) -> float:
    """The highest density that a cycle may have."""
    if not pattern.discrete:
        return MOST
    found = pattern.run(cycle * TICKS, (cycle + 1) * TICKS, walk)
    highest = max((float(number(f"{title}: density=", hap[4])) for hap in found), default=0.0)
    return min(highest, MOST)


def _points(
    title: str, density: Pattern, cycle: int, key: int, walk: Walk, known: dict[int, list[_Point]]
) -> list[_Point]:
    """The points of a cycle that are heard, in order, found once in a query.

    A point lies in time and in height, evenly and by itself, and is heard where the density is above its
    height: so more density adds events, and moves none.

    Source: P. Lewis, G. Shedler, Simulation of nonhomogeneous Poisson processes by thinning (1979).
    """
    if cycle in known:
        return known[cycle]
    known[cycle] = []
    try:
        highest = _densest(title, density, cycle, walk)
        bands = math.ceil(highest / _BAND)
        walk.spend(bands * _BAND + 1)
        found = [point for band in range(bands) for point in _band(key, cycle, band) if point[1] < highest]
        constant = density.atom is not None
        heard = [point for point in found if constant or point[1] < _level(title, density, point[0], walk)]
    except BAD_VALUE as error:
        walk.report(explain(error), density.places)
        return []
    known[cycle] = sorted(heard)
    return known[cycle]


def _length(title: str, value: Any) -> Time:
    found = ticks(f"{title}: length=", value)
    if not 0 < found <= _LONGEST * TICKS:
        raise PatternError(f"{title}: length= wants above 0 up to {_LONGEST} cycles, found {told(value)}")
    return found


def _played(
    of_cycle: Callable[[int, Walk, dict[int, list[_Point]]], list[int]], long: Time, reads: frozenset[str]
) -> Pattern:
    """Play the events of each cycle, true and as long as is said, also beyond the end of it."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        known: dict[int, list[_Point]] = {}
        for cycle in range(int((begin - long) // TICKS), int(-(-end // TICKS))):
            for start in of_cycle(cycle, walk, known):
                stop = start + long
                if start < end and stop > begin:
                    haps.append((start, stop, max(begin, start), min(end, stop), True, ()))
        return haps

    return Pattern(run, None, None, reads, discrete=True)


@function(GROUP, strudel="")
def poisson(density: Any = 8, *, apart: Any = 0, length: Any = 1 / 16) -> Pattern:
    """Let events fall at any moment, as rain does: so many a cycle in the mean, for `struct`.

    >>> falls = [len(poisson(8).haps(cycle, cycle + 1)) for cycle in range(64)]
    >>> min(falls) < 6, max(falls) > 10
    (True, True)
    >>> len(mini("hh").struct(poisson(4)).haps(0, 64)) > 200
    True

    Events know nothing of one another. More density adds events and moves none, so it can swell:
    `poisson(sine.range(0, 32).slow(8))`.

    Args:
        density: Events a cycle, 0 to 256: a number or a pattern, also a signal, read at every event.
        apart: Cycles that two events are apart at the least, 0 to 1: of those that come too near
            only the strongest is heard, which leaves fewer than the density says.
        length: How long each is, in cycles, above 0 up to 16.

    Source: the thinning for `apart` is B. Matérn's second, Spatial variation (1960).
    """
    source, long = _density("poisson", density), _length("poisson", length)
    gap = ticks("poisson: apart=", apart)
    if not 0 <= gap <= TICKS:
        raise PatternError(f"poisson: apart= wants 0 to 1 cycle, found {told(apart)}")

    def of_cycle(cycle: int, walk: Walk, known: dict[int, list[_Point]]) -> list[int]:
        key = dice_key(walk, "poisson")
        here = _points("poisson", source, cycle, key, walk, known)
        if not gap or not here:
            return [start for start, _ in here]
        sides = (_points("poisson", source, near, key, walk, known) for near in (cycle - 1, cycle + 1))
        crowd = sorted([*here, *(point for side in sides for point in side)])
        walk.spend(len(crowd))
        return [point[0] for point in here if _strongest(point, crowd, gap)]

    return _played(of_cycle, long, source.reads)


def _strongest(point: _Point, crowd: list[_Point], gap: Time) -> bool:
    start, height = point
    return not any(abs(other - start) < gap and (rank, other) < (height, start) for other, rank in crowd)


def _at(pattern: Pattern, at: Time, walk: Walk) -> Any:
    """What a pattern says at a time; None where it rests."""
    if pattern.atom is not None:
        return pattern.atom[0]
    if pattern.sample is not None:
        return pattern.sample(at, walk)
    heard = sounding(pattern, at, walk)
    return heard[0][4] if heard else None


def _calls(value: Any) -> float:
    found = float(number("hawkes: calls=", value))
    if not 0 <= found <= _MOST_CALLS:
        raise PatternError(f"hawkes: calls= wants 0 to {_MOST_CALLS} events, found {told(value)}")
    return found


def _within(value: Any) -> Time:
    found = ticks("hawkes: within=", value)
    if not 0 < found <= TICKS // 4:
        raise PatternError(f"hawkes: within= wants above 0 up to 1/4 of a cycle, found {told(value)}")
    return found


@function(GROUP, strudel="")
def hawkes(density: Any = 2, calls: Any = 0.6, within: Any = 1 / 8, *, length: Any = 1 / 16) -> Pattern:
    """Let events call others soon after them, and these yet others: they come in swarms, for `struct`.

    >>> swarms = hawkes(2, calls=0.75).haps(0, 64)
    >>> 5 < len(swarms) / 64 < 11
    True

    Args:
        density: Events a cycle that come uncalled, 0 to 256: a number or a pattern.
        calls: Events that each calls in the mean, 0 to 0.9: in all there are density / (1 - calls). Like the
            next one a number or a pattern, also a signal, read when an event comes uncalled, for its swarm.
        within: Cycles in which a call is answered in the mean, above 0 up to 1/4; a swarm ends after two
            cycles.
        length: How long each is, in cycles, above 0 up to 16.

    Source: A. Hawkes, D. Oakes, A cluster process representation of a self-exciting process (1974).
    """
    source, long = _density("hawkes", density), _length("hawkes", length)
    ways = [reify(calls), reify(within)]
    if ways[0].atom is not None:
        _calls(ways[0].atom[0])
    if ways[1].atom is not None:
        _within(ways[1].atom[0])

    def way(start: int, walk: Walk) -> tuple[float, Time]:
        values = [_at(one, start, walk) for one in ways]
        if any(one is None for one in values):  # one of them rests: nothing is called
            return 0.0, TICKS
        return _calls(values[0]), _within(values[1])

    def family(start: int, key: int, walk: Walk) -> list[int]:
        found, dice = [start], Dice(key, start)
        try:
            share, soon = way(start, walk)
        except BAD_VALUE as error:
            walk.report(explain(error), (*ways[0].places, *ways[1].places))
            return found
        for parent in found:  # grows as it is gone through
            for _ in range(poisson_count(share, dice)):
                child = parent - int(soon * math.log(1 - dice.random()))
                if child - start < _FARTHEST and len(found) < _FAMILY:
                    found.append(child)
        return found

    def of_cycle(cycle: int, walk: Walk, known: dict[int, list[_Point]]) -> list[int]:
        key = dice_key(walk, "hawkes")
        found: list[int] = []
        for before in range(cycle - _FARTHEST // TICKS, cycle + 1):
            for start, _ in _points("hawkes", source, before, key, walk, known):
                members = family(start, key, walk)
                walk.spend(len(members))
                found += [member for member in members if member // TICKS == cycle]
        return sorted(found)

    return _played(of_cycle, long, source.reads | ways[0].reads | ways[1].reads)
