"""What a net is trained with: pieces as rows of numbers, and pieces of them drawn by chance."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patterns.models.nets import asked, seen
from patterns.models.scores import HOLD, REST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from patterns.models.chorales import Frames
    from patterns.models.nets import Shape
    from patterns.models.scores import Score

    Whole = NDArray[np.int64]

MARGIN = 5
"""Semitones beyond what was heard that a net can say."""
SKIPPED, HELD, STRUCK = -1, 0, 1
"""Of a note that was there before: there is nothing to say of it, it is held, it is struck anew."""
_BEFORE = 4  # one part in so many of a piece's pieces begins with it


class Lesson(NamedTuple):
    """A piece, or some, as rows of numbers: one for each frame.

    Attributes:
        sights: See `seen`; the rest of each row is the number of sights.
        questions: See `asked`, for each voice; the rest is the number of questions.
        own: The pitch that each voice had, from the lowest; the number of pitches for silence.
        target: What it sounds then: 0 is silence, 1 the lowest pitch.
        anew: Whether it is struck, where the pitch is the one that was.
        heard: 1 for frames that there are, 0 for what fills up.
    """

    sights: Whole
    questions: Whole
    own: Whole
    target: Whole
    anew: Whole
    heard: Whole


@dataclass(frozen=True, slots=True)
class Widths:
    """How long the rows are."""

    sights: int
    questions: int

    @staticmethod
    def of(shape: Shape) -> Widths:
        """As long as there can be things at once."""
        pairs = shape.voices * (shape.voices - 1) // 2
        return Widths(3 * shape.voices + pairs + 3, 6 + 5 * (shape.voices - 1))


def reach(counts: Frames) -> tuple[int, int]:
    """The lowest and the highest pitch that a net of these voices has to know."""
    compasses = [counts.compass(voice) for voice in range(counts.voices)]
    low, high = min(low for low, _ in compasses), max(high for _, high in compasses)
    return max(0, low - MARGIN), max(high, low) + MARGIN


def lesson_of(shape: Shape, counts: Frames, piece: Score) -> Lesson:
    """Write a piece as numbers."""
    widths = Widths.of(shape)
    sights: list[list[int]] = []
    questions: list[list[int]] = []
    own: list[int] = []
    target: list[int] = []
    anew: list[int] = []
    for state, token in counts.walk(piece):
        voice = len(state.now)
        if not voice:
            row = seen(shape, state)
            sights.append(row + [shape.sights] * (widths.sights - len(row)))
        row = asked(shape, state)
        questions.append(row + [shape.questions] * (widths.questions - len(row)))
        was = state.held[voice]
        pitch = was if token == HOLD else token
        own.append(shape.pitches if was < 0 else _index(shape, was))
        target.append(0 if token == REST else 1 + _index(shape, pitch))
        anew.append(SKIPPED if was < 0 or pitch != was else HELD if token == HOLD else STRUCK)
    frames, voices = len(sights), shape.voices
    return Lesson(
        np.array(sights, np.int64).reshape(frames, -1),
        np.array(questions, np.int64).reshape(frames, voices, -1),
        np.array(own, np.int64).reshape(frames, voices),
        np.array(target, np.int64).reshape(frames, voices),
        np.array(anew, np.int64).reshape(frames, voices),
        np.ones(frames, np.int64),
    )


def _index(shape: Shape, pitch: int) -> int:
    return min(max(pitch, shape.low), shape.high) - shape.low


def batch_of(
    shape: Shape, lessons: Sequence[Lesson], count: int, length: int, seed: int, step: int
) -> Lesson:
    """Draw some stretches of some pieces, longer pieces oftener; the same ones for the same step.

    Args:
        shape: Of the net.
        lessons: The pieces.
        count: How many stretches.
        length: Frames of each.
        seed: What decides.
        step: Which draw it is.
    """
    chance = np.random.default_rng([seed, step])
    sizes = np.array([len(one.heard) for one in lessons], np.float64)
    chosen: list[Lesson] = []
    for number in chance.choice(len(lessons), count, p=sizes / sizes.sum()):
        one = lessons[int(number)]
        latest = max(1, len(one.heard) - length // 2)
        begin = max(0, int(chance.integers(-(length // _BEFORE), latest)))
        chosen.append(Lesson(*(rows[begin : begin + length] for rows in one)))
    return stacked(shape, chosen, length)


def stacked(shape: Shape, lessons: Sequence[Lesson], length: int) -> Lesson:
    """Lay lessons beside one another, each filled up to a length."""
    fills = (shape.sights, shape.questions, shape.pitches, 0, SKIPPED, 0)
    return Lesson(
        *(
            np.stack([_filled(one, length, fill) for one in column])
            for column, fill in zip(zip(*lessons, strict=True), fills, strict=True)
        )
    )


def _filled(rows: Whole, length: int, fill: int) -> Whole:
    made = np.full((length, *rows.shape[1:]), fill, np.int64)
    made[: len(rows)] = rows
    return made


def fingerprint(words: Iterable[object], lessons: Iterable[Lesson]) -> str:
    """What tells one training from another: a checkpoint of another one is of no use."""
    found = hashlib.sha256(repr(list(words)).encode())
    for one in lessons:
        found.update(one.sights.tobytes())
        found.update(one.target.tobytes())
    return found.hexdigest()
