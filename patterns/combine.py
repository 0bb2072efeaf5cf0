"""The few combinators that everything else is made of: they take patterns and plain numbers only."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.moving import moved, moved_sample, outward_of, rescale, shift, visit
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common, scale, settle, whole_cycles
from patterns.where import Where

ONE = Fraction(1)
MEMORY = 256  # built sub-patterns that a join keeps, so that it need not build them for each query


def explain(error: Exception) -> str:
    """Put an exception of a value's function into words."""
    if isinstance(error, KeyError):
        return f"nothing named {error}"
    return str(error) or type(error).__name__


def reads_of(patterns: Sequence[Pattern]) -> frozenset[str]:
    """Gather the inputs that any of some patterns reads."""
    return frozenset[str]().union(*(pattern.reads for pattern in patterns))


# --- builders -----------------------------------------------------------------------------------


def _nothing(begin: Time, end: Time, walk: Walk) -> list[Flat]:
    return []


SILENCE = Pattern(_nothing, steps=ONE, period=ONE)


def pure(value: Any, places: tuple[Where, ...] = ()) -> Pattern:
    """Make a pattern of one value that fills each cycle."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        first = begin // TICKS
        last = -(-end // TICKS)
        if last - first <= 1:
            whole = first * TICKS
            walk.spend(1)
            return [(whole, whole + TICKS, begin, end, value, places)]
        walk.spend(last - first)
        haps: list[Flat] = []
        for whole in range(first * TICKS, last * TICKS, TICKS):
            stop = whole + TICKS
            haps.append(
                (whole, stop, begin if begin > whole else whole, end if end < stop else stop, value, places)
            )
        return haps

    return Pattern(run, ONE, ONE, atom=(value,), places=places)


def signal(
    sample: Callable[[Time, Walk], Any],
    *,
    period: Fraction | None = None,
    reads: frozenset[str] = frozenset(),
) -> Pattern:
    """Make a continuous pattern from its value at a time in ticks."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        walk.spend(1)
        return [(None, None, begin, end, sample(begin, walk), ())]

    return Pattern(run, None, period, reads, sample=sample)


def stack(patterns: Sequence[Pattern]) -> Pattern:
    """Play patterns at once."""
    if len(patterns) == 1:
        return patterns[0]
    runs = [pattern.run for pattern in patterns]

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        for each in runs:
            haps += each(begin, end, walk)
        return haps

    steps = common(*(pattern.steps for pattern in patterns)) if patterns else None
    return Pattern(run, steps, common(*(pattern.period for pattern in patterns)), reads_of(patterns))


def by_cycle(
    choose: Callable[[int], Pattern],
    patterns: Sequence[Pattern],
    *,
    steps: Fraction | None = None,
    period: Fraction | None = None,
) -> Pattern:
    """Make a pattern that is, in each cycle, the one that a function of the cycle's number names."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        cycle = begin // TICKS
        stop = (cycle + 1) * TICKS
        if end <= stop:
            return choose(cycle).run(begin, end, walk)
        haps: list[Flat] = []
        while begin < end:
            walk.spend(1)
            haps += choose(cycle).run(begin, min(stop, end), walk)
            begin = stop
            stop += TICKS
            cycle += 1
        return haps

    return Pattern(run, steps, period, reads_of(patterns))


def split(
    pattern: Pattern,
    run_cycle: Callable[[int, Time, Time, Walk], list[Flat]],
    *,
    steps: Fraction | None = None,
    period: Fraction | None = None,
) -> Pattern:
    """Make a pattern from what happens within one cycle, given the cycle's number."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        cycle = begin // TICKS
        stop = (cycle + 1) * TICKS
        if end <= stop:
            return run_cycle(cycle, begin, end, walk)
        haps: list[Flat] = []
        while begin < end:
            walk.spend(1)
            haps += run_cycle(cycle, begin, min(stop, end), walk)
            begin = stop
            stop += TICKS
            cycle += 1
        return haps

    return Pattern(run, steps, period, pattern.reads)


