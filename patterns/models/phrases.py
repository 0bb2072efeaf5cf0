"""Phrases that two melodies share although some of their notes were changed, left out or put in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

__all__ = ["ANY", "FEWEST", "SHORTEST", "Phrase", "Sung", "longest_shared", "sung"]

SHORTEST = 12
"""Notes from which on a phrase is somebody's; shorter ones may be anybody's."""
LONGER = 16
"""Notes from which on the tenth that may differ is rounded up: with two changes in twelve notes one sample in
ten of a model of Bach would be a copy, with one it is one in a hundred."""
MOST = 3
"""Changes that are looked for: where more are allowed, a part of the phrase has no more than these."""
FEWEST = 3
"""Places of some steps in a row that stay whole in a phrase, however its changes lie."""
NEAR = 3
"""Notes by which such places may be shifted against each other."""
FAR = 48
"""Notes to either side that are looked at: enough for any phrase."""
ANY = 0
"""A length that is not known."""

Sung = tuple[int, int]
"""A note as it is compared: its pitch, counted from the first note, and the class of its length."""


class Phrase(NamedTuple):
    """What two melodies share.

    Attributes:
        notes: Of the phrase as the corpus has it; 0 if nothing is shared.
        edits: How many of them were changed, left out, put in, joined or split.
    """

    notes: int
    edits: int


def sung(steps: Iterable[tuple[int, int]]) -> list[Sung]:
    """The notes of some steps: intervals and the lengths of the notes that they lead to.

    >>> sung([(2, 4), (-1, 8)])
    [(0, 0), (2, 4), (1, 8)]
    """
    known = list(steps)
    pitches = accumulate((interval for interval, _ in known), initial=0)
    return list(zip(pitches, (ANY, *(length for _, length in known)), strict=True))


def longest_shared(
    mine: Sequence[Sung], theirs: Sequence[Sung], places: Sequence[tuple[int, int]], same: int
) -> Phrase:
    """Find the longest phrase of a melody in another that is the same but for a tenth of its notes.

    >>> tune = sung([(2, 4), (2, 4), (1, 4), (2, 8), (-3, 4)] * 4)
    >>> played = tune[:5] + [(30, 4)] + tune[6:]
    >>> longest_shared(played, tune, [(0, 0), (6, 6), (7, 7)], 3)
    Phrase(notes=21, edits=1)

    Args:
        mine: The melody.
        theirs: The one that it may be from, in the same key.
        places: Where a few notes of the one are notes of the other: which ones, in order of the first.
        same: How many notes from there are the same at each place.
    """
    shifts = sorted(there - here for here, there in places)
    if not any(last - first <= NEAR for first, last in zip(shifts, shifts[FEWEST - 1 :], strict=False)):
        return Phrase(0, 0)
    known = set(places)
    best = Phrase(0, 0)
    for here, there in places:
        if (here - 1, there - 1) in known:
            continue  # the middle of a run: its beginning says the same
        before = _reach(mine[:here][::-1][:FAR], theirs[:there][::-1][:FAR])
        after = _reach(mine[here + same :][:FAR], theirs[there + same :][:FAR])
        for early, behind in enumerate(before):
            for late, ahead in enumerate(after[: MOST + 1 - early]):
                found = Phrase(behind + same + ahead, early + late)
                if found.notes >= SHORTEST and found.edits <= _allowed(found.notes):
                    best = max(best, found, key=lambda one: one.notes - 2 * one.edits)
    return best


def _allowed(notes: int) -> int:
    """How many of some notes may differ."""
    return -(-notes // 10) if notes >= LONGER else notes // 10


def _reach(mine: Sequence[Sung], theirs: Sequence[Sung]) -> list[int]:
    """How many notes of the other melody are reached with no change, with one, and so on.

    On each diagonal only the way counts that has come farthest. One change may be a note that differs, is one
    too many or is missing, or two notes that have become one of them, or the other way round.

    Source: G. Landau, U. Vishkin, Fast parallel and serial approximate string matching (1989); the joining
    and parting of notes: M. Mongeau, D. Sankoff, Comparison of musical sequences (1990).
    """
    ends = len(mine), len(theirs)

    def along(here: int, there: int) -> int:
        """How far notes are the same from there on."""
        for one, other in zip(mine[here:], theirs[there:], strict=False):
            if one[0] != other[0] or (one[1] != other[1] and one[1] and other[1]):
                break
            here += 1
        return here

    ways = {0: along(0, 0)}
    found = [ways[0]]
    for _ in range(MOST):
        further: dict[int, int] = {}
        for shift, here in ways.items():
            there = here + shift
            moves = [(1, 1), (0, 1), (1, 0)]
            if here < ends[0] and there < ends[1]:
                pitch, wanted = mine[here][0], theirs[there][0]
                if there + 1 < ends[1] and pitch in (wanted, theirs[there + 1][0]):
                    moves.append((1, 2))
                if here + 1 < ends[0] and wanted in (pitch, mine[here + 1][0]):
                    moves.append((2, 1))
            for one, other in moves:
                if here + one <= ends[0] and there + other <= ends[1]:
                    turned = shift + other - one
                    further[turned] = max(further.get(turned, -1), here + one)
        ways = {shift: along(here, here + shift) for shift, here in further.items()}
        found.append(max([found[-1], *(here + shift for shift, here in ways.items())]))
    return found
