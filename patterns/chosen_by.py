"""Choosing by a pattern of numbers: which of some values, patterns or events it is to be."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from patterns.arguments import listed, number, over, told
from patterns.chance import noise
from patterns.choosing import choose
from patterns.combine import explain, fmap, reads_of, signal
from patterns.control_table import KEYS
from patterns.core import BAD_VALUE, Flat, Pattern, sounding
from patterns.errors import PatternError
from patterns.joining import inner_join, outer_join
from patterns.kinds import is_controls, is_sequence
from patterns.reading import reify
from patterns.registry import Entry, add, function, nearest, transform
from patterns.state import Walk
from patterns.ticks import Time

GROUP = "Chance"
_RAND = signal(noise)


def _chosen(name: str, join: Callable[..., Pattern], source: Any, values: Any) -> Pattern:
    patterns = [reify(value) for value in listed(name, "a list of at least one value", values)]
    count = len(patterns)

    def at(value: Any) -> Pattern:
        return patterns[min(max(math.floor(number(name, value) * count), 0), count - 1)]

    return join(reify(source), at, reads_of(patterns))


@function(GROUP)
def choose_with(source: Any, values: Any) -> Pattern:
    """Give one of some values by a pattern of numbers from 0 to 1, in the rhythm of the numbers.

    >>> [hap.value for hap in choose_with("0 .5 .9", ["a", "b", "c"]).haps(0, 1)]
    ['a', 'b', 'c']

    Args:
        source: Numbers from 0 (the first value) to 1 (the last).
        values: The list to choose from.
    """
    return _chosen("choose_with", outer_join, source, values)


@function(GROUP)
def choose_in_with(source: Any, values: Any) -> Pattern:
    """Give one of some patterns by a pattern of numbers from 0 to 1, in the rhythm of the chosen.

    >>> [hap.value for hap in choose_in_with("<0 .9>", ["a", "b c"]).haps(0, 2)]
    ['a', 'b', 'c']

    Args:
        source: Numbers from 0 (the first pattern) to 1 (the last).
        values: The list to choose from.
    """
    return _chosen("choose_in_with", inner_join, source, values)


@function(GROUP)
def choose_in(*values: Any) -> Pattern:
    """Give one of some patterns by chance, anew in each cycle, in the rhythm of the chosen.

    >>> choose_in("a", "a").haps(0, 1)[0].value
    'a'
    """
    return choose_in_with(_RAND, list(values))


@function(GROUP)
def choose_out(*values: Any) -> Pattern:
    """Give one of some values by chance, anew at every moment, as `choose`.

    >>> all(hap.value in {"a", "b"} for hap in choose_out("a", "b").segment(8).haps(0, 1))
    True
    """
    return choose(*values)


def _chosen_by(pattern: Pattern, *values: Any) -> Pattern:
    """Give one of some values for each number from 0 to 1."""
    return choose_with(pattern, list(values))


# As a function `choose` draws from chance, as a method from the pattern's own numbers.
Pattern.choose = _chosen_by  # type: ignore[assignment,method-assign] # the stub has the function's
add(
    Entry(
        "choose", "function", GROUP, choose,
        "Give one of some values by chance; as a method, by the pattern's numbers from 0 to 1.",
        'choose("a", "b", "c").segment(4)', "(*values)", "choose", is_method=True, is_function=True,
    ),
    choose,
)  # fmt: skip


@transform(GROUP, method_only=True)
def choose2(pattern: Pattern, *values: Any) -> Pattern:
    """Give one of some values for each number from -1 to 1.

    >>> [hap.value for hap in mini("-1 0 1").choose2("a", "b", "c").haps(0, 1)]
    ['a', 'b', 'c']

    Args:
        pattern: Numbers from -1 (the first value) to 1 (the last).
        values: What to choose from.
    """
    return choose_with(fmap(pattern, lambda value: (number("choose2", value) + 1) / 2), list(values))


@transform(GROUP)
def degrade_by_with(pattern: Pattern, source: Any, chance: Any) -> Pattern:
    """Drop events where a pattern of numbers is not above a limit: chance of your own making.

    >>> [hap.value for hap in mini("a b c d").degrade_by_with("0 1", .5).haps(0, 1)]
    ['c', 'd']

    Args:
        pattern: The pattern.
        source: Numbers from 0 to 1, looked at where each event begins.
        chance: The limit, 0 to 1.
    """
    numbers = reify(source)

    def build(value: Any) -> Pattern:
        return _above(pattern, numbers, float(number("degrade_by_with", value)))

    return over([chance], build, pattern, numbers, steps=pattern.steps)


def _above(pattern: Pattern, numbers: Pattern, limit: float) -> Pattern:
    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in pattern.run(begin, end, walk):
            start = hap[2] if hap[0] is None else hap[0]
            for found in sounding(numbers, start, walk):
                try:
                    heard = number("degrade_by_with", found[4]) > limit
                except BAD_VALUE as error:
                    walk.report(explain(error), found[5])
                    continue
                if heard:
                    kept.append(hap)
                    break
        return kept

    return Pattern(run, pattern.steps, None, pattern.reads | numbers.reads)


@transform(GROUP, name="as_controls", strudel="as")
def as_controls(pattern: Pattern, names: Any) -> Pattern:
    """Turn plain values, or lists such as `bd:.5`, into controls of the given names.

    >>> mini("c3:.5").as_controls("note:gain").haps(0, 1)[0].value
    {'note': 'c3', 'gain': 0.5}

    Args:
        pattern: Values or lists.
        names: Names of controls joined by colons.
    """

    def build(value: Any) -> Pattern:
        keys = [_key(name) for name in (value if is_sequence(value) else [value])]
        return fmap(pattern, _named(keys))

    return over([names], build, pattern, steps=pattern.steps, ahead=True)


def _key(name: Any) -> str:
    if not isinstance(name, str) or name not in KEYS:
        raise PatternError(f"no control is called {told(name)}{nearest(str(name), sorted(KEYS))}")
    return KEYS[name]


def _named(keys: list[str]) -> Callable[[Any], Any]:
    def each(value: Any) -> Any:
        if is_controls(value):
            raise PatternError(f"as_controls wants plain values or lists, found controls {value!r}")
        values = value if is_sequence(value) else [value]
        return dict(zip(keys, values, strict=False))

    return each
