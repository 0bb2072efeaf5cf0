"""Functions that count in the steps of a pattern rather than in cycles."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns.arguments import MOST, over, time, whole
from patterns.builders import paced
from patterns.combine import SILENCE, explain, fast, sequence, slowcat, split, stack, with_steps
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.errors import PatternError
from patterns.joining import opener, squeeze_join
from patterns.kinds import is_sequence
from patterns.reading import reify
from patterns.registry import function, transform
from patterns.spans import zoomed
from patterns.state import NO_CONTROLS, Walk
from patterns.ticks import TICKS, Time, common
from patterns.timing import repeated

GROUP = "Steps"
MOST_TOUR = math.isqrt(MOST)  # patterns: each round plays all of them, and there are as many rounds


def _steps(name: str, pattern: Pattern) -> Fraction:
    if not pattern.steps:
        raise PatternError(f"{name} works on patterns whose steps are known; give them with .pace(4)")
    return pattern.steps


def _chain(parts: list[Pattern]) -> Pattern:
    """Join patterns, each as long as its steps."""
    filled = [(part.steps or Fraction(1), part) for part in parts if part.steps != 0]
    return sequence(filled) if filled else SILENCE


def _by_steps(argument: Any, build: Callable[[Any], Pattern], pattern: Pattern) -> Pattern:
    """Build from one value, or join what all values of a cycle build, each as long as its steps."""
    if not isinstance(argument, (Pattern, str, list)):
        return build(argument)
    values = reify(argument)
    if values.atom is not None:
        try:
            return build(values.atom[0])
        except PatternError as error:
            raise error.at(values.places) from None
    made = opener(build)

    def joined(cycle: int, walk: Walk) -> Pattern:
        start = cycle * TICKS
        parts: list[Pattern] = []
        for hap in sorted(values.run(start, start + TICKS, walk), key=lambda hap: hap[2]):
            try:
                parts.append(made(hap[4]))
            except BAD_VALUE as error:
                walk.report(explain(error), hap[5])
        return _chain(parts)

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return joined(cycle, walk).run(begin, end, walk)

    first = joined(0, Walk(0.5, 0, NO_CONTROLS, "hash", 10_000))
    source = Pattern(pattern.run, None, None, pattern.reads | values.reads)
    return split(source, run, steps=first.steps)


@transform(GROUP)
def pace(pattern: Pattern, steps: Any) -> Pattern:
    """Play so many steps of the pattern in a cycle.

    >>> [hap.value for hap in mini("a b c").pace(4).haps(0, 1)]
    ['a', 'b', 'c', 'a']

    Args:
        pattern: The pattern.
        steps: Steps in a cycle; a pattern whose steps are not known then counts as so many.
    """

    def build(value: Any) -> Pattern:
        count = time("pace", value)
        if pattern.steps is None and count > 0:
            return with_steps(pattern, count)
        return paced(pattern, count)

    return over([steps], build, pattern, ahead=True)


@transform(GROUP)
def expand(pattern: Pattern, factor: Any) -> Pattern:
    """Make the steps of a pattern longer beside others.

    >>> [str(hap.whole.begin) for hap in stepcat(mini("a b").expand(2), "c").haps(0, 1)]
    ['0', '2/5', '4/5']
    """

    def build(value: Any) -> Pattern:
        return with_steps(pattern, pattern.steps and pattern.steps * time("expand", value))

    return _by_steps(factor, build, pattern)


@transform(GROUP)
def contract(pattern: Pattern, factor: Any) -> Pattern:
    """Make the steps of a pattern shorter beside others.

    >>> [str(hap.whole.begin) for hap in stepcat(mini("a b").contract(2), "c").haps(0, 1)]
    ['0', '1/4', '1/2']
    """

    def build(value: Any) -> Pattern:
        by = time("contract", value)
        if by <= 0:
            raise PatternError(f"contract wants a factor above 0, found {value}")
        return with_steps(pattern, pattern.steps and pattern.steps / by)

    return _by_steps(factor, build, pattern)


@transform(GROUP)
def extend(pattern: Pattern, factor: Any) -> Pattern:
    """Repeat a pattern so many times in as many times its steps.

    >>> [hap.value for hap in stepcat(mini("a b").extend(2), "c").haps(0, 1)]
    ['a', 'b', 'a', 'b', 'c']
    """

    def build(value: Any) -> Pattern:
        by = time("extend", value)
        return with_steps(fast(pattern, by), pattern.steps and pattern.steps * by)

    return _by_steps(factor, build, pattern)


@transform(GROUP)
def replicate(pattern: Pattern, times: Any) -> Pattern:
    """Play each cycle several times, as many times as fast, with as many times the steps.

    >>> [hap.value for hap in mini("<a b>").replicate(2).haps(0, 2)]
    ['a', 'a', 'b', 'b']

    Args:
        pattern: The pattern.
        times: How often, 1 to 4096.
    """

    def build(value: Any) -> Pattern:
        n = whole("replicate", value)
        made = fast(repeated(pattern, n), Fraction(n))
        return with_steps(made, pattern.steps and pattern.steps * n)

    return _by_steps(times, build, pattern)


def _taken(pattern: Pattern, count: Fraction) -> Pattern:
    steps = _steps("take", pattern)
    if not count:
        return with_steps(SILENCE, Fraction(0))
    share = min(abs(count) / steps, Fraction(1))
    made = zoomed(pattern, Fraction(0), share) if count > 0 else zoomed(pattern, 1 - share, Fraction(1))
    return with_steps(made, steps * share)


def _dropped(pattern: Pattern, count: Fraction) -> Pattern:
    steps = _steps("drop", pattern)
    rest = steps - abs(count)
    if rest <= 0:
        return with_steps(SILENCE, Fraction(0))
    return _taken(pattern, -rest if count > 0 else rest)


@transform(GROUP)
def take(pattern: Pattern, steps: Any) -> Pattern:
    """Keep the first steps; negative for the last ones.

    >>> [hap.value for hap in mini("a b c d").take(2).haps(0, 1)]
    ['a', 'b']
    """
    return _by_steps(steps, lambda n: _taken(pattern, time("take", n)), pattern)


@transform(GROUP)
def drop(pattern: Pattern, steps: Any) -> Pattern:
    """Leave out the first steps; negative for the last ones.

    >>> [hap.value for hap in mini("a b c").drop(-1).haps(0, 1)]
    ['a', 'b']
    """
    return _by_steps(steps, lambda n: _dropped(pattern, time("drop", n)), pattern)


def _shrunk(name: str, pattern: Pattern, by: Any) -> list[Pattern]:
    amount = time(name, by)
    steps = _steps(name, pattern)
    count = math.ceil(steps / abs(amount)) if amount else math.floor(steps)
    if count > 256:
        raise PatternError(f"{name} by {by} makes {count} parts; the most is 256")
    return [_dropped(pattern, amount * index) if index and amount else pattern for index in range(count)]


@transform(GROUP)
def shrink(pattern: Pattern, by: Any) -> Pattern:
    """Play the pattern again and again, each time without some more of its steps.

    >>> [hap.value for hap in mini("a b").shrink(1).haps(0, 1)]
    ['a', 'b', 'b']

    Args:
        pattern: The pattern.
        by: Steps that go each time; from the end if negative.
    """
    return _by_steps(by, lambda n: _chain(_shrunk("shrink", pattern, n)), pattern)


@transform(GROUP)
def shrinklist(pattern: Pattern, by: Any) -> list[Pattern]:
    """List the parts that `shrink` plays one after the other, for functions of several patterns.

    >>> [hap.value for hap in stepcat(*mini("a b").shrinklist(1)).haps(0, 1)]
    ['a', 'b', 'b']

    Args:
        pattern: The pattern.
        by: Steps that go each time, a plain number; from the end if negative.
    """
    return _shrunk("shrinklist", pattern, by)


@transform(GROUP)
def grow(pattern: Pattern, by: Any) -> Pattern:
    """Play the pattern again and again, each time with some more of its steps.

    >>> [hap.value for hap in mini("a b").grow(1).haps(0, 1)]
    ['a', 'a', 'b']

    Args:
        pattern: The pattern.
        by: Steps that come each time; from the end if negative.
    """

    def build(value: Any) -> Pattern:
        return _chain(_shrunk("grow", pattern, -time("grow", value))[::-1])

    return _by_steps(by, build, pattern)


@transform(GROUP)
def tour(pattern: Pattern, *others: Any) -> Pattern:
    """Lead the pattern through a row of others, from the last place to the first.

    >>> [hap.value for hap in mini("x").tour("a", "b").haps(0, 1)]
    ['a', 'b', 'x', 'a', 'x', 'b', 'x', 'a', 'b']

    Args:
        pattern: The pattern.
        others: The row, up to 63 patterns.
    """
    if len(others) >= MOST_TOUR:
        raise PatternError(f"tour goes through up to {MOST_TOUR - 1} patterns, found {len(others)}")
    row = [reify(other) for other in others]
    parts: list[Pattern] = []
    for place in range(len(row), -1, -1):
        parts += [*row[:place], pattern, *row[place:]]
    return _chain(parts)


@transform(GROUP, name="zip")
def zip_steps(pattern: Pattern, *others: Any) -> Pattern:
    """Interleave patterns step by step.

    >>> [hap.value for hap in mini("a b").zip("c d").haps(0, 2)]
    ['a', 'c', 'b', 'd']
    """
    return zipped(pattern, *others)


@function(GROUP, strudel="zip")
def zipped(*patterns: Any) -> Pattern:
    """Interleave patterns step by step, as the method `zip`.

    >>> [hap.value for hap in zipped("a b", "c d").haps(0, 2)]
    ['a', 'c', 'b', 'd']
    """
    made = [reify(pattern) for pattern in patterns]
    if not made:
        return SILENCE
    counts = [_steps("zip", pattern) for pattern in made]
    shared = common(*counts)
    assert shared is not None
    line = slowcat([fast(pattern, 1 / count) for pattern, count in zip(made, counts, strict=True)])
    return with_steps(fast(line, shared), shared)


@function(GROUP)
def stepalt(*groups: Any) -> Pattern:
    """Join patterns step by step, each list giving its next pattern in each round.

    >>> [hap.value for hap in stepalt(["a b", "c"], "d").haps(0, 1)]
    ['a', 'b', 'd', 'c', 'd']

    Args:
        groups: Patterns, or lists of patterns; the rounds end when all lists are through together.
    """
    rows = [[reify(each) for each in group] if is_sequence(group) else [reify(group)] for group in groups]
    if not all(rows):
        raise PatternError("stepalt wants lists with at least one pattern")
    rounds = math.lcm(*(len(row) for row in rows))
    if rounds * len(rows) > MOST:
        raise PatternError(f"stepalt would join {rounds * len(rows)} patterns; the most is {MOST}")
    return _chain([row[turn % len(row)] for turn in range(rounds) for row in rows])


def _beside(name: str, patterns: tuple[Any, ...], before: Fraction) -> Pattern:
    """Stack patterns step by step, the shorter ones filled up with rests, a part of them before."""
    made = [reify(pattern) for pattern in patterns]
    if not made:
        return SILENCE
    most = max(_steps(name, pattern) for pattern in made)
    filled: list[Pattern] = []
    for pattern in made:
        own = _steps(name, pattern)
        ahead = (most - own) * before
        filled.append(sequence([(ahead, SILENCE), (own, pattern), (most - own - ahead, SILENCE)], most))
    return with_steps(stack(filled), most)


@function(GROUP)
def stack_left(*patterns: Any) -> Pattern:
    """Play patterns at once, step by step; the shorter ones rest at the end.

    >>> [str(hap.whole.begin) for hap in stack_left("a b c d", "e").haps(0, 1) if hap.value == "e"]
    ['0']
    """
    return _beside("stack_left", patterns, Fraction(0))


@function(GROUP)
def stack_right(*patterns: Any) -> Pattern:
    """Play patterns at once, step by step; the shorter ones rest at the beginning.

    >>> [str(hap.whole.begin) for hap in stack_right("a b c d", "e").haps(0, 1) if hap.value == "e"]
    ['3/4']
    """
    return _beside("stack_right", patterns, Fraction(1))


@function(GROUP)
def stack_centre(*patterns: Any) -> Pattern:
    """Play patterns at once, step by step; the shorter ones rest on both sides.

    >>> [str(hap.whole.begin) for hap in stack_centre("a b c d", "e f").haps(0, 1) if hap.value == "e"]
    ['1/4']
    """
    return _beside("stack_centre", patterns, Fraction(1, 2))


@function(GROUP)
def stack_by(place: Any, *patterns: Any) -> Pattern:
    """Play patterns at once, the shorter ones placed among the steps as a pattern of words says.

    >>> [str(hap.whole.begin) for hap in stack_by("right", "a b", "c").haps(0, 1) if hap.value == "c"]
    ['1/2']

    Args:
        place: `left`, `right`, `centre`, `expand` (each fills the cycle) or `repeat` (as `polymeter`).
        patterns: The patterns.
    """
    made = [reify(pattern) for pattern in patterns]
    if not made:
        return SILENCE
    most = max(_steps("stack_by", pattern) for pattern in made)
    ways = {
        "left": stack_left(*made),
        "right": stack_right(*made),
        "centre": stack_centre(*made),
        "expand": with_steps(stack(made), most),
        "repeat": with_steps(stack([paced(pattern, most) for pattern in made]), most),
    }

    def build(word: Any) -> Pattern:
        if not isinstance(word, str) or word not in ways:
            raise PatternError(f"stack_by knows {', '.join(ways)}; found {word!r}")
        return ways[word]

    return over([place], build, *made, steps=most)


@transform(GROUP)
def bite(pattern: Pattern, parts: Any, indices: Any) -> Pattern:
    """Cut the cycle in parts and play them in the order of a pattern of numbers.

    >>> [hap.value for hap in mini("a b c d").bite(4, "3 0").haps(0, 1)]
    ['d', 'a']

    Args:
        pattern: The pattern.
        parts: Number of parts.
        indices: Which part when, from 0.
    """

    def build(count: Any) -> Pattern:
        n = whole("bite", count)

        def part(index: Any) -> Pattern:
            place = time("bite", index)
            if place < 0 and place % n:
                return SILENCE  # as in Strudel: parts are not counted from the end
            begin = place / n % 1
            return zoomed(pattern, begin, begin + Fraction(1, n))

        return squeeze_join(reify(indices), part, pattern.reads)

    return over([parts], build, pattern)
