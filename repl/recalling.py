"""Going back to what was heard: changes are undone and done again, at the next boundary like any other."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from repl.changes import Change
from repl.commits import recalled_commit
from repl.errors import ReplError
from repl.loader import Loaded
from repl.past import Scene
from repl.remote import inputs_in_session
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bridge.controls import Position
    from bridge.layer import Layer, Target
    from bridge.scheduler import Scheduler
    from repl.commits import Commit
    from repl.music import Move
    from repl.past import Heard
    from repl.session import Session

    Rehearse = Callable[[Mapping[str, Layer], Loaded], list[Target]]
    Committing = Callable[[Mapping[str, Fraction], float], Commit]
    """Makes a commit of the boundaries of its places, at a cycle."""
    Bring = Callable[[Sequence[Change], Sequence[Target], Committing], Mapping[str, Fraction]]

NOTHING = Loaded("", "", {}, {}, {}, None, None)
"""What a rehearsal is told of a piece, where layers come from several."""


class Recalling:
    """Brings states of the music back.

    Args:
        session: It knows them.
        rehearse: Tries layers; gives every target that they play on.
        bring: Lets places have layers that have been made already; gives the boundaries.
        scheduler: It knows when boundaries are.
        accept: Applies a commit everywhere.
        move: Moves inputs, at times.
        kept: Told when a scene has been kept.
    """

    def __init__(
        self,
        session: Session,
        scheduler: Scheduler,
        rehearse: Rehearse,
        bring: Bring,
        accept: Callable[[Commit], None],
        move: Callable[[Sequence[Move]], None],
        kept: Callable[[], None],
    ) -> None:
        self._session = session
        self._scheduler = scheduler
        self._move = move
        self._kept = kept
        self._rehearse = rehearse
        self._bring = bring
        self._accept = accept

    def step(self, steps: int) -> str:
        """Go so many changes back, or forth if above 0; says what changes and when.

        Raises:
            ReplError: There is nothing to go to.
        """
        past = self._session.past
        to = max(0, min(past.at + steps, len(past.states) - 1))
        if to == past.at or (to == 0 and past.states[0].layers == {} and past.at == 1):
            raise ReplError("nothing was heard before that" if steps < 0 else "nothing was undone after that")
        if to == 0 and past.states[0].layers == {}:
            to = 1
        more: Commit = {"to": to, "how": "undo" if steps < 0 else "redo"}
        said, _ = self._back(past.states[to], self._different(past.states[to]), more)
        return f"{'; '.join(said)} (undo goes {to} back, redo {len(past.states) - 1 - to} forth)"

    def keep(self, name: str) -> str:
        """Give what plays now a name, with mutes, solos and the positions of the inputs."""
        knobs = self._knobs()
        scene = Scene(self._session.past.now, knobs)
        self._accept({"kind": "scene", "name": name, **scene.to_json()})
        self._kept()
        layers = ", ".join(sorted({layer_name(place) for place in scene.heard.layers}))
        return f"{name} is kept: {layers or 'silence'}" + (f"; {', '.join(knobs)}" if knobs else "")

    def recall(self, name: str, quantum: Fraction | None = None) -> str:
        """Let a scene be heard again; says what changes and when.

        Args:
            name: It is there.
            quantum: Cycles that all of it waits for; that of the layer that waits longest unless given.

        Raises:
            ReplError: A layer of it cannot be made again.
        """
        scene = self._session.past.scenes[name]
        more: Commit = {"batch": f"scene {self._scheduler.clock.now()}", "how": f"scene {name}"}
        different = self._different(scene.heard)
        # All of it comes at one boundary: that of the layer that waits longest.
        waits = quantum
        if waits is None:
            waits = max((self._session.quantum_of(*row) for row in different.items()), default=Fraction(1))
        said, boundary = self._back(scene.heard, different, more, waits)
        now = self._knobs()
        moves = {knob: at for knob, at in scene.knobs.items() if now.get(knob, at) != at}
        if moves:
            at = self._scheduler.tempo.time_at(self._boundary(waits) if boundary is None else boundary)
            self._move([(knob, position, at) for knob, position in moves.items()])
            said = [*said, ", ".join(moves)]
        return f"{name}: {'; '.join(said) or 'it is as it was'}"

    def _boundary(self, quantum: Fraction) -> Fraction:
        return max(Fraction(0), self._scheduler.next_boundary(quantum))

    def _knobs(self) -> dict[str, Position]:
        """Where the inputs of the pieces are that stay where they are put."""
        there = [one for one in inputs_in_session(self._session) if one.kind in {"knob", "toggle", "x", "y"}]
        moved = {one.name: self._session.controls.newest(one.name) for one in there}
        found: dict[str, Position] = {}
        for one in there:
            position = moved[one.name]
            found[one.name] = one.position_of(one.default) if position is None else position
        return found

    def _different(self, wanted: Heard) -> dict[str, Layer | None]:
        """The places at which a state has another layer than is heard now, or none."""
        past, now = self._session.past, self._session.past.now.layers
        places = [p for p in sorted({*wanted.layers, *now}) if wanted.layers.get(p) != now.get(p)]
        return {p: past.layer(wanted.layers[p]) if p in wanted.layers else None for p in places}

    def _back(
        self,
        wanted: Heard,
        different: Mapping[str, Layer | None],
        more: Commit,
        quantum: Fraction | None = None,
    ) -> tuple[list[str], Fraction | None]:
        """Let a state be heard again.

        Args:
            wanted: The state.
            different: What is to be another layer.
            more: What the commits say of it.
            quantum: Cycles that all of it waits for; each layer's own unless given.

        Returns:
            What changes, and the boundary at which all of it holds; None if it holds at once.
        """
        past, now = self._session.past, self._session.past.now
        said: list[str] = []
        last: Fraction | None = None
        if different:
            layers = {place: layer for place, layer in different.items() if layer is not None}
            targets = self._rehearse(layers, NOTHING)
            origins = {place: wanted.layers[place] for place in layers}
            rows = {"layers": origins, "editions": past.needed(origins.values()), **more}
            quanta = {p: self._session.quantum_of(p, new) for p, new in different.items()}
            changes = [Change(p, v, quanta[p] if quantum is None else quantum) for p, v in different.items()]
            boundaries = self._bring(changes, targets, partial(recalled_commit, rows))
            last = max(boundaries.values())
            at = math.floor(self._scheduler.transport.position(min(boundaries.values())))
            said.append(f"{', '.join(map(layer_name, different))} from cycle {at}")
        if (wanted.muted, wanted.solo) != (now.muted, now.solo):
            if last is None and quantum is not None:
                last = self._boundary(quantum)
            mix = {"muted": sorted(wanted.muted), "solo": sorted(wanted.solo)}
            self._accept({"kind": "mix", **mix, **self._until(last), **more})
            said.append(_mixed(wanted))
        return said, last

    def _until(self, boundary: Fraction | None) -> Commit:
        """What a change of mutes and solos says that holds from a boundary on."""
        if boundary is None:
            return {}
        session, here = self._session, self._scheduler.tempo.cycle_at(self._scheduler.clock.now())
        held = session.former if session.former is not None and session.former.until > here else session
        return {"since": str(boundary), "was_muted": sorted(held.muted), "was_solo": sorted(held.solo)}


def _mixed(wanted: Heard) -> str:
    parts = [("muted", wanted.muted), ("solo", wanted.solo)]
    told = [f"{', '.join(sorted(names))} {how}" for how, names in parts if names]
    return " and ".join(told) or "nothing muted"
