"""Functions of chance: what is chosen, in which order, from which stream."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from patterns import combine, moving
from patterns.arguments import listed, number, over, told, whole
from patterns.chance import choose_cycles as chosen_cycles
from patterns.chance import noise, noises
from patterns.combine import signal
from patterns.core import Flat, Pattern, sounding
from patterns.errors import PatternError
from patterns.reading import reify
from patterns.registry import function, transform
from patterns.seams import in_cycles
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale

GROUP = "Chance"


@function(GROUP)
def choose(*values: Any) -> Pattern:
    """Give one of some values by chance, anew at every moment; a signal, for `segment` and controls.

    >>> all(hap.value in {"a", "b"} for hap in choose("a", "b").segment(8).haps(0, 1))
    True
    """
    return _choosing(list(values), [combine.pure(1)] * len(values), "choose")


@function(GROUP)
def wchoose(*pairs: Any) -> Pattern:
    """Give one of some values by chance, by weight; a signal, as `choose`.

    >>> all(hap.value in {"a", "b"} for hap in wchoose(("a", 3), ("b", 1)).segment(8).haps(0, 1))
    True

    Args:
        pairs: Pairs (value, weight); weights are 0 and more, and may be patterns.
    """
    made = _pairs("wchoose", pairs)
    return _choosing([value for value, _ in made], [weight for _, weight in made], "wchoose")


def _pairs(name: str, pairs: tuple[Any, ...]) -> list[tuple[Any, Pattern]]:
    made: list[tuple[Any, Pattern]] = []
    for each in pairs:
        pair = listed(name, "pairs (value, weight)", each)
        if len(pair) != 2:
            raise TypeError(f"{name} wants pairs (value, weight), found {told(each)}")
        made.append((pair[0], reify(pair[1])))
    return made


def _weight(name: str, value: Any) -> float:
    found = float(number(name, value))
    if found < 0:
        raise PatternError(f"{name} wants weights of 0 and more, found {value}")
    return found


def _picker(weights: list[Pattern], name: str) -> Callable[[Time, Walk], int]:
    """Make the function that draws by weight; weights that are patterns are read at each moment."""
    last = len(weights) - 1
    fixed = [_weight(name, weight.atom[0]) for weight in weights if weight.atom is not None]
    if len(fixed) == len(weights):
        if not sum(fixed):
            raise PatternError(f"{name} wants weights that are not all 0")
        if len(set(fixed)) == 1:
            return lambda time, walk: min(math.floor(noise(time, walk) * len(weights)), last)
    bounds = list(accumulate(fixed))

    def pick(time: Time, walk: Walk) -> int:
        reached = (
            bounds if len(bounds) > last else list(accumulate(read(weight, time, walk) for weight in weights))
        )
        aim = noise(time, walk) * reached[-1]
        return next((index for index, bound in enumerate(reached) if bound > aim), last)

    def read(weight: Pattern, time: Time, walk: Walk) -> float:
        found = sounding(weight, time, walk)
        try:
            return _weight(name, found[0][4]) if found else 0.0
        except PatternError as error:
            walk.report(error.message, found[0][5])
            return 0.0

    return pick


def _choosing(values: list[Any], weights: list[Pattern], name: str) -> Pattern:
    if not values:
        raise TypeError(f"{name} wants at least one value")
    patterns = [reify(value) for value in values]
    reads = combine.reads_of([*patterns, *weights])
    pick = _picker(weights, name)
    atoms = [pattern.atom[0] for pattern in patterns if pattern.atom is not None]
    if len(atoms) == len(patterns):
        return in_cycles(signal(lambda time, walk: atoms[pick(time, walk)], reads=reads))

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = patterns[pick(begin, walk)].run(begin, end, walk)
        return [(None, None, pb, pe, v, w) for _, _, pb, pe, v, w in found]

    return in_cycles(Pattern(run, None, None, reads))


@function(GROUP)
def choose_cycles(*patterns: Any) -> Pattern:
    """Play one of some patterns in each cycle, by chance.

    >>> len(choose_cycles("a", "b c").haps(0, 4)) >= 4
    True
    """
    if not patterns:
        raise TypeError("choose_cycles wants at least one pattern")
    return chosen_cycles([reify(pattern) for pattern in patterns])


@function(GROUP)
def randcat(*patterns: Any) -> Pattern:
    """Play one of some patterns in each cycle, by chance, as `choose_cycles`.

    >>> len(randcat("a", "b").haps(0, 4))
    4
    """
    return choose_cycles(*patterns)


@function(GROUP)
def wchoose_cycles(*pairs: Any) -> Pattern:
    """Play one of some patterns in each cycle, by chance and weight.

    >>> len(wchoose_cycles(("a", 3), ("b", 1)).haps(0, 4))
    4

    Args:
        pairs: Pairs (pattern, weight); weights are 0 and more, and may be patterns.
    """
    made = _pairs("wchoose_cycles", pairs)
    patterns = [reify(pattern) for pattern, _ in made]
    which = _choosing(list(range(len(made))), [weight for _, weight in made], "wchoose_cycles")
    sample = which.sample
    assert sample is not None

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        index: int = sample(cycle * TICKS, walk)
        return patterns[index].run(begin, end, walk)

    whole_piece = Pattern(which.run, None, None, combine.reads_of(patterns) | which.reads)
    return combine.split(whole_piece, run)


@function(GROUP)
def wrandcat(*pairs: Any) -> Pattern:
    """Play one of some patterns in each cycle, by chance and weight, as `wchoose_cycles`.

    >>> len(wrandcat(("a", 3), ("b", 1)).haps(0, 4))
    4
    """
    return wchoose_cycles(*pairs)


@transform(GROUP)
def seed(pattern: Pattern, stream: Any) -> Pattern:
    """Give a pattern a stream of chance of its own.

    >>> a, b = rand.segment(1).seed(1).haps(0, 1), rand.segment(1).seed(2).haps(0, 1)
    >>> a[0].value == b[0].value
    False

    Args:
        pattern: The pattern.
        stream: Number of the stream; 0 is the one that all patterns share.
    """

    def build(value: Any) -> Pattern:
        number_ = float(number("seed", value))

        def enter(inner: Any) -> Any:
            def within(*arguments: Any) -> Any:
                walk: Walk = arguments[-1]
                before = walk.stream, walk.drawn
                walk.stream, walk.drawn = number_, {}
                try:
                    return inner(*arguments)
                finally:  # a value that fails is caught outside, and the others are drawn there
                    walk.stream, walk.drawn = before

            return within

        sample = enter(pattern.sample) if pattern.sample else None
        return Pattern(
            enter(pattern.run),
            pattern.steps,
            pattern.period,
            pattern.reads,
            sample=sample,
            seams=pattern.seams,
        )

    return over([stream], build, pattern, steps=pattern.steps)


def _order(cycle: int, walk: Walk, count: int) -> list[int]:
    drawn = noises(cycle * TICKS + TICKS // 2, walk, count)
    return sorted(range(count), key=drawn.__getitem__)


def _rearranged(name: str, pattern: Pattern, parts: Any, *, again: bool) -> Pattern:
    def build(value: Any) -> Pattern:
        n = whole(name, value, 0, 1024)
        if not n:
            return combine.SILENCE
        bounds = [scale(TICKS * place, 1, n) for place in range(n + 1)]

        def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            base = cycle * TICKS
            order = [] if again else _order(cycle, walk, n)
            first = int((begin - base) * n // TICKS)
            for place in range(first, n):
                start = base + bounds[place]
                if start >= end and place > first:
                    break
                stop = base + bounds[place + 1]
                source = math.trunc(noise(start, walk) * n) if again else order[place]
                shift = bounds[place] - bounds[source]
                part_begin, part_end = max(begin, start) - shift, min(end, stop) - shift
                kept += moving.shift(moving.visit(pattern, part_begin, part_end, walk, shift), shift)
            return kept

        return combine.split(pattern, run)

    return over([parts], build, pattern)


@transform(GROUP)
def shuffle(pattern: Pattern, parts: Any) -> Pattern:
    """Play the parts of each cycle in random order, each once.

    >>> sorted(hap.value for hap in mini("0 1 2 3").shuffle(4).haps(0, 1))
    [0, 1, 2, 3]

    Args:
        pattern: The pattern.
        parts: Number of parts, up to 1024; 0 is silence.
    """
    return _rearranged("shuffle", pattern, parts, again=False)


@transform(GROUP)
def scramble(pattern: Pattern, parts: Any) -> Pattern:
    """Play parts of each cycle at random; some may come twice, some not at all.

    >>> len(mini("0 1 2 3").scramble(4).haps(0, 1))
    4

    Args:
        pattern: The pattern.
        parts: Number of parts, up to 1024; 0 is silence.
    """
    return _rearranged("scramble", pattern, parts, again=True)


@function(GROUP)
def randrun(count: Any) -> Pattern:
    """Count to a number in random order, another one in each cycle.

    >>> sorted(hap.value for hap in randrun(4).haps(0, 1))
    [0, 1, 2, 3]
    """

    def numbers(value: Any) -> Pattern:
        return combine.fastcat([combine.pure(each) for each in range(whole("randrun", value, 0))])

    counted = over([count], numbers)
    return combine.with_steps(shuffle(counted, count), counted.steps)
