"""A piece that counts its notes, and what is held against them when the clock that it follows changes."""

from __future__ import annotations

import time
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.clock import SharedClock
    from tests.end_to_end.conftest import Note, Session

RATE = 48_000
NOTES = 16
"""Notes of a cycle; their keys count them."""
FIRST = 48
"""The key of the first."""
PIECE = f"""\
tempo(120)
a = play(note("{" ".join(str(FIRST + k) for k in range(NOTES))}").legato(.5), on=midi())
"""
SETTINGS = """\
[audio]
driver = "null"
[osc]
port = 0
[journal]
on = false
"""
BENT = 1.1
"""What a tempo may be beside the other's on the way to it: a tenth. So a distance between two notes lies
between that at 1.1 times the faster and that at 0.9 times the slower of the two tempos, whatever the way."""
GUESS = 1.02
"""By how much the other's tempo may be taken wrong at first: two beats of it were heard then, rounded to
frames, and on a busy machine at worst with a period of 5 ms missed, which is 0.5 % of a second."""
PERIOD = 256
"""Frames of a period of the server."""
SLIP = 4 * PERIOD
"""Frames around a period that the server or the listener missed in which nobody can say what was sent."""


class Change(NamedTuple):
    """Somebody else was followed from a frame on.

    Attributes:
        frame: The first at which that may show.
        bpm: The tempo that is met.
        near: Part of the tempo by which it may be missed in the end.
    """

    frame: int
    bpm: float
    near: float = 0.002


def distance(bpm: float) -> float:
    """Frames between two notes."""
    return RATE * 60 * 4 / NOTES / bpm


def frame_now(clock: SharedClock) -> int:
    """The server's frame of this moment, as a process of ours counts them."""
    return round(clock.now() * RATE) - clock.frame_offset


def counted(notes: Sequence[Note]) -> None:
    """Every note came, once, in its order; each ended before the next began."""
    keys = [note.key - FIRST for note in notes]
    assert keys == [(keys[0] + k) % NOTES for k in range(len(keys))]
    assert all(a.begin < a.end <= b.begin for a, b in pairwise(notes))


def even(notes: Sequence[Note], changes: Sequence[Change], slips: Sequence[int]) -> None:
    """No gap and no burst: each distance is that of a tempo on the way, and it ends at the one that was met.

    Args:
        notes: What was heard.
        changes: The tempo at the begin, and who was followed then.
        slips: Frames of missed periods.
    """
    for before, (change, after) in zip([changes[0], *changes], pairwise([*changes, None]), strict=False):
        assert change is not None
        until = notes[-1].begin if after is None else after.frame
        part = [note.begin for note in notes if change.frame <= note.begin <= until]
        gaps = [b - a for a, b in pairwise(part) if not any(a - SLIP <= s <= b + SLIP for s in slips)]
        assert len(gaps) >= NOTES, f"{len(gaps)} distances at {change}"
        tempos = before.bpm, change.bpm
        least, most = distance(max(tempos) * BENT * GUESS), distance(min(tempos) * (2 - BENT) / GUESS)
        print(f"{change}: {min(gaps)} to {max(gaps)} frames (bounds {least:.0f}, {most:.0f})")
        assert min(gaps) >= least - 1
        assert max(gaps) <= most + 1
        # The last second: it is there.
        assert abs(median(gaps[-NOTES // 2 :]) / distance(change.bpm) - 1) < change.near


def until_locked(session: Session, text: str, seconds: float) -> None:
    """Wait until a session says that it has the other's beat, and still says so some seconds later."""
    deadline = time.monotonic() + 20
    while not (_says(session, text) and (time.sleep(seconds) or _says(session, text))):
        assert time.monotonic() < deadline, session.statuses(0.3)[-1:]


def _says(session: Session, text: str) -> bool:
    return any(text in str(one["followed"]) for one in session.statuses(0.3)[-1:])
