"""Makes the sound of one instance of the plugin inside a DAW: what it cues, at the frames that it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bridge.clock import monotonic
from bridge.tempo import Tempo
from bridge.transport import Transport
from plugin_host.daw_memory import CUES, ENDS, FRAMES
from plugin_host.stream_time import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.event import SinkEvent
    from plugin_host.daw_memory import Asked, SoundBond
    from plugin_host.desk import Desk

__all__ = ["LEAST", "SPARE", "DawSound"]

LEAST: Final = 2048
"""Frames of latency at least, 43 ms at 48 kHz: what the mixer of a session has with the profile "safe"."""
SPARE: Final = 1024
"""Frames that are left for the making, where a host's blocks are long."""
FAR: Final = 1e9
"""Seconds: when a sound ends that has not been ended yet."""
PATIENCE: Final = 0.01
"""Seconds that a sound is waited for of which nobody has told yet what it is."""
OFFLINE: Final = 1.0
"""The same where the host renders: it waits for us."""


class DawSound:
    """Makes the sound of one instance, block after block; only one thread may use it.

    Args:
        bond: The instance.
        desk: What plays.
        rate: Frames a second.
        find: What a number stands for; None if nobody has said that yet.
        set_tempo: Told of the cycles a second, where they are others.

    Attributes:
        beats: Quarter notes in a cycle.
    """

    def __init__(
        self,
        bond: SoundBond,
        desk: Desk,
        rate: int,
        find: Callable[[int], SinkEvent | None],
        set_tempo: Callable[[float], object] = bool,
    ) -> None:
        self.bond, self.desk = bond, desk
        self.beats = 4.0
        self._rate, self._find, self._set_tempo = rate, find, set_tempo
        self._next = self._done = 0
        self._cps = 0.0
        self._waits: float | None = None
        self._begun: dict[int, SinkEvent] = {}

    def begin(self) -> None:
        """Take part from where the host is now."""
        asked = self.bond.asked()
        # What is cued from now on is heard the rack's latency later.
        self._next, self._done = asked.cued, asked.told - self.desk.rack.latency
        self.bond.begin(self._done, max(LEAST, asked.block + SPARE))

    def turn(self) -> bool:
        """Make a block, if the host has come so far; says whether it had."""
        asked = self.bond.asked()
        behind, block = asked.told - self._done, self.desk.rack.block
        if asked.cued - self._next > CUES or behind > FRAMES // 2:
            self._catch_up()
            return False
        if behind < block + self.desk.rack.latency or not self._take(asked):
            return False
        self._keep_time()
        self.bond.give(self._done, self.desk.play(Place(self._done, self._rate)))
        self._done += block
        return True

    def _catch_up(self) -> None:
        """Go on where the host is: we stood still for so long that what was to be is past."""
        self.desk.panic()
        self._begun.clear()
        self._waits = None
        self.begin()

    def _take(self, asked: Asked) -> bool:
        """Take what has been cued; False as long as it is worth while to wait for what one stands for."""
        for frame, what in self.bond.cues(self._next, asked.cued):
            if what & ENDS:
                event = self._begun.pop(what & ~ENDS, None)
                if event is not None:
                    self.desk.add([event._replace(until=max(event.at, frame / self._rate))])
            else:
                found = self._find(what)
                if found is None and self._is_patient():
                    return False
                self._waits = None
                if found is None:
                    self.desk.say_once("a sound inside the DAW is unknown, and is left out")
                else:
                    self._begin(frame, found)
            self._next += 1
        return True

    def _begin(self, frame: int, found: SinkEvent) -> None:
        at = frame / self._rate
        event = found._replace(id=self._next, at=at, until=FAR if found.until > found.at else at)
        if event.until > at:
            self._begun[event.id] = event
        self.desk.add([event])

    def _is_patient(self) -> bool:
        now = monotonic()
        self._waits = self._waits or now
        host = self.bond.now()
        return now - self._waits < (OFFLINE if host is not None and host.offline else PATIENCE)

    def _keep_time(self) -> None:
        host = self.bond.now()
        cps = self._cps if host is None else max(host.bpm, 1.0) / 60 / self.beats
        if cps != self._cps:
            self._cps = cps
            self.desk.keep_time(Tempo.steady(cps), Transport())
            self._set_tempo(cps)
