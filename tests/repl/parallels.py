"""Parallels, counted by the book and by nobody's code under test."""

from __future__ import annotations

from collections.abc import Sequence

from patterns.models.scores import HOLD, REST


def parallels(frames: Sequence[Sequence[int]]) -> int:
    """Fifths, octaves and unisons that two voices go in together, by the book, from frame to frame."""
    found = 0
    notes: list[int | None] = [None] * len(frames[0])
    for frame in frames:
        now = [
            was if token == HOLD else None if token == REST else token
            for token, was in zip(frame, notes, strict=True)
        ]
        for a in range(len(now)):
            for b in range(a):
                one, two, three, four = notes[a], notes[b], now[a], now[b]
                if one is None or two is None or three is None or four is None:
                    continue
                before, after = abs(one - two) % 12, abs(three - four) % 12
                found += one != three and two != four and before == after and after in (0, 7)
        notes = now
    return found
