"""Where the frames of an audio device lie on the session's timeline."""

import math
from collections.abc import Callable
from typing import NamedTuple, Protocol

from bridge.clock import Clock, Mapping
from bridge.event import Seconds

__all__ = ["ExactTime", "FittedTime", "Place", "ServerClock", "StreamTime"]

WIDE, NARROW = 2.0, 0.05
"""Hz of the loop: wide at first, then as narrow as a sound card's crystal deserves."""
SETTLE = 1.0
"""Seconds in which the loop's bandwidth halves for the first time."""
JUMP = 0.05
"""Seconds of error that no loop should follow slowly."""
PERSIST = 4
"""Looks in a row that must err by more than `JUMP` before the loop believes them: a stalled machine
delivers one callback late and the next ones on time."""
STEEPEST = 0.3
"""Upper bound of the loop's step (2 pi B T), for devices that ask seldom."""

FOREIGN = 1.0
"""Seconds from the present beyond which a frame that is about to be played is not the clock's own."""

_COUNTER = 0xFFFFFFFF


class Place(NamedTuple):
    """Where a block lies: its first frame on the timeline, and the frames in a timeline second.

    Attributes:
        first: The timeline's frame of the block's first one; a whole number where the clock is exact.
        rate: Frames per second of the timeline.
    """

    first: float
    rate: float

    @property
    def time(self) -> Seconds:
        """When the block begins."""
        return self.first / self.rate

    def offset(self, at: Seconds) -> int:
        """The frame inside the block that is nearest to a time; negative for what is past.

        >>> Place(48000, 48000.0).offset(1.001)
        48
        """
        return math.floor(at * self.rate + 0.5 - self.first)

    def until(self, frames: int) -> Seconds:
        """The first time whose nearest frame no longer lies within so many frames."""
        return (self.first + frames - 0.5) / self.rate


class StreamTime(Protocol):
    """Says where a device's frames lie on the timeline."""

    @property
    def anchors(self) -> int:
        """How often the place was taken anew because it was far off."""
        ...

    def look(self, position: int) -> None:
        """Note that the device asks for the frame `position` now; called by the device's thread."""
        ...

    def place(self, position: int) -> Place:
        """Where the frame `position` of the device lies."""
        ...


class FittedTime:
    """Follows a device that has its own idea of a second, by a slow loop of second order.

    It never jumps, unless it errs by more than 50 ms several times in a row; then it takes the new
    place once and counts it in `anchors`.

    Args:
        clock: The timeline.
        rate: Frames per second that the device claims to have.
    """

    def __init__(self, clock: Clock, rate: int) -> None:
        self._clock = clock
        self._rate = rate
        self._fit: Mapping | None = None
        self._begun = 0.0
        self._astray = 0
        self.anchors = 0

    def look(self, position: int) -> None:
        """Compare a frame with the clock, and move a little towards it."""
        now = self._clock.now()
        device = position / self._rate
        fit = self._fit
        if fit is None:
            self._fit, self._begun = Mapping(device, now), device
            return
        elapsed = device - fit.monotonic
        error = now - fit.at(device)
        if abs(error) > JUMP:
            self._astray += 1
            if self._astray >= PERSIST:
                self.anchors += 1
                self._astray, self._begun = 0, device
                self._fit = Mapping(device, now)
            return
        self._astray = 0
        if elapsed <= 0:
            return
        bandwidth = max(NARROW, WIDE / (1 + (device - self._begun) / SETTLE))
        bandwidth = min(bandwidth, STEEPEST / (2 * math.pi * elapsed))
        self._fit = fit.moved(device, error, bandwidth, elapsed)

    def place(self, position: int) -> Place:
        """Where a frame lies; before the first look it is the present."""
        fit = self._fit
        if fit is None:
            return Place(self._clock.now() * self._rate, self._rate)
        rate = self._rate / fit.rate
        return Place(fit.at(position / self._rate) * rate, rate)


class ServerClock(Protocol):
    """The timeline while it may be counted in an audio server's frames; `bridge.clock.SharedClock`."""

    @property
    def frame_rate(self) -> float:
        """Frames per second of the server; 0 while there is none."""
        ...

    @property
    def frame_offset(self) -> int:
        """What to add to the server's full count of frames."""
        ...

    def now(self) -> Seconds:
        """The present."""
        ...

    def unwrap(self, frame32: int) -> int:
        """The full count of the server's 32-bit counter."""
        ...


class ExactTime:
    """Reads places off the frames of the audio server that is the clock itself.

    Until the timeline is counted in that server's frames it is followed like any other device.

    Args:
        clock: The timeline.
        rate: Frames per second of the server.
        fitted: Makes what follows the server meanwhile.
    """

    def __init__(
        self, clock: ServerClock, rate: int, fitted: Callable[[Clock, int], FittedTime] = FittedTime
    ) -> None:
        self._clock = clock
        self._rate = rate
        self._fitted = fitted(clock, rate)

    @property
    def anchors(self) -> int:
        """How often the place was taken anew while the server was not the clock."""
        return self._fitted.anchors

    def look(self, position: int) -> None:
        """Only needed while the server is not the clock."""
        if self._exact(position) is None:
            self._fitted.look(position)

    def place(self, position: int) -> Place:
        """Where a frame of the server lies: exactly, if the server is the clock."""
        return self._exact(position) or self._fitted.place(position)

    def _exact(self, position: int) -> Place | None:
        if self._clock.frame_rate != self._rate:
            return None
        frame = self._clock.unwrap(position & _COUNTER) + self._clock.frame_offset
        place = Place(frame, self._rate)
        # A server that came back counts from elsewhere until the clock's owner has taken note of it.
        return place if abs(place.time - self._clock.now()) < FOREIGN else None
