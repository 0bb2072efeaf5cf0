"""What nobody should take for new: melodies that are drawn again where they are a copy of the corpus."""

from __future__ import annotations

from collections.abc import Sequence

from patterns.models.composing import Tokens
from patterns.models.copying import Copies
from patterns.models.hearing import frames_in, highest
from patterns.models.scores import REST, line_of

__all__ = ["RECENT", "TRIES", "is_copy", "makes_copy", "melody_of", "silent_above"]

RECENT = 4
"""Cycles in which a melody is compared with the corpus."""
TRIES = 6
"""Cycles that are drawn where the melody is a copy of the corpus, or to suit what comes after a gap."""


def melody_of(frames: Sequence[Tokens]) -> list[int]:
    """What is heard as the melody of some frames: their highest notes, whichever voice has them."""
    voices = range(len(frames[0]) if frames else 0)
    notes = [note for voice in voices for note in line_of([frame[voice] for frame in frames])]
    return [frame[0] for frame in frames_in(highest(notes), 1, len(frames))]


def is_copy(copies: Copies, line: Sequence[int]) -> bool:
    """Whether a melody must not pass as new."""
    return copies.check(line_of(line)).is_copy


def makes_copy(copies: Copies, line: Sequence[int], drawn: Sequence[int], given: Sequence[int] = ()) -> bool:
    """Whether a melody is a copy because of what was drawn, and not of what somebody gave.

    Args:
        copies: The corpus.
        line: The melody before, of which some may have been given.
        drawn: How it goes on.
        given: What was given in its place, if anything was. Where the melody is a copy with that too it is
            the giver's; where nothing was given, what was drawn is then looked at by itself.
    """
    if not is_copy(copies, [*line, *drawn]):
        return False
    if not is_copy(copies, [*line, *given]):
        return True
    return not given and is_copy(copies, drawn)


def silent_above(frames: Sequence[Tokens]) -> list[Tokens]:
    """Frames in which the highest voice rests."""
    return [(REST, *frame[1:]) for frame in frames]
