"""What a change does to the music: decided in the engine's main thread, done in the scheduler's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.scheduler import Scheduler
from bridge.taps import Taps
from bridge.targets import MidiTarget, OscTarget
from bridge.tempo import Tempo
from repl.commits import Commit, end_commit, ended_commit, file_commit, tempo_commit, typed_commit
from repl.namespace import TempoRequest
from repl.rehearsal import rehearse
from repl.session import Change, layer_name, new_singles, place_name, wanted_seed, wanted_tempo
from repl.sinks import default_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Move = tuple[str, float, "Seconds | None"]
    """The name of an input, its position, and the time that it is meant for; None is now."""
    from contextlib import AbstractContextManager

    from bridge.clock import Clock
    from bridge.event import Seconds
    from bridge.layer import Layer, Target
    from patterns.memory import Memory
    from repl.loader import Loaded
    from repl.session import Session

START = 0.15
"""Seconds from the first piece's acceptance to its first cycle: what the sinks need to take it in."""

CHANGES_INPUTS = frozenset({"file", "end", "typed", "ended", "hush", "fallback"})
"""Kinds of commits after which the pieces may have other inputs."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the music needs of the engine around it.

    Args:
        tell: Hands a commit to the understudy.
        later: Has work done in the main thread.
        post: Has work done in the scheduler's thread.
        get_ready: Waits until the sinks have what they need for these targets.
        first_cycle: Told when cycle 0 begins.
        limit: Guards one query of a rehearsal.
        inputs: Told when the pieces may have other inputs than before.
        turned: Told when an input was moved at the prompt.
    """

    tell: Callable[[Commit], None]
    later: Callable[[Callable[[], object]], None]
    post: Callable[[Callable[[], None]], None]
    get_ready: Callable[[Sequence[Target]], None]
    first_cycle: Callable[[Seconds], None]
    limit: Callable[[float], AbstractContextManager[None]] | None = None
    inputs: Callable[[], None] = lambda: None
    turned: Callable[[str, float], None] = lambda _name, _position: None


