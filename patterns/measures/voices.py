"""Voice-leading: what the textbooks would mark between one chord and the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from patterns.measures.heard import Heard

__all__ = ["Fault", "faults_between", "slices_of", "voice_leading"]

_PARALLEL = {0: "parallel octaves", 7: "parallel fifths"}
_OCTAVE = 12


class Fault(NamedTuple):
    """Something that a teacher would mark.

    Attributes:
        at: When, in cycles: the begin of the second chord.
        kind: "parallel fifths", "parallel octaves", "overlap", "leap" or "spacing".
        voices: Which, from 0, the lowest.
    """

    at: float
    kind: str
    voices: tuple[int, int]


def slices_of(notes: Sequence[Heard]) -> list[tuple[float, tuple[float, ...]]]:
    """Give what sounds from each onset on: when, and the pitches from below; what has no pitch is left out.

    >>> slices_of([Heard(0, 2, 48), Heard(0, 1, 64), Heard(1, 1, 65)])
    [(0, (48, 64)), (1, (48, 65))]
    """
    pitched = [note for note in notes if note.pitch is not None]
    found: list[tuple[float, tuple[float, ...]]] = []
    sounding: list[Heard] = []
    for onset in sorted({note.onset for note in pitched}):
        sounding = [note for note in sounding if note.end > onset + 1e-9]
        sounding += [note for note in pitched if note.onset == onset]
        found.append((onset, tuple(sorted({note.pitch for note in sounding if note.pitch is not None}))))
    return found


def faults_between(
    one: Sequence[float], other: Sequence[float], at: float = 0.0, *, parts: bool = True
) -> list[Fault]:
    """Find what is wrong from one chord to the next, voices counted from below; none if they are not as many.

    >>> [fault.kind for fault in faults_between((48, 55), (50, 57))]
    ['parallel fifths']

    Args:
        one: Pitches from below.
        other: Pitches from below.
        at: When the second begins.
        parts: Whether spacing and leaps count as well: not for what is played on keys.
    """
    if len(one) != len(other) or len(one) < 2 or tuple(one) == tuple(other):
        return []
    found: list[Fault] = []
    for low, high in combinations(range(len(one)), 2):
        before, after = (one[high] - one[low]) % _OCTAVE, (other[high] - other[low]) % _OCTAVE
        down, up = other[low] - one[low], other[high] - one[high]
        if before == after and before in _PARALLEL and down * up > 0:
            found.append(Fault(at, _PARALLEL[int(before)], (low, high)))
        if high == low + 1 and (other[low] > one[high] or other[high] < one[low]):
            found.append(Fault(at, "overlap", (low, high)))
        if parts and high == low + 1 and low > 0 and other[high] - other[low] > _OCTAVE:
            found.append(Fault(at, "spacing", (low, high)))
    if parts:
        found += [
            Fault(at, "leap", (voice, voice))
            for voice in range(1, len(one))
            if abs(other[voice] - one[voice]) > _OCTAVE
        ]
    return found


def voice_leading(notes: Sequence[Heard], *, parts: bool = True) -> list[Fault]:
    """Find what is wrong between each chord and the next.

    Args:
        notes: What was played.
        parts: As for `faults_between`.
    """
    found: list[Fault] = []
    for (_, one), (at, other) in pairwise(slices_of(notes)):
        found += faults_between(one, other, at, parts=parts)
    return found
