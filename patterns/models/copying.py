"""Telling a new melody from one of the corpus: moved to another key, or with some of its notes changed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from patterns.models.phrases import FEWEST, Phrase, Sung, longest_shared, sung
from patterns.models.scores import Note

__all__ = ["Copies", "Likeness"]

SEED = 3
"""Steps in a row that two melodies must share before they are laid beside one another."""
RUN = 6
"""Steps in a row that count as shared material."""
BAND = 3
"""Notes that may have been put in or left out in a copy."""
NEAREST = 8
"""Places of the corpus that a melody is laid beside."""
WINDOW = 32
"""Notes of a melody that the limits are for at least: so a few bars and one more are judged alike."""
MARGIN = 12.0
"""Bits beyond what chance finds in a corpus of its size from which a likeness is a copy."""
MOST_BITS = 6.0
"""The most that one step proves: a few odd ones in a row, which anybody might find, are no copy."""
_WRONG = 4.0  # bits that a step costs which does not agree, or is one too many
_CHANGED = 4.0  # bits that a changed note costs: both steps to and from it differ, and together they agree
_HALF = 0.5  # of its bits, for a step of the same interval and another length
_WIDEST = 24  # semitones: beyond it all leaps are one

Step = tuple[int, int]
"""The interval to a note, in semitones, and the class of that note's length."""


class Likeness(NamedTuple):
    """How much of a melody is in the corpus.

    Attributes:
        piece: Where it is most alike; empty if nowhere.
        at: Which note of that piece.
        run: Steps in a row that are shared.
        share: The part of its steps that lie in shared runs of six, 0 to 1.
        bits: How telling the best likeness is, changed notes among it.
        limit: From how many bits on it is no chance.
        notes: Of the longest phrase of twelve notes or more that is the corpus's but for a tenth; or 0.
        edits: How many notes of that phrase were changed, left out or put in.
    """

    piece: str
    at: int
    run: int
    share: float
    bits: float
    limit: float
    notes: int = 0
    edits: int = 0

    @property
    def is_copy(self) -> bool:
        """Whether it must not pass as new."""
        return self.bits >= self.limit or self.notes > 0


def length_class(frames: int) -> int:
    """The class of a length in sixteenths: 1, 2, 3, 4, 5 to 7, 8 to 11, 12 to 15, longer.

    >>> [length_class(frames) for frames in (1, 2, 3, 4, 6, 8, 12, 40)]
    [1, 2, 3, 4, 6, 8, 12, 16]
    """
    return frames if frames < 5 else 6 if frames < 8 else 8 if frames < 12 else 12 if frames < 16 else 16


def steps_of(line: Sequence[Note]) -> list[Step]:
    """The steps of a melody: they are the same in every key."""
    return [
        (max(-_WIDEST, min(_WIDEST, after.pitch - note.pitch)), length_class(after.end - after.begin))
        for note, after in pairwise(line)
    ]


@dataclass(slots=True)
class _Corpus:
    """The melodies as steps, where each few of them are found, and how telling each is."""

    names: list[str]
    pieces: list[list[Step]]
    sung: list[list[Sung]]
    places: dict[tuple[Step, ...], list[tuple[int, int]]]
    pairs: Counter[tuple[Step, Step]]
    singles: Counter[Step]


