"""Applying a function to parts of the cycle in turn, and to the repeats of an event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patterns.arguments import apply, over, whole
from patterns.combine import MEMORY, fastcat, late, pure, with_steps
from patterns.core import Flat, Pattern
from patterns.joining import inner_join, squeeze_join
from patterns.registry import transform
from patterns.spans import looped
from patterns.state import Walk
from patterns.ticks import TICKS, Time
from patterns.timing import repeated, rotating
from patterns.truths import booleans, truth

GROUP = "Applying functions"


def _gate(parts: int) -> Pattern:
    return fastcat([pure(True), *[pure(False)] * (parts - 1)])


def _chunked(name: str, pattern: Pattern, parts: Any, change: Any, direction: int, *, quick: bool) -> Pattern:
    def build(value: Any) -> Pattern:
        n = whole(name, value, 1, 1024)
        source = pattern if quick else repeated(pattern, n)
        changed = apply(name, change, source)
        made = inner_join(
            rotating(_gate(n), n, direction),
            lambda on: changed if on else source,
            source.reads | changed.reads,
        )
        return with_steps(made, pattern.steps)

    return over([parts], build, pattern, steps=pattern.steps, probe=lambda: apply(name, change, pattern))


@transform(GROUP)
def chunk(pattern: Pattern, parts: Any, change: Any) -> Pattern:
    """Apply a function to one part of the cycle, the next part in the next cycle.

    >>> [hap.value for hap in mini("0 1").chunk(2, add(10)).haps(0, 2)]
    [10, 1, 0, 11]

    Args:
        pattern: The pattern; each of its cycles is played until all parts have had their turn.
        parts: Number of parts, 1 to 1024.
        change: The function.
    """
    return _chunked("chunk", pattern, parts, change, -1, quick=False)


@transform(GROUP)
def slow_chunk(pattern: Pattern, parts: Any, change: Any) -> Pattern:
    """Apply a function to one part of the cycle, the next part in the next cycle, as `chunk`.

    >>> [hap.value for hap in mini("0 1").slow_chunk(2, add(10)).haps(0, 2)]
    [10, 1, 0, 11]

    Args:
        pattern: The pattern.
        parts: Number of parts, 1 to 1024.
        change: The function.
    """
    return chunk(pattern, parts, change)


@transform(GROUP)
def chunk_back(pattern: Pattern, parts: Any, change: Any) -> Pattern:
    """As `chunk`, going through the parts backwards.

    >>> [hap.value for hap in mini("0 1 2").chunk_back(3, add(10)).haps(1, 2)]
    [0, 1, 12]

    Args:
        pattern: The pattern.
        parts: Number of parts, 1 to 1024.
        change: The function.
    """
    return _chunked("chunk_back", pattern, parts, change, 1, quick=False)


@transform(GROUP)
def fast_chunk(pattern: Pattern, parts: Any, change: Any) -> Pattern:
    """As `chunk`, while the pattern goes on with its own cycles.

    >>> [hap.value for hap in mini("<0 4> 1").fast_chunk(2, add(10)).haps(0, 2)]
    [10, 1, 4, 11]

    Args:
        pattern: The pattern.
        parts: Number of parts, 1 to 1024.
        change: The function.
    """
    return _chunked("fast_chunk", pattern, parts, change, -1, quick=True)


def _pieces(name: str, pattern: Pattern, pieces: Pattern, change: Any) -> Pattern:
    """Loop the pattern within each piece that is true and change it there; leave the others as they are."""
    known: dict[tuple[Time, Time], Pattern] = {}
    first = apply(name, change, looped(pattern, 0, TICKS))  # says at once if the function does not suit

    def piece(begin: Time, end: Time) -> Pattern:
        made = known.get((begin, end))
        if made is None:
            if len(known) >= MEMORY:
                known.clear()
            made = known[begin, end] = apply(name, change, looped(pattern, begin, end - begin))
        return made

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in pieces.run(begin, end, walk):
            walk.spend(1)
            source = piece(pb if b is None else b, pe if e is None else e) if truth(v) else pattern
            kept += [(*hap[:5], hap[5] + w) for hap in source.run(pb, pe, walk)]
        return kept

    return Pattern(run, None, None, pattern.reads | pieces.reads | first.reads)


@transform(GROUP)
def into(pattern: Pattern, pieces: Any, change: Any) -> Pattern:
    """Apply a function to parts of the pattern, each looped for itself.

    >>> [hap.value for hap in mini("0 1 2 3").into("1 0", fast(2)).haps(0, 1)]
    [0, 1, 0, 1, 2, 3]

    Args:
        pattern: The pattern.
        pieces: Where the parts are: the function works in those that are true.
        change: The function; it sees nothing but its part, again and again.
    """
    return _pieces("into", pattern, booleans(pieces), change)


def _chunked_into(name: str, pattern: Pattern, parts: Any, change: Any, *, back: bool) -> Pattern:
    def build(value: Any) -> Pattern:
        n = whole(name, value, 1, 1024)
        gate = late(rotating(_gate(n), n, 1), -TICKS) if back else rotating(_gate(n), n, -1)
        return _pieces(name, pattern, gate, change)

    return over([parts], build, pattern, probe=lambda: apply(name, change, pattern))


@transform(GROUP)
def chunk_into(pattern: Pattern, parts: Any, change: Any) -> Pattern:
    """As `chunk`; the function sees nothing but its part, looped.

    >>> [hap.value for hap in mini("0 1 2 3").chunk_into(2, fast(2)).haps(0, 1)]
    [0, 1, 0, 1, 2, 3]

    Args:
        pattern: The pattern.
        parts: Number of parts, 1 to 1024.
        change: The function.
    """
    return _chunked_into("chunk_into", pattern, parts, change, back=False)


@transform(GROUP)
def chunk_back_into(pattern: Pattern, parts: Any, change: Any) -> Pattern:
    """As `chunk_into`, going through the parts backwards, from the last one.

    >>> [hap.value for hap in mini("0 1 2 3").chunk_back_into(2, fast(2)).haps(0, 1)]
    [0, 1, 2, 3, 2, 3]

    Args:
        pattern: The pattern.
        parts: Number of parts, 1 to 1024.
        change: The function.
    """
    return _chunked_into("chunk_back_into", pattern, parts, change, back=True)


def _repeats(
    name: str, pattern: Pattern, times: Any, changed: Pattern, grow: Callable[[Any, int], list[Pattern]]
) -> Pattern:
    def build(value: Any) -> Pattern:
        n = whole(name, value, 1, 64)
        made = squeeze_join(pattern, lambda each: fastcat(grow(each, n)), changed.reads)
        return with_steps(made, pattern.steps and pattern.steps * n)

    return over([times], build, pattern, changed)


@transform(GROUP)
def ply_with(pattern: Pattern, times: Any, change: Any) -> Pattern:
    """Repeat each event within its time, each time with the function applied once more.

    >>> [hap.value for hap in mini("1").ply_with(3, mul(2)).haps(0, 1)]
    [1, 2, 4]

    Args:
        pattern: The pattern.
        times: How often, 1 to 64.
        change: The function.
    """

    def grow(each: Any, n: int) -> list[Pattern]:
        made = [pure(each)]
        for _ in range(n - 1):
            made.append(apply("ply_with", change, made[-1]))
        return made

    return _repeats("ply_with", pattern, times, apply("ply_with", change, pattern), grow)


@transform(GROUP)
def ply_for_each(pattern: Pattern, times: Any, change: Any) -> Pattern:
    """Repeat each event within its time, each time changed by a function of the event and its number.

    >>> [hap.value for hap in mini("10").ply_for_each(3, lambda p, i: p.add(i)).haps(0, 1)]
    [10, 11, 12]

    Args:
        pattern: The pattern.
        times: How often, 1 to 64.
        change: The function of a pattern and a number: 1 for the second event; the first stays as it is.
    """

    def grow(each: Any, n: int) -> list[Pattern]:
        return [pure(each), *(apply("ply_for_each", change, pure(each), index) for index in range(1, n))]

    return _repeats("ply_for_each", pattern, times, apply("ply_for_each", change, pattern, 1), grow)
