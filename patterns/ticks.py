"""Exact time: whole ticks of a cycle, and fractions of a tick where a division leaves a rest."""

from __future__ import annotations

import math
from fractions import Fraction

# 2^12 · 3^5 · 5^3 · 7^2 · 11 · 13: sixteen notes in triplets in septuplets and more divide it, and a
# million cycles of it stay below 2^60, where Python's integers still have two digits.
TICKS = 2**12 * 3**5 * 5**3 * 7**2 * 11 * 13

Time = int | Fraction
"""A time in ticks. An `int` wherever possible: a `Fraction` costs ten times as much."""

_SMALL = 4096
_CLOSE = 1e-9


def exact(value: object) -> Fraction:
    """Read a time in cycles exactly; a float is the nearest small fraction.

    >>> exact(1 / 3), exact(0.1), exact("3/8")
    (Fraction(1, 3), Fraction(1, 10), Fraction(3, 8))

    Raises:
        ValueError: The value is no finite number.
    """
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a time must be a finite number, found {value}")
        near = Fraction(value).limit_denominator(_SMALL)
        if abs(float(near) - value) <= _CLOSE * max(1.0, abs(value)):
            return near
        return Fraction(value).limit_denominator(_SMALL * _SMALL)
    if isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"a time must be a number like 2, .25 or 1/3, found {value!r}") from None
    raise ValueError(f"a time must be a number of cycles, found {value!r}")


def settle(time: Time) -> Time:
    """Turn a fraction that is a whole number of ticks back into an `int`."""
    if type(time) is not int and time.denominator == 1:
        return int(time)
    return time


def scale(time: Time, up: int, down: int) -> Time:
    """Multiply a time by the fraction up/down, exactly.

    >>> scale(10, 3, 2), scale(5, 1, 2)
    (15, Fraction(5, 2))
    """
    product = time * up
    quotient, rest = divmod(product, down)
    return quotient if not rest else Fraction(product, down)


def to_ticks(cycles: float | Fraction | str) -> Time:
    """Turn cycles into ticks.

    >>> to_ticks(0.5) == TICKS // 2
    True
    """
    if type(cycles) is int:
        return cycles * TICKS
    value = exact(cycles)
    return scale(TICKS, value.numerator, value.denominator)


def to_cycles(time: Time) -> Fraction:
    """Turn ticks into cycles.

    >>> to_cycles(TICKS // 3)
    Fraction(1, 3)
    """
    return Fraction(time, TICKS) if type(time) is int else Fraction(time) / TICKS


def common(*periods: Fraction | None) -> Fraction | None:
    """Find the least common multiple of some periods; None is a pattern that does not repeat.

    >>> common(Fraction(1, 2), Fraction(2, 3))
    Fraction(2, 1)
    """
    top, bottom = 1, 0
    for period in periods:
        if period is None:
            return None
        top = math.lcm(top, period.numerator)
        bottom = math.gcd(bottom, period.denominator)
    return Fraction(top, bottom or 1)


def whole_cycles(*periods: Fraction | None) -> Fraction | None:
    """As `common`, for a combination that begins anew in each cycle: a whole number of cycles.

    >>> whole_cycles(Fraction(2, 3), Fraction(1, 4))
    Fraction(2, 1)
    """
    shared = common(*periods)
    return None if shared is None else Fraction(shared.numerator)
