"""Scales by name, and the notes at their degrees."""

from __future__ import annotations

import difflib
import math
import re
from functools import lru_cache
from typing import Any

from patterns.errors import PatternError
from patterns.kinds import is_list
from patterns.tonality import note_number

SCALES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "harmonic major": (0, 2, 4, 5, 7, 8, 11),
    "hungarian minor": (0, 2, 3, 6, 7, 8, 11),
    "double harmonic": (0, 1, 4, 5, 7, 8, 11),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
    "lydian dominant": (0, 2, 4, 6, 7, 9, 10),
    "super locrian": (0, 1, 3, 4, 6, 8, 10),
    "neapolitan minor": (0, 1, 3, 5, 7, 8, 11),
    "neapolitan major": (0, 1, 3, 5, 7, 9, 11),
    "enigmatic": (0, 1, 4, 6, 8, 10, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "egyptian": (0, 2, 5, 7, 10),
    "hirajoshi": (0, 2, 3, 7, 8),
    "iwato": (0, 1, 5, 6, 10),
    "in sen": (0, 1, 5, 7, 10),
    "pelog": (0, 1, 3, 7, 8),
    "kumoi": (0, 2, 3, 7, 9),
    "blues": (0, 3, 5, 6, 7, 10),
    "major blues": (0, 2, 3, 4, 7, 9),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "augmented": (0, 3, 4, 7, 8, 11),
    "diminished": (0, 2, 3, 5, 6, 8, 9, 11),
    "half whole": (0, 1, 3, 4, 6, 7, 9, 10),
    "bebop": (0, 2, 4, 5, 7, 9, 10, 11),
    "bebop minor": (0, 2, 3, 5, 7, 8, 10, 11),
    "chromatic": tuple(range(12)),
}
"""Name → steps in semitones above the tonic."""

_DEGREE = re.compile(r"(-?\d+)([#bs]*)")
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

    def __repr__(self) -> str:
        """Write as a plain number."""
        return f"{float(self):g}"


def read_scale(value: Any) -> tuple[float, str]:
    """Read a scale such as `C:minor` or `D4:minor:pentatonic`: number of the tonic and name.

    >>> read_scale(("D4", "dorian"))
    (62.0, 'dorian')

    Raises:
        PatternError: The scale is not known; the message names the nearest.
    """
    parts = [str(part) for part in (value if is_list(value) else str(value).split())]
    if len(parts) < 2:
        raise PatternError(f"a scale is written like C:minor or D4:major:pentatonic, found {value!r}")
    words = " ".join(parts[1:]).replace("_", " ").strip()
    name = _SHORT.get(words, words.lower())
    if name not in SCALES:
        near = difflib.get_close_matches(name, list(SCALES), n=3, cutoff=0.4)
        hint = f"; the nearest are {', '.join(near)}" if near else ""
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
    """Read a degree such as 4, `4#` or `-1b`: degree and alteration; None if it is no degree."""
    if isinstance(value, str):
        found = _DEGREE.fullmatch(value)
        if not found:
            return None
        signs = found[2]
        return int(found[1]), signs.count("#") + signs.count("s") - signs.count("b")
    if isinstance(value, (int, float)) and math.isfinite(value):
        return math.floor(value + 0.5), 0
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
