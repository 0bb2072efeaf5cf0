"""What time it is on the session's timeline: one protocol, and the clocks that keep it."""

from __future__ import annotations

import calendar
import contextlib
import math
import mmap
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator

    from bridge.event import Seconds

_BODY = struct.Struct("<ddddq")
_COUNT = struct.Struct("<Q")
PAGE_SIZE = 4096
_WRAP = 1 << 32
DRIFT = 0.01
"""The most by which a device's clock is believed to differ from its nominal rate; 0.0003 is common."""
FAR_OFF = 0.05
"""Seconds of error that no jitter makes: the true clock stood still or skipped."""
CHASE = 0.5
"""How much faster or slower time goes until it has caught up with that."""
LOCKING, WIDEST, NARROWEST = 2.0, 1.0, 0.03
"""Hz of the loop that follows a device's clock: in its first seconds, and the bounds afterwards."""
LOCK_TIME = 3.0
"""Seconds for which the loop stays wide."""
STEADY = 5e-5
"""Seconds by which two looks may differ for the widest loop; beyond, it narrows with the square of the
jitter, for jitter passes with the root of the bandwidth."""
SKIPPED = 0.003
"""Seconds of error that only a server makes which lost some periods: the loop opens again, so that OSC,
which follows the monotonic clock, is not apart from MIDI for long."""


class Clock(Protocol):
    """Tells the time of the session's timeline."""

    def now(self) -> Seconds:
        """The present, in seconds; never runs backwards."""
        ...


@dataclass(slots=True)
class ManualClock:
    """A clock that moves when told: the clock of tests, rehearsals and renders.

    >>> clock = ManualClock()
    >>> clock.advance(0.5)
    >>> clock.now()
    0.5
    """

    time: Seconds = 0.0

    def now(self) -> Seconds:
        """The time at which it was last left."""
        return self.time

    def advance(self, seconds: float) -> None:
        """Move on by `seconds` >= 0."""
        if seconds < 0:
            raise ValueError(f"a clock cannot go back (asked for {seconds} s)")
        self.time += seconds


class StandingClock:
    """A clock that can be held while something is done, so that all of that happens at one time.

    Args:
        clock: What it tells when it is not held.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: Seconds | None = None

    def now(self) -> Seconds:
        """The present, or the time at which it was held."""
        held = self._held
        return self._clock.now() if held is None else held

    @contextlib.contextmanager
    def standing(self) -> Generator[Seconds, None, None]:
        """Hold it; gives the time."""
        self._held = now = self._clock.now()
        try:
            yield now
        finally:
            self._held = None


class SystemClock:
    """The machine's monotonic clock, in seconds."""

    def now(self) -> Seconds:
        """Seconds of the monotonic clock."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the timeline lies on the monotonic clock, and on JACK's frames while there is a server.

    Args:
        monotonic: A moment of the monotonic clock.
        time: The timeline's time at that moment.
        rate: Timeline seconds per monotonic second, near 1.
        frame_rate: Frames per second of the audio server that is the clock; 0 when there is none.
        frame_offset: What to add to the server's frame counter to get the timeline's frame.
    """

    monotonic: float
    time: Seconds
    rate: float = 1.0
    frame_rate: float = 0.0
    frame_offset: int = 0

    def at(self, monotonic: float) -> Seconds:
        """The timeline's time at a moment of the monotonic clock."""
        return self.time + (monotonic - self.monotonic) * self.rate

    def monotonic_at(self, when: Seconds) -> float:
        """The moment of the monotonic clock at which the timeline shows `when`."""
        return self.monotonic + (when - self.time) / self.rate

    def moved(self, monotonic: float, error: float, bandwidth: float, period: float) -> Mapping:
        """The mapping after one look at the true clock: a delay-locked loop of second order.

        Args:
            monotonic: When the look was taken.
            error: True time less `self.at(monotonic)`, in seconds.
            bandwidth: Of the loop, in Hz; 0.1 follows a crystal, 4 locks fast.
            period: Seconds since the last look.

        A server that stood still (a stopped client can hold it up for seconds) is not followed by a jump,
        because time may not run backwards, and not by the loop, which would need 10 s: time goes at half or
        one and a half speed until it is near again.

        Source: F. Adriaensen, "Using a DLL to filter time", 2005.
        """
        if abs(error) > FAR_OFF:
            chase = 1.0 + math.copysign(CHASE, error)
            return Mapping(monotonic, self.at(monotonic), chase, self.frame_rate, self.frame_offset)
        if abs(self.rate - 1.0) > CHASE / 2:
            return Mapping(monotonic, self.at(monotonic), 1.0, self.frame_rate, self.frame_offset)
        # Beyond 0.4 a late look would be overcorrected, and the next one more so.
        omega = min(0.4, 2 * math.pi * bandwidth * period)
        time_now = self.at(monotonic) + math.sqrt(2) * omega * error
        rate = self.rate + omega * omega * error / period
        rate = min(1.0 + DRIFT, max(1.0 - DRIFT, rate))
        return Mapping(monotonic, time_now, rate, self.frame_rate, self.frame_offset)


