"""Functions that apply another by the number of the cycle, by a test of time, or again and again."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.arguments import apply, called, listed, over, probability, ticks, time, whole
from patterns.chance import degrade
from patterns.combine import by_cycle, fmap, keep_haps, slowcat, split, stack, with_steps
from patterns.conditions import every
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.joining import inner_join, squeeze_join
from patterns.registry import transform
from patterns.spans import fit_gap, ribbon, zoomed
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale, to_cycles, whole_cycles
from patterns.timing import faster
from patterns.truths import booleans, truth

GROUP = "Applying functions"


def _on_cycles(
    pattern: Pattern, changed: Pattern, holds: Callable[[int], bool], turns: int | None
) -> Pattern:
    period = None if turns is None else whole_cycles(pattern.period, changed.period, Fraction(turns))
    made = by_cycle(lambda cycle: changed if holds(cycle) else pattern, [pattern, changed], period=period)
    return with_steps(made, pattern.steps)


@transform(GROUP)
def whenmod(pattern: Pattern, count: Any, first: Any, change: Any) -> Pattern:
    """Apply a function to the last cycles of every so many: those from the given one.

    >>> [hap.value for hap in mini("a b").whenmod(3, 2, rev).haps(0, 3)]
    ['a', 'b', 'a', 'b', 'b', 'a']

    Args:
        pattern: The pattern.
        count: Cycles in a turn, 1 to 4096.
        first: The first of them, counted from 0, that is changed.
        change: The function.
    """
    changed = apply("whenmod", change, pattern)

    def build(turns: Any, begin: Any) -> Pattern:
        n, start = whole("whenmod", turns), time("whenmod", begin)
        return _on_cycles(pattern, changed, lambda cycle: cycle % n >= start, n)

    return over([count, first], build, pattern, changed, steps=pattern.steps, ahead=True)


@transform(GROUP)
def every_offset(pattern: Pattern, count: Any, offset: Any, change: Any) -> Pattern:
    """Apply a function to one of every so many cycles: the one with the given number.

    >>> [hap.value for hap in mini("a b").every_offset(3, 1, rev).haps(0, 2)]
    ['a', 'b', 'b', 'a']

    Args:
        pattern: The pattern.
        count: Cycles in a turn, 1 to 4096.
        offset: Which of them is changed, counted from 0.
        change: The function.
    """
    changed = apply("every_offset", change, pattern)

    def build(turns: Any, which: Any) -> Pattern:
        n = whole("every_offset", turns)
        place = whole("every_offset", which, -4096) % n
        return _on_cycles(pattern, changed, lambda cycle: cycle % n == place, n)

    return over([count, offset], build, pattern, changed, steps=pattern.steps, ahead=True)


@transform(GROUP)
def fold_every(pattern: Pattern, counts: Any, change: Any) -> Pattern:
    """Apply a function on every so many cycles, for several such numbers.

    >>> [hap.value for hap in mini("0").fold_every([2, 3], add(1)).haps(0, 7)]
    [2, 0, 1, 1, 1, 0, 2]

    Args:
        pattern: The pattern.
        counts: A list of numbers of cycles.
        change: The function; where several numbers meet it is applied as often.
    """
    for count in reversed(listed("fold_every", "a list of numbers of cycles", counts, empty=True)):
        pattern = every(pattern, count, change)
    return pattern


@transform(GROUP)
def ifp(pattern: Pattern, test: Any, change: Any, other: Any) -> Pattern:
    """Apply one function to the cycles whose number passes a test, and another to the rest.

    >>> [hap.value for hap in mini("0").ifp(lambda c: c % 3 == 0, add(1), add(2)).haps(0, 3)]
    [1, 2, 2]

    Args:
        pattern: The pattern.
        test: A function of the cycle's number.
        change: The function where the test says yes.
        other: The function where it says no.
    """
    asked = called("ifp", "a test of the cycle's number", test)
    yes, no = apply("ifp", change, pattern), apply("ifp", other, pattern)
    return _on_cycles(no, yes, lambda cycle: bool(asked(cycle)), None)


@transform(GROUP, name="while_", tidal="while")
def while_true(pattern: Pattern, condition: Any, change: Any) -> Pattern:
    """Apply a function while a pattern is true.

    >>> [hap.value for hap in mini("0*4").while_("1 0", add(1)).haps(0, 1)]
    [1, 1, 0, 0]

    Args:
        pattern: The pattern.
        condition: A pattern of true and false; nothing sounds while it rests.
        change: The function.
    """
    changed = apply("while_", change, pattern)
    gate = fmap(booleans(condition), truth)
    made = inner_join(gate, lambda on: changed if on else pattern, pattern.reads | changed.reads)
    return with_steps(made, pattern.steps)


@transform(GROUP, tidal="within'")
def within_zoom(pattern: Pattern, begin: Any, end: Any, change: Any) -> Pattern:
    """Apply a function to a part of each cycle as if the part were a whole cycle.

    >>> [hap.value for hap in mini("0 1 2 3").within_zoom(0, .5, fast(2)).haps(0, 1)]
    [0, 1, 0, 1, 2, 3]

    Args:
        pattern: The pattern.
        begin: Where the part begins, 0 to 1.
        end: Where it ends, 0 to 1.
        change: The function.
    """
    first, last = time("within_zoom", begin), time("within_zoom", end)
    if not 0 <= first < last <= 1:
        raise PatternError(f"within_zoom wants 0 <= begin < end <= 1, found {begin} and {end}")
    low, high = ticks("within_zoom", first), ticks("within_zoom", last)

    def inside(hap: Flat) -> bool:
        return low <= (hap[2] if hap[0] is None else hap[0]) % TICKS < high

    part = fit_gap(apply("within_zoom", change, zoomed(pattern, first, last)), low, high - low)
    kept = [keep_haps(part, inside), keep_haps(pattern, lambda hap: not inside(hap))]
    return with_steps(stack(kept), pattern.steps)


@transform(GROUP, tidal="sometimesBy'")
def sometimes_by_first(pattern: Pattern, chance: Any, change: Any) -> Pattern:
    """As `sometimes_by`, with the function applied to all before chance chooses the events.

    >>> len(mini("0*8").sometimes_by_first(.5, add(1)).haps(0, 1))
    8

    Args:
        pattern: The pattern.
        chance: Probability for each event, 0 to 1.
        change: The function.
    """
    changed = apply("sometimes_by_first", change, pattern)

    def build(value: Any) -> Pattern:
        share = probability("sometimes_by_first", value)
        return stack([degrade(pattern, share), degrade(changed, 1 - share, inverse=True)])

    return over([chance], build, pattern, changed)


@transform(GROUP)
def soak(pattern: Pattern, depth: Any, change: Any) -> Pattern:
    """Apply a function once more in each cycle, and begin anew after so many.

    >>> [hap.value for hap in mini("0").soak(3, add(1)).haps(0, 4)]
    [0, 1, 2, 0]

    Args:
        pattern: The pattern.
        depth: Cycles until it begins anew, 1 to 64.
        change: The function.
    """
    made = [pattern]
    for _ in range(whole("soak", depth, 1, 64) - 1):
        made.append(apply("soak", change, made[-1]))
    return slowcat(made)


@transform(GROUP)
def snowball(pattern: Pattern, depth: Any, join: Any, change: Any) -> Pattern:
    """Combine the pattern with a changed version of itself once more in each cycle.

    >>> [hap.value for hap in mini("1").snowball(3, lambda a, b: a.add(b), mul(2)).haps(0, 3)]
    [1, 3, 7]

    Args:
        pattern: The pattern.
        depth: Cycles until it begins anew, 1 to 16.
        join: A function that combines two patterns.
        change: The function, applied once more each time to what is combined.
    """
    made, changed = [pattern], pattern
    for _ in range(whole("snowball", depth, 1, 16) - 1):
        changed = apply("snowball", change, changed)
        made.append(apply("snowball", join, made[-1], changed))
    return slowcat(made)


@transform(GROUP)
def stutter(pattern: Pattern, times: Any, cycles: Any) -> Pattern:
    """Repeat each event, later each time, without growing quieter.

    >>> [str(hap.whole.begin) for hap in mini("a ~").stutter(3, 1/8).haps(0, 1) if hap.has_onset]
    ['0', '1/8', '1/4']

    Args:
        pattern: The pattern.
        times: Number of events, the first included, 1 to 64.
        cycles: Time between them, in cycles.
    """

    def build(count: Any, gap: Any) -> Pattern:
        step = ticks("stutter", gap)
        return stack([combine.late(pattern, step * place) for place in range(whole("stutter", count, 1, 64))])

    return over([times, cycles], build, pattern, steps=pattern.steps, ahead=True)


def _named_stutter(name: str, times: int) -> None:
    def call(pattern: Pattern, cycles: Any) -> Pattern:
        return stutter(pattern, times, cycles)

    call.__name__ = name
    call.__doc__ = (
        f"Play each event {times} times, later each time: `stutter({times}, …)`.\n\n"
        f">>> len([hap for hap in mini('a ~').{name}(1/8).haps(0, 1) if hap.has_onset])\n{times}\n"
    )
    transform(GROUP)(call)


for _name, _times in {"double": 2, "triple": 3, "quad": 4}.items():
    _named_stutter(_name, _times)


@transform("Time")
def loop_first(pattern: Pattern) -> Pattern:
    """Play the first cycle again and again.

    >>> [hap.value for hap in mini("<a b>").loop_first().haps(0, 2)]
    ['a', 'a']
    """
    return time_loop(pattern, 1)


@transform("Time")
def time_loop(pattern: Pattern, cycles: Any) -> Pattern:
    """Play the first cycles again and again.

    >>> [hap.value for hap in mini("<a b c>").time_loop(2).haps(0, 4)]
    ['a', 'b', 'a', 'b']

    Args:
        pattern: The pattern.
        cycles: How many cycles, more than 0.
    """
    return ribbon(pattern, 0, cycles)


@transform("Time")
def fast_squeeze(pattern: Pattern, factor: Any) -> Pattern:
    """Play each cycle so many times within its own time.

    >>> [hap.value for hap in mini("<a b>").fast_squeeze(2).haps(0, 2)]
    ['a', 'a', 'b', 'b']

    Args:
        pattern: The pattern.
        factor: How many times; 0 and less is silence.
    """

    def build(value: Any) -> Pattern:
        beats = faster(combine.pure(None), time("fast_squeeze", value))
        return squeeze_join(beats, lambda _: pattern, pattern.reads)

    return over([factor], build, pattern)


@transform("Time")
def trunc(pattern: Pattern, share: Any) -> Pattern:
    """Play the first part of each cycle and fall silent.

    >>> [hap.value for hap in mini("a b c d").trunc(.5).haps(0, 1)]
    ['a', 'b']

    Args:
        pattern: The pattern.
        share: How much of the cycle is heard, 0 to 1; events are cut there.
    """

    def build(value: Any) -> Pattern:
        part = time("trunc", value)
        if not 0 <= part <= 1:
            raise PatternError(f"trunc wants a part of the cycle from 0 to 1, found {value}")
        length = scale(TICKS, part.numerator, part.denominator)

        def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
            last = min(end, cycle * TICKS + length)
            return pattern.run(begin, last, walk) if begin < last else []

        return split(pattern, run, period=whole_cycles(pattern.period))

    return over([share], build, pattern, ahead=True)


@transform("Time", tidal="stretch")
def stretch_out(pattern: Pattern) -> Pattern:
    """Leave out the silence at the begin and end of each cycle: what sounds fills the cycle.

    >>> [str(hap.whole.begin) for hap in mini("~ a b ~").stretch_out().haps(0, 1)]
    ['0', '1/2']
    """

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        base = cycle * TICKS
        found = pattern.run(base, base + TICKS, walk)
        if not found:
            return []
        first = to_cycles(min(hap[2] for hap in found) - base)
        last = to_cycles(max(hap[3] for hap in found) - base)
        return zoomed(pattern, first, last).run(begin, end, walk) if first < last else []

    return split(pattern, run, period=whole_cycles(pattern.period))
