"""Functions that shape the rhythm: repeats, swing, Euclid, structure from another pattern."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.alignment import Operation
from patterns.arguments import over, time, whole
from patterns.combine import SILENCE, pure, sequence
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.euclidean import MOST_STEPS, euclidean
from patterns.joining import app_left, app_right, inner_join, squeeze_join
from patterns.registry import transform
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale, whole_cycles
from patterns.timing import faster, inside, late

GROUP = "Rhythm"


@transform(GROUP)
def swing_by(pattern: Pattern, amount: Any, parts: Any) -> Pattern:
    """Delay the second half of each part of the cycle.

    >>> [str(hap.whole.begin) for hap in mini("a*4").swing_by(1/3, 2).haps(0, 1) if hap.has_onset]
    ['0', '1/3', '1/2', '5/6']

    Args:
        pattern: The pattern.
        amount: How much later, in halves of a part: 1/3 is the usual swing.
        parts: Number of parts in a cycle.
    """

    def build(share: Any, count: Any) -> Pattern:
        halves = combine.fastcat([combine.pure(0), combine.pure(time("swing_by", share) / 2)])

        def swung(inner: Pattern) -> Pattern:
            return late(inner, halves)

        return inside(pattern, count, swung)

    return over([amount, parts], build, pattern, ahead=True)


@transform(GROUP)
def swing(pattern: Pattern, parts: Any) -> Pattern:
    """Delay the second half of each part of the cycle by a third.

    >>> str(mini("a*2").swing(1).haps(0, 1)[1].whole.begin)
    '1/6'

    Args:
        pattern: The pattern.
        parts: Number of parts in a cycle.
    """
    return swing_by(pattern, Fraction(1, 3), parts)


@transform(GROUP)
def press_by(pattern: Pattern, amount: Any) -> Pattern:
    """Begin each event later within its own time.

    >>> [str(hap.whole.begin) for hap in mini("a b").press_by(1/2).haps(0, 1)]
    ['1/4', '3/4']

    Args:
        pattern: The pattern.
        amount: How much of the event is left out, 0 up to but not 1.
    """

    def build(value: Any) -> Pattern:
        share = time("press_by", value)
        if not 0 <= share < 1:
            raise PatternError(f"press_by wants 0 up to but not 1, found {value}")
        up, down = share.numerator, share.denominator

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in pattern.run(begin, end, walk):
                start = pb if b is None else b + scale(e - b, up, down)
                if start < pe or (start == pe and pb == pe):
                    kept.append((None if b is None else start, e, max(pb, start), pe, v, w))
            return kept

        return Pattern(run, None, pattern.period, pattern.reads)

    return over([amount], build, pattern, ahead=True)


@transform(GROUP)
def press(pattern: Pattern) -> Pattern:
    """Begin each event halfway through its own time: everything off the beat.

    >>> [str(hap.whole.begin) for hap in mini("a b").press().haps(0, 1)]
    ['1/4', '3/4']
    """
    return press_by(pattern, Fraction(1, 2))


@transform(GROUP)
def ply(pattern: Pattern, times: Any) -> Pattern:
    """Repeat each event within its own time.

    >>> [hap.value for hap in mini("a b").ply(2).haps(0, 1)]
    ['a', 'a', 'b', 'b']

    Args:
        pattern: The pattern.
        times: How often; 0 and less is silence.
    """

    def build(value: Any) -> Pattern:
        n = time("ply", value)
        if n <= 0:
            return SILENCE
        steps = pattern.steps and pattern.steps * n
        if n.denominator != 1:
            made = squeeze_join(pattern, lambda inner: faster(combine.pure(inner), n))
            return combine.with_steps(made, steps)
        count = int(n)

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in pattern.run(begin, end, walk):
                walk.spend(count)
                if b is None:
                    kept.append((b, e, pb, pe, v, w))
                    continue
                stop = b
                for index in range(1, count + 1):
                    start, stop = stop, b + scale((e - b) * index, 1, count)
                    first = start if start > pb else pb
                    last = stop if stop < pe else pe
                    if first < last:
                        kept.append((start, stop, first, last, v, w))
            return kept

        return Pattern(run, steps, pattern.period, pattern.reads)

    return over([times], build, pattern, ahead=True)


@transform(GROUP)
def segment(pattern: Pattern, parts: Any) -> Pattern:
    """Sample a pattern so many times in a cycle: turns a signal into events.

    >>> [hap.value for hap in saw.segment(4).haps(0, 1)]
    [0.0, 0.25, 0.5, 0.75]

    Args:
        pattern: The pattern.
        parts: Samples in a cycle.
    """

    def build(value: Any) -> Pattern:
        n = time("segment", value)
        grid = combine.with_steps(faster(combine.pure(None), n), n)
        return app_left(grid, pattern, lambda _, sampled: sampled)

    return over([parts], build, pattern, ahead=True)


@transform(GROUP)
def seg(pattern: Pattern, parts: Any) -> Pattern:
    """Sample a pattern so many times in a cycle, as `segment`.

    >>> [hap.value for hap in saw.seg(2).haps(0, 1)]
    [0.0, 0.5]

    Args:
        pattern: The pattern.
        parts: Samples in a cycle.
    """
    return segment(pattern, parts)


@transform(GROUP)
def struct(pattern: Pattern, *rhythm: Any) -> Pattern:
    """Take the rhythm from a pattern of true and false: `1 0`, `t f`, `x ~`.

    >>> [str(hap.whole.begin) for hap in mini("a").struct("1 0 1 1").haps(0, 1)]
    ['0', '1/2', '3/4']

    Args:
        pattern: The pattern that gives the values.
        rhythm: Where it is true there is an event.
    """
    return Operation(pattern, "keepif").out(*rhythm)


@transform(GROUP)
def mask(pattern: Pattern, *truth: Any) -> Pattern:
    """Silence a pattern while another is false or rests.

    >>> [hap.value for hap in mini("a b c d").mask("1 0").haps(0, 1)]
    ['a', 'b']

    Args:
        pattern: The pattern.
        truth: Where it is true the pattern is heard.
    """
    return Operation(pattern, "keepif")(*truth)


@transform(GROUP)
def reset(pattern: Pattern, *triggers: Any) -> Pattern:
    """Start the cycle anew at each event of another pattern.

    >>> [hap.value for hap in mini("a b c d").reset("1 1").haps(0, 1)]
    ['a', 'b', 'a', 'b']
    """
    return Operation(pattern, "keepif").reset(*triggers)


@transform(GROUP)
def restart(pattern: Pattern, *triggers: Any) -> Pattern:
    """Start the pattern anew, from its cycle 0, at each event of another pattern.

    >>> [hap.value for hap in mini("<a b>").restart("<1 1>").haps(0, 2)]
    ['a', 'a']
    """
    return Operation(pattern, "keepif").restart(*triggers)


def on_hits(pattern: Pattern, beats: Sequence[bool]) -> Pattern:
    """Play a pattern where a rhythm of equal steps has its hits."""
    grid = sequence([(Fraction(1), pure(None) if hit else SILENCE) for hit in beats])
    return app_right(pattern, grid, lambda value, _: value)


def _euclid(name: str, pattern: Pattern, numbers: list[Any]) -> Pattern:
    def build(hits: Any, steps: Any, rotation: Any) -> Pattern:
        beats = euclidean(
            whole(name, hits, -MOST_STEPS), whole(name, steps, 0), whole(name, rotation, -MOST_STEPS)
        )
        return on_hits(pattern, beats)

    return over(numbers, build, pattern, ahead=True)


@transform(GROUP)
def euclid(pattern: Pattern, hits: Any, steps: Any) -> Pattern:
    """Spread so many hits of the pattern over so many steps, as evenly as possible.

    >>> [str(hap.whole.begin) for hap in mini("a").euclid(3, 8).haps(0, 1)]
    ['0', '3/8', '3/4']

    Args:
        pattern: The pattern.
        hits: Number of hits; negative for the steps between them.
        steps: Number of steps, up to 4096.
    """
    return _euclid("euclid", pattern, [hits, steps, 0])


@transform(GROUP)
def euclid_rot(pattern: Pattern, hits: Any, steps: Any, rotation: Any) -> Pattern:
    """As `euclid`, with all hits some steps later.

    >>> [str(hap.whole.begin) for hap in mini("a").euclid_rot(3, 8, 2).haps(0, 1)]
    ['0', '1/4', '5/8']

    Args:
        pattern: The pattern.
        hits: Number of hits; negative for the steps between them.
        steps: Number of steps, up to 4096.
        rotation: Steps by which the hits come later.
    """
    return _euclid("euclid_rot", pattern, [hits, steps, rotation])


@transform(GROUP)
def euclid_legato(pattern: Pattern, hits: Any, steps: Any) -> Pattern:
    """As `euclid`, each hit held until the next.

    >>> [str(hap.whole.end) for hap in mini("a").euclid_legato(3, 8).haps(0, 1)]
    ['3/8', '3/4', '1']

    Args:
        pattern: The pattern.
        hits: Number of hits.
        steps: Number of steps, up to 4096.
    """
    return euclid_legato_rot(pattern, hits, steps, 0)


@transform(GROUP)
def euclid_legato_rot(pattern: Pattern, hits: Any, steps: Any, rotation: Any) -> Pattern:
    """As `euclid_legato`, with all hits some steps later.

    >>> [str(hap.whole.begin) for hap in mini("a").euclid_legato_rot(3, 8, 2).haps(0, 1)]
    ['0', '1/4', '5/8']

    Args:
        pattern: The pattern.
        hits: Number of hits.
        steps: Number of steps, up to 4096.
        rotation: Steps by which the hits come later.
    """
    name = "euclid_legato"

    def build(hits: Any, steps: Any, rotation: Any) -> Pattern:
        count = whole(name, steps, 0)
        beats = euclidean(whole(name, hits, 0), count, 0)
        starts = [step for step, hit in enumerate(beats) if hit]
        ends = [*starts[1:], count]
        if not starts:
            return SILENCE
        held = [(Fraction(end - start), pure(None)) for start, end in zip(starts, ends, strict=True)]
        turn = whole(name, rotation, -MOST_STEPS)
        made = app_right(pattern, sequence(held), lambda value, _: value)
        return combine.late(made, scale(TICKS * turn, 1, count))

    return over([hits, steps, rotation], build, pattern, ahead=True)


@transform(GROUP)
def beat(pattern: Pattern, step: Any, steps: Any) -> Pattern:
    """Play one event at a step of so many; several steps with commas.

    >>> [str(hap.whole.begin) for hap in mini("a").beat("0,3", 4).haps(0, 1)]
    ['0', '3/4']

    Args:
        pattern: The pattern.
        step: Number of the step, from 0.
        steps: Steps in a cycle.
    """

    def build(position: Any, count: Any) -> Pattern:
        n = time("beat", count)
        if n <= 0:
            raise PatternError(f"beat wants a number of steps above 0, found {count}")
        place = time("beat", position) % n
        rests = [(place, SILENCE), (Fraction(1), pattern), (n - place - 1, SILENCE)]
        return inner_join(
            pattern, lambda value: sequence([(w, p if p is SILENCE else pure(value)) for w, p in rests])
        )

    return over([step, steps], build, pattern)


@transform(GROUP, strudel="")
def legato_to_next(pattern: Pattern) -> Pattern:
    """Hold each event until the next one of its cycle begins.

    >>> [str(hap.whole.end) for hap in mini("a ~ b ~").legato_to_next().haps(0, 1)]
    ['1/2', '1']
    """

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        stop = (cycle + 1) * TICKS
        found = [
            hap for hap in pattern.run(cycle * TICKS, stop, walk) if hap[0] is not None and hap[0] == hap[2]
        ]
        onsets = sorted({hap[0] for hap in found})
        after = dict(zip(onsets, [*onsets[1:], stop], strict=False))  # of no onset nothing comes
        kept: list[Flat] = []
        for b, _, _, _, v, w in found:
            last = after[b]
            if b < end and last > begin:
                kept.append((b, last, max(b, begin), min(last, end), v, w))
        return kept

    return combine.split(pattern, run, steps=pattern.steps, period=whole_cycles(pattern.period))