def slowcat(patterns: Sequence[Pattern]) -> Pattern:
    """Play one pattern a cycle, each going on where it left off."""
    count = len(patterns)
    if not count:
        return SILENCE
    if count == 1:
        return patterns[0]

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        cycle = begin // TICKS
        while True:
            stop = (cycle + 1) * TICKS
            last = end <= stop
            turn, index = divmod(cycle, count)
            gap = (cycle - turn) * TICKS
            found = visit(patterns[index], begin - gap, (end if last else stop) - gap, walk, gap)
            if gap:
                haps += shift(found, gap)
            else:
                haps += found
            if last:
                return haps
            walk.spend(1)
            begin = stop
            cycle += 1

    period = whole_cycles(*(pattern.period for pattern in patterns))
    steps = common(*(pattern.steps for pattern in patterns))
    return Pattern(run, steps, period and period * count, reads_of(patterns))


def sequence(parts: Sequence[tuple[Fraction, Pattern]], steps: Fraction | None = None) -> Pattern:
    """Play patterns one after the other within a cycle, each as long as its weight.

    A child sees its own cycle, with the same number, squeezed into its slot.
    """
    parts = [part for part in parts if part[0] > 0]
    total = sum((weight for weight, _ in parts), Fraction(0))
    if steps is None:
        steps = total
    if not parts:
        return SILENCE
    if len(parts) == 1:
        return with_steps(parts[0][1], steps)
    begins: list[Time] = []
    done = Fraction(0)
    for weight, _ in parts:
        begins.append(settle(TICKS * done / total))
        done += weight
    ends = [*begins[1:], TICKS]
    slots: list[tuple[Time, Time, Pattern, int, int]] = []
    for start, stop, (_, child) in zip(begins, ends, parts, strict=True):
        factor = Fraction(TICKS) / (stop - start)
        slots.append((start, stop, child, factor.numerator, factor.denominator))
    count = len(slots)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        append = haps.append
        base = begin // TICKS * TICKS
        while True:
            stop = base + TICKS
            last = end if end < stop else stop
            index = bisect_right(begins, begin - base) - 1
            walk.spend(1)
            while index < count:
                start, finish, child, up, down = slots[index]
                start += base
                if start >= last and start > begin:
                    break
                finish += base
                index += 1
                part_begin = begin if begin > start else start
                part_end = last if last < finish else finish
                if child.atom is not None:
                    append((start, finish, part_begin, part_end, child.atom[0], child.places))
                    continue
                if child.run is _nothing:
                    continue
                if child.reads:
                    walk.frames.append(outward_of(base, start, down, up))
                    found = child.run(
                        base + scale(part_begin - start, up, down),
                        base + scale(part_end - start, up, down),
                        walk,
                    )
                    walk.frames.pop()
                elif down == 1:
                    found = child.run(base + (part_begin - start) * up, base + (part_end - start) * up, walk)
                else:
                    found = child.run(
                        base + scale(part_begin - start, up, down),
                        base + scale(part_end - start, up, down),
                        walk,
                    )
                if found:
                    haps += rescale(found, base, start, down, up)
            if end <= stop:
                return haps
            begin = base = stop

    children = [child for _, child in parts]
    period = whole_cycles(*(child.period for child in children))
    return Pattern(run, steps, period, reads_of(children))


def fastcat(patterns: Sequence[Pattern]) -> Pattern:
    """Play patterns one after the other within a cycle, all of the same length."""
    return sequence([(ONE, pattern) for pattern in patterns])


# --- time ---------------------------------------------------------------------------------------


def late(pattern: Pattern, gap: Time) -> Pattern:
    """Play a pattern later by a time in ticks."""
    if not gap:
        return pattern

    def outward(time: Time) -> Time:
        return time + gap

    def inward(time: Time) -> Time:
        return time - gap

    inner = moved(pattern, outward)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return shift(inner(begin - gap, end - gap, walk), gap)

    sample = moved_sample(pattern, outward, inward)
    return Pattern(run, pattern.steps, pattern.period, pattern.reads, sample=sample)


