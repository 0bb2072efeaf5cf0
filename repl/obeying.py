"""Starting, stopping and being where another is whose clock is followed."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

from bridge.clock_out import PER_BEAT
from bridge.place import exact
from bridge.scheduler import LEAD
from repl.transport import JACK, OBEYING, PLUGIN, TIMEBASE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.event import Seconds
    from bridge.scheduler import Scheduler
    from repl.moving import Moving


class Whom(NamedTuple):
    """Who is followed.

    Attributes:
        port: A part of the port's name whose MIDI clock it is.
        obeys: Whether start, stop and position are followed, too.
        jack: Whether it is JACK's transport.
        leads: Whether we tell that our tempo and beat.
        plugin: Whether it is a DAW, by the plugin inside it.
    """

    port: str | None = None
    obeys: bool = False
    jack: bool = False
    leads: bool = False
    plugin: bool = False

    @staticmethod
    def read(follow: str | None) -> Whom:
        """From what a session has.

        >>> Whom.read("transport:midi:Digitakt").obeys, Whom.read("midi:Digitakt").port
        (True, 'Digitakt')
        """
        given = follow or ""
        if given in (JACK, TIMEBASE):
            return Whom(None, obeys=True, jack=True, leads=given == TIMEBASE)
        if given == PLUGIN:
            return Whom(None, obeys=True, plugin=True)
        said = given.removeprefix(OBEYING)
        return Whom(said.removeprefix("midi:") if said.startswith("midi:") else None, said != given)


class Obeying:
    """Does what the other does; used by the scheduler's thread.

    The first beat sounds as soon as it can, a moment after the other's, and the beats meet within a second
    after it: so nothing of the piece's begin is lost.

    Args:
        scheduler: Knows whether the piece rolls.
        moving: Lets it stand or go on.
        nudge: Bends time, by so many seconds later.
        tell: Says something to the output process, which can move JACK's transport.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        moving: Moving,
        nudge: Callable[[Seconds], object] = lambda _: None,
        tell: Callable[[bytes, bytes], object] = lambda _kind, _body: None,
    ) -> None:
        self._scheduler = scheduler
        self._roll = moving.roll
        self._nudge = nudge
        self._tell = tell
        self._moves: object = None
        self._rate = 0.0
        self._stopped = False
        moving.elsewhere = self._elsewhere

    def step(self, report: Mapping[str, object], beats: float, whom: Whom) -> None:
        """Look whether the other has started, stopped, or is elsewhere.

        Args:
            report: What is known of it, see `bridge.clock_ear` and `bridge.transport_jack`.
            beats: Beats in a cycle.
            whom: Who it is.
        """
        self._rate = cast("float", report.get("rate", 0.0)) if whom.jack else 0.0
        if not whom.obeys:
            if self._stopped:
                # Nobody else would let it go on.
                self._roll(rolling=True)
            self._stopped, self._moves = False, None
            return
        moves = report.get("moves")
        if moves is None or moves == self._moves:
            return
        first, self._moves = self._moves is None, moves
        if not moves:
            return
        if not report["rolling"]:
            self._stopped = True
            self._roll(rolling=False)
        elif not first or not self._rolls():
            self._stopped = False
            tick = report["tick"] if first else report["begun"]
            if tick is not None:
                self._roll(rolling=True, position=_cycle(cast("float", tick), beats))
            else:
                self._catch_up(cast("float", report["seconds"]), cast("float", report["began"]))

    def _catch_up(self, seconds: float, began: Seconds) -> None:
        """Begin where the other did, counted in seconds at our tempo; make up for the moment in between."""
        tempo = self._scheduler.tempo
        since = self._roll(rolling=True, position=exact(seconds * tempo.segments[-1].cps))
        if since is not None:
            self._nudge(began - tempo.time_at(since))

    def _elsewhere(self, what: str, cycle: Fraction) -> bool:
        if not self._rate:
            return False
        frame = round(float(cycle) / self._scheduler.tempo.segments[-1].cps * self._rate)
        self._tell(b"K", json.dumps([what, frame]).encode())
        return True

    def _rolls(self) -> bool:
        scheduler = self._scheduler
        return scheduler.transport.rolls(exact(scheduler.tempo.cycle_at(scheduler.clock.now() + LEAD)))


def _cycle(tick: float, beats: float) -> Fraction:
    return exact(tick) / (PER_BEAT * Fraction(beats).limit_denominator(1024))
