"""Functions that work on a stretch of the cycle: squeeze, stretch, loop."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from patterns import combine, moving
from patterns.arguments import MOST, over, ticks, time, whole
from patterns.combine import SILENCE, split
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.joining import focus as focused
from patterns.joining import trigger_join
from patterns.registry import transform
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale, to_cycles, whole_cycles
from patterns.timing import faster, repeated, slower

GROUP = "Time"


def fit_gap(pattern: Pattern, start: Time, length: Time, steps: Fraction | None = None) -> Pattern:
    """Squeeze each cycle into a part of it, in ticks, and leave the rest silent."""
    factor = Fraction(TICKS) / length
    up, down = factor.numerator, factor.denominator

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        origin = cycle * TICKS
        target = origin + start
        first, last = max(begin, target), min(end, target + length)
        if first > last or (first == last and begin != end):
            return []
        inner_begin = origin + scale(first - target, up, down)
        inner_end = origin + scale(last - target, up, down)
        if pattern.reads:
            walk.frames.append(lambda moment: target + scale(moment - origin, down, up))
            found = pattern.run(inner_begin, inner_end, walk)
            walk.frames.pop()
        else:
            found = pattern.run(inner_begin, inner_end, walk)
        return moving.rescale(found, origin, target, down, up)

    return split(pattern, run, steps=steps, period=whole_cycles(pattern.period))


@transform(GROUP)
def compress(pattern: Pattern, begin: Any, end: Any) -> Pattern:
    """Squeeze each cycle between two points of it and leave the rest silent.

    >>> [str(hap.whole.begin) for hap in mini("a b").compress(1/4, 3/4).haps(0, 1)]
    ['1/4', '1/2']

    Args:
        pattern: The pattern.
        begin: Where the cycle begins, 0 to 1.
        end: Where it ends, 0 to 1.
    """

    def build(b: Any, e: Any) -> Pattern:
        first, last = time("compress", b), time("compress", e)
        if not 0 <= first < last <= 1:
            raise PatternError(f"compress wants 0 <= begin < end <= 1, found {b} and {e}")
        return fit_gap(pattern, ticks("compress", first), ticks("compress", last - first))

    return over([begin, end], build, pattern, ahead=True)


@transform(GROUP)
def fast_gap(pattern: Pattern, factor: Any) -> Pattern:
    """Play each cycle faster and leave the rest of it silent.

    >>> [str(hap.whole.begin) for hap in mini("a b").fast_gap(2).haps(0, 1)]
    ['0', '1/4']

    Args:
        pattern: The pattern.
        factor: How many times as fast; below 1 the end of each cycle is cut off; 0 and less is silence.
    """

    def build(value: Any) -> Pattern:
        n = time("fast_gap", value)
        if n <= 0:
            return SILENCE
        return fit_gap(pattern, 0, ticks("fast_gap", 1 / n))

    return over([factor], build, pattern, ahead=True)


def zoomed(pattern: Pattern, begin: Fraction, end: Fraction) -> Pattern:
    """Stretch a part of each cycle to the whole cycle."""
    if begin >= end:
        return SILENCE
    if end - begin > MOST:
        raise PatternError(f"a part of up to {MOST} cycles can be zoomed, found {begin} to {end}")
    start = ticks("zoom", begin)
    length = end - begin
    up, down = length.numerator, length.denominator

    def run(cycle: int, first: Time, last: Time, walk: Walk) -> list[Flat]:
        target = cycle * TICKS
        origin = target + start
        inner_begin = origin + scale(first - target, up, down)
        inner_end = origin + scale(last - target, up, down)
        if pattern.reads:
            walk.frames.append(lambda moment: target + scale(moment - origin, down, up))
            found = pattern.run(inner_begin, inner_end, walk)
            walk.frames.pop()
        else:
            found = pattern.run(inner_begin, inner_end, walk)
        return moving.rescale(found, origin, target, down, up)

    steps = pattern.steps * length if pattern.steps is not None else None
    return split(pattern, run, steps=steps, period=whole_cycles(pattern.period))


@transform(GROUP)
def zoom(pattern: Pattern, begin: Any, end: Any) -> Pattern:
    """Stretch a part of each cycle to the whole cycle.

    >>> [hap.value for hap in mini("a b c d").zoom(1/4, 3/4).haps(0, 1)]
    ['b', 'c']

    Args:
        pattern: The pattern.
        begin: Where the part begins, in cycles.
        end: Where it ends, in cycles.
    """
    return over(
        [begin, end], lambda b, e: zoomed(pattern, time("zoom", b), time("zoom", e)), pattern, ahead=True
    )


@transform(GROUP)
def focus(pattern: Pattern, begin: Any, end: Any) -> Pattern:
    """Fit a cycle between two points and go on at that pace, without gaps.

    >>> [hap.value for hap in mini("a b").focus(0, 1/2).haps(0, 1)]
    ['a', 'b', 'a', 'b']

    Args:
        pattern: The pattern.
        begin: Where a cycle begins, in cycles.
        end: Where it ends, in cycles.
    """

    def build(b: Any, e: Any) -> Pattern:
        first, last = ticks("focus", b), ticks("focus", e)
        if first >= last:
            raise PatternError(f"focus wants begin < end, found {b} and {e}")
        return combine.with_steps(focused(pattern, first, last), pattern.steps)

    return over([begin, end], build, pattern, ahead=True)


@transform(GROUP)
def linger(pattern: Pattern, part: Any) -> Pattern:
    """Repeat the first part of each cycle until the cycle is full; negative for the last part.

    >>> [hap.value for hap in mini("a b c d").linger(1/4).haps(0, 1)]
    ['a', 'a', 'a', 'a']

    Args:
        pattern: The pattern.
        part: How much of the cycle, -1 to 1.
    """

    def build(value: Any) -> Pattern:
        size = time("linger", value)
        if size == 0:
            return SILENCE
        if size < 0:
            made = faster(zoomed(pattern, 1 + size, Fraction(1)), 1 / -size)
        else:
            made = faster(zoomed(pattern, Fraction(0), size), 1 / size)
        return combine.with_steps(made, pattern.steps)

    return over([part], build, pattern, steps=pattern.steps, ahead=True)


def looped(pattern: Pattern, begin: Time, length: Time) -> Pattern:
    """Loop the stretch from a time on, both in ticks; the loop begins anew at cycle 0."""
    cut = combine.late(pattern, -begin)
    size = to_cycles(length)
    loop = trigger_join(
        slower(combine.pure(None), size), lambda _: cut, restart=True, reads=pattern.reads, ahead=True
    )
    return Pattern(loop.run, None, None if pattern.reads else size, pattern.reads)


@transform(GROUP)
def ribbon(pattern: Pattern, begin: Any, length: Any) -> Pattern:
    """Loop a stretch of the pattern, chance and all.

    >>> [hap.value for hap in mini("<a b c>").ribbon(1, 2).haps(0, 4)]
    ['b', 'c', 'b', 'c']

    Args:
        pattern: The pattern.
        begin: Where the stretch begins, in cycles.
        length: How long it is, in cycles, more than 0.
    """

    def build(b: Any, n: Any) -> Pattern:
        size = time("ribbon", n)
        if size <= 0:
            raise PatternError(f"ribbon wants a length of more than 0 cycles, found {n}")
        return looped(pattern, ticks("ribbon", b), ticks("ribbon", size))

    return over([begin, length], build, pattern, ahead=True)


@transform(GROUP, name="rib")
def _rib(pattern: Pattern, begin: Any, length: Any) -> Pattern:
    """Loop a stretch of the pattern, as `ribbon`.

    >>> [hap.value for hap in mini("<a b c>").rib(1, 1).haps(0, 2)]
    ['b', 'b']
    """
    return ribbon(pattern, begin, length)


@transform(GROUP)
def repeat_cycles(pattern: Pattern, times: Any) -> Pattern:
    """Play each cycle several times.

    >>> [hap.value for hap in mini("<a b>").repeat_cycles(2).haps(0, 4)]
    ['a', 'a', 'b', 'b']

    Args:
        pattern: The pattern.
        times: How often, 1 to 4096.
    """

    def build(value: Any) -> Pattern:
        return repeated(pattern, whole("repeat_cycles", value))

    return over([times], build, pattern, steps=pattern.steps, ahead=True)


@transform(GROUP)
def brak(pattern: Pattern) -> Pattern:
    """Squeeze every other cycle into its middle half.

    >>> [str(hap.whole.begin) for hap in mini("a b").brak().haps(1, 2)]
    ['5/4', '3/2']
    """
    squeezed = fit_gap(pattern, TICKS // 4, TICKS // 2)
    return combine.by_cycle(
        lambda cycle: squeezed if cycle % 2 else pattern,
        [pattern],
        period=whole_cycles(pattern.period, Fraction(2)),
    )
