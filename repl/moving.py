"""Moving within the piece: jumps, loops, pausing and going on, all done in the scheduler's thread."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from bridge.chase import chased
from bridge.place import exact
from bridge.scheduler import LEAD, Scheduler
from repl.sinks import default_target
from repl.transport import Jump, Loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bridge.chase import Heard
    from bridge.clock import Clock
    from bridge.event import Seconds
    from bridge.scheduler import Known
    from bridge.tempo import Tempo
    from bridge.transport import Transport
    from repl.commits import Commit
    from repl.deeds import Deed
    from repl.session import Session
    from repl.surroundings import Surroundings
    from repl.transport import Wish


class Moving:
    """Moves the music of a session.

    Args:
        session: What has been accepted.
        scheduler: Touched by its own thread only, except before there is music.
        clock: The session's.
        do: Has something done in the scheduler's thread, all of it at one time.
        settle: Applies a commit, here and at the understudy's, in the main thread.
        note: Writes a row into the journal.
        around: The engine.

    Attributes:
        elsewhere: Moves somebody else's transport, if that is followed: "start", "stop" or "locate", and the
            cycle to be at; says whether it does. What comes of it is followed then.
    """

    def __init__(
        self,
        session: Session,
        scheduler: Scheduler,
        clock: Clock,
        do: Callable[[Deed], None],
        settle: Callable[[Commit], object],
        note: Callable[[Commit], object],
        around: Surroundings,
    ) -> None:
        self._session = session
        self._scheduler = scheduler
        self._clock = clock
        self._do = do
        self._settle = settle
        self._note = note
        self._around = around
        self.elsewhere: Callable[[str, Fraction], bool] = lambda _what, _cycle: False

    # The main thread.

    def begin(self, moves: Iterable[Wish]) -> None:
        """Before the first layer: let cycle 0 be another cycle of the piece."""
        line = self._session.transport
        for move in moves:
            line = _moved(line, move, Fraction(0), Fraction(0))
        if line != self._session.transport:
            self._before(line)

    def take(self, moves: Iterable[Wish]) -> None:
        """Move at the next boundary, as it was asked for."""
        for move in moves:
            if not self._session.begun:
                self.begin([move])
            elif not (isinstance(move, Jump) and self.elsewhere("locate", move.cycle)):
                self._change(lambda scheduler, move=move: _asked(scheduler, move))

    def pause(self) -> bool:
        """Let the piece stand, now; say whether it went."""
        rolls = self._rolls()
        if rolls and not self.elsewhere("stop", Fraction(0)):
            self._do(partial(self._roll, False))
        return rolls

    def resume(self) -> bool:
        """Let the piece go on from where it stands; say whether it stood."""
        stands = self._session.begun and not self._rolls()
        # Another's transport may stand while our piece does not.
        if not self.elsewhere("start", Fraction(0)) and stands:
            self._do(partial(self._roll, True))
        return stands

    # The scheduler's thread.

    def roll(
        self, *, rolling: bool, at: Seconds | None = None, position: Fraction | None = None
    ) -> Fraction | None:
        """Let the piece stand or go on, at a time or as soon as possible.

        Args:
            rolling: Which of both.
            at: When.
            position: The cycle of the piece from which it goes on; that where it stands, unless given.

        Returns:
            The cycle that passes at which it does; None if nothing changes.
        """
        scheduler = self._scheduler
        if not self._session.begun:
            return None
        soon = self._clock.now() + LEAD
        since = exact(scheduler.tempo.cycle_at(soon if at is None else max(at, soon)))
        line = scheduler.transport
        if rolling:
            if position is None and line.rolls(since):
                return None
            if position is None and self._session.follow is not None:
                # In step with the other's bar: at the place within it where the piece stands.
                since += (line.position(since) - since) % 1
            line = line.resumed(since, position)
        elif not line.rolls(since):
            return None
        else:
            line = line.stopped(since)
        scheduler.set_transport(line, since)
        self._tell(since)
        return since

    # Inside.

    def _roll(self, rolling: bool, _scheduler: Scheduler) -> None:
        self.roll(rolling=rolling)

    def _rolls(self) -> bool:
        scheduler = self._scheduler
        at = exact(scheduler.tempo.cycle_at(self._clock.now() + LEAD))
        return self._session.begun and scheduler.transport.rolls(at)

    def _before(self, line: Transport) -> None:
        commit = _commit(line, Fraction(0)) | {"done": self._clock.now()}
        self._scheduler.transport = line
        self._note(commit)
        self._settle(commit)

    def _change(self, make: Callable[[Scheduler], tuple[Transport, Fraction]]) -> None:
        known = self._foreseen(*make(self._scheduler))

        def work(scheduler: Scheduler) -> None:
            line, since = make(scheduler)
            scheduler.set_transport(line, since, known)
            self._tell(since)

        self._do(work)

    def _foreseen(self, line: Transport, since: Fraction) -> dict[str, Known]:
        """What folds are where a jump leads: it may take longer to compute than the scheduler can wait."""
        trial = Scheduler(
            self._clock,
            {},
            self._scheduler.tempo,
            default_target,
            limit=self._around.limit,
            seed=self._session.seed,
        )
        trial.transport = line
        trial.places = {place.name: place for place in self._session.as_places()}
        return trial.foreseen(since)

    def _tell(self, since: Fraction) -> None:
        commit = _commit(self._scheduler.transport, since) | {"done": self._scheduler.clock.now()}
        self._note(commit)
        self._around.later(lambda: self._settle(commit))


def _asked(scheduler: Scheduler, move: Wish) -> tuple[Transport, Fraction]:
    """The line after a move, and the cycle from which it holds."""
    line = scheduler.transport
    whole = scheduler.next_boundary(move.quantum if isinstance(move, Jump) else Fraction(1))
    since = scheduler.next_boundary(Fraction(0)) if move == Loop(None) else whole
    return _moved(line, move, since, whole), since


def _moved(line: Transport, move: Wish, since: Fraction, whole: Fraction) -> Transport:
    if isinstance(move, Jump):
        return line.jumped(whole, move.cycle)
    return line.looped(since, move.section)


def _commit(line: Transport, since: Fraction) -> Commit:
    return {"kind": "transport", "passages": line.to_json(), "since": str(since)}


def bent(scheduler: Scheduler, when: Seconds, heard: Heard, beats: float) -> Tempo | None:
    """The line of time, bent until the piece meets another's beat; what stands has a tempo only."""
    if not scheduler.transport.rolls(exact(scheduler.tempo.cycle_at(when))):
        heard = replace(heard, tick=None)
    return chased(scheduler.tempo, when, heard, beats, scheduler.position(when))


def where_it_is(scheduler: Scheduler, now: Seconds) -> dict[str, object]:
    """What the status bar shows of it beside the cycle."""
    cycle = exact(scheduler.tempo.cycle_at(now))
    section = scheduler.transport.section(cycle)
    text = "" if section is None else "-".join(f"{float(bound):g}" for bound in section)
    return {"section": text, "stands": not scheduler.transport.rolls(cycle)}