def fast(pattern: Pattern, factor: Fraction) -> Pattern:
    """Play a pattern faster by a factor; 0 and less is silence."""
    if factor <= 0:
        return SILENCE
    if factor == 1:
        return pattern
    up, down = factor.numerator, factor.denominator
    period = pattern.period and pattern.period / factor
    if pattern.atom is not None and down == 1 and TICKS % up == 0:
        return Pattern(_pulse(pattern.atom[0], pattern.places, TICKS // up), ONE, period)

    def outward(time: Time) -> Time:
        return scale(time, down, up)

    def inward(time: Time) -> Time:
        return scale(time, up, down)

    inner = moved(pattern, outward)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return rescale(inner(scale(begin, up, down), scale(end, up, down), walk), 0, 0, down, up)

    sample = moved_sample(pattern, outward, inward)
    return Pattern(run, pattern.steps, period, pattern.reads, sample=sample)


def _pulse(value: Any, places: tuple[Where, ...], length: int) -> Callable[[Time, Time, Walk], list[Flat]]:
    """One value again and again, each `length` ticks long."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        first = begin // length
        last = max(-(-end // length), first + 1)
        walk.spend(last - first)
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


# --- values -------------------------------------------------------------------------------------


def with_steps(pattern: Pattern, steps: Fraction | None) -> Pattern:
    """Give a pattern another number of steps."""
    if pattern.steps == steps:
        return pattern
    return Pattern(
        pattern.run, steps, pattern.period, pattern.reads, pattern.atom, pattern.places, pattern.sample
    )


def mapped(haps: list[Flat], change: Callable[[Any], Any], walk: Walk) -> list[Flat]:
    """Change the values of haps; one that cannot be changed is reported and dropped."""
    try:
        return [(b, e, pb, pe, change(v), w) for b, e, pb, pe, v, w in haps]
    except BAD_VALUE:
        pass
    kept: list[Flat] = []
    for b, e, pb, pe, v, w in haps:
        try:
            kept.append((b, e, pb, pe, change(v), w))
        except BAD_VALUE as error:
            walk.report(explain(error), w)
    return kept


def fmap(pattern: Pattern, change: Callable[[Any], Any]) -> Pattern:
    """Change every value by a function."""
    inner = pattern.run
    sample = pattern.sample
    if pattern.atom is not None:
        try:
            return with_steps(pure(change(pattern.atom[0]), pattern.places), pattern.steps)
        except BAD_VALUE:
            pass  # it will be reported by each query, with its place

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return mapped(inner(begin, end, walk), change, walk)

    def at(time: Time, walk: Walk) -> Any:
        assert sample is not None
        return change(sample(time, walk))

    return Pattern(run, pattern.steps, pattern.period, pattern.reads, sample=at if sample else None)


def spread(pattern: Pattern, change: Callable[[Any], Sequence[Any]]) -> Pattern:
    """Turn every hap into some haps with the same times; none drops it."""
    inner = pattern.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in inner(begin, end, walk):
            try:
                kept += [(b, e, pb, pe, each, w) for each in change(v)]
            except BAD_VALUE as error:
                walk.report(explain(error), w)
        return kept

    return Pattern(run, pattern.steps, pattern.period, pattern.reads)


def keep_haps(pattern: Pattern, test: Callable[[Flat], bool]) -> Pattern:
    """Keep the haps that pass a test."""
    inner = pattern.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return [hap for hap in inner(begin, end, walk) if test(hap)]

    return Pattern(run, pattern.steps, pattern.period, pattern.reads)


def change_haps(
    pattern: Pattern,
    change: Callable[[list[Flat], Walk], list[Flat]],
    *,
    steps: Fraction | None = None,
    period: Fraction | None = None,
) -> Pattern:
    """Change the list of haps of each query, times left alone or moved within the parts."""
    inner = pattern.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return change(inner(begin, end, walk), walk)

    return Pattern(run, steps, period, pattern.reads)
