"""Chords by name: their intervals, and the two ways of writing them."""

from __future__ import annotations

import re

from patterns.errors import PatternError
from patterns.spelling import near
from patterns.tonality import note_number

# Intervals in semitones above the root; the spellings are those of lead sheets and of Tidal.
CHORDS: dict[tuple[str, ...], tuple[int, ...]] = {
    ("", "M", "maj", "major"): (0, 4, 7),
    ("m", "-", "min", "minor"): (0, 3, 7),
    ("dim", "o", "m.5"): (0, 3, 6),
    ("aug", "+"): (0, 4, 8),
    ("5", "five"): (0, 7),
    ("sus", "sus4"): (0, 5, 7),
    ("sus2",): (0, 2, 7),
    ("6", "six", "major6"): (0, 4, 7, 9),
    ("m6", "-6", "min6", "minor6"): (0, 3, 7, 9),
    ("69", "6by9", "six9"): (0, 4, 7, 9, 14),
    ("m69", "-69"): (0, 3, 7, 9, 14),
    ("7", "dom7", "seven"): (0, 4, 7, 10),
    ("^7", "^", "maj7", "major7", "M7"): (0, 4, 7, 11),
    ("m7", "-7", "min7", "minor7"): (0, 3, 7, 10),
    ("m^7", "-^7", "mM7", "minmaj7", "-^"): (0, 3, 7, 11),
    ("o7", "dim7"): (0, 3, 6, 9),
    ("h7", "m7b5", "-7b5", "h"): (0, 3, 6, 10),
    ("h9", "m9b5", "-9b5"): (0, 3, 6, 10, 14),
    ("o^7", "oM7", "dim^7"): (0, 3, 6, 11),
    ("7sus", "7sus4"): (0, 5, 7, 10),
    ("7#5", "aug7", "7aug"): (0, 4, 8, 10),
    ("7b5",): (0, 4, 6, 10),
    ("7b9",): (0, 4, 7, 10, 13),
    ("7#9",): (0, 4, 7, 10, 15),
    ("7#11",): (0, 4, 7, 10, 18),
    ("7b13",): (0, 4, 7, 10, 20),
    ("7alt", "alt"): (0, 4, 8, 10, 13, 15),
    ("9", "dom9", "nine"): (0, 4, 7, 10, 14),
    ("^9", "maj9", "M9", "major9"): (0, 4, 7, 11, 14),
    ("m9", "-9", "min9", "minor9"): (0, 3, 7, 10, 14),
    ("m^9", "-^9"): (0, 3, 7, 11, 14),
    ("9sus", "9sus4"): (0, 5, 7, 10, 14),
    ("add9", "2", "major9add"): (0, 4, 7, 14),
    ("madd9", "-add9"): (0, 3, 7, 14),
    ("add11", "4"): (0, 4, 7, 17),
    ("11", "eleven"): (0, 7, 10, 14, 17),
    ("m11", "-11", "min11"): (0, 3, 7, 10, 14, 17),
    ("^7#11", "maj7#11"): (0, 4, 7, 11, 18),
    ("13", "dom13", "thirteen"): (0, 4, 10, 14, 21),
    ("13sus",): (0, 5, 10, 14, 21),
    ("^13", "maj13", "M13"): (0, 4, 11, 14, 21),
    ("m13", "-13", "min13"): (0, 3, 10, 14, 21),
}

INTERVALS: dict[str, tuple[int, ...]] = {name: notes for names, notes in CHORDS.items() for name in names}
_LONGEST = max(map(len, INTERVALS))

_EFFECTS: dict[str, tuple[tuple[int, ...], int]] = {
    "no3": ((3, 4), 0),
    "no5": ((6, 7, 8), 0),
    "b5": ((7,), 6),
    "#5": ((7,), 8),
    "b6": ((), 8),
    "b9": ((14,), 13),
    "#9": ((14,), 15),
    "#11": ((17,), 18),
    "b13": ((21,), 20),
    "add3": ((), 4),
    "add9": ((), 14),
    "add11": ((), 17),
    "add13": ((), 21),
    "sus2": ((3, 4), 2),
    "sus4": ((3, 4), 5),
    "sus": ((3, 4), 5),
}
"""What may stand after the name of a chord → the notes that go and the one that comes."""