class Tracker:
    """Follows a device's clock by looking at it now and then.

    How wide the loop is follows from how much one look differs from the next. A server's counter is read
    to some microseconds, but under load the server itself wanders by milliseconds in a second: measured
    beside three busy processes, the error over 0.8 s was up to 1.8 ms with 0.03 Hz, 0.06 ms with this. A
    clock whose every look jitters by half a millisecond needs the narrow loop.

    Args:
        mapping: How the device's clock lies on the monotonic clock now.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._since = self._looked = mapping.monotonic
        self._last = 0.0
        self._jitter = 5 * STEADY

    def look(self, mapping: Mapping, monotonic: float, true: Seconds) -> Mapping:
        """The mapping after a look that showed `true` at a moment of the monotonic clock."""
        error = true - mapping.at(monotonic)
        # About 2 s of looks. A period that was lost is no jitter.
        self._jitter += 0.03 * (min(SKIPPED, abs(error - self._last)) - self._jitter)
        self._last = error
        if abs(error) > SKIPPED:
            self._since = monotonic
        if monotonic - self._since < LOCK_TIME:
            bandwidth = LOCKING
        else:
            bandwidth = max(NARROWEST, WIDEST * (STEADY / max(STEADY, self._jitter)) ** 2)
        period = min(0.2, max(0.001, monotonic - self._looked))
        self._looked = monotonic
        return mapping.moved(monotonic, error, bandwidth, period)


def create_page(path: Path) -> SharedClock:
    """Make a session's clock page; the timeline starts as the monotonic clock itself."""
    path.write_bytes(bytes(PAGE_SIZE))
    clock = SharedClock(path)
    now = time.monotonic()
    clock.publish(Mapping(now, now))
    return clock


class SharedClock:
    """A page of memory from which every process reads the same time.

    One process (the output) writes it; the others only read. A counter around each write lets a reader
    notice that it read a half-written page (a sequence lock).

    Args:
        path: The page's file, made by `create_page`.
    """

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), PAGE_SIZE)
        self._last: Mapping | None = None

    def publish(self, mapping: Mapping) -> None:
        """Write a new mapping; only the one process that owns the clock does."""
        count = _COUNT.unpack_from(self._page)[0] + 1
        _COUNT.pack_into(self._page, 0, count)
        _BODY.pack_into(
            self._page,
            _COUNT.size,
            mapping.monotonic,
            mapping.time,
            mapping.rate,
            mapping.frame_rate,
            mapping.frame_offset,
        )
        _COUNT.pack_into(self._page, _COUNT.size + _BODY.size, count)

    def mapping(self) -> Mapping:
        """The mapping as last published."""
        for _ in range(1000):
            # Read in the reverse order of writing: equal counts then mean that nothing moved meanwhile.
            second = _COUNT.unpack_from(self._page, _COUNT.size + _BODY.size)[0]
            mono, when, rate, frame_rate, offset = _BODY.unpack_from(self._page, _COUNT.size)
            if _COUNT.unpack_from(self._page)[0] == second:
                self._last = Mapping(mono, when, rate, frame_rate, offset)
                return self._last
        # The writer died within a write: its last whole mapping still runs on.
        return self._last if self._last is not None else Mapping(0.0, 0.0)

    def now(self) -> Seconds:
        """The timeline's present."""
        return self.mapping().at(time.monotonic())

    def at(self, monotonic: float) -> Seconds:
        """The timeline's time at a moment of the monotonic clock."""
        return self.mapping().at(monotonic)

    @property
    def frame_rate(self) -> float:
        """Frames per second of the server that is the clock; 0 when there is none."""
        return self.mapping().frame_rate

    @property
    def frame_offset(self) -> int:
        """What to add to the server's unwrapped frame counter to get the timeline's frame."""
        return self.mapping().frame_offset

    def frame(self, when: Seconds) -> int:
        """The timeline's frame nearest to `when`, while a server is the clock."""
        return round(when * self.mapping().frame_rate)

    def unwrap(self, frame32: int) -> int:
        """The full count of a server's 32-bit frame counter: the one nearest to now."""
        mapping = self.mapping()
        near = mapping.at(time.monotonic()) * mapping.frame_rate - mapping.frame_offset
        return unwrap(frame32, near)

    def close(self) -> None:
        """Let go of the page."""
        self._page.close()


def unwrap(frame32: int, near: float) -> int:
    """The number nearest to `near` that equals `frame32` modulo 2**32.

    >>> unwrap(5, 2**32 - 3)
    4294967301
    """
    return frame32 + _WRAP * round((near - frame32) / _WRAP)


def monotonic() -> float:
    """Seconds of the machine's monotonic clock, for pairing with another clock's count."""
    return time.monotonic()


def processor_time() -> float:
    """Seconds of processors that this process has taken so far, in all its threads."""
    return time.process_time()


def wall_now() -> float:
    """Seconds since 1970, for drawing what a session says in such times; it jumps when the clock is set."""
    return time.time()  # noqa: TID251 - times of what sounds are told to screens on the wall clock


def wall_at(when: Seconds, clock: SharedClock) -> float:
    """The wall clock's time (seconds since 1970) at a time of the timeline, for OSC timetags.

    Only for stamping what leaves the machine: the wall clock may be set at any moment.
    """
    ahead = clock.mapping().monotonic_at(when) - time.monotonic()
    return time.time() + ahead  # noqa: TID251 - timetags are defined on the wall clock


def time_at_wall(wall: float, clock: SharedClock) -> Seconds:
    """The timeline's time at which the wall clock shows `wall` (seconds since 1970), for timetags that come.

    Only for what comes from outside, once, when it comes.
    """
    return clock.at(time.monotonic() + (wall - time.time()))  # noqa: TID251 - timetags are defined on the wall clock


def date_of(wall: float) -> str:
    """A time of the wall clock, in UTC, to the second.

    >>> date_of(0)
    '1970-01-01T00:00:00Z'
    """
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wall))


def here_and_then(date: str, later: Seconds = 0.0) -> tuple[str, str]:
    """The day and the time some seconds after a date, as the clocks of this place show them.

    Args:
        date: As `date_of` writes it.
        later: Seconds.
    """
    then = time.localtime(calendar.timegm(time.strptime(date, "%Y-%m-%dT%H:%M:%SZ")) + later)
    return time.strftime("%Y-%m-%d", then), time.strftime("%H:%M:%S", then)
