"""What a change does to the music: decided in the engine's main thread, done in the scheduler's."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.link_line import LinkLine, met
from bridge.scheduler import LEAD
from bridge.taps import Taps
from bridge.targets import MidiTarget, OscTarget
from bridge.tempo import Tempo
from repl.changes import Change, changes_of_end, changes_of_file, changes_of_statement, overrides_of
from repl.clockwork import clocks_of_end, clocks_of_piece, clocks_of_statement
from repl.commits import Commit, end_commit, ended_commit, file_commit, tempo_commit, typed_commit
from repl.deeds import deed_of, play_once, reached, reseeded, set_layers
from repl.editions import new_singles, wanted_follow, wanted_seed, wanted_tempo
from repl.linking import wished
from repl.margin import Margin
from repl.moving import Moving, bent
from repl.namespace import TempoRequest
from repl.noting import Noting
from repl.recalling import NOTHING, Recalling
from repl.rehearsal import FAR_AWAY, rehearse
from repl.report import file_as_shown
from repl.session import place_name
from repl.steering import pressed
from repl.transport import sets_tempo, tried_line, wanted_moves

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    Move = tuple[str, "Position", "Seconds | None"]
    """The name of an input, its position, and the time that it is meant for; None is now."""
    from bridge.chase import Heard
    from bridge.clock import Clock
    from bridge.controls import Position
    from bridge.event import Seconds
    from bridge.layer import Layer, Target
    from bridge.scheduler import Scheduler
    from patterns.memory import Memory
    from repl.loader import Loaded
    from repl.recalling import Committing
    from repl.session import Session
    from repl.surroundings import Surroundings

START = 0.15
"""Seconds from the first piece's acceptance to its first cycle: what the sinks need to take it in."""

CHANGES_INPUTS = frozenset({"file", "end", "typed", "ended", "hush", "fallback"})
"""Kinds of commits after which the pieces may have other inputs."""


