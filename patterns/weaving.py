"""Patterns made of several others: sewn, stitched, woven, laid out in time."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from typing import Any

from patterns import combine
from patterns.alignment import Operation, merge
from patterns.arguments import apply, called, listed, number, over, ticks, time, told
from patterns.chance import choose_cycles
from patterns.combine import SILENCE, fmap, sequence, slowcat, stack
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.errors import PatternError
from patterns.joining import app_left, inner_join, opener, squeeze_join
from patterns.kinds import is_controls, is_list
from patterns.reading import reify
from patterns.registry import function, nearest, transform
from patterns.spans import fit_gap
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle, to_cycles, whole_cycles
from patterns.timing import faster, slower
from patterns.truths import booleans, truth

GROUP = "Several patterns"


def _inverted(condition: Pattern) -> Pattern:
    return fmap(condition, lambda value: not truth(value))


@function(GROUP)
def sew(condition: Any, one: Any, other: Any) -> Pattern:
    """Play one pattern while a third is true, and another while it is false.

    >>> [hap.value for hap in sew("1 0", "a*4", "b*4").haps(0, 1)]
    ['a', 'a', 'b', 'b']

    Args:
        condition: A pattern of true and false; nothing sounds while it rests.
        one: What is heard while it is true.
        other: What is heard while it is false.
    """
    gate = booleans(condition)
    first = Operation(reify(one), "keepif")(gate)
    return stack([first, Operation(reify(other), "keepif")(_inverted(gate))])


@function(GROUP)
def stitch(condition: Any, one: Any, other: Any) -> Pattern:
    """Take the rhythm from true and false, and the values from two patterns: one for each.

    >>> [hap.value for hap in stitch("1 0 1 1", "a", "b c").haps(0, 1)]
    ['a', 'b', 'a', 'a']

    Args:
        condition: A pattern of true and false.
        one: Values where it is true.
        other: Values where it is false.
    """
    gate = booleans(condition)
    first = Operation(reify(one), "keepif").out(gate)
    return stack([first, Operation(reify(other), "keepif").out(_inverted(gate))])


@transform(GROUP)
def fill(pattern: Pattern, other: Any) -> Pattern:
    """Play another pattern's values in the gaps of this one; `superimpose(fill("x"))` adds them.

    >>> [(hap.value, str(hap.whole.begin)) for hap in mini("a ~ b").fill("x").haps(0, 1)]
    [('x', '1/3')]

    Args:
        pattern: The pattern whose gaps, cycle by cycle, give the rhythm.
        other: The pattern that gives the values.
    """

    def gaps(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        place: Time = cycle * TICKS
        stop = place + TICKS
        found: list[tuple[Time, Time]] = []
        for heard in sorted((hap[2], hap[3]) for hap in pattern.run(place, stop, walk)):
            if heard[0] > place:
                found.append((place, heard[0]))
            place = max(place, heard[1])
        if place < stop:
            found.append((place, stop))
        return [(a, b, max(a, begin), min(b, end), None, ()) for a, b in found if a < end and b > begin]

    rhythm = combine.split(pattern, gaps, period=whole_cycles(pattern.period))
    return app_left(rhythm, reify(other), lambda _, value: value)


@transform(GROUP)
def substruct(pattern: Pattern, rhythm: Any) -> Pattern:
    """Squeeze a whole cycle of the pattern into each event of a rhythm.

    >>> [str(hap.whole.begin) for hap in mini("a b").substruct("1 0 1 0").haps(0, 1)]
    ['0', '1/8', '1/2', '5/8']

    Args:
        pattern: The pattern.
        rhythm: Where it is true there is a cycle of the pattern.
    """
    return squeeze_join(booleans(rhythm), lambda on: pattern if truth(on) else SILENCE, pattern.reads)


@transform(GROUP, strudel="", method_only=True)  # Tidal's function has the patterns the other way round
def wedge(pattern: Pattern, part: Any, other: Any) -> Pattern:
    """Squeeze the pattern into the first part of the cycle and another into the rest.

    >>> [str(hap.whole.begin) for hap in mini("a b").wedge(1/4, "c").haps(0, 1)]
    ['0', '1/8', '1/4']

    Args:
        pattern: The pattern.
        part: Where the other begins, 0 to 1.
        other: The other pattern.
    """
    rest = reify(other)

    def build(value: Any) -> Pattern:
        point = time("wedge", value)
        if point <= 0:
            return rest
        if point >= 1:
            return pattern
        middle = ticks("wedge", point)
        return combine.stack([fit_gap(pattern, 0, middle), fit_gap(rest, middle, TICKS - middle)])

    return over([part], build, pattern, rest, ahead=True)


@function(GROUP)
def select(position: Any, patterns: Any) -> Pattern:
    """Choose one of some patterns by a number from 0 to 1.

    >>> [hap.value for hap in select("<0 .7>", ["a b", "c"]).haps(0, 2)]
    ['a', 'b', 'c']

    Args:
        position: From 0, the first pattern, to 1, the last.
        patterns: A list of patterns.
    """
    made = [reify(pattern) for pattern in listed("select", "a list of patterns", patterns)]

    def build(value: Any) -> Pattern:
        place = math.floor(number("select", value) * len(made))
        return made[max(0, min(place, len(made) - 1))]

    return inner_join(reify(position), build, combine.reads_of(made))


@transform(GROUP)
def space_out(pattern: Pattern, lengths: Any) -> Pattern:
    """Play a cycle of the pattern at each of some lengths, one after the other.

    >>> [str(hap.whole.begin) for hap in mini("a b").space_out([1, .5]).haps(0, 1.5)]
    ['0', '1/2', '1', '5/4']

    Args:
        pattern: The pattern.
        lengths: A list of lengths in cycles.
    """
    wanted = "a list of lengths in cycles"
    parts = [(time("space_out", length), pattern) for length in listed("space_out", wanted, lengths)]
    if any(length <= 0 for length, _ in parts):
        raise PatternError(f"space_out wants lengths above 0, found {told(lengths)}")
    return slower(sequence(parts), sum((length for length, _ in parts), Fraction(0)))


def _woven(name: str, cycles: Any, base: Any, changes: list[Any]) -> Pattern:
    source = reify(base)

    def build(value: Any) -> Pattern:
        length = time(name, value)
        if length <= 0:
            raise PatternError(f"{name} wants more than 0 cycles, found {value}")
        slowed = slower(source, length)
        step = length * TICKS / max(1, len(changes))
        return stack(
            [
                apply(name, change, combine.late(slowed, -settle(step * place)))
                for place, change in enumerate(changes)
            ]
        )

    def probe() -> Pattern:
        return stack([apply(name, change, source) for change in changes])

    return over([cycles], build, source, probe=probe)


@function(GROUP)
def weave(cycles: Any, base: Any, patterns: Any) -> Pattern:
    """Play patterns at once under one slow pattern, which each of them meets at another place.

    >>> [hap.value["pan"] for hap in weave(4, pan(saw), [s("a"), s("b")]).haps(1, 2)]
    [0.25, 0.75]

    Args:
        cycles: How long the slow pattern lasts.
        base: The pattern that is slowed, such as `pan(sine)`.
        patterns: A list of patterns; each gives the rhythm of its part.
    """
    given = listed("weave", "a list of patterns", patterns, empty=True)
    return _woven("weave", cycles, base, [partial(merge, reify(pattern)) for pattern in given])


@function(GROUP)
def weave_with(cycles: Any, base: Any, changes: Any) -> Pattern:
    """Play one slow pattern through several functions at once, for each at another place of it.

    >>> [hap.value for hap in weave_with(2, "0 1", [add(10), add(20)]).haps(0, 1)]
    [10, 21]

    Args:
        cycles: How long the pattern lasts.
        base: The pattern that is slowed.
        changes: A list of functions.
    """
    given = listed("weave_with", "a list of functions", changes, empty=True)
    return _woven("weave_with", cycles, base, given)


@function(GROUP)
def interlace(one: Any, other: Any) -> Pattern:
    """Let two patterns take turns over 16 cycles in how distorted they are.

    >>> [round(hap.value["shape"], 2) for hap in interlace(s("a"), s("b")).haps(4, 5)]
    [0.9, 0.0]
    """

    def shape(moment: Time, _: Walk) -> dict[str, float]:
        return {"shape": 0.45 * (1 + math.sin(2 * math.pi * float(moment % TICKS / TICKS)))}

    return weave(16, combine.signal(shape, period=Fraction(1)), [one, other])


def _each(name: str, pattern: Pattern, change: Any, values: Any) -> list[Pattern]:
    given = listed(name, f"a list of values, such as {name}(fast, [1, 2])", values)
    with_value = called(name, "a function such as fast", change)
    return [apply(name, with_value(value), pattern) for value in given]


@transform(GROUP)
def slowspread(pattern: Pattern, change: Any, values: Any) -> Pattern:
    """Apply a function with the next of some values in each cycle.

    >>> [len(mini("a b").slowspread(fast, [1, 2]).haps(c, c + 1)) for c in range(3)]
    [2, 4, 2]

    Args:
        pattern: The pattern.
        change: A function that takes one of the values first, such as `fast`.
        values: The list of values.
    """
    return slowcat(_each("slowspread", pattern, change, values))


@transform(GROUP)
def fastspread(pattern: Pattern, change: Any, values: Any) -> Pattern:
    """Apply a function with all of some values in turn, within each cycle.

    >>> len(mini("a b").fastspread(fast, [1, 2]).haps(0, 1))
    6

    Args:
        pattern: The pattern.
        change: A function that takes one of the values first, such as `fast`.
        values: The list of values.
    """
    return combine.fastcat(_each("fastspread", pattern, change, values))


@transform(GROUP)
def spread_choose(pattern: Pattern, change: Any, values: Any) -> Pattern:
    """Apply a function with one of some values in each cycle, by chance.

    >>> {len(mini("a").spread_choose(fast, [1, 2]).haps(c, c + 1)) for c in range(16)} == {1, 2}
    True

    Args:
        pattern: The pattern.
        change: A function that takes one of the values first, such as `fast`.
        values: The list of values.
    """
    return choose_cycles(_each("spread_choose", pattern, change, values))


def _named(kind: str, table: dict[str, Any], name: Any) -> Any:
    if not isinstance(name, str) or name not in table:
        hint = nearest(str(name), list(table)) or f"; there is {', '.join(list(table)[:8]) or 'nothing'}"
        raise PatternError(f"ur has no {kind} called {name!r}{hint}")
    return table[name]


@function(GROUP)
def ur(cycles: Any, outline: Any, patterns: Any, changes: Any = None) -> Pattern:
    """Lay out a piece: an outline over some cycles says which pattern is heard when, and how changed.

    >>> song = ur(4, "a b:up", {"a": "0", "b": "5 7"}, {"up": add(12)})
    >>> [hap.value for hap in song.haps(1, 3)]
    [0, 17, 19]

    Args:
        cycles: How many cycles the outline lasts.
        outline: Names of the patterns; after a colon, names of functions.
        patterns: A dict of patterns by name; they go on with the time of the piece.
        changes: A dict of functions by name; each sees its event of the outline as one cycle.
    """
    if not is_controls(patterns) or not (changes is None or is_controls(changes)):
        raise TypeError(
            "ur wants a dict of patterns, and one of functions: {'a': 'bd sn'}, {'quick': fast(2)}"
        )
    parts = {name: reify(part) for name, part in patterns.items()}
    functions: dict[str, Any] = dict(changes or {})

    def part_of(key: tuple[Any, Time, Time]) -> Pattern:
        value, start, stop = key
        name, *named = value if is_list(value) else (value,)
        part: Pattern = _named("pattern", parts, name)
        length = to_cycles(stop - start)
        for each in named:
            change = _named("function", functions, each)
            inner = faster(combine.late(part, -start), length)
            part = combine.late(slower(apply("ur", change, inner), length), start)
        return part

    made = opener(part_of)

    def build(value: Any) -> Pattern:
        length = time("ur", value)
        if length <= 0:
            raise PatternError(f"ur wants more than 0 cycles, found {value}")
        stretched = slower(reify(outline), length)

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in stretched.run(begin, end, walk):
                walk.spend(1)
                start, stop = (pb, pe) if b is None else (b, e)
                try:
                    part = made((v, start, stop))
                except BAD_VALUE as error:
                    walk.report(combine.explain(error), w)
                    continue
                for ib, ie, ipb, ipe, u, x in part.run(pb, pe, walk):
                    if ib is None:
                        kept.append((ib, ie, ipb, ipe, u, x + w))
                    else:
                        kept.append((max(ib, start), min(ie, stop), ipb, ipe, u, x + w))
            return kept

        return Pattern(run, None, None, stretched.reads | combine.reads_of(list(parts.values())))

    return over([cycles], build, *parts.values())
