"""The slots of a cycle: what a sequence comes to once all that is written in it has found its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from patterns.moving import outward_of, rescale
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale
from patterns.where import Where

if TYPE_CHECKING:
    from patterns.core import Flat, Pattern, Run

Known = tuple[Any, tuple[Where, ...]]
"""A value and its places in the musician's files."""

Change = Callable[[Any, tuple[Where, ...]], Known]
"""Turns a value and its places into others."""

Turns = tuple[tuple[Known | None, ...], int, int]
"""Values that take turns, a stride and an offset: in cycle c it is the turn of c · stride + offset.

None is a turn in which nothing happens."""

Slot = tuple[Time, Time, Any, tuple[Where, ...], "Turns | None", "Pattern | None", int, int]
"""Begin and end within the cycle, then what happens: one value with its places, or values that take
turns, or else a pattern with the factor up/down by which its cycle is squeezed into the slot."""


@dataclass(frozen=True, slots=True)
class Remake:
    """How a pattern is made anew with its values changed where they are written.

    Args:
        make: Makes it; None if that cannot be done after all.
        values: How many values there are to change.
        crosses: Whether haps may go on over the end of a cycle within one query.
    """

    make: Callable[[Change], Pattern | None]
    values: int
    crosses: bool = False


MOST_VALUES = 1024  # that are changed where they are written: beyond it those of each query are
MOST_SLOTS = 4096  # of one sequence, with those of its children
MOST_QUICK = 64  # of a pattern played several times in each cycle
MOST = 256  # slots that one pattern is laid out in: beyond it the tables would cost more than they save


def laid_out(pattern: Pattern) -> tuple[Slot, ...] | None:
    """Give the slots of a pattern's cycle; None if it is not made of slots."""
    if pattern.atom is not None:
        return ((0, TICKS, pattern.atom[0], pattern.places, None, None, 1, 1),)
    return pattern.slots


def squeezed(pattern: Pattern, start: Time, stop: Time, room: int) -> list[Slot]:
    """Lay out a pattern whose cycle is squeezed between two times of the cycle outside.

    Args:
        pattern: The pattern.
        start: Begin of its place in the cycle outside.
        stop: End of it.
        room: Slots that it may take, where it is more than one value.
    """
    length = stop - start
    own = laid_out(pattern)
    if own is None or len(own) > max(1, min(MOST, room)):
        factor = Fraction(TICKS) / length
        return [(start, stop, None, (), None, pattern, factor.numerator, factor.denominator)]
    made: list[Slot] = []
    for begin, end, value, places, turns, child, _, _ in own:
        first = start + scale(begin * length, 1, TICKS)
        last = start + scale(end * length, 1, TICKS)
        up = down = 1
        if child is not None:
            factor = Fraction(TICKS) / (last - first)
            up, down = factor.numerator, factor.denominator
        made.append((first, last, value, places, turns, child, up, down))
    return made


def quickened(pattern: Pattern, times: int) -> list[Slot] | None:
    """Lay out a pattern played so many times in each cycle; None if a table cannot say it."""
    own = laid_out(pattern)
    if own is None or len(own) * times > MOST_QUICK or any(slot[5] is not None for slot in own):
        return None
    made: list[Slot] = []
    for copy in range(times):
        base = copy * TICKS
        for begin, end, value, places, turns, _, _, _ in own:
            later: Turns | None = None
            if turns is not None:
                choices, stride, offset = turns
                later = (choices, stride * times, stride * copy + offset)
            first, last = scale(base + begin, 1, times), scale(base + end, 1, times)
            made.append((first, last, value, places, later, None, 1, 1))
    return made


def taking_turns(patterns: Sequence[Pattern]) -> tuple[Slot, ...] | None:
    """Lay out patterns of which each cycle plays the next; None if one of them is more than a value."""
    choices: list[Known | None] = []
    for pattern in patterns:
        if pattern.atom is not None:
            choices.append((pattern.atom[0], pattern.places))
        elif pattern.slots == ():
            choices.append(None)
        else:
            return None
    return ((0, TICKS, None, (), (tuple(choices), 1, 0), None, 1, 1),)


