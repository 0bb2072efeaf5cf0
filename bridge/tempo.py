"""Which cycle it is at a time, and at which time a cycle begins: a line of segments."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.event import Seconds

BEATS_PER_CYCLE = 4
"""Beats in a cycle unless a piece says otherwise."""

STRETCH = 1.0
"""Seconds in which a nudge is spread at least."""
BENT = 0.1
"""How much of the tempo a nudge takes away or adds at most: beyond a tenth it is heard as a stumble."""


def cps_of(bpm: float, beats_per_cycle: float = BEATS_PER_CYCLE) -> float:
    """Cycles per second of a tempo in beats per minute.

    >>> cps_of(120)
    0.5

    Raises:
        ValueError: It is not 0.1 to 1,000 beats per minute, or not 0.25 to 1,024 beats per cycle.
    """
    # A cycle lasts 15 ms to a week: the scheduler, which asks 2.5 s ahead, never asks for a million of them.
    if not 0.1 <= bpm <= 1000:
        raise ValueError(f"tempo: bpm must be 0.1 to 1000 (got {bpm})")
    if not 0.25 <= beats_per_cycle <= 1024:
        raise ValueError(f"tempo: beats_per_cycle must be 0.25 to 1024 (got {beats_per_cycle})")
    return bpm / 60 / beats_per_cycle


@dataclass(frozen=True, slots=True)
class Segment:
    """From `begin` on, cycles pass at `cps`, which changes by `slope` each second.

    Args:
        begin: Time at which the segment begins.
        cycle: The cycle (with its fraction) that it begins in.
        cps: Cycles per second at its beginning.
        slope: Change of cps per second; 0 for a steady tempo.
    """

    begin: Seconds
    cycle: Fraction
    cps: float
    slope: float = 0.0

    def cycle_at(self, when: Seconds) -> float:
        """The cycle at a time."""
        passed = when - self.begin
        return float(self.cycle) + passed * (self.cps + self.slope * passed / 2)

    def time_at(self, cycle: Fraction | float) -> Seconds:
        """The time at which a cycle comes, taken from the same line."""
        # As float(cycle - self.cycle), rounded once as well: a sixth of the time, for each event's two ends.
        (over, under), (mine, parts) = cycle.as_integer_ratio(), self.cycle.as_integer_ratio()
        distance = (over * parts - mine * under) / (under * parts)
        if self.slope == 0.0:
            return self.begin + distance / self.cps
        # The stable root of slope/2 t^2 + cps t = distance, also for slopes near 0.
        inside = max(0.0, self.cps**2 + 2 * self.slope * distance)
        return self.begin + 2 * distance / (self.cps + math.sqrt(inside))

    def cps_at(self, when: Seconds) -> float:
        """Cycles per second at a time."""
        return self.cps + self.slope * (when - self.begin)


@dataclass(frozen=True, slots=True)
class Tempo:
    """The whole line: segments in order, the first valid since ever and the last for ever.

    >>> tempo = Tempo.steady(0.5, begin=10.0)
    >>> tempo.cycle_at(12.0)
    1.0
    >>> tempo.changed(12.0, 1.0).time_at(Fraction(3))
    14.0
    """

    segments: tuple[Segment, ...]

    @staticmethod
    def steady(cps: float, begin: Seconds = 0.0, cycle: Fraction | int = 0) -> Tempo:
        """One tempo, with `cycle` at time `begin`."""
        return Tempo((Segment(begin, Fraction(cycle), cps),))

    def cycle_at(self, when: Seconds) -> float:
        """The cycle at a time."""
        return self._at_time(when).cycle_at(when)

    def time_at(self, cycle: Fraction | float) -> Seconds:
        """The time at which a cycle comes."""
        if len(self.segments) == 1:
            return self.segments[0].time_at(cycle)
        index = bisect_right(self.segments, cycle, key=lambda s: s.cycle) - 1
        return self.segments[max(0, index)].time_at(cycle)

    def cps_at(self, when: Seconds) -> float:
        """Cycles per second at a time."""
        return self._at_time(when).cps_at(when)

    def changed(
        self, when: Seconds, cps: float, *, cycle: Fraction | None = None, slope: float = 0.0
    ) -> Tempo:
        """The line with another tempo from `when` on; the cycle at `when` stays what it was.

        Args:
            when: Time of the change; later segments are replaced.
            cps: Cycles per second from then on.
            cycle: The exact cycle at `when`, if the change lies on a known one.
            slope: Change of cps per second from then on.
        """
        exact = self._exact(when) if cycle is None else cycle
        kept = tuple(s for s in self.segments if s.begin < when)
        return Tempo((*kept, Segment(when, exact, cps, slope)))

    def ramped(self, when: Seconds, cps: float, over: Fraction, *, cycle: Fraction | None = None) -> Tempo:
        """The line with a tempo that is reached evenly in `over` cycles from `when` on.

        Cps is linear in seconds, as a constant push; so both ways are closed (a square and its root), where
        cps linear in cycles would need exponentials and logarithms. The ramp ends on an exact cycle.

        Args:
            when: Time at which it begins; later segments are replaced.
            cps: Cycles per second at its end, and from then on.
            over: How many cycles it takes, more than 0.
            cycle: The exact cycle at `when`, if it begins on a known one.

        >>> Tempo.steady(0.5).ramped(4.0, 1.0, Fraction(3)).time_at(5)
        8.0
        """
        first = self.cps_at(when)
        seconds = 2 * float(over) / (first + cps)
        begun = self.changed(when, first, cycle=cycle, slope=(cps - first) / seconds)
        return begun.changed(when + seconds, cps, cycle=begun.segments[-1].cycle + over)

    def nudged(self, when: Seconds, later: Seconds) -> Tempo:
        """The line with everything after a short stretch moved, and the tempo bent for that stretch.

        Args:
            when: Time at which the stretch begins; it takes a second, or ten times the move.
            later: Seconds by which all that follows comes later; negative for earlier.

        >>> Tempo.steady(0.5).nudged(4.0, 0.02).time_at(10)
        20.02
        """
        stretch = max(STRETCH, abs(later) / BENT)
        begin, end = self._exact(when), self._exact(when + stretch)
        bent = Segment(when, begin, float(end - begin) / (stretch + later))
        at = self._at_time(when + stretch)
        rest = Segment(when + stretch + later, end, at.cps_at(when + stretch), at.slope)
        kept = tuple(s for s in self.segments if s.begin < when)
        moved = (replace(s, begin=s.begin + later) for s in self.segments if s.begin > when + stretch)
        return Tempo((*kept, bent, rest, *moved))

    def since(self, when: Seconds) -> Tempo:
        """The same line without the segments that ended before `when`, so that it never grows."""
        index = bisect_right(self.segments, when, key=lambda s: s.begin) - 1
        return Tempo(self.segments[max(0, index) :])

    def to_json(self) -> list[list[float | str]]:
        """For handing over to another process; `from_json` is the reverse."""
        return [[s.begin, str(s.cycle), s.cps, s.slope] for s in self.segments]

    @staticmethod
    def from_json(rows: list[list[float | str]]) -> Tempo:
        """What `to_json` wrote."""
        return Tempo(tuple(Segment(float(b), Fraction(c), float(r), float(k)) for b, c, r, k in rows))

    def _exact(self, when: Seconds) -> Fraction:
        return Fraction(self.cycle_at(when))

    def _at_time(self, when: Seconds) -> Segment:
        index = bisect_right(self.segments, when, key=lambda s: s.begin) - 1
        return self.segments[max(0, index)]
