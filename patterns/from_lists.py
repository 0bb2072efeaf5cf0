"""Patterns made of Python's lists, and lines that rise and fall once."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns import combine, moving
from patterns.arguments import ticks
from patterns.combine import SILENCE, fmap, pure, signal
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.kinds import is_list, is_sequence
from patterns.reading import reify
from patterns.registry import constant, function
from patterns.state import Walk
from patterns.ticks import TICKS, Time

GROUP = "Making patterns"


def _listed(name: str, values: Any) -> list[Any]:
    if not is_sequence(values):
        raise TypeError(f"{name} wants a list of values, found {values!r}")
    return list(values)


@function(GROUP)
def from_list(values: Any) -> Pattern:
    """Play the values of a list, one a cycle; text is taken as it is.

    >>> [hap.value for hap in from_list(["a", "b"]).haps(0, 2)]
    ['a', 'b']

    Args:
        values: The list.
    """
    return combine.slowcat([pure(value) for value in _listed("from_list", values)])


@function(GROUP)
def fast_from_list(values: Any) -> Pattern:
    """Play the values of a list within a cycle; text is taken as it is.

    >>> [hap.value for hap in fast_from_list(["a", "b c"]).haps(0, 1)]
    ['a', 'b c']

    Args:
        values: The list.
    """
    return combine.fastcat([pure(value) for value in _listed("fast_from_list", values)])


@function(GROUP)
def from_maybes(values: Any) -> Pattern:
    """Play the values of a list within a cycle, with a rest for each None.

    >>> [str(hap.whole.begin) for hap in from_maybes([1, None, 2]).haps(0, 1)]
    ['0', '2/3']

    Args:
        values: The list.
    """
    listed = _listed("from_maybes", values)
    return combine.fastcat([SILENCE if value is None else pure(value) for value in listed])


@function(GROUP)
def seq_p(*parts: Any) -> Pattern:
    """Play patterns from one cycle to another, once; each begins with its own cycle 0.

    >>> [hap.value for hap in seq_p((0, 2, "a"), (1, 3, "<b c>")).haps(0, 4)]
    ['a', 'a', 'b', 'c']

    Args:
        parts: Triples (first cycle, cycle after the last, pattern).
    """
    made: list[tuple[Time, Time, Pattern]] = []
    for part in parts:
        triple = _listed("seq_p", part)
        if len(triple) != 3:
            raise TypeError(f"seq_p wants triples (begin, end, pattern), found {part!r}")
        made.append((ticks("seq_p", triple[0]), ticks("seq_p", triple[1]), reify(triple[2])))

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for start, stop, pattern in made:
            first, last = max(begin, start), min(end, stop)
            if first < last:
                kept += moving.shift(moving.visit(pattern, first - start, last - start, walk, start), start)
        return kept

    return Pattern(run, None, None, combine.reads_of([pattern for _, _, pattern in made]))


@function("Controls")
def grp(names: Any, values: Any) -> Pattern:
    """Set several controls from values joined by colons.

    >>> grp(["s", "n", "speed"], "bd:3:2").haps(0, 1)[0].value
    {'s': 'bd', 'n': 3, 'speed': 2}

    Args:
        names: A list of names of controls.
        values: A pattern of values such as `bd:3`; those that are not given are not set.
    """
    keys = [str(name) for name in _listed("grp", names)]

    def split(value: Any) -> dict[str, Any]:
        parts = value if is_list(value) else (value,)
        if len(parts) > len(keys):
            raise PatternError(f"grp sets {len(keys)} controls ({':'.join(keys)}), found {len(parts)} values")
        return dict(zip(keys, parts, strict=False))

    return fmap(reify(values), split)


def rise(share: float) -> float:
    """Rise from 0 to 1 with equal power: 0 and 1 are held before and after.

    >>> rise(-1), round(rise(0.5) ** 4, 9), rise(2)
    (0.0, 0.5, 1.0)
    """
    if share <= 0:
        return 0.0
    return 1.0 if share >= 1 else math.sqrt(math.sin(math.pi / 2 * share))


def _line(shape: Callable[[float], float]) -> Pattern:
    return signal(lambda time, _: shape(float(Fraction(time) / TICKS)))


def _held(cycles: float) -> float:
    return max(0.0, min(1.0, cycles))


constant("env_l", _line(_held), "Rise from 0 to 1 in the first cycle and stay there.", "Signals")
constant(
    "env_lr", _line(lambda t: 1 - _held(t)), "Fall from 1 to 0 in the first cycle and stay there.", "Signals",
    tidal="envLR",
)  # fmt: skip
constant(
    "env_eq",
    _line(lambda t: rise(1 - t)),
    "Fall from 1 to 0 in the first cycle, with equal power.",
    "Signals",
)
constant(
    "env_eq_r",
    _line(rise),
    "Rise from 0 to 1 in the first cycle, with equal power.",
    "Signals",
    tidal="envEqR",
)
