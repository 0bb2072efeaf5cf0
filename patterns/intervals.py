"""Intervals by name, and notes moved by them with their spelling kept."""

from __future__ import annotations

import re
from typing import Any

from patterns.arguments import number
from patterns.errors import PatternError
from patterns.spelling import near
from patterns.tonality import OCTAVE, SIGNS, STEPS

_NAME = re.compile(r"([+-]?)(\d{1,4})([PMm]|A+|d+)|([PMm]|A+|d+)([+-]?)(\d{1,4})")
_SIZES = (0, 2, 4, 5, 7, 9, 11)
_PERFECT = {1, 4, 5}
_LETTERS = "cdefgab"
_NOTE = re.compile(r"([a-gA-G])([#bsfxn]*)(-?\d{1,2})?")
_MOST_SIGNS = 3
_COMMON = [
    f"{size}{quality}"
    for size in range(1, 16)
    for quality in ("P" if (size - 1) % 7 + 1 in _PERFECT else "mM")
]


def _read(value: str) -> tuple[int, int]:
    """Read an interval's name: steps of the staff, and semitones."""
    found = _NAME.fullmatch(value)
    size = int(found[2] or found[6]) if found else 0
    quality = (found[3] or found[4]) if found else ""
    octaves, step = divmod(size - 1, 7)
    perfect = step + 1 in _PERFECT
    if not found or not size or quality in ({"M", "m"} if perfect else {"P"}):
        alike = near(value, _COMMON, most=2)
        hint = f"; the nearest are {' and '.join(alike)}" if alike else ""
        raise PatternError(f"no interval is called {value!r}: they are written like 3M, 5P or -2m{hint}")
    shift = quality.count("A") - quality.count("d") - quality.count("m")
    if "d" in quality and not perfect:
        shift -= 1
    sign = -1 if "-" in (found[1], found[5]) else 1
    return sign * (size - 1), sign * (octaves * 12 + _SIZES[step] + shift)


def semitones(value: Any) -> float:
    """Read an interval: semitones, or a name such as `3M`, `5P`, `-2m`.

    >>> semitones("3M"), semitones("-2m"), semitones(7)
    (4.0, -1.0, 7.0)

    Raises:
        PatternError: There is no such interval; the message names the nearest.
    """
    return float(_read(value)[1]) if isinstance(value, str) else float(number("transpose", value))


def respelled(note: str, interval: str) -> str | None:
    """Move the name of a note by a named interval, on the staff; None if it would need too many signs.

    >>> respelled("c3", "3m"), respelled("f#3", "3M"), respelled("b", "2M")
    ('Eb3', 'A#3', 'C#3')
    """
    found = _NOTE.fullmatch(note.strip())
    if not found:
        return None
    letter, signs, octave = found.groups()
    steps, up = _read(interval)
    first = _LETTERS.index(letter.lower())
    turns, index = divmod(first + steps, 7)
    octave_number = OCTAVE if octave is None else int(octave) + turns
    aim = STEPS[letter.lower()] + sum(SIGNS[sign] for sign in signs) + up - 12 * turns
    difference = aim - STEPS[_LETTERS[index]]
    if abs(difference) > _MOST_SIGNS:
        return None
    return f"{_LETTERS[index].upper()}{('#' if difference > 0 else 'b') * abs(difference)}{octave_number}"
