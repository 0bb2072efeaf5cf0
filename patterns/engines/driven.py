"""Values of which each comes from the one before, by parameters that may be patterns themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from patterns.arguments import number, told, whole
from patterns.combine import explain, fast, fmap, keep_haps, pure, with_steps
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.dice import Dice, dice_key
from patterns.errors import PatternError
from patterns.folds import OnsetFold
from patterns.joining import app_left
from patterns.memory import plain
from patterns.reading import reify
from patterns.state import Walk
from patterns.ticks import Time, scale, settle
from patterns.truths import booleans, truth

__all__ = ["GROUP", "bars", "counted", "drawn", "driven", "named", "reflected", "slots", "started"]

GROUP = "Engines"

Step = Callable[[Any, Sequence[Any], Dice], Any]
"""Makes the next state of a state, of what the parameters are then, and of dice."""
Draw = Callable[[Sequence[Any], Dice], Any]
"""Makes a value of what the parameters are then, and of dice."""


def slots(title: str, per_cycle: Any, parameters: Sequence[Any] = ()) -> Pattern:
    """Give the times at which an engine makes a value, each with what the parameters are then.

    Args:
        title: The function that asks, for messages.
        per_cycle: Values a cycle, or a rhythm: text or a pattern, false and rests are left out.
        parameters: Numbers or patterns.
    """
    count = counted(title, per_cycle)
    if count is not None:
        made = with_steps(fast(pure(()), Fraction(count)), Fraction(count))
    else:
        rhythm = booleans(per_cycle)
        made = fmap(keep_haps(rhythm, lambda hap: hap[0] is not None and truth(hap[4])), lambda _: ())
    for one in parameters:
        made = app_left(made, reify(one), _also)
    return made


def counted(title: str, per_cycle: Any) -> int | None:
    """How many values a cycle has, or None where a rhythm says when they come.

    Raises:
        PatternError: It is a number, and not from 1 to 4096.
    """
    if isinstance(per_cycle, (str, list, Pattern)):
        rhythm = booleans(per_cycle)
        if rhythm.atom is None or not isinstance(rhythm.atom[0], (int, float, Fraction)):
            return None
        per_cycle = rhythm.atom[0]
    return whole(f"{title}: per_cycle=", per_cycle)


def driven(
    title: str,
    step: Step,
    start: Any,
    parameters: Sequence[Any],
    per_cycle: Any,
    name: Any,
    since: Any,
    show: Callable[[Any], Any] | None = None,
    cost: int = 0,
    made_of: tuple[Any, ...] = (),
) -> Pattern:
    """Give so many values a cycle, each made of the one before and of what the parameters are when it begins.

    Args:
        title: The function that asks, for messages.
        step: Makes the next state.
        start: The state before the first.
        parameters: Numbers or patterns.
        per_cycle: Values a cycle, or their rhythm.
        name: Under which the state goes on through a change of the piece; empty if it does not.
        since: The cycle in which it begins.
        show: Makes what sounds of a state.
        cost: Steps of a query's fuel that one step takes beside the usual one.
        made_of: What else two engines of one name must have in common, to be one written twice.
    """
    source = slots(title, per_cycle, [*parameters, pure(made_of)] if name and made_of else parameters)
    if cost:
        source = _paid(source, cost)
    given = (named(title, name), show, ())
    return OnsetFold(step, True, plain(start), started(title, since), *given, source).pattern()


def drawn(title: str, draw: Draw, parameters: Sequence[Any], per_cycle: Any) -> Pattern:
    """Give so many values a cycle, each drawn by itself; the same moment draws the same.

    Args:
        title: The function that asks, for messages; each has dice of its own.
        draw: Makes the value.
        parameters: Numbers or patterns.
        per_cycle: Values a cycle, or their rhythm.
    """
    source = slots(title, per_cycle, parameters)
    inner = source.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        key = dice_key(walk, title)
        kept: list[Flat] = []
        for b, e, pb, pe, given, w in inner(begin, end, walk):
            try:
                kept.append((b, e, pb, pe, draw(given, Dice(key, b)), w))
            except BAD_VALUE as error:
                walk.report(explain(error), w)
        return kept

    return Pattern(run, source.steps, None, source.reads, discrete=True)


def bars(rows: Pattern, steps: Fraction | None = None) -> Pattern:
    """Play the parts of each list one after the other within its time; None and `~` are rests.

    Args:
        rows: A pattern of lists.
        steps: How many parts a cycle has, if it is known.
    """
    inner = rows.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        for b, e, pb, pe, row, w in inner(begin, end, walk):
            if b is None:
                walk.report("this plays from event to event, and a signal has none: add .segment(n)", w)
                continue
            count, length = len(row), e - b
            if not count:
                continue
            first, last = int((pb - b) * count // length), int(-(-(pe - b) * count // length))
            walk.spend(last - first)
            for index in range(first, last):
                if row[index] is None or row[index] == "~":
                    continue
                start = settle(b + scale(length * index, 1, count))
                stop = settle(b + scale(length * (index + 1), 1, count))
                haps.append((start, stop, max(pb, start), min(pe, stop), row[index], w))
        return haps

    return Pattern(run, steps, None, rows.reads, discrete=True)


def named(title: str, name: Any) -> str:
    """Read under which name a state goes on.

    Raises:
        TypeError: It is no short text.
    """
    if not isinstance(name, str) or not (name.isprintable() and len(name) <= 200):
        raise TypeError(f"{title}: name= wants a short text, found {told(name)}")
    return name


def started(title: str, since: Any) -> int:
    """Read the number of the cycle in which something begins.

    Raises:
        PatternError: It is none.
    """
    first = number(f"{title}: since=", since)
    if first != int(first):
        raise PatternError(f"{title}: since= wants the number of a cycle, found {since!r}")
    return int(first)


def reflected(value: float, low: float, high: float) -> float:
    """Turn back at two bounds what goes beyond them, as often as need be.

    >>> reflected(13, 0, 10), reflected(-12, 0, 5), reflected(3, 7, 7)
    (7, 2, 7)
    """
    width = high - low
    if not width:
        return low
    way = (value - low) % (2 * width)
    return low + min(way, 2 * width - way)


def _also(row: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    return (*row, value)


def _paid(source: Pattern, cost: int) -> Pattern:
    inner = source.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        walk.spend(cost * len(found))
        return found

    return Pattern(run, source.steps, source.period, source.reads, discrete=source.discrete)
