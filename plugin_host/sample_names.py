"""What the names of sound files say: pitch, strength, and who takes turns with whom."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeVar

from plugin_host.recordings import Wanted
from plugin_host.zones import KEYS, Zone

__all__ = ["note_in", "zones_by_name"]

_CLASSES: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SIGNS: Final = {"#": 1, "♯": 1, "s": 1, "b": -1, "♭": -1, "": 0}
_NOTE: Final = re.compile(
    # After anything but letters and digits; a capital may follow small letters, as in "pianoC4".
    r"(?:(?<![A-Za-z0-9#])(?P<any>[A-Ga-g])|(?<=[a-z])(?P<capital>[A-G]))"
    r"(?P<sign>[#♯b♭]|s(?=\d))?(?P<octave>\d)(?![\d#♯♭])(?=$|[^A-Za-z]|v\d|rr\d|vel)"
)
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])\d{2,3}(?![A-Za-z0-9])")
_VELOCITY: Final = re.compile(r"(?<![A-Za-z])vel(?:ocity)?[-_ ]?(\d{1,3})(?!\d)", re.IGNORECASE)
_LAYER: Final = re.compile(r"(?<![A-Za-z])v(\d{1,2})(?!\d)", re.IGNORECASE)
_WORD: Final = re.compile(r"(?<![A-Za-z0-9#])(ppp|pp|mp|mf|fff|ff|p|f)(?![A-Za-z0-9#])", re.IGNORECASE)
_WORDS: Final = {"ppp": 16, "pp": 33, "p": 49, "mp": 64, "mf": 80, "f": 96, "ff": 112, "fff": 127}
"""The velocities that notation programs take the marks for."""
_LOWEST: Final = 12
"""The lowest key for which a bare number is taken: files that are merely counted begin below."""

_T = TypeVar("_T")


def note_in(name: str) -> list[int]:
    """The keys of the note names in a file's name.

    >>> note_in("Piano C#3 v2"), note_in("A0v5"), note_in("kick_01")
    ([49], [21], [])
    """
    found: list[int] = []
    for one in _NOTE.finditer(name):
        letter = (one["any"] or one["capital"]).lower()
        key = 12 * (int(one["octave"]) + 1) + _CLASSES[letter] + _SIGNS[one["sign"] or ""]
        found.append(key)
    return found


def zones_by_name(files: Sequence[Path]) -> list[Zone] | None:
    """Zones for files whose names tell their pitches; None if they do not.

    Each key sounds the recording of the nearest pitch, the lower of two, and of its velocities the nearest;
    files that differ in neither take turns, in the order of their names.

    Args:
        files: Of one instrument.
    """
    names = [file.stem for file in files]
    pitches = _of_each(names, note_in) or _of_each(names, _numbers)
    if not files or pitches is None or not all(0 <= key < KEYS for key in pitches):
        return None
    strengths = _strengths(names)
    table: dict[int, dict[float, list[Path]]] = {}
    for file, pitch, strength in sorted(zip(files, pitches, strengths, strict=True)):
        table.setdefault(pitch, {}).setdefault(strength, []).append(file)
    zones: list[Zone] = []
    for root, low, high in _shares(sorted(table), KEYS - 1):
        for strength, soft, loud in _shares(sorted(table[int(root)]), 127):
            takes = table[int(root)][strength]
            zones += [
                Zone(
                    Wanted(file, loop=True, bent=True),
                    low,
                    high,
                    soft,
                    loud,
                    root=root,
                    turn=turn,
                    turns=len(takes),
                )
                for turn, file in enumerate(takes)
            ]
    return zones


def _of_each(names: Sequence[str], find: Callable[[str], list[int]]) -> list[int] | None:
    """What is found in each name: of several in one name, those that differ most from name to name."""
    found = [find(name) for name in names]
    many = min(map(len, found), default=0)
    if not many:
        return None
    # Counted from the end: what comes before may be anything, as in "B3 organ C4".
    columns = [[one[-place] for one in found] for place in range(1, many + 1)]
    best = max(columns, key=lambda column: len(set(column)))
    return best if find is note_in or len(set(best)) > 1 else None


def _numbers(name: str) -> list[int]:
    """The bare numbers in a name that may be keys."""
    numbers = [int(one.group()) for one in _NUMBER.finditer(name)]
    return numbers if all(_LOWEST <= number < KEYS for number in numbers) else []


def _strengths(names: Sequence[str]) -> list[float]:
    """How strongly each was played, 0 to 127, where the names say it in one way or other."""
    said = [_VELOCITY.findall(name) for name in names]
    if all(said):
        return [min(float(one[-1]), 127.0) for one in said]
    layers = [_LAYER.findall(name) for name in names]
    if all(layers):
        # Layers that are merely counted share the velocities evenly.
        ranks = sorted({int(one[-1]) for one in layers})
        return [127 * (ranks.index(int(one[-1])) + 0.5) / len(ranks) for one in layers]
    words = [_WORD.findall(name) for name in names]
    if all(words):
        return [float(_WORDS[one[-1].lower()]) for one in words]
    return [127.0] * len(names)


def _shares(places: Sequence[float], top: int) -> list[tuple[float, int, int]]:
    """Divide 0…`top` between places, each number going to the nearest: (place, first, last)."""
    ends = [int((one + other) / 2) for one, other in pairwise(places)]
    return list(zip(places, [0, *(end + 1 for end in ends)], [*ends, top], strict=True))
