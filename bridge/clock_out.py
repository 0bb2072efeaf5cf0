"""MIDI clock out: when each tick, start, stop and position is due, taken from the line of the tempo.

Runs in the output process, which holds the line itself: ticks go on when the engine stalls or dies. Tick k
is at the time of cycle k / ticks per cycle, never a step after the last one, so nothing adds up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.tempo import Tempo
from bridge.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bridge.event import Seconds
    from bridge.midi_routes import Part

PER_BEAT = 24
"""Ticks of a beat, by the MIDI standard."""
PER_STEP = 6
"""Ticks of a unit of the song position: a sixteenth."""
LEAD = 0.0015
"""Seconds from start or continue to the first tick after it: at least 1 ms is asked for, and the shortest
gap between two ticks (1,000 beats a minute) is 2.5 ms."""
LATE = 0.1
"""Seconds of lateness beyond which ticks are left out, and the position told anew."""

POSITION, TICK, START, CONTINUE, STOP = 0xF2, b"\xf8", b"\xfa", b"\xfb", b"\xfc"


@dataclass(frozen=True, slots=True)
class Line:
    """One port that gets the clock.

    Args:
        part: Of its name; None is our own.
        early: Seconds by which it is sent early.
        always: Whether ticks go on while the music stands.
    """

    part: Part
    early: Seconds = 0.0
    always: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """What the engine says of time.

    Args:
        tempo: The line of cycles over seconds.
        beats: Beats in a cycle.
        begin: The cycle at which music begins or has begun; None while there is none.
        until: The cycle at which it ends, if that is known.
        lines: The ports that get the clock.
        transport: Which cycle of the piece is played when: that is the position which is told.
    """

    tempo: Tempo
    beats: Fraction = Fraction(4)
    begin: Fraction | None = None
    until: Fraction | None = None
    lines: tuple[Line, ...] = ()
    transport: Transport = field(default_factory=Transport)

    @property
    def per_cycle(self) -> Fraction:
        """Ticks in a cycle."""
        return PER_BEAT * self.beats

    def to_json(self) -> dict[str, object]:
        """For the output process; `from_json` is the reverse."""
        return {
            "tempo": self.tempo.to_json(),
            "beats": str(self.beats),
            "begin": None if self.begin is None else str(self.begin),
            "until": None if self.until is None else str(self.until),
            "lines": [[line.part, line.early, line.always] for line in self.lines],
            "transport": self.transport.to_json(),
        }

    @staticmethod
    def from_json(said: Mapping[str, object]) -> Course:
        """What `to_json` wrote."""

        def cycle(name: str) -> Fraction | None:
            value = said[name]
            return None if value is None else Fraction(str(value))

        return Course(
            Tempo.from_json(cast("list[list[float | str]]", said["tempo"])),
            Fraction(str(said["beats"])),
            cycle("begin"),
            cycle("until"),
            tuple(Line(*row) for row in cast("list[tuple[Part, float, bool]]", said["lines"])),
            Transport.from_json(cast("list[list[object]]", said["transport"])),
        )


class ClockOut:
    """The clocks of all ports; touched by the sending thread only."""

    def __init__(self) -> None:
        self._course = Course(Tempo.steady(0.5))
        self._pulses: dict[Part, Pulse] = {}

    def follow(self, course: Course, now: Seconds) -> list[tuple[Part, bytes]]:
        """Take another line of time; gives what is to be sent at once to ports that get no clock any more."""
        gone = self._pulses.keys() - {line.part for line in course.lines}
        ended = [(part, STOP) for part in gone if self._pulses.pop(part).rolling]
        self._course = course
        for line in course.lines:
            pulse = self._pulses.get(line.part)
            if pulse is None:
                self._pulses[line.part] = Pulse(course, line, now)
            else:
                pulse.follow(course, line, now)
        return ended

    def due(self, until: Seconds, now: Seconds) -> list[tuple[Seconds, Part, bytes]]:
        """What is due before `until`, by time for each port."""
        return [
            (at, part, data) for part, pulse in self._pulses.items() for at, data in pulse.due(until, now)
        ]

    def stop(self) -> list[tuple[Part, bytes]]:
        """Stop now whatever follows us, until the engine says again that music plays."""
        ended = [(part, STOP) for part, pulse in self._pulses.items() if pulse.rolling]
        self.follow(replace(self._course, begin=None), 0.0)
        for pulse in self._pulses.values():
            pulse.rolling = False
        return ended

    def tell_again(self, part: Part) -> None:
        """A port is new or has come back: it is told the position, at the next sixteenth."""
        if part in self._pulses:
            self._pulses[part].rolling = False

    @property
    def parts(self) -> list[Part]:
        """The ports that get the clock."""
        return list(self._pulses)

    @property
    def next_at(self) -> Seconds | None:
        """When something is due next, or None."""
        return min((pulse.next_at for pulse in self._pulses.values()), default=None)


class Pulse:
    """The clock of one port.

    Args:
        course: What the engine says of time.
        line: The port.
        now: The present: ticks before it are over.

    Attributes:
        rolling: Whether the port was told to start and not yet to stop.
    """

    def __init__(self, course: Course, line: Line, now: Seconds) -> None:
        self.rolling = False
        self._course = course
        self._line = line
        self._tick = self._first_tick(now)
        self._sent: Seconds = -math.inf
        self._start: int | None = None
        self._told: tuple[int, int | None] | None = None
        self._sought: int | None = None
        self._part: tuple[float, float, int | None] = (0, 0, None)

    def follow(self, course: Course, line: Line, now: Seconds) -> None:
        """Take another line of time: the count of ticks goes on where it lies near the former one."""
        self._course, self._line = course, line
        self._sought, self._part = None, (0, 0, None)
        if self._sent > -math.inf:
            spacing = 1 / float(course.tempo.cps_at(now) * course.per_cycle)
            if abs(self._at(self._tick - 1) - self._sent) > spacing / 2:
                self._tick = self._first_tick(max(now, self._sent + spacing / 2))
        else:
            self._tick = self._first_tick(now)
        self._start = None

    def due(self, until: Seconds, now: Seconds) -> Iterator[tuple[Seconds, bytes]]:
        """What is due before `until`, in its order.

        Args:
            until: The first time that is not yet due.
            now: The present; ticks that are more than `LATE` behind it are left out.
        """
        if self._at(self._tick) < now - LATE:
            self._tick = self._first_tick(now)
            self._start = None
            if self.rolling:
                self.rolling = False
                yield now, STOP
        if self.rolling and self._course.begin is None:
            self.rolling = False
            yield now, STOP
        while True:
            at = self._at(self._tick)
            yield from self._turn(at, until, now)
            if at >= until:
                return
            if self.rolling or self._line.always:
                yield at, TICK
            self._sent = at
            self._tick += 1

    @property
    def next_at(self) -> Seconds:
        """When something is due next; at most so early."""
        return self._at(self._tick) - LEAD

    def _turn(self, at: Seconds, until: Seconds, now: Seconds) -> Iterator[tuple[Seconds, bytes]]:
        """Start or stop before the next tick, which is due at `at`."""
        end = self._end()
        over = (end is not None and self._tick >= end) or self._jumps()
        if self.rolling and over and at - LEAD < until:
            self.rolling = False
            self._start = None
            yield at - LEAD, STOP
        if self.rolling or self._course.begin is None:
            return
        if self._start is None and self._sought != self._tick:
            self._sought = self._tick
            self._start = self._next_start(now)
        if self._start == self._tick and at - LEAD < until and (end is None or self._tick < end):
            self.rolling = True
            self._start = None
            self._told = self._tick, self._position(self._tick)
            step = (self._told[1] or 0) // PER_STEP
            if step == 0:
                yield at - LEAD, START
            else:
                yield at - LEAD, bytes((POSITION, step & 127, step >> 7 & 127)) + CONTINUE

    def _next_start(self, now: Seconds) -> int | None:
        """The tick that comes first after the start: on a sixteenth, not before the music's begin.

        None while the piece stands, or if it jumps before there is one.
        """
        begin = cast("Fraction", self._course.begin) * self._course.per_cycle
        tick = max(self._tick, math.ceil(begin), 0)
        for later in range(2 * PER_STEP):
            position = self._position(tick + later)
            if position is not None and position % PER_STEP == 0 and self._at(tick + later) - LEAD >= now:
                return tick + later
        return None

    def _position(self, tick: int) -> int | None:
        """The tick's number in the piece; None where it stands."""
        if not self._course.transport.passages:
            return tick
        if not self._part[0] <= tick < self._part[1]:
            # Fractions are slow, and this is asked in each period.
            per = self._course.per_cycle
            stretch = self._course.transport.stretch(tick / per)
            end = math.inf if stretch.end is None else math.ceil(stretch.end * per)
            self._part = (tick, end, None if stretch.shift is None else round(stretch.shift * per))
        shift = self._part[2]
        return None if shift is None else tick + shift

    def _jumps(self) -> bool:
        """Whether the piece is at this tick elsewhere than was told, and than a tick after the one before."""
        if not self._course.transport.passages:
            return False
        here, before = self._position(self._tick), self._position(self._tick - 1)
        goes_on = here is not None and before is not None and here == before + 1
        return not goes_on and self._told != (self._tick, here)

    def _end(self) -> int | None:
        until = self._course.until
        return None if until is None else math.ceil(until * self._course.per_cycle)

    def _at(self, tick: int) -> Seconds:
        per = self._course.per_cycle
        cycle = Fraction(tick * per.denominator, per.numerator)
        return self._course.tempo.time_at(cycle) - self._line.early

    def _first_tick(self, when: Seconds) -> int:
        """The first that is not before a time."""
        tick = math.floor(
            self._course.tempo.cycle_at(when + self._line.early) * float(self._course.per_cycle)
        )
        while self._at(tick) < when:
            tick += 1
        return tick
