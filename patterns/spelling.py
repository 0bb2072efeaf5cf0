"""The names that are spelled most like one that nobody knows: for the hints in messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST = 64  # letters of a name that may be meant; comparing takes as long as the name


def near(name: str, among: Iterable[str], *, most: int = 3, likeness: float = 0.4) -> list[str]:
    """List the names that are spelled most like another, the nearest first.

    >>> near("minro", ["major", "minor", "dorian"], most=1)
    ['minor']

    Args:
        name: What was written; nothing is near to more than 64 letters.
        among: The names that there are.
        most: How many at most.
        likeness: How much alike they must be, 0 to 1.
    """
    if len(name) > _LONGEST:
        return []
    return difflib.get_close_matches(name, list(among), n=most, cutoff=likeness)
