"""Strokes of keys as patterns: an event at each, or a phrase."""

from __future__ import annotations

import math
from collections.abc import Callable

from patterns.core import Flat, Pattern
from patterns.inputs import Source, read_number
from patterns.midi_inputs import GROUP, MOST_BACK, read_key, read_quantum, reads_of, source_of
from patterns.moving import shift, visit
from patterns.registry import transform
from patterns.state import History, Walk
from patterns.ticks import Time, exact, to_cycles, to_ticks


def hits_in(
    key: int | str | None = None,
    *,
    length: float = 0.25,
    quantum: float = 0,
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Have an event at each stroke of a key; its value is how hard, 0 to 1.

    >>> s("cp").struct(hits_in("d2")).haps(0, 1)
    []

    Args:
        key: Which, as "c2" or 36; any, unless given.
        length: Cycles that an event lasts, above 0 and at most 4.
        quantum: Cycles: it is at the next multiple of it; 0 is at once.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    source, strokes = _strokes("hits_in", key, length, quantum, channel, port)
    long = to_ticks(exact(length))

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        walk.spend(1)
        return [
            (at, at + long, max(begin, at), min(end, at + long), hard, ())
            for at, hard in strokes(begin, end, walk)
        ]

    return Pattern(run, reads=reads_of(source), discrete=True)


@transform(GROUP, strudel="")
def on_key(
    pattern: Pattern,
    key: int | str | None = None,
    *,
    cycles: float = 1,
    quantum: float = 0,
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Play some cycles of a pattern, from its beginning, at each stroke of a key.

    >>> s("cp cp*2").on_key("d2", quantum=1/4).haps(0, 1)
    []

    Args:
        pattern: What to play.
        key: Which key, as "c2" or 36; any, unless given.
        cycles: How much of it, above 0 and at most 4.
        quantum: Cycles: it begins at the next multiple of it; 0 is at once.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    source, strokes = _strokes("on_key", key, cycles, quantum, channel, port)
    long = to_ticks(exact(cycles))

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for at, _ in strokes(begin, end, walk):
            first, last = max(begin, at), min(end, at + long)
            if first < last:
                found = shift(visit(pattern, first - at, last - at, walk, at), at)
                kept += [hap for hap in found if hap[0] is None or hap[0] >= at]
        return kept

    return Pattern(run, reads=pattern.reads | reads_of(source))


Strokes = Callable[[Time, Time, Walk], list[tuple[Time, float]]]


def _strokes(
    verb: str, key: int | str | None, length: float, quantum: float, channel: int | None, port: str | None
) -> tuple[Source, Strokes]:
    """Where a stroke is looked for, and how: those that sound in a stretch, with when and how hard."""
    which = None if key is None else read_key(verb, key)
    source = source_of(verb, "hit", which, channel, port)
    long = read_number(verb, "length" if verb == "hits_in" else "cycles", length)
    if not 0 < long <= MOST_BACK:
        raise ValueError(f"{verb}: a stroke lasts up to {MOST_BACK} cycles (got {length!r})")
    whole, step = exact(length), read_quantum(verb, quantum)

    def strokes(begin: Time, end: Time, walk: Walk) -> list[tuple[Time, float]]:
        if not isinstance(walk.controls, History):
            return []
        # A timeline as a pattern: cycles here are those of the session, as for notes in a file.
        first, last = to_cycles(begin - walk.shift), to_cycles(end - walk.shift)
        found: list[tuple[Time, float]] = []
        for cycle, hard in walk.controls.changes(source.name, first - whole - step, last):
            at = math.ceil(cycle / step) * step if step else cycle
            if at < last and at + whole > first and isinstance(hard, float):
                walk.spend(1)
                found.append((to_ticks(at) + walk.shift, hard))
        return found

    return source, strokes
