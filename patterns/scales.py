"""Scales by name, and the notes at their degrees."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from patterns.errors import PatternError
from patterns.kinds import is_list
from patterns.scale_table import SCALES
from patterns.spelling import near
from patterns.tonality import note_number

_ROUNDING = 1e-9  # so that what a sine makes of 3 is not taken for more than 3
_DEGREE = re.compile(r"(-?\d+)([#bs]*)")
_TONIC = "C"
_CASES = {name.lower(): name for name in SCALES}
_SHORT = {"min": "minor", "maj": "major", "m": "minor", "M": "major"}


class ScaleNote(float):
    """The number of a note that remembers its scale, so that it can move within it.

    Args:
        number: MIDI number.
        scale: Tonic and name of the scale.
    """

    __slots__ = ("scale",)
    scale: tuple[float, str]

    def __new__(cls, number: float, scale: tuple[float, str]) -> ScaleNote:
        """Make the number."""
        made = super().__new__(cls, number)
        made.scale = scale
        return made

    def __add__(self, other: object) -> ScaleNote:
        """Move up: by an octave, say, it is still of that scale."""
        return _moved(self, other)

    def __radd__(self, other: object) -> ScaleNote:
        """Move up, as `__add__` does."""
        return _moved(self, other)

    def __sub__(self, other: object) -> ScaleNote:
        """Move down, as `__add__` does."""
        return _moved(self, other, -1)

    def __repr__(self) -> str:
        """Write as a plain number."""
        return f"{float(self):g}"


def _moved(note: ScaleNote, by: object, sign: int = 1) -> ScaleNote:
    # What is no number is refused as a float would refuse it.
    if not isinstance(by, (int, float, Fraction)):
        return NotImplemented
    return ScaleNote(float(note) + sign * float(by), note.scale)


def _spelled(parts: list[str]) -> str:
    words = " ".join(parts).replace("_", " ").strip()
    return _SHORT.get(words) or _CASES.get(words.lower(), words.lower())


def _known(parts: list[str]) -> bool:
    return bool(parts) and len(parts[0]) > 1 and _spelled(parts) in SCALES


def read_scale(value: Any) -> tuple[float, str]:
    """Read a scale such as `C:minor` or `D4:minor:pentatonic`: number of the tonic and name.

    Without a tonic it is the scale on C. A tonic alone is an error: in a text it is mostly half of "C minor",
    which is two steps.

    >>> read_scale(("D4", "dorian")), read_scale("minor")
    ((62.0, 'dorian'), (48.0, 'minor'))

    Raises:
        PatternError: The scale is not known; the message names the nearest.
    """
    parts = [str(part) for part in (value if is_list(value) else str(value).split())]
    if _known(parts):
        parts = [_TONIC, *parts]
    if len(parts) < 2:
        alike = near(_spelled(parts), SCALES)
        hint = f"; the nearest are {', '.join(alike)}" if alike else ""
        raise PatternError(f"a scale is written like C:minor or D4:major:pentatonic, found {value!r}{hint}")
    name = _spelled(parts[1:])
    if name not in SCALES:
        alike = near(name, SCALES)
        hint = f"; the nearest are {', '.join(alike)}" if alike else ""
        raise PatternError(f"no scale is called {name!r}{hint}")
    return note_number(parts[0]), name


@lru_cache(maxsize=4096)
def at_degree(scale: tuple[float, str], degree: int, alteration: int = 0) -> ScaleNote:
    """Give the note at a degree of a scale, 0 for the tonic.

    >>> at_degree((48.0, "minor"), 2)
    51
    """
    steps = SCALES[scale[1]]
    octave, index = divmod(degree, len(steps))
    return ScaleNote(scale[0] + 12 * octave + steps[index] + alteration, scale)


def read_degree(value: Any) -> tuple[int, int] | None:
    """Read a degree such as 4, `4#` or `-1b`: degree and alteration; None if it is no degree.

    Between two degrees it is the upper one, as in Strudel.
    """
    if isinstance(value, str):
        found = _DEGREE.fullmatch(value)
        if not found:
            return None
        signs = found[2]
        return int(found[1]), signs.count("#") + signs.count("s") - signs.count("b")
    if isinstance(value, (int, float, Fraction)) and math.isfinite(value):
        return math.ceil(value - _ROUNDING), 0
    raise PatternError(f"scale wants a degree such as 0, 2 or 4#, or a note, found {value!r}")


def nearest_in_scale(scale: tuple[float, str], number: float) -> ScaleNote:
    """Give the note of a scale that is nearest to a number; the upper one of two.

    >>> nearest_in_scale((48.0, "minor"), 52)
    53
    """
    steps = SCALES[scale[1]]
    octave = math.floor((number - scale[0]) / 12)
    degrees = range((octave - 1) * len(steps), (octave + 2) * len(steps))
    notes = [at_degree(scale, degree) for degree in degrees]
    return min(reversed(notes), key=lambda note: abs(note - number))


def degree_of(note: ScaleNote) -> int:
    """Find the degree of a note in its scale."""
    steps = SCALES[note.scale[1]]
    octave, rest = divmod(float(note) - note.scale[0], 12)
    index = min(range(len(steps)), key=lambda place: abs(steps[place] - rest))
    return int(octave) * len(steps) + index
