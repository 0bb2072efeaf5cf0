"""MIDI clock in: what tempo another keeps, and where its beat is, from ticks that jitter.

A second-order loop (phase and period). At first its gains are those of a straight line fitted to all ticks
so far, which no other filter betters; as they shrink they stop at those of a loop of 0.1 Hz, so that it goes
on following. Measured with up to 1 ms of jitter at 128 bpm, 300 times: within 0.05 bpm for good after 0.9 s
(median) to 1.5 s; a loop that narrows from 4 Hz to 0.5 and 0.1 Hz needed 3.3 to 5.7 s.

Source: gains of the expanding-memory line fit, 2(2n-1)/(n(n+1)) and 6/(n(n+1)); of the loop, sqrt(2)w, w^2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bridge.clock_out import CONTINUE, PER_BEAT, PER_STEP, POSITION, START, STOP, TICK

if TYPE_CHECKING:
    from bridge.event import Seconds

NARROW = 0.1
"""Hertz of the loop once it has settled."""
SILENCE = 0.25
"""Seconds without a tick after which the clock counts as gone: time goes on at its last tempo."""
SETTLED = 48
"""Ticks after which the tempo is told: two beats."""
SHORTEST, LONGEST = 60 / 1000 / PER_BEAT, 60 / 20 / PER_BEAT
"""Seconds of a tick at 1,000 and at 20 beats a minute."""
DOUBT = 16
"""Ticks that a loop keeps of its memory when the tempo is seen to move, or the transport is."""


class ClockIn:
    """One clock that is followed; touched by the thread that hears it.

    Attributes:
        period: Seconds of a tick.
        at: Time of the last tick, filtered.
        tick: Its number since the song's begin; None before a start.
        rolling: Whether the other has started and not stopped.
        moves: How often it has started or stopped; a start counts with its first tick.
        begun: The number of the tick with which it started last.
    """

    def __init__(self) -> None:
        self.period = 0.0
        self.at: Seconds = -math.inf
        self.tick: int | None = None
        self.rolling = False
        self.moves = 0
        self.begun = 0
        self._starts = False
        self._heard: Seconds = -math.inf
        self._count = 0
        self._next = 0
        self._bias = self._noise = 0.0
        self._was_locked = self._keep = False

    def feed(self, when: Seconds, message: bytes) -> None:
        """Take a message that came at a time."""
        if message == TICK:
            self._take(when)
        elif message in (START, CONTINUE):
            if message == START:
                self._next = 0
            self.rolling = self._starts = True
            # Some masters begin their ticks anew here: the phase is taken from the next one, the tempo kept.
            self._begin_anew(keep=True)
        elif message == STOP:
            self.moves += self.rolling
            self.rolling = self._starts = False
        elif message[:1] == bytes((POSITION,)) and len(message) == 3:
            self._next = (message[1] | message[2] << 7) * PER_STEP
            self._starts = self.rolling
            self._begin_anew(keep=True)

    def state(self, now: Seconds) -> str:
        """One of silent, seeking, locked, and freewheel: gone after it was locked."""
        if now - self._heard > SILENCE:
            return "freewheel" if self._was_locked else "silent"
        return "locked" if self.locked else "seeking"

    @property
    def locked(self) -> bool:
        """Whether the tempo can be trusted."""
        return self._count >= SETTLED and self._noise < self.period / 3

    @property
    def bpm(self) -> float:
        """Beats per minute; 0 before there is a tempo."""
        return 60 / (self.period * PER_BEAT) if self.period else 0.0

    def report(self, now: Seconds) -> dict[str, object]:
        """What the engine is told."""
        known = self.tick if self.rolling else None
        found = {"state": self.state(now), "at": self.at, "period": self.period, "tick": known}
        return {**found, "moves": self.moves, "rolling": self.rolling, "begun": self.begun}

    def _take(self, when: Seconds) -> None:
        gap = when - self._heard
        self._heard = when
        if self.rolling:
            self.tick = self._next
            self._next += 1
            if self._starts:
                self._starts, self.begun = False, self.tick
                self.moves += 1
        if gap > SILENCE:
            self._begin_anew(keep=False)
        if self._count == 0:
            self._count = 1
            self.at = when
            return
        if self._count == 1:
            # After a start the tempo is known, and only the phase is new.
            fits = self._keep and abs(gap - self.period) < self.period / 2
            self.period = self.period if fits else min(LONGEST, max(SHORTEST, gap))
            self._count = DOUBT if fits else 2
            self.at, self._bias, self._noise = when, 0.0, 0.0
            return
        error = when - (self.at + self.period)
        if abs(error) > self.period / 2:
            self._begin_anew(keep=False)
            self._count, self.at = 1, when
            return
        self._count += 1
        self._watch(error)
        count = self._count
        narrow = 2 * math.pi * NARROW * self.period
        phase = max(2 * (2 * count - 1) / (count * (count + 1)), math.sqrt(2) * narrow)
        drift = max(6 / (count * (count + 1)), narrow * narrow)
        self.at += self.period + phase * error
        self.period = min(LONGEST, max(SHORTEST, self.period + drift * error))
        self._was_locked = self._was_locked or self.locked

    def _begin_anew(self, *, keep: bool) -> None:
        """Forget the phase, and the tempo if it is not to be kept."""
        self._keep = keep and (self._keep or self._count > DOUBT)
        self._count = 0

    def _watch(self, error: float) -> None:
        """A tempo that moves shows in errors of one sign: the loop then forgets all but the last ticks."""
        self._bias += (error - self._bias) / 8
        self._noise += (abs(error) - self._noise) / 48
        if self._count > SETTLED and abs(self._bias) > 1.6 * self._noise + 0.0002:
            self._count = DOUBT
            self._bias = 0.0
