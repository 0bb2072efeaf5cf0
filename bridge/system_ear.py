"""Another's MIDI clock by the system's own ports: polled, and timed by the deltas that the driver counts."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bridge.clock_ear import ClockEar
from bridge.errors import BridgeError, PortNotFound
from bridge.outlet import SPIN
from bridge.port_names import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.event import Seconds
    from bridge.midi_in_system import Poll

POLL = 0.001
"""Seconds between two looks: the first message is dated by them, the others by the driver."""


class Stamp:
    """When each message came, by the sum of the driver's deltas.

    It came after the last look that found nothing, and before this one: where the driver's clock and ours
    part, the time stays between the two, so that it never jumps.

    >>> stamp = Stamp()
    >>> [stamp.at(delta, since, now) for delta, since, now in ((0, 1, 2), (0.5, 2, 3), (0.2, 2.9, 3))]
    [2, 2.5, 2.9]
    """

    def __init__(self) -> None:
        self._last: Seconds | None = None

    def at(self, delta: float, since: Seconds, now: Seconds) -> Seconds:
        """The time of a message.

        Args:
            delta: Seconds since the one before it.
            since: When nothing was there the last time.
            now: The present.
        """
        at = now if self._last is None else self._last + delta
        self._last = min(now, max(since, at))
        return self._last


class SystemEar(ClockEar):
    """Hears one clock: the port thread opens it, the sending thread polls it.

    Args:
        notice: Takes one line for the musician.
        names: Lists the ports that can be listened to.
        open_port: Opens one of them, with its clock.
        news: Told when the other has started or stopped.
    """

    def __init__(
        self,
        notice: Callable[[str], None],
        names: Callable[[], list[str]],
        open_port: Callable[[int], Poll],
        news: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(notice, news)
        self._names = names
        self._open_port = open_port
        self._port: tuple[str, Poll, Stamp] | None = None
        self._missed = False
        self._looked: Seconds = 0.0

    def listen(self, part: str | None) -> None:
        """Follow the port that has this in its name, or none."""
        if part != self.part:
            self._missed = False
        super().listen(part)

    def seek(self) -> None:
        """Open what is wanted and there; called by the port thread.

        Raises:
            BridgeError: The system fails.
        """
        port, part = self._port, self.part
        if part is None and port is None:
            return
        names = self._names()
        match = None if part is None else find(part, names)
        if port is not None and port[0] != match:
            self._port = None
            with contextlib.suppress(BridgeError):
                port[1].close()
            port = None
        if part is None or port is not None:
            return
        if match is not None:
            self._port = (match, self._open_port(names.index(match)), Stamp())
            self._missed = False
            self.notice(f"MIDI clock: {match} is followed")
        elif not self._missed:
            self._missed = True
            self.notice(f"{PortNotFound(part, names)}; its clock is followed as soon as it is there")

    def hear(self, now: Seconds) -> None:
        """Take what has come; called by the sending thread on each of its turns."""
        port = self._port
        if port is None or self.part is None:
            return
        _, poll, stamp = port
        heard = False
        while (found := poll.take()) is not None:
            message, delta = found
            heard = self.take(stamp.at(delta, self._looked, now), message) or heard
        self._looked = now
        if heard:
            self.sum_up(now)

    @property
    def next_at(self) -> Seconds | None:
        """When it wants to look again, or None."""
        return None if self._port is None or self.part is None else self._looked + POLL + SPIN

    def close(self) -> None:
        """Let go of the port."""
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(BridgeError):
                port[1].close()
