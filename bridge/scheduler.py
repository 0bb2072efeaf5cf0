"""The one place where cycles become seconds: asks the layers ahead of time and keeps the sinks in step.

It has no thread and no sleep of its own: whoever owns it calls `step()` often enough. All of it is
touched by that one thread only; others hand in work by `post`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.controls import ControlTimeline, Position
from bridge.event import Seconds, TimedEvent
from bridge.horizon import FAR, PORTION, far_horizon, near_horizon, portion_end
from bridge.layer import Layer, Target
from bridge.place import Mix, Place, Planned, exact
from bridge.planner import Planner
from bridge.stream import RATE
from bridge.tempo import Tempo
from bridge.transport import Transport
from bridge.trouble import Fall, Trouble, problem_of
from patterns.midi_inputs import MOST_BACK
from patterns.state import DEFAULT_FUEL, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bridge.clock import Clock
    from bridge.sink import Sink
    from patterns.memory import Memory

    Known = tuple[Layer, Memory]
    """A layer, and what its folds have been computed to."""

LEAD = 0.05
"""Seconds from now at which a change may take hold at the earliest, so that it reaches the sinks first."""
REMEMBERED = 2 * MOST_BACK + 1
"""Cycles for which it is known what inputs did: a stroke may wait for a boundary and then sound."""
CLEAN = 1.0
"""Seconds between two looks for what has rung out: in each step they were 70 % of the scheduler's time."""


