"""Functions of each value: scaling, rounding, choosing."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.alignment import meant
from patterns.arguments import called, number, over, told
from patterns.combine import fmap
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.joining import app_left
from patterns.kinds import is_controls, is_list
from patterns.registry import transform
from patterns.seams import in_cycles
from patterns.ticks import TICKS

GROUP = "Values"


def _scaled(
    name: str, pattern: Pattern, low: Any, high: Any, change: Callable[[Any, Any, Any], Any]
) -> Pattern:
    def build(first: Any, last: Any) -> Pattern:
        bottom, top = number(name, first), number(name, last)

        def each(value: Any) -> Any:
            if not is_controls(value):
                return change(number(name, value), bottom, top)
            keys = meant(value)
            if not keys:
                raise PatternError(f"{name} wants numbers, or controls with a note or n, found {told(value)}")
            return {**value, **{key: change(number(name, value[key]), bottom, top) for key in keys}}

        return in_cycles(fmap(pattern, each))

    return over([low, high], build, pattern, steps=pattern.steps, ahead=True)


@transform(GROUP, name="range")
def scale_range(pattern: Pattern, low: Any, high: Any) -> Pattern:
    """Stretch numbers from 0…1 to low…high.

    >>> [hap.value for hap in saw.range(0, 4).segment(4).haps(0, 1)]
    [0.0, 1.0, 2.0, 3.0]
    >>> [hap.value for hap in note("0 .5").range(40, 60).haps(0, 1)]
    [{'note': 40}, {'note': 50.0}]

    Args:
        pattern: Numbers from 0 to 1; of controls the note, n or the only number is meant, as by `add`.
        low: What 0 becomes.
        high: What 1 becomes.
    """
    return _scaled("range", pattern, low, high, lambda value, a, b: value * (b - a) + a)


@transform(GROUP)
def range2(pattern: Pattern, low: Any, high: Any) -> Pattern:
    """Stretch numbers from -1…1 to low…high.

    >>> mini("0").range2(20, 40).haps(0, 1)[0].value
    30.0

    Args:
        pattern: Numbers from -1 to 1.
        low: What -1 becomes.
        high: What 1 becomes.
    """
    return _scaled("range2", pattern, low, high, lambda value, a, b: (value + 1) / 2 * (b - a) + a)


def _exponential(value: Any, low: Any, high: Any) -> float:
    if low <= 0 or high <= 0:
        raise PatternError(f"rangex wants limits above 0, found {low} and {high}")
    return math.exp(value * (math.log(high) - math.log(low)) + math.log(low))


@transform(GROUP)
def rangex(pattern: Pattern, low: Any, high: Any) -> Pattern:
    """Stretch numbers from 0…1 to low…high in equal ratios, as suits frequencies.

    >>> round(mini("0.5").rangex(20, 2000).haps(0, 1)[0].value)
    200

    Args:
        pattern: Numbers from 0 to 1.
        low: What 0 becomes, above 0.
        high: What 1 becomes, above 0.
    """
    return _scaled("rangex", pattern, low, high, _exponential)


def _on_number(
    name: str, change: Callable[[Any], Any], doc: str, example: str, strudel: str | None = None
) -> None:
    def call(pattern: Pattern) -> Pattern:
        def each(value: Any) -> Any:
            if is_controls(value):
                controls = value
                numeric = (int, float, Fraction)
                return {
                    key: change(part) if isinstance(part, numeric) else part for key, part in controls.items()
                }
            return change(number(name, value))

        return fmap(pattern, each)

    call.__name__ = name
    call.__doc__ = f"{doc}\n\n{example}\n"
    transform(GROUP, strudel=strudel)(call)


_on_number(
    "round", lambda v: math.floor(v + 0.5), "Round numbers.", '>>> mini("1.6").round().haps(0, 1)[0].value\n2'
)
_on_number("floor", math.floor, "Round numbers down.", '>>> mini("1.6").floor().haps(0, 1)[0].value\n1')
_on_number("ceil", math.ceil, "Round numbers up.", '>>> mini("1.2").ceil().haps(0, 1)[0].value\n2')
_on_number(
    "to_bipolar",
    lambda v: v * 2 - 1,
    "Turn 0…1 into -1…1.",
    '>>> mini("0").to_bipolar().haps(0, 1)[0].value\n-1',
)
_on_number(
    "from_bipolar",
    lambda v: (v + 1) / 2,
    "Turn -1…1 into 0…1.",
    '>>> mini("-1").from_bipolar().haps(0, 1)[0].value\n0.0',
)


@transform(GROUP)
def as_number(pattern: Pattern) -> Pattern:
    """Read names of notes as numbers.

    >>> [hap.value for hap in mini("c4 1").as_number().haps(0, 1)]
    [60, 1]
    """
    return fmap(pattern, lambda value: number("as_number", value))


def _log2(value: Any) -> float:
    if value <= 0:
        raise PatternError(f"log2 wants a number above 0, found {value}")
    return math.log2(value)


_on_number("log2", _log2, "Take the logarithm to base 2.", '>>> mini("8").log2().haps(0, 1)[0].value\n3.0')


@transform(GROUP)
def ratio(pattern: Pattern) -> Pattern:
    """Read lists such as 3:2 as ratios.

    >>> mini("3:2").ratio().haps(0, 1)[0].value
    1.5
    """

    def divide(value: Any) -> Any:
        if not is_list(value):
            return value
        parts = value
        result = number("ratio", parts[0])
        for part in parts[1:]:
            below = number("ratio", part)
            if not below:
                raise PatternError(f"ratio cannot divide by 0 in {value!r}")
            result /= below
        return result

    return fmap(pattern, divide)


@transform(GROUP)
def with_value(pattern: Pattern, change: Callable[[Any], Any]) -> Pattern:
    """Change each value by a function of it.

    >>> mini("1 2").with_value(lambda v: v * 10).haps(0, 1)[1].value
    20
    """
    return fmap(pattern, called("with_value", "a function of a value", change))


@transform(GROUP, name="fmap")
def mapped(pattern: Pattern, change: Callable[[Any], Any]) -> Pattern:
    """Change each value by a function of it, as `with_value`.

    >>> [hap.value for hap in mini("1 2").fmap(lambda v: v * 10).haps(0, 1)]
    [10, 20]
    """
    return with_value(pattern, change)


@transform(GROUP, name="hush", method_only=True)
def hushed(pattern: Pattern) -> Pattern:
    """Silence a pattern.

    >>> mini("a b").hush().haps(0, 1)
    []
    """
    del pattern
    return combine.SILENCE


@transform(GROUP, name="filter")
def filter_values(pattern: Pattern, test: Callable[[Any], Any]) -> Pattern:
    """Keep the events whose value passes a test.

    >>> [hap.value for hap in mini("1 2 3").filter(lambda v: v > 1).haps(0, 1)]
    [2, 3]
    """
    passes = called("filter", "a function of a value", test)
    tested = app_left(pattern, combine.pure(None), lambda value, _: (bool(passes(value)), value))
    return fmap(combine.keep_haps(tested, lambda hap: hap[4][0]), lambda pair: pair[1])


@transform(GROUP)
def filter_when(pattern: Pattern, test: Callable[[float], Any]) -> Pattern:
    """Keep the events whose begin, in cycles, passes a test.

    >>> [hap.value for hap in mini("<a b>").filter_when(lambda t: t >= 1).haps(0, 2)]
    ['b']
    """
    passes = called("filter_when", "a function of a time in cycles", test)
    return combine.keep_haps(pattern, lambda hap: hap[0] is not None and bool(passes(float(hap[0] / TICKS))))


@transform(GROUP, name="filter_values")
def filtered(pattern: Pattern, test: Callable[[Any], Any]) -> Pattern:
    """Keep the events whose value passes a test, as `filter`.

    >>> [hap.value for hap in mini("1 2").filter_values(lambda v: v > 1).haps(0, 1)]
    [2]

    Args:
        pattern: The pattern.
        test: The function of a value.
    """
    return filter_values(pattern, test)
