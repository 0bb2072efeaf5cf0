"""How controllers with a number are called in an event: `cc74`, `cc14_1`, `nrpn260`, `nrpn7_260`, `rpn0`."""

from __future__ import annotations

import re
from functools import lru_cache

from patterns.errors import PatternError

MOST = {"cc": 127, "cc14_": 31, "nrpn": 16383, "nrpn7_": 16383, "rpn": 16383}
"""The highest number of each family; controllers 0 to 31 have their lower seven bits 32 above."""

_NAME = re.compile(r"(cc14_|cc|nrpn7_|nrpn|rpn)(\d{1,5})")


@lru_cache(maxsize=4096)
def numbered(key: str) -> tuple[str, int] | None:
    """Take the key of a numbered controller apart; None if it is another one.

    >>> numbered("cc74"), numbered("cc14_1"), numbered("cutoff")
    (('cc', 74), ('cc14_', 1), None)

    Raises:
        PatternError: There is no controller of that number.
    """
    found = _NAME.fullmatch(key)
    if found is None:
        return None
    return found[1], checked(key, found[1], int(found[2]))


def checked(name: str, kind: str, number: int) -> int:
    """Give back a number that a family has.

    Raises:
        PatternError: It has not.
    """
    if not 0 <= number <= MOST[kind]:
        raise PatternError(f"{name}: the number must be 0 to {MOST[kind]} (got {number})")
    return number