def play(slots: Sequence[Slot]) -> Run:
    """Make the run of some slots that stand in order and do not overlap."""
    table = tuple(slots)
    count = len(table)
    begins = [slot[0] for slot in table]

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        append = haps.append
        cycle = begin // TICKS
        base = cycle * TICKS
        while True:
            limit = base + TICKS
            last = end if end < limit else limit
            if begin == base and last == limit:  # a whole cycle: nothing to look for, nothing to cut
                walk.fuel -= count
                for first, final, value, places, turns, child, up, down in table:
                    start = base + first
                    stop = base + final
                    if child is not None:
                        haps += inside(child, base, start, start, stop, up, down, walk)
                    elif turns is None:
                        append((start, stop, start, stop, value, places))
                    else:
                        choices, stride, offset = turns
                        known = choices[(cycle * stride + offset) % len(choices)]
                        if known is not None:
                            append((start, stop, start, stop, known[0], known[1]))
            else:
                index = max(0, bisect_right(begins, begin - base) - 1)
                while index < count:
                    first, final, value, places, turns, child, up, down = table[index]
                    start = base + first
                    if start >= last and start > begin:
                        break
                    stop = base + final
                    index += 1
                    if stop <= begin:
                        continue
                    walk.fuel -= 1
                    part_begin = begin if begin > start else start
                    part_end = last if last < stop else stop
                    if child is not None:
                        haps += inside(child, base, start, part_begin, part_end, up, down, walk)
                    elif turns is None:
                        append((start, stop, part_begin, part_end, value, places))
                    else:
                        choices, stride, offset = turns
                        known = choices[(cycle * stride + offset) % len(choices)]
                        if known is not None:
                            append((start, stop, part_begin, part_end, known[0], known[1]))
            if walk.fuel < 0:
                walk.spend(0)
            if end <= limit:
                return haps
            begin = base = limit
            cycle += 1

    return run


def pulse_of(value: Any, places: tuple[Where, ...], length: int) -> Run:
    """Make the run of one value again and again, each `length` ticks long."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        first = begin // length
        last = max(-(-end // length), first + 1)
        walk.spend(last - first, places)
        haps: list[Flat] = [
            (start, start + length, start, start + length, value, places)
            for start in range(first * length, last * length, length)
        ]
        if first * length < begin:
            start, stop, _, part_end, _, _ = haps[0]
            haps[0] = (start, stop, begin, part_end, value, places)
        if last * length > end:
            start, stop, part_begin, _, _, _ = haps[-1]
            haps[-1] = (start, stop, part_begin, end, value, places)
        return haps

    return run


def inside(
    child: Pattern,
    base: Time,
    start: Time,
    part_begin: Time,
    part_end: Time,
    up: int,
    down: int,
    walk: Walk,
) -> list[Flat]:
    """Ask a pattern whose cycle from `base` on is squeezed into a slot that begins at `start`.

    Args:
        child: The pattern.
        base: Begin of its own cycle, in ticks.
        start: Begin of the slot, in ticks.
        part_begin: Begin of what is asked for, outside.
        part_end: End of it.
        up: The slot is 1/(up/down) cycles long.
        down: See `up`.
        walk: The query.
    """
    if down == 1:
        first, last = base + (part_begin - start) * up, base + (part_end - start) * up
    else:
        first = base + scale(part_begin - start, up, down)
        last = base + scale(part_end - start, up, down)
    if child.reads:
        walk.frames.append(outward_of(base, start, down, up))
        found = child.run(first, last, walk)
        walk.frames.pop()
    else:
        found = child.run(first, last, walk)
    return rescale(found, base, start, down, up) if found else found


def step_round(patterns: Sequence[Pattern], pace: Fraction) -> Run:
    """Make the run of patterns played round and round, `pace` of them in a cycle.

    In its nth round a pattern plays its cycle n, squeezed into the step.
    """
    up, down = pace.numerator, pace.denominator
    length = scale(TICKS, down, up)
    count = len(patterns)
    table = [(child.atom, child.places, child) for child in patterns]
    price = 1 if type(length) is int else 16  # fractions take so many times as long

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        step = begin // length
        start = step * length
        turn, index = divmod(step, count)
        while True:
            stop = start + length
            part_begin = begin if begin > start else start
            part_end = end if end < stop else stop
            walk.fuel -= price
            atom, places, child = table[index]
            if atom is not None:
                haps.append((start, stop, part_begin, part_end, atom[0], places))
            elif child.slots != ():
                haps += inside(child, turn * TICKS, start, part_begin, part_end, up, down, walk)
            if walk.fuel < 0:
                walk.spend(0)
            if end <= stop:
                return haps
            start = stop
            index += 1
            if index == count:
                index = 0
                turn += 1

    return run
