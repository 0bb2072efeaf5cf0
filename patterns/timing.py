"""Functions that move, stretch and turn time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from patterns import combine, moving
from patterns.arguments import MOST, apply, over, ticks, time, whole
from patterns.combine import SILENCE, split
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.moving import visit
from patterns.registry import transform
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale, whole_cycles

GROUP = "Time"


def faster(pattern: Pattern, factor: Fraction) -> Pattern:
    """Play faster, or not at all for 0 and less."""
    return combine.fast(pattern, factor)


def slower(pattern: Pattern, factor: Fraction) -> Pattern:
    """Play slower, or not at all for 0 and less."""
    return combine.fast(pattern, 1 / factor) if factor > 0 else SILENCE


@transform(GROUP)
def fast(pattern: Pattern, factor: Any) -> Pattern:
    """Play a pattern faster.

    >>> [hap.value for hap in mini("a b").fast(2).haps(0, 1)]
    ['a', 'b', 'a', 'b']

    Args:
        pattern: The pattern.
        factor: How many times as fast; 0 and less is silence.
    """
    return over(
        [factor], lambda f: faster(pattern, time("fast", f)), pattern, steps=pattern.steps, ahead=True
    )


@transform(GROUP)
def slow(pattern: Pattern, factor: Any) -> Pattern:
    """Play a pattern slower.

    >>> [hap.value for hap in mini("a b").slow(2).haps(0, 1)]
    ['a']

    Args:
        pattern: The pattern.
        factor: How many times as slow; 0 and less is silence.
    """
    return over([factor], lambda f: slower(pattern, time("slow", f)), pattern, ahead=True)


@transform(GROUP)
def sparsity(pattern: Pattern, factor: Any) -> Pattern:
    """Play a pattern slower, as `slow`.

    >>> [hap.value for hap in mini("a b").sparsity(2).haps(0, 1)]
    ['a']

    Args:
        pattern: The pattern.
        factor: How many times as slow; 0 and less is silence.
    """
    return slow(pattern, factor)


@transform(GROUP)
def late(pattern: Pattern, cycles: Any) -> Pattern:
    """Play a pattern later by a part of a cycle.

    >>> str(mini("a").late(1/4).haps(0.25, 1)[0].whole.begin)
    '1/4'

    Args:
        pattern: The pattern.
        cycles: How much later, in cycles.
    """
    return over(
        [cycles],
        lambda c: combine.late(pattern, ticks("late", c)),
        pattern,
        steps=pattern.steps,
        ahead=True,
    )


@transform(GROUP)
def early(pattern: Pattern, cycles: Any) -> Pattern:
    """Play a pattern earlier by a part of a cycle.

    >>> str(mini("a b").early(1/4).haps(0, 1)[1].whole.begin)
    '1/4'

    Args:
        pattern: The pattern.
        cycles: How much earlier, in cycles.
    """
    return over(
        [cycles],
        lambda c: combine.late(pattern, -ticks("early", c)),
        pattern,
        steps=pattern.steps,
        ahead=True,
    )


@transform(GROUP)
def rev(pattern: Pattern) -> Pattern:
    """Play each cycle backwards.

    >>> [hap.value for hap in mini("a b c").rev().haps(0, 1)]
    ['c', 'b', 'a']
    """

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        mirror = (2 * cycle + 1) * TICKS
        if pattern.reads:
            walk.frames.append(lambda moment: mirror - moment)
            found = pattern.run(mirror - end, mirror - begin, walk)
            walk.frames.pop()
        else:
            found = pattern.run(mirror - end, mirror - begin, walk)
        return [
            (mirror - e, mirror - b, mirror - pe, mirror - pb, v, w)
            if b is not None
            else (None, None, mirror - pe, mirror - pb, v, w)
            for b, e, pb, pe, v, w in found
        ]

    return split(pattern, run, steps=pattern.steps, period=whole_cycles(pattern.period))


@transform(GROUP)
def revv(pattern: Pattern) -> Pattern:
    """Play all of time backwards, not each cycle for itself.

    >>> [hap.value for hap in mini("<a b>").revv().haps(0, 2)]
    ['b', 'a']
    """

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return [
            (-e, -b, -pe, -pb, v, w) if b is not None else (None, None, -pe, -pb, v, w)
            for b, e, pb, pe, v, w in pattern.run(-end, -begin, walk)
        ]

    return Pattern(run, None, pattern.period, pattern.reads)


@transform(GROUP)
def palindrome(pattern: Pattern) -> Pattern:
    """Play every other cycle backwards.

    >>> [hap.value for hap in mini("a b").palindrome().haps(0, 2)]
    ['a', 'b', 'b', 'a']
    """
    turned = rev(pattern)
    period = whole_cycles(pattern.period, Fraction(2))
    return combine.by_cycle(
        lambda cycle: turned if cycle % 2 else pattern, [pattern], steps=pattern.steps, period=period
    )


def rotating(pattern: Pattern, parts: int, direction: int) -> Pattern:
    """Start one part later (or, with the direction -1, earlier) in each cycle.

    Each cycle of the pattern is heard from all its parts before the next one comes.
    """

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        turn, part = divmod(cycle, parts)
        gap = (cycle - turn) * TICKS - scale(TICKS * part * direction, 1, parts)
        found = visit(pattern, begin - gap, end - gap, walk, gap)
        return moving.shift(found, gap) if gap else found

    period = whole_cycles(pattern.period)
    return split(pattern, run, steps=pattern.steps, period=period and period * parts)


@transform(GROUP, name="iter")
def iterate(pattern: Pattern, parts: Any) -> Pattern:
    """Start one part later in each cycle.

    >>> [hap.value for hap in mini("a b c").iter(3).haps(0, 2)]
    ['a', 'b', 'c', 'b', 'c', 'a']

    Args:
        pattern: The pattern.
        parts: Number of parts of a cycle, 1 to 4096.
    """
    return over(
        [parts],
        lambda n: rotating(pattern, whole("iter", n), 1),
        pattern,
        steps=pattern.steps,
        ahead=True,
    )


@transform(GROUP)
def iter_back(pattern: Pattern, parts: Any) -> Pattern:
    """Start one part earlier in each cycle.

    >>> [hap.value for hap in mini("a b c").iter_back(3).haps(1, 2)]
    ['c', 'a', 'b']

    Args:
        pattern: The pattern.
        parts: Number of parts of a cycle, 1 to 4096.
    """
    return over(
        [parts],
        lambda n: rotating(pattern, whole("iter_back", n), -1),
        pattern,
        steps=pattern.steps,
        ahead=True,
    )


@transform(GROUP)
def inside(pattern: Pattern, factor: Any, change: Any) -> Pattern:
    """Apply a function as if the pattern were slower by a factor.

    >>> [hap.value for hap in mini("0 1 2 3").inside(2, rev).haps(0, 1)]
    [1, 0, 3, 2]

    Args:
        pattern: The pattern.
        factor: How many times as slow the function sees it, up to 4096.
        change: The function.
    """

    def build(value: Any) -> Pattern:
        n = time("inside", value)
        if n > MOST:
            raise PatternError(f"inside wants a factor up to {MOST}, found {value}")
        return faster(apply("inside", change, slower(pattern, n)), n)

    return over([factor], build, pattern, probe=lambda: apply("inside", change, pattern))


@transform(GROUP)
def outside(pattern: Pattern, factor: Any, change: Any) -> Pattern:
    """Apply a function as if the pattern were faster by a factor.

    >>> [hap.value for hap in mini("<0 1 2 3>").outside(4, rev).haps(0, 4)]
    [3, 2, 1, 0]

    Args:
        pattern: The pattern.
        factor: How many times as fast the function sees it.
        change: The function.
    """

    def build(value: Any) -> Pattern:
        n = time("outside", value)
        return slower(apply("outside", change, faster(pattern, n)), n)

    return over([factor], build, pattern, probe=lambda: apply("outside", change, pattern))


def repeated(pattern: Pattern, times: int) -> Pattern:
    """Play each cycle so many times."""

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        gap = (cycle - cycle // times) * TICKS
        return moving.shift(visit(pattern, begin - gap, end - gap, walk, gap), gap)

    period = whole_cycles(pattern.period)
    return split(pattern, run, steps=pattern.steps, period=period and period * times)
