"""Numbers that a musician gives to the functions of a piece, checked."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import cast

from patterns.arguments import told

__all__ = ["FARTHEST", "LONGEST_QUANTUM", "SHORTEST", "brief", "cycles_given", "number_given", "place_given"]

LONGEST_QUANTUM = 65_536
"""Cycles; beyond it nobody would still wait, and times in seconds lose their precision."""


def cycles_given(verb: str, quantum: object, what: str = "quantum") -> Fraction:
    """Cycles that are waited for, as a fraction; 1 where nothing is given.

    Args:
        verb: Who asks, for the message.
        quantum: What the musician gave.
        what: What it is called.

    Raises:
        ValueError: It is no number of cycles, or too many.
    """
    if quantum is None:
        return Fraction(1)
    try:
        cycles = Fraction(cast("float", quantum)).limit_denominator(4096)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        cycles = Fraction(-1)
    if not 0 <= cycles <= LONGEST_QUANTUM:
        raise ValueError(f"{verb}: {what} is in cycles, 0 to {LONGEST_QUANTUM} (got {brief(quantum)})")
    return cycles


FARTHEST = 1_000_000
"""Cycles: three weeks at the usual tempo."""
SHORTEST = Fraction(1, 16)
"""Cycles of a loop: an eighth of a second at the usual tempo."""


def place_given(verb: str, cycle: object) -> Fraction:
    """A cycle of the piece, as a fraction.

    Args:
        verb: Who asks, for the message.
        cycle: What the musician gave.

    Raises:
        ValueError: It is no cycle of a piece.
    """
    try:
        place = Fraction(cast("float", cycle)).limit_denominator(4096)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        place = Fraction(-1)
    if not 0 <= place <= FARTHEST or isinstance(cycle, str):
        raise ValueError(f"{verb}: a cycle is a number from 0 to {FARTHEST:,} (got {brief(cycle)})")
    return place


def number_given(what: str, value: object) -> float:
    """A number that says a tempo.

    Args:
        what: What it is called.
        value: What the musician gave.

    Raises:
        TypeError: It is no number.
    """
    if not isinstance(value, str):
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            return float(cast("float", value))
    raise TypeError(f"tempo: {what} must be a number, as in tempo(112) (got {brief(value)})")


def brief(value: object) -> str:
    """A value in a message: short, also when it is long."""
    text = told(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
