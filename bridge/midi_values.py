"""Values of controls checked for MIDI: whole numbers, parts of one, pairs of seven bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bridge.values import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SLACK = 1e-6
"""What a value may be beyond its range: sums of floats do not meet it exactly."""


def whole(name: str, value: object, low: int, high: int) -> int:
    """A whole number within a range.

    >>> whole("prog", 5.0, 0, 127)
    5

    Raises:
        ValueError: It lies outside; says the range.
    """
    exact = number(name, value)
    rounded = round(exact)
    if not low <= rounded <= high:
        raise ValueError(f"{name} must be {low} to {high} for MIDI (got {exact:g})")
    return rounded


def unit(name: str, value: object, low: float = 0.0) -> float:
    """A part of one, or from -1 to 1 with `low=-1`.

    >>> unit("cc74", 0.5)
    0.5

    Raises:
        ValueError: It lies outside; says what the value may have meant.
    """
    exact = number(name, value)
    if not low - SLACK <= exact <= 1 + SLACK:
        raw = f", so {exact:g} of 127 is {exact / 127:.3g}" if 1 < exact <= 127 else ""
        raise ValueError(f"{name} must be {low:g} to 1 for MIDI (got {exact:g}){raw}")
    return min(1.0, max(low, exact))


def fourteen(name: str, value: object) -> tuple[int, int]:
    """A number of 14 bits as its upper and lower seven: `260`, or the two written as `2:4`.

    >>> fourteen("nrpnn", 260), fourteen("nrpnn", (2, 4))
    ((2, 4), (2, 4))

    Raises:
        ValueError: It is neither.
    """
    if isinstance(value, list | tuple):
        parts = cast("Sequence[object]", value)
        if len(parts) != 2:
            raise ValueError(f"{name} takes one number or two joined by a colon (got {len(parts)} numbers)")
        return whole(name, parts[0], 0, 127), whole(name, parts[1], 0, 127)
    joined = whole(name, value, 0, 16383)
    return joined >> 7, joined & 127


def named(controls: Mapping[str, object], *names: str) -> tuple[str, object]:
    """The first of these controls that an event has, and its value; None if it has none of them."""
    for name in names:
        if name in controls:
            return name, controls[name]
    return names[0], None
