"""Dividing a corpus: what is learnt, what is tried, and what is kept for the test, no tune in two of them."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patterns.models.scores import Score

SHARED = 6
"""Intervals in a row by which two melodies are compared."""
ALIKE = 0.35
"""The part of the shorter melody that the other has too, from which they are one tune."""
KEPT = 0.1
"""The part of the pieces that is tried, and the part that is kept for the test."""
FEWEST = 5
"""Tunes below which nothing can be kept for a test."""


class Split(NamedTuple):
    """The numbers of the pieces of each part."""

    train: list[int]
    valid: list[int]
    test: list[int]


def tunes(tops: Sequence[Score]) -> list[list[int]]:
    """Group pieces by their melody: settings of one tune, in whatever key, belong together.

    Args:
        tops: The highest voice of each piece.
    """
    runs = [_runs(top) for top in tops]
    above = list(range(len(tops)))

    def root(number: int) -> int:
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    having: dict[tuple[int, ...], list[int]] = {}
    for number, mine in enumerate(runs):
        shared: dict[int, int] = {}
        for run in mine:
            for other in having.get(run, ()):
                shared[other] = shared.get(other, 0) + 1
            having.setdefault(run, []).append(number)
        for other, count in shared.items():
            if count >= ALIKE * min(len(mine), len(runs[other])):
                above[root(number)] = root(other)
    groups: dict[int, list[int]] = {}
    for number in range(len(tops)):
        groups.setdefault(root(number), []).append(number)
    return list(groups.values())


def _runs(top: Score) -> set[tuple[int, ...]]:
    steps = [after.pitch - note.pitch for note, after in pairwise(top.line())]
    return {tuple(steps[at : at + SHARED]) for at in range(max(0, len(steps) - SHARED + 1))}


def divide(tops: Sequence[Score], seed: int) -> Split:
    """Divide pieces by their tunes; with few tunes all are learnt.

    Args:
        tops: The highest voice of each piece.
        seed: Another one divides otherwise.
    """
    groups = tunes(tops)
    if len(groups) < FEWEST:
        return Split(list(range(len(tops))), [], [])

    def place(group: list[int]) -> bytes:
        return hashlib.sha256(f"{seed} {min(tops[number].name for number in group)}".encode()).digest()

    wanted = max(1, round(KEPT * len(tops)))
    parts: list[list[int]] = [[], [], []]
    for group in sorted(groups, key=place):
        part = next((p for p in (2, 1) if len(parts[p]) < wanted and len(group) <= 2 * wanted), 0)
        parts[part] += group
    return Split(sorted(parts[0]), sorted(parts[1]), sorted(parts[2]))