class Music:
    """The accepted session and the scheduler that plays it, kept in step.

    Args:
        session: What has been accepted so far.
        scheduler: Touched by its own thread only, except before the first piece.
        clock: The session's.
        around: The engine.

    Attributes:
        noting: Tells the journal.
        recalling: Brings back what was heard.
        moving: Moves the music within the piece.
    """

    def __init__(self, session: Session, scheduler: Scheduler, clock: Clock, around: Surroundings) -> None:
        self.session = session
        self._scheduler = scheduler
        self._prepared: dict[str, tuple[Layer, Memory]] = {}
        self._told: dict[str, dict[str, object]] = {}
        self._clock = clock
        self._around = around
        self._taps = Taps()
        self._margin = Margin(clock, around.ahead)
        self._moment: Seconds | None = None
        self._batch: Seconds | None = None
        self.noting = Noting(session, scheduler, around, lambda: self.passed)
        here = self._rehearse, self._bring, self.accept, self.move, around.kept
        self.recalling = Recalling(session, scheduler, *here)
        self.moving = Moving(
            session, scheduler, clock, self.noting.do, self._settle, self.noting.note, around
        )

    @property
    def cycle(self) -> float:
        """The cycle of the piece that is played."""
        return self._scheduler.position(self._clock.now())

    @property
    def passed(self) -> float:
        """The cycle that passes: no jump changes it."""
        return self._scheduler.tempo.cycle_at(self._clock.now()) if self.session.begun else -1.0

    @property
    def cps(self) -> float:
        """How fast it is, in cycles per second."""
        return self._scheduler.tempo.cps_at(self._clock.now())

    # Pieces and statements.

    def try_piece(self, loaded: Loaded) -> list[Target]:
        """Rehearse a piece; gives every target that it plays on.

        Its far cycles have been tried already, by the understudy.

        Raises:
            LoadError: Something in it fails.
        """
        layers = {place_name(loaded.file, name): v for name, v in loaded.layers.items()}
        return self._rehearse(layers, loaded, far=())

    def try_statement(self, loaded: Loaded) -> list[Target]:
        """Rehearse what was typed; gives every target that it plays on.

        Raises:
            LoadError: Something in it fails.
        """
        return self._rehearse({self.session.place_of(name): v for name, v in loaded.layers.items()}, loaded)

    def accept_piece(self, loaded: Loaded, targets: Sequence[Target]) -> str:
        """Let an edition of a piece play from the next boundary; gives what is to be said about it."""
        former = self.session.files.get(loaded.file)
        tempo, seed = wanted_tempo(loaded, former), wanted_seed(loaded, former)
        singles = new_singles(loaded, former)
        changes = changes_of_file(self.session, loaded)
        self._around.get_ready(targets)
        if not self.session.begun:
            self._follow(wanted_follow(loaded, former))
        fresh = self._begin(loaded, targets)
        if seed is not None and fresh:
            # Before the layers: what folds have been computed to is of one seed.
            self.accept({"kind": "seed", "seed": seed})
        if fresh:
            self.moving.begin(loaded.moves)
        boundaries = self._boundaries(changes)
        number = self.remember(file_commit(loaded, boundaries, self.passed), loaded)
        self._set_layers(number, changes, boundaries)
        self.moving.take(() if fresh else wanted_moves(loaded, former))
        if tempo is not None and not fresh:
            self.set_tempo(tempo, self._scheduler.next_boundary(Fraction(1), self._moment))
        if seed is not None and not fresh:
            self.accept({"kind": "seed", "seed": seed})
        self._follow(wanted_follow(loaded, former))
        for commit in clocks_of_piece(loaded, former):
            self.remember(commit)
        self._play_once(number, loaded, singles)
        at = min(boundaries.values(), default=None)
        when = "" if at is None else f" from cycle {math.floor(self._scheduler.transport.position(at))}"
        return f"{file_as_shown(loaded.file)}: {', '.join(loaded.layers) or 'no layers'}{when}"

    def accept_statement(self, loaded: Loaded, targets: Sequence[Target]) -> None:
        """Let what was typed play from the next boundary."""
        changes = changes_of_statement(self.session, loaded)
        if changes or loaded.singles:
            self._around.get_ready(targets)
            if not self.session.begun:
                self._follow(loaded.follow)
            if self._begin(loaded, targets):
                self.moving.begin(loaded.moves)
                loaded = replace(loaded, moves=())
        boundaries = self._boundaries(changes)
        overrides = overrides_of(self.session, loaded)
        number = self.remember(typed_commit(loaded, boundaries, overrides, self.passed), loaded)
        self._set_layers(number, changes, boundaries)
        self._play_once(number, loaded, [single.layer for single in loaded.singles])
        self.moving.take(loaded.moves)
        self._follow(loaded.follow)
        for commit in clocks_of_statement(loaded.clocks, self.session.clocks):
            self.remember(commit)
        if loaded.tempo is not None:
            self.set_tempo(loaded.tempo)
        if loaded.seed is not None:
            self.accept({"kind": "seed", "seed": loaded.seed})

    @contextlib.contextmanager
    def together(self, targets: Sequence[Target]) -> Generator[None, None, None]:
        """Let what is accepted within it take hold at the same boundaries, as if it were one change.

        Args:
            targets: What it plays on: the sinks have them before the boundaries are chosen.
        """
        self._around.get_ready(targets)
        self._batch = self._clock.now()
        self._moment = self._margin.moment() if self.session.begun else None
        try:
            yield
        finally:
            self._moment = self._batch = None

    def end_piece(self, file: str, fade: Fraction = Fraction(0)) -> None:
        """Let the layers of a file that is gone end at their boundaries.

        Args:
            file: Its name.
            fade: Cycles in which they fade out from there.
        """
        boundaries = self._boundaries(changes_of_end(self.session, file))
        number = self.remember(end_commit(file, boundaries, self.passed, fade))
        for commit in clocks_of_end(file, self.session.clocks):
            self.remember(commit)
        deed = set_layers(self.session, boundaries, reached(self.session, self._scheduler, boundaries))
        if deed is not None:
            self.noting.do(deed, number)

    def set_tempo(self, request: TempoRequest, boundary: Fraction | None = None) -> None:
        """Change the tempo, at a boundary or as soon as possible."""
        beats = request.beats_per_cycle
        if not sets_tempo(self.session.follow):
            # A clock that is followed wins; what a cycle is remains ours to say. Link has no leader.
            self.remember(tempo_commit(self._scheduler.tempo, beats, begun=self.session.begun))
            return
        if not self.session.begun:
            self._scheduler.tempo = Tempo.steady(request.cps)
            line = tempo_commit(self._scheduler.tempo, beats, begun=False)
            self.remember({**line, "done": self._clock.now()})
            self._lead(self._clock.now())
            return

        def work(scheduler: Scheduler) -> None:
            before = scheduler.clock.now()
            scheduler.set_tempo(request.cps, boundary, request.over)
            self._tell_tempo(beats)
            self._lead(before)

        self.noting.do(work)

    def nudge(self, later: Seconds) -> None:
        """Move all that is to come by so many seconds, by bending the tempo for a moment."""

        def work(scheduler: Scheduler) -> None:
            scheduler.nudge(later)
            self._tell_tempo(self.session.beats)

        if self.session.begun:
            self.noting.do(work)

    def tap(self) -> float | None:
        """Take a tap of the beat; from the second on gives the tempo, in beats per minute, that is set."""
        bpm = self._taps.tap(self._clock.now())
        if bpm is not None:
            self.set_tempo(TempoRequest(bpm, self.session.beats))
        return bpm

    # What the commands do.

    def accept(self, commit: Commit) -> None:
        """Apply a commit here, at the understudy's, and in the music."""
        number = self.remember(commit)
        if commit["kind"] == "seed":
            # Computed here: it may take longer than the scheduler can wait.
            seed, known = self.session.seed, reseeded(self.session)(self._scheduler)
            self.noting.do(lambda scheduler: scheduler.set_seed(seed, known), number)
            self._around.post(self.tell_memory)
            return
        deed = deed_of(commit, self.session)
        if deed is not None:
            self.noting.do(deed, number)

    def end_layers(self, places: list[str]) -> None:
        """End layers at the next whole cycle."""
        self._bring([Change(place, None, Fraction(1)) for place in places], (), ended_commit)

    def silence(self) -> None:
        """Sound off now, everywhere."""
        self.accept({"kind": "hush", "panic": True})

    def silenced(self) -> None:
        """All sound is off already, but the layers go on: end them; called in any thread."""

        def work(scheduler: Scheduler) -> None:
            scheduler.hush()
            hush: Commit = {"kind": "hush", "panic": True, "done": scheduler.clock.now()}
            self.noting.note(hush)
            self._around.later(lambda: self.remember(hush, noted=True))

        self.noting.do(work)

    def turn(self, name: str, value: float) -> None:
        """Give a knob a value, from the cycle on up to which live layers have been asked already."""
        self.move([(name, value, None)])
        self._around.turned(name, value)

    def move(self, moves: Sequence[Move]) -> None:
        """Move inputs, in this order; each as `turn` does."""

        def work(scheduler: Scheduler) -> None:
            said = [*moves, *pressed(scheduler, moves)]
            rows = [(n, str(scheduler.set_control(n, value, at)), value) for n, value, at in said]
            moved: Commit = {"kind": "moved", "rows": rows, "done": scheduler.clock.now()}
            self.noting.note(moved)
            self._around.later(lambda: self.remember(moved, noted=True))

        self.noting.do(work)

    def remember(self, commit: Commit, loaded: Loaded | None = None, *, noted: bool = False) -> int:
        """Apply a commit here and hand it to the understudy; what sounds is not changed.

        Args:
            commit: What was accepted.
            loaded: The piece or statement, if it has been loaded already.
            noted: It stands in the journal already, or is not to.

        Returns:
            Its number in the journal.
        """
        if self._batch is not None and commit["kind"] in {"file", "end"}:
            commit = {**commit, "batch": self._batch}
        self._around.tell(commit)
        self.session.apply(commit, loaded)
        if commit["kind"] in CHANGES_INPUTS:
            self._around.inputs()
        return 0 if noted or commit["kind"] == "tried" else self.noting.note(commit)

    def _settle(self, commit: Commit) -> int:
        return self.remember(commit, noted=True)

    def tell_memory(self) -> None:
        """Hand over what named folds have reached, if that is news; called in the scheduler's thread."""
        found = self._scheduler.remembered()
        if found != self._told:
            self._told = found
            self._around.later(lambda: self.remember({"kind": "memory", "places": found}, noted=True))

    # Inside.

    def chase(self, heard: Heard | LinkLine) -> None:
        """Bend our time towards a clock that is followed; called in the scheduler's thread."""
        scheduler = self._scheduler
        beats = self.session.beats
        if not self.session.begun:
            return
        when = self._clock.now() + LEAD
        if isinstance(heard, LinkLine):
            tempo = met(scheduler.tempo, when, heard)
        else:
            tempo = bent(scheduler, when, heard, beats)
        if tempo is not None:
            scheduler.retime(tempo)
            self._tell_tempo(beats)

    def _lead(self, before: Seconds) -> None:
        """Tell the others of a Link session what our tempo is after a moment."""
        if wished(self.session.follow):
            tempo = self._scheduler.tempo
            self._around.post(lambda: self._around.lead(before, tempo))

    def _follow(self, asked: tuple[str | None] | None) -> None:
        if asked is not None and asked[0] != self.session.follow:
            self.remember({"kind": "follow", "clock": asked[0]})

    def _tell_tempo(self, beats: float) -> None:
        """Hand over the line of time; called in the scheduler's thread."""
        tempo, now = self._scheduler.tempo, self._scheduler.clock.now()
        commit: Commit = {**tempo_commit(tempo, beats), "done": now}
        # The journal has what was before: a followed clock bends the line often, and a line is a minute long.
        self.noting.note({**commit, "tempo": tempo.since(now).to_json(), "rest": True})
        self._around.later(lambda: self.remember(commit, noted=True))

    def _rehearse(
        self, layers: Mapping[str, Layer], loaded: Loaded, far: Sequence[int] = FAR_AWAY
    ) -> list[Target]:
        tried = {**layers, **{f"once {k}": single.layer for k, single in enumerate(loaded.singles)}}
        # A first piece plays with its own seed from its first cycle on, and so do its folds.
        first = loaded.seed if not self.session.begun else None
        return rehearse(
            tried,
            loaded.file,
            loaded.source,
            cycle=self.passed,
            cps=self.cps,
            seed=self.session.seed if first is None else first,
            limit=self._around.limit,
            former=self.session.as_places(),
            prepared=self._prepared,
            line=lambda cycle: tried_line(self.session, loaded.moves, cycle),
            modules=loaded.modules.texts,
            far=far,
        )

    def _begin(self, loaded: Loaded, targets: Sequence[Target]) -> bool:
        """Before the first layer ever: let cycle 0 begin in a moment."""
        if self.session.begun:
            return False
        cps, beats, over = self._scheduler.tempo.segments[-1].cps, self.session.beats, Fraction(0)
        before = cps
        if loaded.tempo is not None:
            cps, beats, over = loaded.tempo.cps, loaded.tempo.beats_per_cycle, loaded.tempo.over
        early = max((t.latency for t in targets if isinstance(t, MidiTarget | OscTarget)), default=0.0)
        early = START + max(0.0, early)
        if wished(self.session.follow):
            # What a cycle is has to be known where its begin is asked for.
            self.remember(tempo_commit(self._scheduler.tempo, beats, begun=False), noted=True)
        start = self._around.meet(early, (before if over > 0 else cps) * 60 * beats)
        begin = self._clock.now() + early
        if start is not None:
            # Whoever joins others takes their tempo.
            begin, before, over = start.begin, start.cps, over if start.alone else Fraction(0)
            cps = cps if over > 0 else before
        tempo = Tempo.steady(cps, begin)
        if over > 0:
            tempo = Tempo.steady(before, begin).ramped(begin, cps, over, cycle=Fraction(0))
        self._scheduler.tempo = tempo
        self.remember({**tempo_commit(tempo, beats), "done": self._clock.now()})
        if over > 0:
            self._lead(begin - START)
        self._around.first_cycle(tempo.segments[0].begin)
        return True

    def _boundaries(self, changes: Iterable[Change]) -> dict[str, Fraction]:
        moment = self._margin.moment() if self._moment is None else self._moment
        return {c.place: max(Fraction(0), self._scheduler.next_boundary(c.quantum, moment)) for c in changes}

    def _set_layers(self, number: int, changes: Sequence[Change], boundaries: Mapping[str, Fraction]) -> None:
        prepared = {c.place: self._prepared.pop(c.place) for c in changes if c.place in self._prepared}
        known = {c.place: prepared[c.place][1] for c in changes if _is_of(prepared, c)}
        deed = set_layers(self.session, boundaries, known)
        if deed is not None:
            self.noting.do(deed, number)
            self._around.post(self._margin.planned)
            self._around.post(self.tell_memory)

    def _bring(
        self, changes: Sequence[Change], targets: Sequence[Target], commit: Committing
    ) -> dict[str, Fraction]:
        """Let places have layers that have been made already, or none."""
        self._around.get_ready(targets)
        if targets:
            self._begin(NOTHING, targets)
        boundaries = self._boundaries(changes)
        number = self.remember(commit(boundaries, self.passed))
        self._set_layers(number, changes, boundaries)
        return boundaries

    def _play_once(self, number: int, loaded: Loaded, layers: Sequence[Layer]) -> None:
        if not layers:
            return
        which = [i for i, one in enumerate(loaded.singles) if any(one.layer is layer for layer in layers)]
        self.noting.do(play_once(layers), self.noting.note({"kind": "once", "of": number, "which": which}))


def _is_of(prepared: Mapping[str, tuple[Layer, Memory]], change: Change) -> bool:
    return change.place in prepared and prepared[change.place][0] is change.layer
