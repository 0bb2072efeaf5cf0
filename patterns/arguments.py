"""Reading the arguments of the language's functions, with messages that a musician can act on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, cast

from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.kinds import is_sequence
from patterns.reading import patterned, reify
from patterns.ticks import Time, exact, to_ticks
from patterns.tonality import note_number
from patterns.where import written_at

Build = Callable[[Any], Pattern] | Callable[[Any, Any], Pattern] | Callable[[Any, Any, Any], Pattern]

_LARGEST = 10**300  # beyond it an int is no float any more
MOST = 4096  # parts, repeats and the like: beyond it a slip of the finger would fill the memory
_MOST_LISTED = 65_536  # values of a list; a `range` may hold more than the memory
_MOST_TOLD = 80  # characters of a value in a message


def number(name: str, value: Any) -> float | Fraction:
    """Read a plain number; the name of a note counts as its number.

    Raises:
        PatternError: It is none, not finite, or beyond 10 to the power of 300.
    """
    if isinstance(value, str):
        try:
            value = _tidy(note_number(value))
        except PatternError:
            raise PatternError(f"{name} wants a number, found {told(value)}") from None
    if not isinstance(value, (int, float, Fraction)):
        raise PatternError(f"{name} wants a number, found {told(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise PatternError(f"{name} wants a finite number, found {value!r}")
    if not -_LARGEST < value < _LARGEST:
        raise PatternError(f"{name} wants a smaller number, found one beyond 10 to the power of 300")
    return value


def _tidy(value: float) -> float:
    return int(value) if value.is_integer() else value


def time(name: str, value: Any) -> Fraction:
    """Read a plain number as an exact time in cycles, or as a factor.

    Raises:
        PatternError: It is none, not finite, or beyond 10 to the power of 300.
    """
    if isinstance(value, (str, bool)):
        raise PatternError(f"{name} wants a number of cycles, found {told(value)}")
    return exact(number(name, value))


def ticks(name: str, value: Any) -> Time:
    """Read a plain number of cycles as ticks."""
    return to_ticks(time(name, value))


def whole(name: str, value: Any, low: int = 1, high: int = MOST) -> int:
    """Read a plain number as a whole one, rounded down.

    Raises:
        PatternError: It is none, or not from `low` to `high`.
    """
    found = math.floor(number(name, value))
    if not low <= found <= high:
        raise PatternError(f"{name} wants a whole number from {low} to {high}, found {told(value)}")
    return found


def probability(name: str, value: Any) -> float:
    """Read a plain number as a probability.

    Raises:
        PatternError: It is none, or not from 0 to 1.
    """
    found = float(number(name, value))
    if not 0 <= found <= 1:
        raise PatternError(f"{name} wants a probability from 0 to 1, found {told(value)}")
    return found


def listed(name: str, wanted: str, value: Any, *, empty: bool = False) -> list[Any]:
    """Read a list.

    >>> listed("necklace", "a list of lengths", (3, 2))
    [3, 2]

    Args:
        name: The function that asks, for messages.
        wanted: What it asks for, for messages.
        value: What was given: a list or a tuple.
        empty: Whether it may have nothing in it.

    Raises:
        TypeError: It is no list, or has nothing in it.
    """
    if not is_sequence(value) or not (value or empty):
        raise TypeError(f"{name} wants {wanted}, found {told(value)}")
    return list(value)


def values_of(name: str, value: Any) -> list[Any]:
    """Read the values of a list, of the letters of a text, or of a `range`.

    Raises:
        TypeError: It is none of them.
        PatternError: There are more than 65,536.
    """
    if not isinstance(value, Sequence):
        raise TypeError(f"{name} wants a list of values, found {told(value)}")
    found = cast("Sequence[Any]", value)
    if len(found) > _MOST_LISTED:
        raise PatternError(f"{name} takes up to {_MOST_LISTED} values, found {len(found)}")
    return list(found)


def called(name: str, wanted: str, value: Any) -> Callable[..., Any]:
    """Read a function.

    Args:
        name: The function of the language that asks, for messages.
        wanted: What it asks for, for messages.
        value: What was given.

    Raises:
        TypeError: It cannot be called, or is a pattern.
    """
    if not callable(value) or isinstance(value, Pattern):
        raise TypeError(f"{name} wants {wanted}, found {told(value)}")
    return value


def apply(name: str, change: Any, pattern: Pattern, *more: Any) -> Pattern:
    """Apply a musician's function to a pattern.

    Raises:
        TypeError: It is no function, or returned nothing.
        PatternError: It calls itself without end; its place is that of the function.
    """
    wanted = "a function of a pattern, such as rev, fast(2) or lambda p: p.rev()"
    call = called(name, wanted, change)
    try:
        made = call(pattern, *more)
    except RecursionError:
        place = next(iter(written_at(change)), None)
        raise PatternError(f"the function given to {name} calls itself without end", place) from None
    if made is None:
        raise TypeError(f"the function given to {name} returned nothing; does it lack a return?")
    return reify(made)


def told(value: Any) -> str:
    """Say in a message what was found: patterns and functions are called so, as their text would hide it."""
    if isinstance(value, Pattern):
        return "a pattern"
    name = getattr(value, "__name__", "") if callable(value) else ""
    text = f"the function {name!r}" if name else repr(value)
    return text if len(text) <= _MOST_TOLD else f"{text[: _MOST_TOLD - 1]}…"


def over(
    arguments: Sequence[Any],
    build: Build,
    *sources: Pattern,
    steps: Fraction | None = None,
    ahead: bool = False,
    probe: Callable[[], Pattern] | None = None,
) -> Pattern:
    """Build from arguments that may be patterns; `sources` are the patterns that `build` itself uses.

    Where `build` applies a function of the musician, `probe` applies it once beforehand, to learn which
    live inputs the outcome reads; with plain arguments that is known without it. With `ahead` it builds
    for all values that are written, to learn the period: not where it calls a function of the musician,
    see `patterns.joining.inner_join`.
    """
    reads = frozenset[str]().union(*(source.reads for source in sources))
    make = cast("Callable[..., Pattern]", build)
    return patterned(arguments, make, reads=reads, steps=steps, ahead=ahead, probe=probe)
