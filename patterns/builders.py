"""Making patterns: values, silence, patterns at once and one after the other."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.reading import patterned, reify
from patterns.registry import constant, function, transform
from patterns.ticks import exact

GROUP = "Making patterns"

constant("silence", combine.SILENCE, "Nothing at all.", GROUP, kind="constant")


@function(GROUP)
def pure(value: Any) -> Pattern:
    """Repeat one value, once in each cycle; text is taken as it is, not as mini-notation.

    >>> pure("a b").haps(0, 1)[0].value
    'a b'
    """
    return combine.pure(value)


@function(GROUP, strudel="mini")
def mini(*texts: Any) -> Pattern:
    """Read mini-notation into a bare pattern; several texts follow one another within a cycle.

    >>> [hap.value for hap in mini("a [b c]").haps(0, 1)]
    ['a', 'b', 'c']
    """
    return combine.fastcat([reify(text) for text in texts])


@function(GROUP)
def stack(*patterns: Any) -> Pattern:
    """Play patterns at once.

    >>> len(stack("a b", "c").haps(0, 1))
    3
    """
    return combine.stack([reify(pattern) for pattern in patterns])


@function(GROUP, strudel="slowcat")
def slowcat(*patterns: Any) -> Pattern:
    """Play one pattern a cycle, each going on where it left off.

    >>> [hap.value for hap in slowcat("a b", "c").haps(0, 2)]
    ['a', 'b', 'c']
    """
    return combine.slowcat([reify(pattern) for pattern in patterns])


@function(GROUP)
def cat(*patterns: Any) -> Pattern:
    """Play one pattern a cycle, as `slowcat`.

    >>> [hap.value for hap in cat("a", "b").haps(0, 2)]
    ['a', 'b']
    """
    return slowcat(*patterns)


@function(GROUP)
def fastcat(*patterns: Any) -> Pattern:
    """Play patterns one after the other within a cycle.

    >>> [str(hap.whole.begin) for hap in fastcat("a", "b").haps(0, 1)]
    ['0', '1/2']
    """
    return combine.fastcat([reify(pattern) for pattern in patterns])


def factor(name: str, value: Any) -> Fraction:
    """Read a plain number as an exact factor or time, or say what it should have been."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)):
        raise PatternError(f"{name} wants a number, found {value!r}")
    return exact(value)


@transform("Time")
def fast(pattern: Pattern, factor_: Any) -> Pattern:
    """Play a pattern faster.

    >>> [hap.value for hap in mini("a b").fast(2).haps(0, 1)]
    ['a', 'b', 'a', 'b']
    """
    made = patterned(
        [factor_], lambda value: combine.fast(pattern, factor("fast", value)), reads=pattern.reads
    )
    return combine.with_steps(made, pattern.steps)


@transform("Time")
def slow(pattern: Pattern, factor_: Any) -> Pattern:
    """Play a pattern slower.

    >>> [hap.value for hap in mini("a b").slow(2).haps(0, 1)]
    ['a']
    """

    def build(value: Any) -> Pattern:
        number = factor("slow", value)
        return combine.fast(pattern, 1 / number) if number > 0 else combine.SILENCE

    return combine.with_steps(patterned([factor_], build, reads=pattern.reads), pattern.steps)
