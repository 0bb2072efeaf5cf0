"""Which cycle of the music each frame of a block is."""

from fractions import Fraction

import numpy as np

from bridge.event import Seconds
from bridge.tempo import Tempo
from bridge.transport import Transport
from plugin_host.audio import Wide

__all__ = ["Beat"]

SLACK: Seconds = 0.001
"""Seconds by which a block may lie beside where the one before ended, and still follow it."""
LONGEST: Seconds = 5.0
"""Seconds that may be left out and are missing then; beyond that another time has begun."""
HAIR = 0.001
"""Cycles behind a moment at which it is asked where the piece is: a jump may come a rounding later."""


class Beat:
    """Where the music is while a block is rendered.

    Args:
        frames: In a block.

    Attributes:
        tempo: Cycles and seconds.
        transport: Which cycle of the piece is played when.
        cps: Cycles per second at the block's begin.
        turned: Cycles by which lines were other than those before them, at that moment: all so far. The first
            that is told may come when events have begun already.
        lost: Frames that were never rendered, because the device skipped them or time jumped: all so far.
    """

    def __init__(self, frames: int) -> None:
        self.tempo = Tempo.steady(0.5)
        self.transport = Transport()
        self.cps = 0.5
        self.lost = 0
        self.turned = 0.0
        self._frames = frames
        self._steps = np.arange(frames + 1) / frames
        self._begin: Seconds = 0.0
        self._end: Seconds = 0.0
        self._known: dict[int, Wide] = {}

    def keep(self, tempo: Tempo, transport: Transport) -> None:
        """Have another line of time from the next block on."""
        self.turned += tempo.cycle_at(self._end) - self.tempo.cycle_at(self._end)
        self.tempo, self.transport = tempo, transport
        self._known.clear()

    def look(self, begin: Seconds, rate: float) -> None:
        """Another block begins.

        Args:
            begin: When its first frame is.
            rate: Frames in a second of the timeline.
        """
        end = begin + self._frames / rate
        if abs(begin - self._end) < SLACK:
            begin = self._end  # where the clock is fitted, blocks do not meet to the hair
        elif 0 < begin - self._end < LONGEST:
            self.lost += round((begin - self._end) * rate)
        self._begin, self._end = begin, end
        self._known.clear()
        self.cps = self.tempo.cps_at(begin)

    def cycles(self, later: int = 0) -> Wide:
        """The cycles that have passed at each frame of the block, and at the first of the next one.

        Args:
            later: Frames by which what is rendered now is heard later, because it goes through a plugin.
        """
        found = self._known.get(later)
        if found is None:
            length = self._end - self._begin
            begin = self._begin + later * length / self._frames
            found = self._known[later] = self._between(begin, begin + length)
        return found

    def _between(self, begin: Seconds, end: Seconds) -> Wide:
        tempo = self.tempo
        knots = [begin, *(one.begin for one in tempo.segments if begin < one.begin < end), end]
        if any(one.slope for one in tempo.segments):
            knots = sorted({*knots, *np.linspace(begin, end, 9).tolist()})
        times = begin + self._steps * (end - begin)
        return np.interp(times, knots, [tempo.cycle_at(one) for one in knots])

    def shift(self, cycle: float) -> float:
        """What has to be added to passed cycles from one on to get those of the piece; 0 while it stands."""
        if not self.transport.passages:
            return 0.0
        found = self.transport.stretch(Fraction(cycle + HAIR)).shift
        return 0.0 if found is None else float(found)
