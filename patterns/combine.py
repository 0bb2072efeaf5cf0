"""The few combinators that everything else is made of: they take patterns and plain numbers only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from patterns.core import BAD_VALUE, Flat, Pattern, Sample
from patterns.cyclewise import all_discrete, by_cycle, reads_of, shared_steps, split
from patterns.errors import OutOfFuel
from patterns.moving import moved, moved_sample, rescale, shift, visit
from patterns.slots import (
    MOST,
    MOST_SLOTS,
    MOST_VALUES,
    Change,
    Remake,
    Slot,
    play,
    pulse_of,
    quickened,
    squeezed,
    step_round,
    taking_turns,
)
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common, scale, whole_cycles
from patterns.where import Where, explain

__all__ = [
    "MEMORY",
    "ONE",
    "SILENCE",
    "all_discrete",
    "by_cycle",
    "change_haps",
    "changed",
    "explain",
    "fast",
    "fastcat",
    "fmap",
    "keep_haps",
    "late",
    "mapped",
    "pure",
    "reads_of",
    "remaking",
    "round_and_round",
    "sequence",
    "signal",
    "slowcat",
    "split",
    "spread",
    "stack",
    "with_steps",
]

ONE = Fraction(1)
MEMORY = 256  # built sub-patterns that a join keeps, so that it need not build them for each query


def changed(pattern: Pattern, change: Change) -> Pattern | None:
    """Change all values of a pattern where they are written; None if they are not all known.

    What a value's function raises comes out of it: the caller then changes the values of each query.
    """
    if pattern.atom is not None:
        return with_steps(pure(*change(pattern.atom[0], pattern.places)), pattern.steps)
    if pattern.remake is None:
        return None
    made = pattern.remake.make(change)
    return None if made is None else with_steps(made, pattern.steps)


def crossing(pattern: Pattern) -> bool:
    """Say whether haps of a pattern whose values are known may go on over the end of a cycle."""
    return pattern.remake is not None and pattern.remake.crosses


def remaking(
    patterns: Sequence[Pattern], build: Callable[[list[Pattern]], Pattern], *, crosses: bool = False
) -> Remake | None:
    """Give the way to make a combination of patterns anew with their values changed, if all can be."""
    values = 0
    for pattern in patterns:
        if pattern.atom is None and pattern.remake is None:
            return None
        values += 1 if pattern.remake is None else pattern.remake.values
    if values > MOST_VALUES:
        return None

    def remake(change: Change) -> Pattern | None:
        made: list[Pattern] = []
        for pattern in patterns:
            other = changed(pattern, change)
            if other is None:
                return None
            made.append(other)
        return build(made)

    return Remake(remake, max(1, values), crosses)


# --- builders -----------------------------------------------------------------------------------


def _nothing(begin: Time, end: Time, walk: Walk) -> list[Flat]:
    return []


SILENCE: Pattern = Pattern(_nothing, ONE, ONE, discrete=True, slots=(), remake=Remake(lambda _: SILENCE, 1))


def pure(value: Any, places: tuple[Where, ...] = ()) -> Pattern:
    """Make a pattern of one value that fills each cycle."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        first = begin // TICKS
        last = -(-end // TICKS)
        if last - first <= 1:
            whole = first * TICKS
            walk.spend(1, places)
            return [(whole, whole + TICKS, begin, end, value, places)]
        walk.spend(last - first, places)
        haps: list[Flat] = []
        for whole in range(first * TICKS, last * TICKS, TICKS):
            stop = whole + TICKS
            haps.append(
                (whole, stop, begin if begin > whole else whole, end if end < stop else stop, value, places)
            )
        return haps

    return Pattern(run, ONE, ONE, atom=(value,), places=places, discrete=True)


def signal(
    sample: Callable[[Time, Walk], Any],
    *,
    period: Fraction | None = None,
    reads: frozenset[str] = frozenset(),
) -> Pattern:
    """Make a continuous pattern from its value at a time in ticks; one that fails is left out and told."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        walk.spend(1)
        try:
            value = sample(begin, walk)
        except OutOfFuel:
            raise
        except BAD_VALUE as error:
            walk.report(explain(error), ())
            return []
        return [(None, None, begin, end, value, ())]

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

    discrete = all_discrete(patterns)
    return Pattern(
        run,
        shared_steps(patterns),
        common(*(pattern.period for pattern in patterns)),
        reads_of(patterns),
        discrete=discrete,
        remake=remaking(patterns, stack, crosses=any(map(crossing, patterns))),
        layers=() if discrete else tuple(patterns),
    )


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
    steps = shared_steps(patterns)
    slots = taking_turns(patterns)
    return Pattern(
        run if slots is None else play(slots),
        steps,
        period and period * count,
        reads_of(patterns),
        discrete=all_discrete(patterns),
        slots=slots,
        remake=remaking(patterns, slowcat),
    )


def sequence(parts: Sequence[tuple[Fraction, Pattern]], steps: Fraction | None = None) -> Pattern:
    """Play patterns one after the other within a cycle, each as long as its weight.

    A child sees its own cycle, with the same number, squeezed into its slot.
    """
    parts = [part for part in parts if part[0] > 0]
    whole = all(weight.denominator == 1 for weight, _ in parts)
    total: Time = sum(weight.numerator if whole else weight for weight, _ in parts)
    if steps is None:
        steps = Fraction(total)
    if not parts:
        return SILENCE
    if len(parts) == 1:
        return with_steps(parts[0][1], steps)
    slots: list[Slot] = []
    start: Time = 0
    done: Time = 0
    for weight, child in parts:
        done += weight.numerator if whole else weight
        stop = scale(TICKS * done, total.denominator, total.numerator)
        slots += squeezed(child, start, stop, MOST_SLOTS - len(slots))
        start = stop
    children = [child for _, child in parts]
    weights = [weight for weight, _ in parts]
    return Pattern(
        play(slots),
        steps,
        whole_cycles(*(child.period for child in children)),
        reads_of(children),
        discrete=all_discrete(children),
        slots=tuple(slots),
        remake=remaking(children, lambda made: sequence(list(zip(weights, made, strict=True)), steps)),
    )


def round_and_round(patterns: Sequence[Pattern], pace: Fraction) -> Pattern:
    """Play so many of some patterns in each cycle, in turn; in its nth round each plays its cycle n."""
    count = len(patterns)
    if not count or pace <= 0:
        return SILENCE
    period = whole_cycles(*(pattern.period for pattern in patterns))
    return Pattern(
        step_round(patterns, pace),
        Fraction(count),
        period and period * count / pace,
        reads_of(patterns),
        discrete=all_discrete(patterns),
        remake=remaking(patterns, lambda made: round_and_round(made, pace), crosses=pace.denominator > 1),
    )


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
    seams = pattern.seams and pattern.seams.moved(gap)
    known = pattern.steps, pattern.period, pattern.reads
    return Pattern(run, *known, sample=sample, discrete=pattern.discrete, seams=seams)


def fast(pattern: Pattern, factor: Fraction) -> Pattern:
    """Play a pattern faster by a factor; 0 and less is silence."""
    if factor <= 0:
        return SILENCE
    if factor == 1:
        return pattern
    up, down = factor.numerator, factor.denominator
    period = pattern.period and pattern.period / factor
    remake = remaking([pattern], lambda made: fast(made[0], factor), crosses=down > 1 or crossing(pattern))
    slots = quickened(pattern, up) if down == 1 and up <= MOST else None
    pulse = None
    if pattern.atom is not None and down == 1 and TICKS % up == 0:
        pulse = pulse_of(pattern.atom[0], pattern.places, TICKS // up)
    elif slots is not None:
        pulse = play(slots)
    if pulse is not None:
        return Pattern(
            pulse,
            pattern.steps,
            period,
            pattern.reads,
            discrete=True,
            slots=None if slots is None else tuple(slots),
            remake=remake,
        )

    def outward(time: Time) -> Time:
        return scale(time, down, up)

    def inward(time: Time) -> Time:
        return scale(time, up, down)

    inner = moved(pattern, outward)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return rescale(inner(scale(begin, up, down), scale(end, up, down), walk), 0, 0, down, up)

    sample = moved_sample(pattern, outward, inward)
    seams = pattern.seams and pattern.seams.stretched(down, up)
    known = pattern.steps, period, pattern.reads
    return Pattern(run, *known, sample=sample, discrete=pattern.discrete, remake=remake, seams=seams)


# --- values -------------------------------------------------------------------------------------


def with_steps(pattern: Pattern, steps: Fraction | None) -> Pattern:
    """Give a pattern another number of steps."""
    return pattern if pattern.steps == steps else replace(pattern, steps=steps)


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
    try:
        made = changed(pattern, lambda value, places: (change(value), places))
    except BAD_VALUE:
        made = None  # it will be reported by each query, with its place
    if made is not None:
        return made

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return mapped(inner(begin, end, walk), change, walk)

    at: Sample | None = None if sample is None else lambda time, walk: change(sample(time, walk))
    known = pattern.steps, pattern.period, pattern.reads
    return Pattern(run, *known, sample=at, discrete=pattern.discrete, seams=pattern.seams)


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

    return Pattern(run, pattern.steps, pattern.period, pattern.reads, discrete=pattern.discrete)


def keep_haps(pattern: Pattern, test: Callable[[Flat], bool]) -> Pattern:
    """Keep the haps that pass a test; one that cannot be tested is reported and dropped."""
    inner = pattern.run

    def passes(hap: Flat, walk: Walk) -> bool:
        try:
            return test(hap)
        except BAD_VALUE as error:
            walk.report(explain(error), hap[5])
            return False

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return [hap for hap in inner(begin, end, walk) if passes(hap, walk)]

    return Pattern(run, pattern.steps, pattern.period, pattern.reads, discrete=pattern.discrete)


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
