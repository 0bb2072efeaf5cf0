"""Urns and colours of noise: chance that remembers what it gave, as a pure function of the slot's number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from patterns.arguments import values_of, whole
from patterns.chance import noise, noises
from patterns.combine import explain
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, counted, driven, named, slots, started
from patterns.errors import PatternError
from patterns.reading import reify
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle

_MOST = 1024  # values in an urn: all of them are drawn for each slot that is asked for alone
_LINES = 16
_SPREAD = 6  # standard deviations that 0 and 1 are apart
_EVEN = 12**-0.5  # the standard deviation of an even draw


def _numbered(
    title: str,
    count: int,
    parameters: Sequence[Any],
    value_at: Callable[[int, Sequence[Any], Walk], Any],
) -> Pattern:
    """So many values a cycle, each by its number and by what the parameters are then."""
    source = slots(title, count, parameters)
    inner = source.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for start, stop, first, last, given, where in inner(begin, end, walk):
            try:
                value = value_at(int(start * count // TICKS), given, walk)
            except BAD_VALUE as error:
                walk.report(explain(error), where)
            else:
                kept.append((start, stop, first, last, value, where))
        return kept

    return Pattern(run, source.steps, None, source.reads, discrete=True)


@function(GROUP, strudel="")
def urn(values: Any, *, per_cycle: Any = 8, name: str = "", since: int = 0) -> Pattern:
    """Draw from an urn till it is empty, then fill it again: all come equally often, none twice in a row.

    >>> drawn = [hap.value for hap in urn([0, 2, 4, 7], per_cycle=4).haps(0, 8)]
    >>> [sorted(drawn[at : at + 4]) == [0, 2, 4, 7] for at in range(0, 32, 4)] == [True] * 8
    True
    >>> any(a == b for a, b in zip(drawn, drawn[1:]))
    False
    >>> len(urn("abc", per_cycle="x(5,8)").haps(0, 1))
    5

    Args:
        values: A list, the letters of a text, or a `range`: 1 to 1024; one that stands there twice is
            drawn twice as often. Two that are alike may meet.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
        name: With a name what is still in the urn stays there through a change of the piece, in its layer.
        since: The cycle in which a rhythm, or an urn with a name, begins, if it is not 0.
    """
    found = values_of("urn", values)
    if not 0 < len(found) <= _MOST:
        raise PatternError(f"urn wants 1 to {_MOST} values, found {len(found)}")
    size = len(found)

    count = counted("urn", per_cycle)
    if count is None or named("urn", name):
        return _emptied(found, per_cycle, name, since)
    started("urn", since)

    def order(filling: int, walk: Walk) -> list[int]:
        keys = noises(filling * TICKS, walk, size)
        return sorted(range(size), key=keys.__getitem__)

    def value_at(index: int, _given: Sequence[Any], walk: Walk) -> Any:
        filling, place = divmod(index, size)
        drawn = order(filling, walk)
        if place < 2 < size and drawn[0] == order(filling - 1, walk)[-1]:
            place = 1 - place
        walk.spend(size // 64)
        return found[drawn[place]]

    return _numbered("urn", count, (), value_at)


def _emptied(found: Sequence[Any], per_cycle: Any, name: Any, since: Any) -> Pattern:
    """Draw from an urn whose state is what is still in it: by numbers, the one drawn last of all first."""
    size = len(found)

    def draw(before: Sequence[int], _given: Sequence[Any], dice: Dice) -> list[int]:
        last, *left = before
        left = [number for number in left if number < size]
        # Where a new filling begins the last one of the former waits for the second turn.
        fresh = [number for number in range(size) if number != last or size < 3]
        drawn = dice.choose(left or fresh)
        left = left or list(range(size))
        return [drawn, *(number for number in left if number != drawn)]

    def show(state: Sequence[int]) -> Any:
        return found[state[0]]

    contents = (repr(found),)
    return driven("urn", draw, [-1], (), per_cycle, name, since, show, size // 64, contents)


@function(GROUP, strudel="")
def pink(*, per_cycle: Any = 8, lines: Any = 8, name: str = "", since: int = 0) -> Pattern:
    """Give random numbers from 0 to 1 that hang together over short and long times alike, as melodies do.

    >>> near = [hap.value for hap in pink().haps(0, 64)]
    >>> sum(abs(a - b) for a, b in zip(near, near[1:])) < sum(abs(a - b) for a, b in zip(near, near[99:]))
    True

    Args:
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
        lines: Dice that are added up, 1 to 16, each thrown half as often as the one before; the last of
            8 every 128 values. A number or a pattern, read when a value begins.
        name: With a name the dice lie as they lay through a change of the piece, in its layer.
        since: The cycle in which a rhythm, or noise with a name, begins, if it is not 0.

    Source: R. Voss, in M. Gardner, White and brown music, fractal curves and one-over-f fluctuations
    (1978).
    """
    source = reify(lines)
    if source.atom is not None:
        _many(source.atom[0])
    times = counted("pink", per_cycle)
    if times is None or named("pink", name):
        return _thrown(source, per_cycle, name, since)
    started("pink", since)

    def value_at(index: int, given: Sequence[Any], walk: Walk) -> float:
        dice = (
            noise(settle(Fraction((index >> line) * TICKS, times)), walk, line + 1)
            for line in range(_many(given[0]))
        )
        return _sum([*dice])

    return _numbered("pink", times, [source], value_at)


def _thrown(lines: Pattern, per_cycle: Any, name: Any, since: Any) -> Pattern:
    """Give the sum of dice whose state is how they lie, after how many values were given."""

    def throw(before: Sequence[float], given: Sequence[Any], dice: Dice) -> list[float]:
        turn, *lie = before[:-1]
        thrown = [dice.random() for _ in range(_LINES)]
        both = enumerate(zip(thrown, lie, strict=True))
        now = [fresh if int(turn) % 2**line == 0 else was for line, (fresh, was) in both]
        return [(turn + 1) % 2**_LINES, *now, _sum(now[: _many(given[0])])]

    start = [0.0, *[0.5] * _LINES, 0.5]
    return driven("pink", throw, start, [lines], per_cycle, name, since, lambda state: state[-1], _LINES // 8)


def _many(lines: Any) -> int:
    return whole("pink: lines=", lines, 1, _LINES)


def _sum(dice: Sequence[float]) -> float:
    """Bring the sum of some dice to 0 to 1, so that it is as wide whatever their number."""
    count = len(dice)
    return min(1.0, max(0.0, 0.5 + (sum(dice) - count / 2) / (_SPREAD * _EVEN * count**0.5)))
