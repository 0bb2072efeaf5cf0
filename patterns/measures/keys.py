"""Pitch classes: how evenly they are used, and the key that they speak for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from patterns.measures.heard import Heard, pitch_classes

__all__ = ["MAJOR", "MINOR", "KeyFound", "key_of", "pitch_class_entropy"]

# How well each pitch class above the tonic fitted, as listeners judged it on a scale to 7.
# Source: C. Krumhansl, E. Kessler, Tracing the dynamic changes in perceived tonal organization (1982).
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")


class KeyFound(NamedTuple):
    """A key, and how sure it is.

    Attributes:
        tonic: Its pitch class.
        minor: Whether it is minor.
        fit: The correlation with the profile of the key, -1 to 1.
        margin: By how much it fits better than the next one.
    """

    tonic: int
    minor: bool
    fit: float
    margin: float

    @property
    def name(self) -> str:
        """As a progression takes it.

        >>> KeyFound(3, True, 0.9, 0.1).name
        'Eb:minor'
        """
        return f"{_MINOR_NAMES[self.tonic]}:minor" if self.minor else f"{_MAJOR_NAMES[self.tonic]}:major"


def pitch_class_entropy(notes: Iterable[Heard]) -> float:
    """Say how evenly the pitch classes are used, by how long they sound.

    >>> pitch_class_entropy([Heard(0, 1, 60), Heard(1, 1, 67), Heard(2, 2, 72)])
    0.8112781244591328

    Returns:
        Bits: 0 where there is one alone, 3.58 where all twelve sound alike.
    """
    sums = [each for each in pitch_classes(notes) if each > 0]
    whole = sum(sums)
    return sum(-each / whole * math.log2(each / whole) for each in sums) + 0.0


def key_of(notes: Iterable[Heard]) -> KeyFound | None:
    """Find the key that some notes speak for; None where they speak for none.

    >>> scale = [Heard(at, 1, note) for at, note in enumerate((57, 59, 60, 62, 64, 65, 68, 69))]
    >>> key_of(scale).name
    'A:minor'

    Source: C. Krumhansl, Cognitive foundations of musical pitch (1990): the key whose profile correlates
    best with how long each pitch class sounds.
    """
    sums = pitch_classes(notes)
    if max(sums) == min(sums):
        return None
    found = sorted(
        (
            (_correlation(sums, [profile[(pitch - tonic) % 12] for pitch in range(12)]), tonic, minor)
            for minor, profile in ((False, MAJOR), (True, MINOR))
            for tonic in range(12)
        ),
        key=lambda row: -row[0],
    )
    (best, tonic, minor), (other, *_) = found[:2]
    return KeyFound(tonic, minor, best, best - other)


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    mean, mean_ = sum(one) / len(one), sum(other) / len(other)
    a, b = [x - mean for x in one], [x - mean_ for x in other]
    return sum(x * y for x, y in zip(a, b, strict=True)) / math.sqrt(
        sum(x * x for x in a) * sum(y * y for y in b)
    )