class Copies:
    """An index of melodies, for finding copies of them.

    In two stages: runs of steps that are shared word for word say where a copy could be from; there the two
    are aligned, in two ways. Each step that agrees counts by how rare it is after the step before, so that a
    scale proves little and a short theme a lot; and a phrase of twelve notes or more of which nine in ten are
    the same is a copy whatever it is made of.

    Source: T. Smith, M. Waterman, Identification of common molecular subsequences (1981), with weights in
    bits and limits that grow with the corpus, as in S. Karlin, S. Altschul (1990).
    """

    __slots__ = ("_corpus",)

    def __init__(self) -> None:
        self._corpus = _Corpus([], [], [], {}, Counter(), Counter())

    @property
    def notes(self) -> int:
        """How many steps the corpus has."""
        return sum(len(piece) for piece in self._corpus.pieces)

    def add(self, name: str, line: Sequence[Note]) -> None:
        """Take a melody into the index."""
        self._add(name, steps_of(line))

    def _add(self, name: str, steps: list[Step]) -> None:
        corpus = self._corpus
        number = len(corpus.pieces)
        corpus.names.append(name)
        corpus.pieces.append(steps)
        corpus.sung.append(sung(steps))
        corpus.singles.update(steps)
        corpus.pairs.update(pairwise(steps))
        for at in range(len(steps) - SEED + 1):
            corpus.places.setdefault(tuple(steps[at : at + SEED]), []).append((number, at))

    def check(self, line: Sequence[Note]) -> Likeness:
        """Say how much of a melody is in the corpus, and whether that can be chance.

        >>> known = Copies()
        >>> tune = [Note(4 * i, 4 * i + 4, p) for i, p in enumerate((60, 67, 65, 72, 61, 70, 58, 66, 60))]
        >>> known.add("tune", tune)
        >>> known.check([note._replace(pitch=note.pitch + 5) for note in tune]).run
        8
        """
        steps = steps_of(line)
        limit = math.log2(max(2, self.notes) * max(WINDOW, len(steps))) + MARGIN
        best = Likeness("", 0, 0, 0.0, 0.0, limit)
        if len(steps) < SEED:
            return best
        weights = self._weights(steps)
        covered = [False] * len(steps)
        longest = 0
        found = self._met(steps)
        for number, diagonal in _candidates(found):
            piece = self._corpus.pieces[number]
            longest = max(longest, _runs(steps, piece, diagonal, covered))
            bits, at = _aligned(steps, piece, diagonal, weights)
            if bits > best.bits:
                best = best._replace(piece=self._corpus.names[number], at=at, bits=bits)
        phrase, source = self._phrase(steps, found)
        if phrase.notes and best.bits < best.limit:
            best = best._replace(piece=source)
        share = sum(covered) / len(steps)
        return best._replace(run=longest, share=share, notes=phrase.notes, edits=phrase.edits)

    def _weights(self, steps: Sequence[Step]) -> list[float]:
        """How many bits the agreement on each step is worth."""
        corpus = self._corpus
        total, kinds = sum(corpus.singles.values()), len(corpus.singles) + 1
        found: list[float] = []
        for index, step in enumerate(steps):
            plain = (corpus.singles[step] + 1) / (total + kinds)
            before = steps[index - 1] if index else None
            known = corpus.singles[before] if before is not None else 0
            both = corpus.pairs[before, step] if before is not None else 0
            found.append(min(MOST_BITS, -math.log2((both + 4 * plain) / (known + 4))))
        return found

    def _met(self, steps: Sequence[Step]) -> list[tuple[int, int, int]]:
        """Where a few steps are found in the corpus: the first of them, the piece, and where in it."""
        places = self._corpus.places
        return [
            (at, number, there)
            for at in range(len(steps) - SEED + 1)
            for number, there in places.get(tuple(steps[at : at + SEED]), ())
        ]

    def _phrase(self, steps: Sequence[Step], met: Iterable[tuple[int, int, int]]) -> tuple[Phrase, str]:
        """The longest phrase that is the corpus's but for a tenth, and of which piece it is."""
        mine, corpus = sung(steps), self._corpus
        ways: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for at, number, there in met:
            moved = mine[at][0] - corpus.sung[number][there][0]
            ways.setdefault((number, moved), []).append((at, there))
        best, piece = Phrase(0, 0), ""
        for (number, moved), places in ways.items():
            if len(places) < FEWEST:
                continue
            theirs = [(pitch + moved, length) for pitch, length in corpus.sung[number]]
            found = longest_shared(mine, theirs, places, SEED + 1)
            if found.notes > best.notes:
                best, piece = found, corpus.names[number]
        return best, piece

    def rows(self) -> list[list[Any]]:
        """As JSON has it."""
        return [
            [name, [part for step in steps for part in step]]
            for name, steps in zip(self._corpus.names, self._corpus.pieces, strict=True)
        ]

    @staticmethod
    def of_rows(rows: Iterable[Sequence[Any]]) -> Copies:
        """What `rows` wrote."""
        made = Copies()
        for name, flat in rows:
            made._add(name, list(zip(flat[::2], flat[1::2], strict=True)))
        return made


def _candidates(met: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Where in the corpus it may be from: pieces, and how far they are shifted against it."""
    votes = Counter((number, (there - at) // BAND) for at, number, there in met)
    both: Counter[tuple[int, int]] = Counter()
    for (number, band), count in votes.items():  # a copy with a note more lies in two bands
        both[number, band] = count + votes.get((number, band + 1), 0)
    ranked = sorted(both.items(), key=lambda item: (-item[1], item[0]))
    return [(number, band * BAND + BAND // 2) for (number, band), _ in ranked[:NEAREST]]


def _runs(steps: Sequence[Step], piece: Sequence[Step], diagonal: int, covered: list[bool]) -> int:
    """The longest run that is shared near a diagonal; marks the steps that lie in one."""
    longest = 0
    for shift in range(diagonal - BAND, diagonal + BAND + 1):
        run = 0
        for at, step in enumerate(steps):
            there = at + shift
            run = run + 1 if 0 <= there < len(piece) and piece[there] == step else 0
            longest = max(longest, run)
            if run >= RUN:
                covered[at - run + 1 : at + 1] = [True] * run
    return longest


def _aligned(
    steps: Sequence[Step], piece: Sequence[Step], diagonal: int, weights: Sequence[float]
) -> tuple[float, int]:
    """The best local alignment near a diagonal: its bits, and where in the piece it ends."""
    best, where = 0.0, 0
    before: dict[int, float] = {}
    twice: dict[int, float] = {}
    for at, step in enumerate(steps):
        row: dict[int, float] = {}
        weight = weights[at]
        for there in range(max(0, at + diagonal - 2 * BAND), min(len(piece), at + diagonal + 2 * BAND + 1)):
            other = piece[there]
            agrees = weight if step == other else weight * _HALF - 1 if step[0] == other[0] else -_WRONG
            score = max(
                0.0,
                before.get(there - 1, 0.0) + agrees,
                before.get(there, 0.0) - _WRONG,
                row.get(there - 1, 0.0) - _WRONG,
            )
            if at and there and steps[at - 1][0] + step[0] == piece[there - 1][0] + other[0]:
                score = max(score, twice.get(there - 2, 0.0) - _CHANGED)
            row[there] = score
            if score > best:
                best, where = score, there
        twice, before = before, row
    return best, where
