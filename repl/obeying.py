"""Starting, stopping and being where another is whose clock is followed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, cast

from bridge.clock_out import PER_BEAT
from bridge.place import exact
from bridge.scheduler import LEAD
from repl.transport import OBEYING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.event import Seconds
    from bridge.scheduler import Scheduler


class Roll(Protocol):
    """Lets the piece stand or go on."""

    def __call__(
        self, *, rolling: bool, at: Seconds | None = None, position: Fraction | None = None
    ) -> object:
        """See `repl.moving.Moving.roll`."""
        ...


class Obeying:
    """Does what the other does; used by the scheduler's thread.

    The first beat sounds as soon as it can, a moment after the other's, and the beats meet within a second
    after it: so nothing of the piece's begin is lost.

    Args:
        scheduler: Knows whether the piece rolls.
        roll: Lets it stand or go on.
    """

    def __init__(self, scheduler: Scheduler, roll: Roll) -> None:
        self._scheduler = scheduler
        self._roll = roll
        self._moves: object = None
        self._whom: object = None
        self._stopped = False

    def step(self, report: Mapping[str, object], beats: float, *, obeys: bool) -> None:
        """Look whether the other has started or stopped.

        Args:
            report: What is known of its clock, see `bridge.clock_ear`.
            beats: Beats in a cycle.
            obeys: Whether it is to be obeyed.
        """
        if not obeys:
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
            self._roll(rolling=True, position=_cycle(cast("int", tick), beats))

    def _rolls(self) -> bool:
        scheduler = self._scheduler
        return scheduler.transport.rolls(exact(scheduler.tempo.cycle_at(scheduler.clock.now() + LEAD)))


def followed_port(follow: str | None) -> tuple[str | None, bool]:
    """The port whose clock is followed, if one is, and whether its start and stop are, too.

    >>> followed_port("transport:midi:Digitakt"), followed_port("midi:Digitakt"), followed_port("link")
    (('Digitakt', True), ('Digitakt', False), (None, False))
    """
    given = follow or ""
    said = given.removeprefix(OBEYING)
    return (said.removeprefix("midi:") if said.startswith("midi:") else None), said != given


def _cycle(tick: int, beats: float) -> Fraction:
    return Fraction(tick) / (PER_BEAT * Fraction(beats).limit_denominator(1024))