class Scheduler:
    """Asks every layer for what comes, ahead of time, and keeps the sinks in step with it.

    Args:
        clock: What time it is.
        sinks: The sink for each kind of target.
        tempo: Cycles and seconds.
        default_target: Chooses where an event goes whose layer names no target.
        on_trouble: Told of each problem, as often as it happens.
        limit: Guards one query, see `bridge.worker.Watchman.limit`.
        mark: Told the layer that is about to be queried, and "" after it, so that a supervisor can
            tell which one took the process down.
        seed: The piece's seed.
        far: Seconds sent ahead for a layer that reads no live input.
        stream_rate: Samples a second, about, of a signal that is heard between onsets.
        on_fall: Told of each version that could not be asked, and from which cycle on.
    """

    def __init__(
        self,
        clock: Clock,
        sinks: Mapping[str, Sink],
        tempo: Tempo,
        default_target: Callable[[Mapping[str, object]], Target],
        *,
        on_trouble: Callable[[Trouble], None] = lambda _: None,
        limit: Callable[[float], AbstractContextManager[None]] | None = None,
        mark: Callable[[str], None] = lambda _: None,
        seed: int = 0,
        far: Seconds = FAR,
        stream_rate: float = RATE,
        on_fall: Callable[[Fall], None] = lambda _: None,
    ) -> None:
        self.clock = clock
        self.sinks = sinks
        self.tempo = tempo
        self.transport = Transport()
        self.controls = ControlTimeline()
        self.places: dict[str, Place] = {}
        self.solo: frozenset[str] = frozenset()
        self.former: Mix | None = None
        self.seed = seed
        self.far, self.portion = far, PORTION
        self._on_trouble = on_trouble
        self._planner = Planner(
            self._walk, default_target, on_trouble, limit, mark, stream_rate, on_fall, lambda: self.transport
        )
        self._inbox: deque[Callable[[], None]] = deque()
        self.singles = 0

    # What other threads may call.

    def post(self, work: Callable[[], None]) -> None:
        """Have `work` done at the beginning of the next step, in the scheduler's own thread."""
        self._inbox.append(work)

    def step(self) -> None:
        """Do what was posted, then send what has come within the horizon of each layer."""
        while self._inbox:
            self._inbox.popleft()()
        now = self.clock.now()
        self.tempo = self.tempo.since(now - 60)
        here = exact(self.tempo.cycle_at(now))
        past, before = here - 1, here - 2
        behind = list(self.places.values())
        while behind:
            behind = [place for place in behind if self._extend(place, now)]
        for place in list(self.places.values()):
            place.drop_past(before)
            if now - place.cleaned >= CLEAN:
                place.cleaned = now
                place.forget(past, self._to_come)
            if place.over and not place.sent and place.planned > here + 1:
                del self.places[place.name]
        self.controls.forget_before(here - REMEMBERED)
        # One layer a step asks ahead, so that the next cycle does not begin with the queries of all of them.
        any(self._planner.ask_ahead(place) for place in self.places.values())

    # What changes the music; all of it takes hold at a cycle that lies ahead.

    def next_boundary(self, quantum: Fraction = Fraction(1), now: Seconds | None = None) -> Fraction:
        """The first multiple of `quantum` that a change can still reach in time; 0 means at once.

        It is counted in the piece: where the transport jumps to a half, boundaries lie at halves.

        Args:
            quantum: Cycles.
            now: The moment at which the change is made; several of one moment meet at one boundary.
        """
        now = self.clock.now() if now is None else now
        return self.transport.boundary(exact(self.tempo.cycle_at(now + LEAD)), quantum)

    def position(self, when: Seconds) -> float:
        """The cycle of the piece that is played at a time."""
        cycle = self.tempo.cycle_at(when)
        return float(self.transport.position(exact(cycle))) if self.transport.passages else cycle

    def set_layer(
        self, name: str, layer: Layer | None, boundary: Fraction, memory: Memory | None = None
    ) -> None:
        """Let `layer` play at place `name` from `boundary` on; None ends the place there.

        Events of the former version after the boundary are compared with those of the new one by layer,
        whole and value; only what differs is cancelled or sent.

        Args:
            name: The playing place.
            layer: What plays there from then on.
            boundary: The cycle from which it does.
            memory: What its folds have been computed to already; its named ones go on where the
                version before had got to.
        """
        # What lies behind has been played: a change that comes too late begins now.
        boundary = max(boundary, exact(self.tempo.cycle_at(self.clock.now())))
        place = self.places.get(name)
        if place is None:
            if layer is None:
                return
            place = Place(name, [(boundary, layer)], boundary, self.seed)
            self.places[name] = place
            if memory is not None:
                place.recall.lend(layer, memory)
        else:
            kept = [(b, v) for b, v in place.versions if b < boundary]
            place.versions = [*kept, (boundary, layer)]
            place.cache.clear()
            place.recall.changed(boundary)
            if layer is not None and memory is not None:
                place.recall.lend(layer, memory)
            self._shorten(place, boundary)
            self._replan(place, boundary)
        self._carry(place, boundary)
        self._extend(place, self.clock.now())

    def prepare(self, name: str, layer: Layer, boundary: Fraction) -> Memory | None:
        """Compute what the folds of a layer will be at a boundary: `set_layer` takes it over."""
        place = self.places.get(name) or Place(name, [], boundary, self.seed)
        return self._planner.prepare(place, layer, boundary)

    def foresee(self, falls: Iterable[Fall]) -> None:
        """Know which versions are going to fail, and where: they are not asked there."""
        self._planner.falls += falls

    def remembered(self) -> dict[str, dict[str, object]]:
        """What the named folds of all places have reached, for whoever takes over."""
        here = exact(self.tempo.cycle_at(self.clock.now()))
        found = {
            name: place.recall.to_json(place.versions, self._planner.where(place)(here))
            for name, place in self.places.items()
        }
        return {name: rows for name, rows in found.items() if rows}

    def once(self, layer: Layer) -> None:
        """Play a layer for as long as it lasts, at a place that goes away by itself."""
        begin = self.next_boundary(layer.waits)
        self.singles += 1
        name = f"once {self.singles}"
        shifted = replace(layer, pattern=layer.pattern.late(begin))
        place = Place(name, [(begin, shifted), (begin + layer.lasts, None)], begin, self.seed, loose=True)
        self.places[name] = place
        self._extend(place, self.clock.now())

    def set_tempo(self, cps: float, boundary: Fraction | None = None, over: Fraction = Fraction(0)) -> None:
        """Change the tempo without a jump in phase, at a cycle that lies ahead or as soon as possible.

        Everything that was sent for later is moved, and the ends of sounding notes with it.

        Args:
            cps: Cycles per second from then on, or at the end of a ramp.
            boundary: The cycle at which the change begins.
            over: Cycles that a ramp to it takes.
        """
        now = self.clock.now()
        when, cycle = now + LEAD, None
        if boundary is not None and self.tempo.time_at(boundary) >= now:
            when, cycle = self.tempo.time_at(boundary), boundary
        if over > 0:
            self.retime(self.tempo.ramped(when, cps, over, cycle=cycle))
        else:
            self.retime(self.tempo.changed(when, cps, cycle=cycle))

    def set_transport(
        self, transport: Transport, boundary: Fraction, known: Mapping[str, Known] | None = None
    ) -> None:
        """Play other cycles of the piece from a boundary on; where it stands then, what sounds ends there.

        `known` is what folds have been computed to there, by place; None computes it here.
        """
        self.transport = transport
        boundary = max(boundary, exact(self.tempo.cycle_at(self.clock.now())))
        for place in self.places.values():
            if known is None:
                self._planner.reach(place, boundary)
            elif place.name in known:
                place.recall.learn(*known[place.name])
            if not place.loose:
                self._replan(place, boundary)
                if not transport.rolls(boundary):
                    self._send(place, place.cut(boundary, self.tempo))
                self._extend(place, self.clock.now())

    def nudge(self, later: Seconds) -> None:
        """Move all that is to come, by bending the tempo for a moment; negative is earlier."""
        self.retime(self.tempo.nudged(self.clock.now() + LEAD, later))

    def retime(self, tempo: Tempo) -> None:
        """Take another line of time, that agrees with ours up to what the sinks can still be told."""
        self.tempo = tempo
        now = self.clock.now()
        for place in self.places.values():
            self._send(place, [p for p in place.sent.values() if p.ends_at(tempo) > now - 1])

    def set_muted(self, name: str, *, muted: bool) -> None:
        """Silence a place without stopping it, or let it be heard again."""
        if name in self.places:
            self.places[name].muted = muted
            self._refresh_all()

    def set_solo(self, names: frozenset[str]) -> None:
        """Let only these places be heard; none: all of them."""
        self.solo = names
        self._refresh_all()

    def set_mix(self, muted: frozenset[str], solo: frozenset[str], boundary: Fraction | None = None) -> None:
        """Let these places be muted and those alone be heard, from a boundary on or as soon as possible."""
        here = exact(self.tempo.cycle_at(self.clock.now()))
        held = self.former if self.former is not None and self.former.until > here else None
        held = held or Mix(here, frozenset(p.name for p in self.places.values() if p.muted), self.solo)
        self.former = None if boundary is None else held._replace(until=max(boundary, here))
        for place in self.places.values():
            place.muted = place.name in muted
        self.solo = solo
        self._refresh_all(self.former and self.former.until)

    def foreseen(self, boundary: Fraction) -> dict[str, Known]:
        """Compute what the folds of all places are at a boundary, for `set_transport`."""
        found = {name: (p.at(boundary), self._planner.reach(p, boundary)) for name, p in self.places.items()}
        return {name: (v, memory) for name, (v, memory) in found.items() if v and memory and memory.used}

    def set_seed(self, seed: int, memories: Mapping[str, Known] | None = None) -> None:
        """Change the piece's seed: each layer gets its own from it. Named folds go on from where they are.

        `memories` is, by place, what the folds of its layer have been computed to with that seed.
        """
        soon = exact(self.tempo.cycle_at(self.clock.now() + LEAD))
        for place in self.places.values():
            playing = place.at(soon)
            if playing is not None:
                self._planner.take_down(place, soon)
                before = [(b, v) for b, v in place.versions if b < soon]
                place.versions = [*before, (soon, playing), *place.versions[len(before) :]]
            else:
                place.recall.changed(soon)
            if memories is not None and place.name in memories:
                place.recall.lend(*memories[place.name])
            place.seed = seed
            place.cache.clear()
            self._carry(place, soon)
        self.seed = seed
        self._refresh_all(soon)

    def set_control(self, name: str, value: Position, at: Seconds | None = None) -> Fraction:
        """Turn a knob: it holds from the cycle on up to which live layers have been asked already.

        `at` is the time that it is meant for, if that is not now; a time that was asked about is over.
        Gives the cycle from which it holds.
        """
        here = max((p.planned for p in self.places.values() if p.live), default=Fraction(0))
        when = self.clock.now() if at is None else max(at, self.clock.now())
        cycle = max(exact(self.tempo.cycle_at(when)), here)
        self.controls.set(name, cycle, value)
        return cycle

    def hush(self) -> None:
        """Take back all that is to come and end every layer; what sounds rings out."""
        for place in self.places.values():
            self._cancel(place, [p for p in place.sent.values() if self._to_come(p)])
        self.places.clear()

    def panic(self) -> None:
        """End every layer, and all sound at once."""
        self.places.clear()
        for sink in self.sinks.values():
            sink.panic()

    # Taking over from another engine, and a sink that comes back.

    def reconcile(self, sink: Sink, held: Sequence[int]) -> None:
        """Bring a sink in step that already holds the events `held`: cancel what is not ours, send the rest.

        Sending what it holds, or has played, does no harm: ids are the same in every engine. What lies
        behind is not sent: a layer may have been silent then.
        """
        kinds = {kind for kind, one in self.sinks.items() if one is sink}
        ours: set[int] = set()
        for place in self.places.values():
            mine = [p for p in place.sent.values() if p.target.kind in kinds]
            ours.update(p.id for p in mine)
            self._send(place, [p for p in mine if self._to_come(p)])
        sink.cancel(sorted(set(held) - ours))

    def resume(
        self,
        places: Sequence[Place],
        tempo: Tempo,
        controls: ControlTimeline,
        transport: Transport | None = None,
    ) -> None:
        """Go on where another engine stopped; call `reconcile` for each sink afterwards."""
        self.transport = transport or self.transport
        self.tempo = tempo
        self.controls = controls
        now = self.clock.now()
        for place in places:
            # Two cycles back, so that notes that sound already are known when the tempo changes.
            place.planned = max(place.versions[0][0], exact(tempo.cycle_at(now)) - 2)
            self.places[place.name] = place
            self._extend(place, now, send=False)

    # Inside.

    def _horizon(self, place: Place, now: Seconds) -> Fraction:
        if place.live:
            latency = max((s.latency for s in self.sinks.values()), default=0.0) + place.early
            return exact(self.tempo.cycle_at(near_horizon(now, latency)))
        return exact(self.tempo.cycle_at(far_horizon(now, self.far)))

    def _extend(self, place: Place, now: Seconds, *, send: bool = True) -> bool:
        """Get further ahead with a place, by a portion if it is sent; say whether there is more to ask.

        Where another version had been sent already, only what differs is cancelled or sent.
        """
        begin, horizon = place.planned, self._horizon(place, now)
        if horizon <= begin:
            return False
        end = horizon
        if send:
            end = min(end, portion_end(max(begin, exact(self.tempo.cycle_at(now))), self.tempo, self.portion))
        wanted = {p.id: p for p in self._planner.plan(place, begin, end)}
        place.planned = end
        solo, former = self.solo, self.former
        wanted = {i: p for i, p in wanted.items() if not p.heard or place.audible(p.onset, solo, former)}
        if begin < place.stale:
            before = {i: p for i, p in place.sent.items() if begin <= p.onset < end}
            self._cancel(place, [p for i, p in before.items() if i not in wanted])
            wanted = {i: p for i, p in wanted.items() if i not in before}
        place.sent.update(wanted)
        if send:
            self._send(place, list(wanted.values()))
        return end < horizon

    def _carry(self, place: Place, boundary: Fraction) -> None:
        """Where the piece stands nothing is asked: folds take over now what will soon be forgotten."""
        if not self.transport.rolls(boundary):
            self._planner.reach(place, boundary)

    def _shorten(self, place: Place, boundary: Fraction) -> None:
        """Take back what lies too far ahead for live input: a turned knob would be heard late."""
        end = max(boundary, self._horizon(place, self.clock.now()))
        if place.live and end < max(place.planned, place.stale):
            self._cancel(place, [p for p in place.sent.values() if p.onset >= end])
            place.planned, place.stale = min(place.planned, end), min(place.stale, end)

    def _replan(self, place: Place, boundary: Fraction) -> None:
        """Plan again from `boundary` to where the place had got to: a portion now, the rest in `step`."""
        if boundary < place.planned:
            place.stale, place.planned = max(place.stale, place.planned), boundary
            self._extend(place, self.clock.now())

    def _refresh_all(self, soon: Fraction | None = None) -> None:
        soon = exact(self.tempo.cycle_at(self.clock.now() + LEAD)) if soon is None else soon
        for place in self.places.values():
            self._replan(place, soon)

    def _to_come(self, planned: Planned) -> bool:
        return self.tempo.time_at(planned.onset) + planned.nudge >= self.clock.now()

    def _send(self, place: Place, planned: Sequence[Planned]) -> None:
        by_target: dict[str, tuple[Target, list[TimedEvent]]] = {}
        for one in planned:
            row = by_target.setdefault(one.target.key, (one.target, []))
            row[1].append(one.timed(place.name, self.tempo))
        for target, events in by_target.values():
            sink = self.sinks.get(target.kind)
            if sink is None:
                continue
            events.sort(key=lambda e: e.at)
            try:
                sink.send(target, events, self.tempo.cps_at(events[0].at))
            except Exception as error:  # noqa: BLE001 - seam two: whatever one sink's send raises, the others play on
                self._on_trouble(Trouble(place.name, problem_of(error), fallen_back=False))

    def _cancel(self, place: Place, planned: Sequence[Planned]) -> None:
        by_kind: dict[str, list[int]] = {}
        for one in planned:
            place.sent.pop(one.id, None)
            by_kind.setdefault(one.target.kind, []).append(one.id)
        for kind, ids in by_kind.items():
            if kind in self.sinks:
                self.sinks[kind].cancel(ids)

    def _walk(self, layer: Layer, seed: int, cycle: Fraction, memory: Memory) -> Walk:
        cps = self.tempo.cps_at(self.tempo.time_at(cycle))
        return Walk(cps, seed, self.controls, layer.rng or "hash", DEFAULT_FUEL, memory)