class Music:
    """The accepted session and the scheduler that plays it, kept in step.

    Args:
        session: What has been accepted so far.
        scheduler: Touched by its own thread only, except before the first piece.
        clock: The session's.
        around: The engine.
    """

    def __init__(self, session: Session, scheduler: Scheduler, clock: Clock, around: Surroundings) -> None:
        self.session = session
        self._scheduler = scheduler
        self._prepared: dict[str, tuple[Layer, Memory]] = {}
        self._told: dict[str, dict[str, object]] = {}
        self._clock = clock
        self._around = around
        self._taps = Taps()

    @property
    def cycle(self) -> float:
        """Where the music is."""
        return self._scheduler.tempo.cycle_at(self._clock.now())

    @property
    def cps(self) -> float:
        """How fast it is, in cycles per second."""
        return self._scheduler.tempo.cps_at(self._clock.now())

    # Pieces and statements.

    def try_piece(self, loaded: Loaded) -> list[Target]:
        """Rehearse a piece; gives every target that it plays on.

        Raises:
            LoadError: Something in it fails.
        """
        return self._rehearse({place_name(loaded.file, name): v for name, v in loaded.layers.items()}, loaded)

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
        changes = self.session.changes_of_file(loaded)
        self._around.get_ready(targets)
        fresh = self._begin(loaded, targets)
        if seed is not None and fresh:
            # Before the layers: what folds have been computed to is of one seed.
            self.accept({"kind": "seed", "seed": seed})
        boundaries = self._boundaries(changes)
        self.remember(file_commit(loaded, boundaries, self.cycle), loaded)
        self._set_layers(changes, boundaries)
        if tempo is not None and not fresh:
            self.set_tempo(tempo, self._scheduler.next_boundary())
        if seed is not None and not fresh:
            self.accept({"kind": "seed", "seed": seed})
        self._play_once(singles)
        at = min(boundaries.values(), default=None)
        when = "" if at is None else f" from cycle {math.floor(at)}"
        return f"{loaded.file}: {', '.join(loaded.layers) or 'no layers'}{when}"

    def accept_statement(self, loaded: Loaded, targets: Sequence[Target]) -> None:
        """Let what was typed play from the next boundary."""
        changes = self.session.changes_of_statement(loaded)
        if changes or loaded.singles:
            self._around.get_ready(targets)
            self._begin(loaded, targets)
        boundaries = self._boundaries(changes)
        overrides = self.session.overrides_of(loaded)
        self.remember(typed_commit(loaded, boundaries, overrides, self.cycle), loaded)
        self._set_layers(changes, boundaries)
        self._play_once([single.layer for single in loaded.singles])
        if loaded.tempo is not None:
            self.set_tempo(loaded.tempo)
        if loaded.seed is not None:
            self.accept({"kind": "seed", "seed": loaded.seed})

    def end_piece(self, file: str) -> None:
        """Let the layers of a file that is gone end at their boundaries."""
        changes = self.session.changes_of_end(file)
        boundaries = self._boundaries(changes)
        self.remember(end_commit(file, boundaries, self.cycle))
        self._set_layers(changes, boundaries)

    def set_tempo(self, request: TempoRequest, boundary: Fraction | None = None) -> None:
        """Change the tempo, at a boundary or as soon as possible."""
        beats = request.beats_per_cycle
        if not self.session.begun:
            self._scheduler.tempo = Tempo.steady(request.cps)
            self.remember(tempo_commit(self._scheduler.tempo, beats, begun=False))
            return

        def work() -> None:
            self._scheduler.set_tempo(request.cps, boundary, request.over)
            self._tell_tempo(beats)

        self._around.post(work)

    def nudge(self, later: Seconds) -> None:
        """Move all that is to come by so many seconds, by bending the tempo for a moment."""

        def work() -> None:
            self._scheduler.nudge(later)
            self._tell_tempo(self.session.beats)

        if self.session.begun:
            self._around.post(work)

    def tap(self) -> float | None:
        """Take a tap of the beat; from the second on gives the tempo, in beats per minute, that is set."""
        bpm = self._taps.tap(self._clock.now())
        if bpm is not None:
            self.set_tempo(TempoRequest(bpm, self.session.beats))
        return bpm

    # What the commands do.

    def accept(self, commit: Commit) -> None:
        """Apply a commit here, at the understudy's, and in the music."""
        self.remember(commit)
        kind = commit["kind"]
        if kind == "hush":
            self._around.post(self._scheduler.hush)
        elif kind == "mix":
            muted, solo = self.session.muted, self.session.solo_places()
            self._around.post(lambda: self._mix(muted, solo))
        elif kind == "seed":
            seed, memories = self.session.seed, self._reseeded()
            self._around.post(lambda: self._scheduler.set_seed(seed, memories))
            self._around.post(self.tell_memory)

    def end_layers(self, places: list[str]) -> None:
        """End layers at the next whole cycle."""
        changes = [Change(place, None, Fraction(1)) for place in places]
        boundaries = self._boundaries(changes)
        self.remember(ended_commit(boundaries, self.cycle))
        self._set_layers(changes, boundaries)

    def silence(self) -> None:
        """Sound off now, everywhere."""
        self.remember({"kind": "hush"})
        self._around.post(self._scheduler.panic)

    def turn(self, name: str, value: float) -> None:
        """Give a knob a value, from the cycle on up to which live layers have been asked already."""
        self.move([(name, value, None)])
        self._around.turned(name, value)

    def move(self, moves: Sequence[Move]) -> None:
        """Move inputs, in this order; each as `turn` does."""

        def work() -> None:
            rows = [(n, str(self._scheduler.set_control(n, value, at)), value) for n, value, at in moves]
            self._around.later(lambda: self.remember({"kind": "moved", "rows": rows}))

        self._around.post(work)

    def remember(self, commit: Commit, loaded: Loaded | None = None) -> None:
        """Apply a commit here and hand it to the understudy; what sounds is not changed."""
        self._around.tell(commit)
        self.session.apply(commit, loaded)
        if commit["kind"] in CHANGES_INPUTS:
            self._around.inputs()

    def tell_memory(self) -> None:
        """Hand over what named folds have reached, if that is news; called in the scheduler's thread."""
        found = self._scheduler.remembered()
        if found != self._told:
            self._told = found
            self._around.later(lambda: self.remember({"kind": "memory", "places": found}))

    # Inside.

    def _tell_tempo(self, beats: float) -> None:
        """Hand over the line of time; called in the scheduler's thread."""
        commit = tempo_commit(self._scheduler.tempo, beats)
        self._around.later(lambda: self.remember(commit))

    def _reseeded(self) -> dict[str, tuple[Layer, Memory]]:
        """What the folds of all that plays are with the session's seed, by now."""
        trial = Scheduler(self._clock, {}, self.session.tempo, default_target, seed=self.session.seed)
        found: dict[str, tuple[Layer, Memory]] = {}
        cycle = Fraction(max(0, math.floor(self.cycle)))
        for place in self.session.playing():
            layer = self.session.places[place][-1][1]
            memory = trial.prepare(place, layer, cycle) if layer is not None else None
            if layer is not None and memory is not None and memory.used:
                found[place] = (layer, memory)
        return found

    def _rehearse(self, layers: Mapping[str, Layer], loaded: Loaded) -> list[Target]:
        tried = {**layers, **{f"once {k}": single.layer for k, single in enumerate(loaded.singles)}}
        return rehearse(
            tried,
            loaded.file,
            loaded.source,
            cycle=self.cycle,
            cps=self.cps,
            seed=self.session.seed,
            limit=self._around.limit,
            former=self.session.as_places(),
            prepared=self._prepared,
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
        begin = self._clock.now() + START + max(0.0, early)
        tempo = Tempo.steady(cps, begin)
        if over > 0:
            tempo = Tempo.steady(before, begin).ramped(begin, cps, over, cycle=Fraction(0))
        self._scheduler.tempo = tempo
        self.remember(tempo_commit(tempo, beats))
        self._around.first_cycle(tempo.segments[0].begin)
        return True

    def _boundary(self, quantum: Fraction) -> Fraction:
        return max(Fraction(0), self._scheduler.next_boundary(quantum))

    def _boundaries(self, changes: Iterable[Change]) -> dict[str, Fraction]:
        return {c.place: self._boundary(c.quantum) for c in changes}

    def _set_layers(self, changes: Sequence[Change], boundaries: Mapping[str, Fraction]) -> None:
        muted, solo = self.session.muted, self.session.solo_places()
        prepared, self._prepared = self._prepared, {}
        # As the session has them: on their way from the versions before, where they say so.
        playing = {c.place: self.session.newest(c.place) for c in changes}

        def work() -> None:
            for change in changes:
                known, memory = prepared.get(change.place, (None, None))
                memory = memory if known is change.layer else None
                layer = playing[change.place]
                self._scheduler.set_layer(change.place, layer, boundaries[change.place], memory)
                if layer_name(change.place) in muted:
                    self._scheduler.set_muted(change.place, muted=True)
            if solo != self._scheduler.solo:
                self._scheduler.set_solo(solo)

        if changes:
            self._around.post(work)
            self._around.post(self.tell_memory)

    def _play_once(self, layers: Iterable[Layer]) -> None:
        for layer in layers:
            self._around.post(lambda layer=layer: self._scheduler.once(layer))

    def _mix(self, muted: frozenset[str], solo: frozenset[str]) -> None:
        for place in list(self._scheduler.places):
            self._scheduler.set_muted(place, muted=layer_name(place) in muted)
        self._scheduler.set_solo(solo)
