"""Repetition: how alike stretches of music are, and how much of it has been there before."""

from __future__ import annotations

import math
from collections.abc import Sequence

from patterns.measures.heard import Heard, between, pitch_classes

__all__ = ["frames_of", "likeness", "note_density", "repetition", "self_similarity"]

_GRID = 16  # parts of a frame, for its rhythm


def note_density(notes: Sequence[Heard], begin: float, end: float) -> float:
    """Count the notes that begin in each cycle between two times, on average.

    >>> note_density([Heard(0, 1, 60), Heard(0.5, 1, 64), Heard(1, 1, 67)], 0, 2)
    1.5
    """
    return sum(begin <= note.onset < end for note in notes) / (end - begin) if end > begin else 0.0


def frames_of(notes: Sequence[Heard], begin: float, end: float, length: float = 1) -> list[list[float]]:
    """Describe stretches of equal length: which pitch classes sound, and when something begins.

    Args:
        notes: What was played.
        begin: The begin of the first stretch, in cycles.
        end: Up to which there are stretches.
        length: Of each, in cycles.
    """
    found: list[list[float]] = []
    for place in range(max(0, math.ceil((end - begin) / length - 1e-9))):
        first = begin + place * length
        within = between(notes, first, first + length)
        rhythm = [0.0] * _GRID
        for note in notes:
            if first <= note.onset < first + length:
                rhythm[min(_GRID - 1, int((note.onset - first) / length * _GRID + 1e-9))] += note.velocity
        found.append([*_unit(pitch_classes(within)), *_unit(rhythm)])
    return found


def likeness(one: Sequence[float], other: Sequence[float]) -> float:
    """Say how alike two frames are: 1 alike, 0 nothing in common; two silent ones are alike.

    >>> a, b = frames_of([Heard(0, 1, 60), Heard(1, 1, 72)], 0, 2)
    >>> round(likeness(a, b), 6)
    1.0
    """
    parts = ((0, 12), (12, len(one)))
    told: list[float] = []
    for first, last in parts:
        a, b = one[first:last], other[first:last]
        if any(a) or any(b):
            told.append(sum(x * y for x, y in zip(a, b, strict=True)))
    return sum(told) / len(told) if told else 1.0


def self_similarity(frames: Sequence[Sequence[float]]) -> list[list[float]]:
    """Compare each frame with each: a matrix, symmetric, with 1 from corner to corner."""
    rows = [[0.0] * len(frames) for _ in frames]
    for place, one in enumerate(frames):
        for before in range(place + 1):
            rows[place][before] = rows[before][place] = likeness(one, frames[before])
    return rows


def repetition(matrix: Sequence[Sequence[float]]) -> float:
    """Say how much has been there before: for each frame its best likeness to an earlier one, on average.

    >>> repetition([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    0.5
    """
    best = [max(row[:place]) for place, row in enumerate(matrix) if place]
    return sum(best) / len(best) if best else 0.0


def _unit(row: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in row))
    return [x / length for x in row] if length else [*row]
