"""Music as models read it: voices on a grid of sixteenths, seen from the tonic."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

__all__ = ["HOLD", "REST", "Note", "Score", "bars_of", "frames_of", "key_of", "part_out", "voiced"]

HOLD = -1
"""In a frame: the voice holds what it had."""
REST = -2
"""In a frame: the voice is silent."""
FRAMES_IN_BEAT = 4
"""Frames of a quarter note."""

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_FINALS = 0.2  # how much the last bass note, mostly the tonic, weighs beside the correlation


class Note(NamedTuple):
    """A note on the grid.

    Attributes:
        begin: In sixteenths from the beginning.
        end: The same, after `begin`.
        pitch: MIDI number.
    """

    begin: int
    end: int
    pitch: int


@dataclass(frozen=True, slots=True)
class Score:
    """A piece as it is learnt.

    Args:
        name: Of its file.
        frames: One for each sixteenth: for each voice from the highest the number of the note that it
            strikes, or `HOLD`, or `REST`.
        bars: For each frame how many frames its bar has, and which of them it is, from 0.
        tonic: Of its key, 0 (c) to 11.
        minor: Whether that is a minor one.
    """

    name: str
    frames: tuple[tuple[int, ...], ...]
    bars: tuple[tuple[int, int], ...]
    tonic: int
    minor: bool

    @property
    def voices(self) -> int:
        """How many there are."""
        return len(self.frames[0]) if self.frames else 0

    def line(self, voice: int = 0) -> list[Note]:
        """The notes of a voice."""
        return line_of([frame[voice] for frame in self.frames])


def line_of(tokens: Sequence[int]) -> list[Note]:
    """The notes that one voice's frames say.

    >>> line_of([60, HOLD, 62, REST])
    [Note(begin=0, end=2, pitch=60), Note(begin=2, end=3, pitch=62)]
    """
    found: list[Note] = []
    for at, token in enumerate(tokens):
        if token == HOLD and found and found[-1].end == at:
            found[-1] = found[-1]._replace(end=at + 1)
        elif token >= 0:
            found.append(Note(at, at + 1, token))
    return found


def voiced(lines: Sequence[Iterable[Note]], length: int = 0) -> list[tuple[int, ...]]:
    """The frames of some voices; where a voice has two notes at once the higher one counts.

    >>> voiced([[Note(0, 2, 67)], [Note(0, 1, 60), Note(1, 2, 62)]])
    [(67, 60), (-1, 62)]

    Args:
        lines: The notes of each voice, from the highest voice.
        length: Frames; as many as there are notes for, if 0.
    """
    known = [sorted(line, key=lambda note: (note.begin, note.pitch)) for line in lines]
    count = length or max((note.end for line in known for note in line), default=0)
    columns: list[list[int]] = []
    for line in known:
        column = [REST] * count
        for note, after in zip(line, [*line[1:], None], strict=False):
            if not 0 <= note.begin < count:
                continue
            # A voice sings one note at a time: the next one ends it.
            end = note.end if after is None else min(note.end, max(after.begin, note.begin + 1))
            column[note.begin] = note.pitch
            column[note.begin + 1 : min(end, count)] = [HOLD] * (min(end, count) - note.begin - 1)
        columns.append(column)
    return list(zip(*columns, strict=True))


def part_out(notes: Iterable[Note], voices: int) -> list[list[Note]]:
    """Divide notes among voices: the highest goes to the first, the lowest to the last, each to its nearest.

    Args:
        notes: In any order, of any number at a time.
        voices: How many voices, from 1 on.
    """
    lines: list[list[Note]] = [[] for _ in range(voices)]
    waiting: dict[int, list[Note]] = {}
    for note in sorted(set(notes)):
        waiting.setdefault(note.begin, []).append(note)
    for begin in sorted(waiting):
        struck = sorted(waiting[begin], key=lambda note: -note.pitch)
        if len(struck) > voices:  # what is in the middle is missed least
            struck = [*struck[: voices - 1], struck[-1]] if voices > 1 else struck[:1]
        free = [voice for voice, line in enumerate(lines) if not line or line[-1].end <= begin]
        for note, voice in _seated(struck, lines, free, voices):
            line = lines[voice]
            if line and line[-1].end > begin:
                line[-1] = line[-1]._replace(end=begin)
            line.append(note)
    return lines


def _seated(
    struck: Sequence[Note], lines: Sequence[Sequence[Note]], free: Sequence[int], voices: int
) -> list[tuple[Note, int]]:
    """Which voice takes which of some notes that begin together, none crossing another."""
    if len(struck) == voices:
        return list(zip(struck, range(voices), strict=True))
    seats = list(free) if len(free) >= len(struck) else list(range(voices))
    best: tuple[float, tuple[int, ...]] = (math.inf, ())
    for chosen in combinations(seats, len(struck)):
        far = 0.0
        for note, voice in zip(struck, chosen, strict=True):
            last = lines[voice][-1].pitch if lines[voice] else _home(voice, voices)
            far += abs(note.pitch - last)
        best = min(best, (far, chosen))
    return list(zip(struck, best[1], strict=True))


def _home(voice: int, voices: int) -> float:
    """Where a voice is at home before it has sung."""
    return 72 if voices == 1 else 74 - 26 * voice / (voices - 1)


def bars_of(length: int, changes: Sequence[tuple[int, int]], upbeat: int = 0) -> list[tuple[int, int]]:
    """The bar of each frame: how many frames it has, and which of them it is.

    >>> bars_of(6, [(0, 4)])
    [(4, 0), (4, 1), (4, 2), (4, 3), (4, 0), (4, 1)]
    >>> bars_of(3, [(0, 4)], upbeat=1)
    [(4, 3), (4, 0), (4, 1)]

    Args:
        length: Frames.
        changes: From which frame on a bar has how many frames, in order.
        upbeat: Frames before the first whole bar.
    """
    rows = [row for row in changes if row[1] > 0] or [(0, 16)]
    begins = [begin for begin, _ in rows]
    found: list[tuple[int, int]] = []
    for at in range(length):
        index = max(0, bisect_right(begins, at) - 1)
        begin, long = rows[index]
        found.append((long, (at - begin - (upbeat if not index else 0)) % long))
    return found


def key_of(frames: Sequence[Sequence[int]]) -> tuple[int, bool]:
    """Find the key of some frames: its tonic, 0 to 11, and whether it is minor.

    Source: C. Krumhansl, Cognitive foundations of musical pitch (1990): the profile that correlates best with
    how long each pitch class sounds; here the last bass note has a say too.
    """
    weights = [0.0] * 12
    last: list[int] = []
    held: list[int] = []
    for frame in frames:
        held = held or [REST] * len(frame)
        held = [was if token == HOLD else token for token, was in zip(frame, held, strict=True)]
        sounding = [pitch for pitch in held if pitch >= 0]
        for pitch in sounding:
            weights[pitch % 12] += 1
        last = sounding or last
    if not any(weights):
        return 0, False
    found: list[tuple[float, int, bool]] = []
    for tonic in range(12):
        turned = weights[tonic:] + weights[:tonic]
        bonus = _FINALS if min(last) % 12 == tonic else 0.0
        found += [
            (_correlation(turned, profile) + bonus, -tonic, minor)
            for profile, minor in ((_MAJOR, False), (_MINOR, True))
        ]
    _, tonic, minor = max(found)
    return -tonic, minor


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    mean, theirs = sum(one) / len(one), sum(other) / len(other)
    both = sum((a - mean) * (b - theirs) for a, b in zip(one, other, strict=True))
    size = math.sqrt(sum((a - mean) ** 2 for a in one) * sum((b - theirs) ** 2 for b in other))
    return both / size if size else 0.0


def frames_of(
    name: str,
    lines: Sequence[Sequence[Note]],
    changes: Sequence[tuple[int, int]] = (),
    upbeat: int = 0,
    key: tuple[int, bool] | None = None,
) -> Score:
    """Make a score of voices.

    Args:
        name: Of the piece.
        lines: The notes of each voice, from the highest.
        changes: From which frame on a bar has how many frames; sixteen from the beginning unless given.
        upbeat: Frames before the first whole bar.
        key: Its tonic and whether it is minor; found out unless given.
    """
    frames = voiced(lines)
    tonic, minor = key_of(frames) if key is None else key
    bars = bars_of(len(frames), changes or [(0, 16)], upbeat)
    return Score(name, tuple(frames), tuple(bars), tonic, minor)
