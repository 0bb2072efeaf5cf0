"""Values of which each comes from the one before, by parameters that may be patterns themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from patterns.arguments import number, told, whole
from patterns.combine import fast, pure, with_steps
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.folds import OnsetFold
from patterns.joining import app_left
from patterns.memory import plain
from patterns.reading import reify

__all__ = ["GROUP", "driven", "reflected"]

GROUP = "Engines"

Step = Callable[[Any, Sequence[Any], Dice], Any]
"""Makes the next state of a state, of what the parameters are then, and of dice."""


def driven(
    title: str,
    step: Step,
    start: Any,
    parameters: Sequence[Any],
    per_cycle: Any,
    name: Any,
    since: Any,
    show: Callable[[Any], Any] | None = None,
) -> Pattern:
    """Give so many values a cycle, each made of the one before and of what the parameters are when it begins.

    Args:
        title: The function that asks, for messages.
        step: Makes the next state.
        start: The state before the first.
        parameters: Numbers or patterns.
        per_cycle: Values a cycle.
        name: Under which the state goes on through a change of the piece; empty if it does not.
        since: The cycle in which it begins.
        show: Makes what sounds of a state.
    """
    count = whole(f"{title}: per_cycle=", per_cycle)
    if not isinstance(name, str) or not (name.isprintable() and len(name) <= 200):
        raise TypeError(f"{title}: name= wants a short text, found {told(name)}")
    first = number(f"{title}: since=", since)
    if first != int(first):
        raise PatternError(f"{title}: since= wants the number of a cycle, found {since!r}")
    slots = with_steps(fast(pure(()), Fraction(count)), Fraction(count))
    for one in parameters:
        slots = app_left(slots, reify(one), _also)
    return OnsetFold(step, True, plain(start), int(first), name, show, (), slots).pattern()


def reflected(value: float, low: float, high: float) -> float:
    """Turn back at two bounds what goes beyond them, as often as need be.

    >>> reflected(13, 0, 10), reflected(-12, 0, 5), reflected(3, 7, 7)
    (7, 2, 7)
    """
    width = high - low
    if not width:
        return low
    way = (value - low) % (2 * width)
    return low + min(way, 2 * width - way)


def _also(row: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    return (*row, value)
