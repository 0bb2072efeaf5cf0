"""What all ways to hear another's MIDI clock have in common: whom, what is known, and when that is news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.clock_in import ClockIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.event import Seconds


class ClockEar:
    """Hears one clock.

    Args:
        notice: Takes one line for the musician.
        news: Told when the other has started or stopped: that shall be known at once.
    """

    def __init__(self, notice: Callable[[str], None], news: Callable[[], object] = lambda: None) -> None:
        self.notice = notice
        self.part: str | None = None
        self.clock = ClockIn()
        self._news = news
        self._moves = 0
        # Replaced as a whole by the thread that hears, so that whoever reads it finds what belongs together.
        self._said: dict[str, object] | None = None

    def listen(self, part: str | None) -> None:
        """Follow the port that has this in its name, or none."""
        if part != self.part:
            self.part, self.clock, self._said, self._moves = part, ClockIn(), None, 0

    def take(self, at: Seconds, message: bytes) -> bool:
        """Take a message; say whether it belongs to a clock."""
        if message[:1] < b"\xf2":
            return False
        self.clock.feed(at, message)
        return True

    def sum_up(self, now: Seconds) -> None:
        """Say what is known, after some messages."""
        self._said = self.clock.report(now)
        if self.clock.moves != self._moves:
            self._moves = self.clock.moves
            self._news()

    def said(self, now: Seconds) -> dict[str, object] | None:
        """What is known of the clock that is followed; None if none is."""
        said, part = self._said, self.part
        if part is None:
            return None
        if said is None:
            said = {"at": 0.0, "period": 0.0, "tick": None, "moves": 0, "rolling": False, "begun": 0}
            return {**said, "port": part, "state": "silent"}
        return {**said, "port": part, "state": self.clock.state(now)}
