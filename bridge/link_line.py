"""Ableton Link's beats on our timeline: the line that a peer keeps, and ours bent until it lies on that."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bridge.tempo import BENT, STRETCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.event import Seconds
    from bridge.tempo import Tempo

LINK = "link"
"""What `follow` calls it."""
START_STOP = "link:start_stop"
"""The same, starting and stopping with the others."""
SLOWEST, FASTEST = 20.0, 999.0
"""Beats per minute: Link takes no others."""

NEAR = 15e-6
"""Seconds beside the others' beat that are left alone: a third of what two peers may differ by."""
AHEAD = 4.0
"""Seconds for which the two lines are to stay as near as that: so much of our tempo's error counts."""

WINDOW = 30
"""Looks at the two clocks that a fit is made of: 3 s. With 1 us of jitter in a look the rate is then known to
0.3 us a second. It must not be long: a system that sets its clock may let it go half a millisecond a second
wrong for a moment. With 12 s two sessions were seen 0.14 ms beside a third peer, and alike, for seconds."""
ENOUGH = 5
"""Looks before which a fit is not trusted."""
MISSED = 20e-6
"""Seconds beside the line, with six times the jitter, beyond which a look is doubted."""
DOUBTS = 3
"""Looks doubted in a row that make a new line: a clock was set, or stood still. One alone was late."""


class ClockFit:
    """Where another clock's time lies on ours: a straight line through the last looks.

    >>> fit = ClockFit()
    >>> for k in range(9):
    ...     fit.look(100.0 + k, 7.0 + 1.5 * k)
    >>> fit.ours(110.0), fit.other(10.0), fit.rate
    (22.0, 102.0, 1.5)
    """

    def __init__(self) -> None:
        self._looks: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._doubts: list[tuple[float, float]] = []
        self._other = self._ours = 0.0
        self.rate = 1.0
        self.noise: Seconds = 0.0

    @property
    def trusted(self) -> bool:
        """Whether there have been enough looks."""
        return len(self._looks) >= ENOUGH

    def look(self, other: float, ours: Seconds) -> None:
        """Take one look at both, in seconds."""
        if self.trusted and abs(self.ours(other) - ours) > MISSED + 6 * self.noise:
            self._doubts.append((other, ours))
            if len(self._doubts) < DOUBTS:
                return
            self._looks.clear()
            self._looks.extend(self._doubts)
        else:
            self._looks.append((other, ours))
        self._doubts.clear()
        count = len(self._looks)
        # From the middle of the window: sums of large numbers would lose what a look is precise to.
        self._other = sum(one for one, _ in self._looks) / count
        self._ours = sum(one for _, one in self._looks) / count
        spread = sum((one - self._other) ** 2 for one, _ in self._looks)
        shared = sum((a - self._other) * (b - self._ours) for a, b in self._looks)
        self.rate = shared / spread if spread > 0 else 1.0
        # From how much each look differs from its neighbours: what bends slowly is no jitter.
        off = [b - self.ours(a) for a, b in self._looks]
        bends = [(x - 2 * y + z) ** 2 for x, y, z in zip(off, off[1:], off[2:], strict=False)]
        self.noise = math.sqrt(sum(bends) / 6 / len(bends)) if bends else 0.0

    def ours(self, other: float) -> Seconds:
        """Our time when the other clock shows that."""
        return self._ours + (other - self._other) * self.rate

    def other(self, ours: Seconds) -> float:
        """What the other clock shows at a time of ours."""
        return self._other + (ours - self._ours) / self.rate


@dataclass(frozen=True, slots=True)
class LinkLine:
    """The beats of a Link session as they lie on our timeline.

    Args:
        at: Time of a beat.
        beat: That beat; its place within the quantum is the same for all peers, its number is ours alone.
        period: Seconds of a beat, on our timeline.
        quantum: Beats of a cycle that it was asked for.
        noise: Seconds by which the looks at the two clocks jitter.
    """

    at: Seconds
    beat: float
    period: Seconds
    quantum: float
    noise: Seconds = 0.0

    @property
    def cps(self) -> float:
        """Cycles per second."""
        return 1 / (self.period * self.quantum)

    def cycle_at(self, when: Seconds) -> float:
        """The cycle at a time; only its fraction is shared with the others."""
        return (self.beat + (when - self.at) / self.period) / self.quantum

    def next_cycle(self, when: Seconds) -> Seconds:
        """The first time from `when` on at which a cycle begins.

        >>> LinkLine(at=10.0, beat=2.0, period=0.5, quantum=4.0).next_cycle(10.2)
        11.0
        """
        # A beat that was asked for at this very time may lie a microsecond before it.
        cycle = math.ceil(self.cycle_at(when) - 1e-5)
        return self.at + (cycle * self.quantum - self.beat) * self.period

    def to_json(self) -> dict[str, object]:
        """For handing over; `from_json` is the reverse."""
        return {
            "at": self.at,
            "beat": self.beat,
            "period": self.period,
            "quantum": self.quantum,
            "noise": self.noise,
        }

    @staticmethod
    def from_json(said: Mapping[str, object]) -> LinkLine:
        """What `to_json` wrote."""
        names = ("at", "beat", "period", "quantum", "noise")
        return LinkLine(*(float(cast("float", said[name])) for name in names))


def away(tempo: Tempo, line: LinkLine, when: Seconds) -> Seconds:
    """By how much the others are ahead of us at a time, by the shorter way round the cycle; in seconds."""
    return math.remainder(line.cycle_at(when) - tempo.cycle_at(when), 1.0) / line.cps


def met(tempo: Tempo, when: Seconds, line: LinkLine) -> Tempo | None:
    """Our line of time from a moment on, bent so that it lies on the others'; None if it does already.

    Nothing jumps: the place within the cycle is met at a tempo a tenth beside the others' at most, in a
    second unless it is far.

    Args:
        tempo: Our line.
        when: The first moment that can still be changed.
        line: The others'.
    """
    near = max(NEAR, 3 * line.noise)
    last = max(when, tempo.segments[-1].begin)
    here = away(tempo, line, last)
    if max(abs(here), abs(here + AHEAD * (1 - tempo.cps_at(last) / line.cps))) < near:
        return None
    gap = away(tempo, line, when)
    stretch = max(STRETCH, abs(gap) / BENT)
    return tempo.changed(when, line.cps * (1 + gap / stretch)).changed(when + stretch, line.cps)
