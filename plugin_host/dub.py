"""A recording onto a loop while it goes on: which frames of what is heard lie where in the music."""

from fractions import Fraction
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide
from plugin_host.beat import Beat
from plugin_host.loops import Loop, State
from plugin_host.reel import Reel

__all__ = ["VERBS", "Dub", "Ear", "reached"]

VERBS: Final = frozenset({"record", "overdub", "replace"})
"""What an event may ask that lasts as long as it does."""
PARTS: Final = 64
"""The finest part of a cycle that the length of a loop may be counted in."""
LATE: Final = 0.05
"""Seconds by which a loop of whole cycles may have got its end too late."""


class Ear:
    """What is recorded from, with the last moment of it.

    Args:
        frames: In a block.
        seam: Frames that are remembered.
        beat: Where the music is: what was lost on the way has numbers, too, and is silent.

    Attributes:
        key: What a layer or bus gives to the present block, shape (2, frames); None if it is silent.
        window: The last moment and the present block: float32, shape (2, seam + frames).
        first: The number of the window's first frame.
        seam: As given.
    """

    def __init__(self, frames: int, seam: int, beat: Beat) -> None:
        self.key: Audio | None = None
        self._beat, self._rendered, self._lost = beat, 0, beat.lost
        self.seam, self._frames = seam, frames
        self.window: Audio = np.zeros((2, seam + frames), np.float32)
        self.first = -seam

    @property
    def upcoming(self) -> int:
        """The number of the first frame of the next block."""
        return self._rendered + self._beat.lost

    def hear(self, left: Audio | None, right: Audio | None) -> None:
        """Take in the next block; None is silence."""
        seam, window = self.seam, self.window
        if self._lost != self._beat.lost:
            self._lost = self._beat.lost
            window[:] = 0
        window[:, :seam] = window[:, -seam:].copy()
        for row, sound in zip(window, (left, right), strict=True):
            row[seam:] = 0 if sound is None else sound
        self.first = self.upcoming - seam
        self._rendered += self._frames


class Dub:
    """One recording, from an event's begin to its end, and on until all of it has come in.

    Args:
        ident: The event.
        verb: "record", "overdub" or "replace".
        loop: What it is for.
        reel: What it goes onto.
        begin: The number of its first frame.
        late: Frames by which what is heard comes later.
        cycle: The passed cycle at that frame.
        shift: What has to be added to that to get the cycle of the piece.

    Attributes:
        end: The number of the frame at which it ends, once that is known.
        over: Whether everything is on the reel.
        full: Whether something found no room.
        growing: Whether a larger place is being made.
    """

    def __init__(
        self, ident: int, verb: str, loop: Loop, reel: Reel, begin: int, late: int, cycle: float, shift: float
    ) -> None:
        self.ident, self.verb, self.loop, self.reel = ident, verb, loop, reel
        self.begin, self.cycle, self.late = begin, cycle, late
        self.over = self.full = self.growing = False
        self.end: int | None = None
        self._first = begin + late - reel.seam
        reel.begin = cycle + shift
        reel.mark(0.0, 0)
        loop.recording += 1

    def goes_on(self, cycle: float, frame: int) -> None:
        """Note that a frame is a passed cycle."""
        if self.end is None and frame > self.begin:
            self.reel.mark(cycle - self.cycle, frame - self.begin)

    def turn_by(self, cycles: float) -> None:
        """Note that it is so many cycles later than was thought when it began."""
        if self.end is None:
            self.cycle += cycles
            self.reel.begin += cycles

    def stop(self, cycle: float, frame: int, offset: int) -> bool:
        """End it at a frame, which is `offset` frames into the block; gives whether it was long enough."""
        reel, loop = self.reel, self.loop
        self.end, span = frame, cycle - self.cycle
        if frame - self.begin < 2 * reel.seam or span <= 0:
            self._close()
            return False
        reel.mark(span, frame - self.begin)
        fresh = self.verb == "record" or not loop.turn
        turn = _even(span, span / (frame - self.begin), reel.rate) if fresh else loop.turn
        # An event that came late may have lasted longer than it was meant to.
        self.end -= max(0, int((span - turn) * (frame - self.begin) / span))
        reel.seal(min(span, turn), turn)
        reel.alone = self.verb == "replace" and not fresh
        loop.become(State((reel,) if fresh else (*loop.state.reels, reel), turn), offset)
        return True

    def take(self, ear: Ear) -> None:
        """Put on the reel what has come in with this block."""
        reel = self.reel
        until = None if self.end is None else self.end + self._first + reel.seam - self.begin
        here = self._first + reel.length
        last = ear.first + ear.window.shape[1]
        last = last if until is None else min(last, until)
        if here < ear.first:  # what is older is gone
            reel.write(np.zeros((2, min(ear.first - here, reel.room)), np.float32))
            here = ear.first
        if not self.full and here < last:
            part = ear.window[:, here - ear.first : last - ear.first]
            self.full = reel.write(part) < part.shape[1]
        if until is not None and (self.full or self._first + reel.length >= until) and not self.over:
            reel.fade_out(until - self._first)
            self._close()
            self.loop.keep()

    def give_up(self) -> None:
        """Leave the loop as it is, whatever has come in."""
        self._close()

    def _close(self) -> None:
        if not self.over:
            self.over = True
            self.loop.recording -= 1


def _even(span: float, frame: float, rate: int) -> float:
    """A length in cycles as a musician means it.

    Args:
        span: As it was.
        frame: What a frame is of a cycle.
        rate: Frames a second.
    """
    meant = float(Fraction(span).limit_denominator(PARTS))
    if abs(meant - span) <= 2 * frame and meant > 0:
        return meant
    # Where a machine stumbled, an end may have come late.
    whole = max(1.0, float(round(span)))
    return whole if abs(whole - span) <= LATE * rate * frame else span


def reached(cycles: Wide, until: float) -> int | None:
    """The frame of a block at which a passed cycle is reached; None if it is in a later one.

    Args:
        cycles: Those of its frames, and of the first that follows it.
        until: Which.
    """
    at = int(np.count_nonzero(cycles < until - 1e-9))
    return at if at < len(cycles) - 1 else None
