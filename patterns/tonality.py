"""Names of notes and what they mean."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache

from patterns.errors import PatternError
from patterns.spelling import near

STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
SIGNS = {"#": 1, "s": 1, "b": -1, "f": -1, "x": 2, "n": 0}
OCTAVE = 3  # of a name without one, as in Strudel: c is c3 = 48

_NAME = re.compile(r"([a-gA-G])([#bsfxn]*)(-?\d{1,2})?")
_SPELLINGS = [
    f"{letter}{sign}{octave}"
    for letter in "cdefgab"
    for sign in ("", "#", "b")
    for octave in ("", 2, 3, 4, 5)
]


@lru_cache(maxsize=4096)
def _named(name: str) -> float:
    found = _NAME.fullmatch(name.strip())
    if not found:
        alike = near(name.strip().lower(), _SPELLINGS, most=2, likeness=0.5)
        hint = f"; the nearest is {' or '.join(alike)}" if alike else "; notes are written like c, eb4, f#2"
        raise PatternError(f"no note is called {name!r}{hint}")
    letter, signs, octave = found.groups()
    number = STEPS[letter.lower()] + sum(SIGNS[sign] for sign in signs)
    return float(number + 12 * ((OCTAVE if octave is None else int(octave)) + 1))


def _is_number(value: object) -> bool:
    """Say whether a value is a finite number: a pattern may hold anything."""
    return isinstance(value, (int, float, Fraction)) and not isinstance(value, bool) and math.isfinite(value)


def note_number(value: str | float) -> float:
    """Turn a note into its MIDI number, with fractions for what lies between the keys.

    >>> note_number("c3"), note_number("eb4"), note_number("c#4"), note_number(60.5)
    (48.0, 63.0, 61.0, 60.5)

    Args:
        value: A name such as `c`, `eb4`, `cs4` (octave 3 if none is given) or a number.

    Raises:
        PatternError: There is no such note; the message names the nearest.
    """
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            return _named(value)
        return number if math.isfinite(number) else _named(value)  # "nan" is a word like any other
    if _is_number(value):
        return float(value)
    raise PatternError(f"a note must be a name like eb4 or a number, found {value!r}")