_CHANGE = "|".join(sorted(map(re.escape, _EFFECTS), key=len, reverse=True))
_CHANGES = re.compile(rf"(?:{_CHANGE})+")
_NAME = re.compile(r"([A-Ga-g][#b]*)([^/]*)(?:/([A-Ga-g][#b]*))?")
_DIGITS = 9  # of a number that are read: Python refuses to read thousands


def intervals(quality: str) -> tuple[int, ...]:
    """Find the intervals of a chord's quality, in semitones above the root.

    >>> intervals("m7")
    (0, 3, 7, 10)

    Raises:
        PatternError: No chord is called so; the message names the nearest.
    """
    found = INTERVALS.get(quality) or _altered(quality)
    if found is None:
        alike = near(quality, INTERVALS)
        hint = f"; the nearest are {', '.join(alike)}" if alike else "; try m7, ^7, 7, sus, dim, 6 or add9"
        raise PatternError(f"no chord is called {quality!r}{hint}")
    return found


def _altered(quality: str) -> tuple[int, ...] | None:
    """Read a quality such as `13#11` or `7b9sus` as a known chord and what is changed in it."""
    for length in range(min(len(quality) - 1, _LONGEST), -1, -1):
        known, rest = INTERVALS.get(quality[:length]), quality[length:]
        if known is None or not _CHANGES.fullmatch(rest):
            continue
        notes = set(known)
        for change in re.findall(_CHANGE, rest):
            gone, come = _EFFECTS[change]
            notes = (notes - set(gone)) | {come}
        return tuple(sorted(notes))
    return None


def split_chord(name: str) -> tuple[str, str, str | None]:
    """Take the name of a chord apart: root, quality, and the bass after a slash.

    >>> split_chord("Bb7sus/F")
    ('Bb', '7sus', 'F')
    """
    found = _NAME.fullmatch(name.strip())
    if not found:
        raise PatternError(f"no chord is called {name!r}; chords are written like C, Am7, F^7, Bb7sus, C/G")
    return found[1], found[2], found[3]


def parse_chord(name: str) -> tuple[int, tuple[int, ...], int | None]:
    """Read a chord such as `Am7` or `C^7/G`: pitch class of the root, intervals, pitch class of the bass.

    >>> parse_chord("Am7/G")
    (9, (0, 3, 7, 10), 7)
    """
    root, quality, bass = split_chord(name)
    try:
        notes = intervals(quality)
    except PatternError as error:
        raise PatternError(f"{name!r}: {error.message}") from None
    return int(note_number(root)) % 12, notes, None if bass is None else int(note_number(bass)) % 12


def expand_chord(text: str) -> list[int | float]:
    """Read a chord in Tidal's way, `c'maj`, `e'min7'ii`, `a'm7'5'o`: the numbers of its notes.

    After the quality, separated by `'`: a number is how many notes, `i` an inversion for each
    letter, `o` an open voicing, `d` with a number drops that note (from the top) by an octave.

    >>> expand_chord("c4'maj'i")
    [64, 67, 72]

    Raises:
        PatternError: It cannot be read.
    """
    root, *parts = text.split("'")
    base = note_number(root)
    quality = parts[0] if parts else "major"
    notes = [base + step for step in intervals(quality)]
    for modifier in parts[1:]:
        if modifier.isdecimal():
            count = int(modifier[:_DIGITS])
            if not 1 <= count <= 16:
                raise PatternError(f"a chord has 1 to 16 notes, found {modifier} in {text!r}")
            notes = [notes[i % len(notes)] + 12 * (i // len(notes)) for i in range(count)]
        elif modifier and set(modifier) == {"i"}:
            for _ in modifier:
                notes = [*notes[1:], notes[0] + 12]
        elif modifier == "o":
            if len(notes) > 2:
                notes = [notes[0] - 12, notes[2] - 12, notes[1], *notes[3:]]
        elif re.fullmatch(r"d\d{1,2}", modifier) and 0 < int(modifier[1:]) <= len(notes):
            dropped = notes.pop(len(notes) - int(modifier[1:]))
            notes = [dropped - 12, *notes]
        else:
            raise PatternError(
                f"{modifier!r} in {text!r} is no way to change a chord; there are a number of notes, "
                "i, o and d1"
            )
    return [int(note) if float(note).is_integer() else note for note in notes]
