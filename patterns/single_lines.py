"""Lines that rise or fall once, for fades."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from patterns.combine import signal
from patterns.core import Pattern
from patterns.registry import constant
from patterns.ticks import TICKS


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
