"""What a key of the settings may be: each check gives the value, or says what is wrong with it."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["Refused", "choice", "near", "number", "seed", "switch", "text"]


class Refused(ValueError):
    """A value that a key cannot take; says what it can."""


def choice(*allowed: str) -> Callable[[object], object]:
    """One of some words."""

    def check(value: object) -> object:
        if value not in allowed:
            raise Refused(f"must be one of {', '.join(allowed)}{near(str(value), allowed)}")
        return value

    return check


def number(
    low: float, high: float, *, whole: bool = False, open_low: bool = False
) -> Callable[[object], object]:
    """A number from one to another."""

    def check(value: object) -> object:
        kind = "a whole number" if whole else "a number"
        begin = "above" if open_low else "from"
        wrong = Refused(f"must be {kind} {begin} {low:g} to {high:g}")
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise wrong
        if not math.isfinite(value) or not low <= value <= high or (open_low and value == low):
            raise wrong
        return value if whole else float(value)

    return check


def seed(value: object) -> object:
    """A whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Refused("must be a whole number")


def text(value: object) -> object:
    """A short text."""
    if not isinstance(value, str) or not value.strip() or len(value) > 60 or not value.isprintable():
        raise Refused("must be a text of 1 to 60 characters")
    return value


def switch(value: object) -> object:
    """True or false."""
    if not isinstance(value, bool):
        raise Refused("must be true or false")
    return value


def near(name: str, known: Collection[str]) -> str:
    """What a name may have been meant to be."""
    near = [f"; did you mean {one!r}?" for one in get_close_matches(name, known, n=1)]
    return near[0] if near else f" (there: {', '.join(known)})"
