"""Notes as they are measured, and how they are taken from what a pattern plays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from patterns.core import RawHap
from patterns.errors import PatternError
from patterns.kinds import is_controls
from patterns.ticks import TICKS
from patterns.tonality import note_number

__all__ = ["Heard", "between", "heard_in", "pitch_classes"]


class Heard(NamedTuple):
    """A note that was played.

    Attributes:
        onset: When, in cycles.
        duration: How long, in cycles.
        pitch: Number of the note, 60 is middle C; None for what has none, such as a drum.
        velocity: How strong, 0 to 1.
    """

    onset: float
    duration: float
    pitch: float | None
    velocity: float = 1.0

    @property
    def end(self) -> float:
        """When it ends."""
        return self.onset + self.duration


def heard_in(haps: Iterable[RawHap]) -> list[Heard]:
    """Take the notes that begin among some haps, in order; what is no event is left out."""
    found: list[Heard] = []
    for hap in haps:
        if hap.begin is None or hap.end is None or hap.begin != hap.part_begin:
            continue
        value = hap.value
        length = float((hap.end - hap.begin) / TICKS) * _number(value, "clip", "legato")
        strength = min(1.0, max(0.0, _number(value, "velocity") * _number(value, "gain")))
        found.append(Heard(float(hap.begin / TICKS), length, _pitch(value), strength))
    return sorted(found, key=lambda note: (note.onset, note.pitch or 0))


def between(notes: Sequence[Heard], begin: float, end: float) -> list[Heard]:
    """Take what sounds between two times, cut to it.

    >>> between([Heard(0, 2, 60), Heard(3, 1, 62)], 1, 3)
    [Heard(onset=1, duration=1, pitch=60, velocity=1.0)]
    """
    found: list[Heard] = []
    for note in notes:
        first, last = max(note.onset, begin), min(note.end, end)
        if first < last:
            found.append(note._replace(onset=first, duration=last - first))
    return found


def pitch_classes(notes: Iterable[Heard]) -> list[float]:
    """Add up how long each of the twelve pitch classes sounds, C first.

    >>> pitch_classes([Heard(0, 2, 60), Heard(0, 1, 67)])[::7]
    [2.0, 1.0]
    """
    sums = [0.0] * 12
    for note in notes:
        if note.pitch is not None:
            sums[round(note.pitch) % 12] += note.duration
    return sums


def _number(value: Any, *names: str) -> float:
    if is_controls(value):
        for name in names:
            found = value.get(name)
            if isinstance(found, (int, float)):
                return float(found)
    return 1.0


def _pitch(value: Any) -> float | None:
    note = value.get("note") if is_controls(value) else value
    if note is None or isinstance(note, bool):
        return None
    try:
        return note_number(note)
    except PatternError:
        return None
