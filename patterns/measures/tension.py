"""Tension as distance: notes, chords and keys on a spiral of fifths.

Source: E. Chew, Mathematical and computational modeling of tonality (2014), for the spiral and its numbers;
D. Herremans, E. Chew, Tension ribbons: quantifying and visualising tonal tension (2016), for the measures.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

from patterns.measures.heard import Heard, pitch_classes
from patterns.measures.keys import KeyFound

__all__ = ["Strain", "strain_of", "tension_of"]

Point = tuple[float, float, float]

_RISE = math.sqrt(
    2 / 15
)  # of a fifth, where the radius is 1: thirds and fifths are then as near as they sound
_WEIGHTS = (0.536, 0.274, 0.190)  # of root, fifth and third, and of tonic, dominant and subdominant
_MAJOR_SHARE = 0.75  # of the major dominant and of the minor subdominant, in minor
_LOWEST = -5  # fifths below the tonic as which a pitch class is read: Db in C; the highest is F#


class Strain(NamedTuple):
    """How far apart notes are.

    Attributes:
        diameter: The greatest distance between two of them: how dissonant they are among themselves.
        momentum: How far their centre has moved since the notes before.
        strain: How far their centre is from that of the key.
        centre: Where they are, for the momentum of the next.
    """

    diameter: float
    momentum: float
    strain: float
    centre: Point


def _pitch(fifths: int) -> Point:
    angle = fifths * math.pi / 2
    return math.sin(angle), math.cos(angle), fifths * _RISE


def _mean(points: Sequence[Point], weights: Sequence[float]) -> Point:
    whole = sum(weights)
    rows = list(zip(points, weights, strict=True))
    x, y, z = (sum(point[axis] * weight for point, weight in rows) / whole for axis in range(3))
    return x, y, z


def _major(root: int) -> Point:
    return _mean([_pitch(root), _pitch(root + 1), _pitch(root + 4)], _WEIGHTS)


def _minor(root: int) -> Point:
    return _mean([_pitch(root), _pitch(root + 1), _pitch(root - 3)], _WEIGHTS)


def _both(one: Callable[[int], Point], other: Callable[[int], Point], root: int) -> Point:
    return _mean([one(root), other(root)], [_MAJOR_SHARE, 1 - _MAJOR_SHARE])


def _key(minor: bool) -> Point:
    """The centre of a key, with its tonic at 0."""
    if minor:
        return _mean([_minor(0), _both(_major, _minor, 1), _both(_minor, _major, -1)], _WEIGHTS)
    return _mean([_major(0), _major(1), _major(-1)], _WEIGHTS)


_KEYS = {minor: _key(minor) for minor in (False, True)}
_WIDEST = max(
    math.dist(_pitch(one), _pitch(other)) for one, other in combinations(range(_LOWEST, _LOWEST + 12), 2)
)
_FARTHEST = {
    minor: max(math.dist(_pitch(one), centre) for one in range(_LOWEST, _LOWEST + 12))
    for minor, centre in _KEYS.items()
}


def strain_of(notes: Sequence[Heard], key: KeyFound, before: Strain | None = None) -> Strain | None:
    """Measure how far apart notes are, and how far from their key.

    >>> home = [Heard(0, 1, note) for note in (60, 64, 67)]
    >>> away = [Heard(0, 1, note) for note in (61, 65, 68)]
    >>> in_c = KeyFound(0, False, 1, 1)
    >>> strain_of(home, in_c).strain < strain_of(away, in_c).strain
    True

    Args:
        notes: What sounds together, or within a window.
        key: In which.
        before: What the notes before measured.

    Returns:
        None if nothing that sounds has a pitch. Distances are in radii of the spiral.
    """
    sums = pitch_classes(notes)
    there = [(_pitch(_fifths(pitch - key.tonic)), weight) for pitch, weight in enumerate(sums) if weight > 0]
    if not there:
        return None
    points = [point for point, _ in there]
    centre = _mean(points, [weight for _, weight in there])
    diameter = max((math.dist(one, other) for one, other in combinations(points, 2)), default=0.0)
    # Seen from the tonic: where the key changes, the centre before is only about right.
    momentum = math.dist(centre, before.centre) if before is not None else 0.0
    return Strain(diameter, momentum, math.dist(centre, _KEYS[key.minor]), centre)


def tension_of(strain: Strain, key: KeyFound) -> float:
    """Give one number from 0 to 1: the mean of diameter and strain, each as a share of the most there can be.

    >>> octave = strain_of([Heard(0, 1, 60), Heard(0, 1, 72)], KeyFound(0, False, 1, 1))
    >>> 0 < tension_of(octave, KeyFound(0, False, 1, 1)) < 0.2
    True
    """
    return (strain.diameter / _WIDEST + strain.strain / _FARTHEST[key.minor]) / 2


def _fifths(above: int) -> int:
    """Where on the line of fifths a pitch class lies, from the tonic; 7 semitones are 1."""
    return (above * 7 - _LOWEST) % 12 + _LOWEST
