"""The one place where cycles become seconds: asks the layers ahead of time and keeps the sinks in step.

It has no thread and no sleep of its own: whoever owns it calls `step()` often enough. All of it is
touched by that one thread only; others hand in work by `post`.
"""

from __future__ import annotations

import contextlib
import math
from collections import deque
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.controls import ControlTimeline
from bridge.event import Seconds, TimedEvent
from bridge.layer import Layer, Target, event_id, seed_of
from bridge.tempo import Tempo
from bridge.values import number
from bridge.worker import Overtime
from patterns.core import Problem, RawHap
from patterns.errors import PatternError, SempreError
from patterns.ticks import to_cycles, to_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bridge.clock import Clock
    from bridge.sink import Sink

FAR = 2.5
"""Seconds sent ahead for a layer that reads no live input: what the sinks can play without an engine."""
STRIDE = 0.1
"""Seconds by which that is extended at a time."""
NEAR = 0.1
"""Seconds sent ahead (plus the sink's latency) for a layer that follows live input: measured, one C
call can hold the engine for 45 ms; 50 ms of lookahead then lost events, 100 ms lost none."""
LEAD = 0.05
"""Seconds from now at which a change may take hold at the earliest, so that it reaches the sinks first."""
CLEAN = 0.25
"""Seconds between two looks for what has rung out: in each step they were 70 % of the scheduler's time."""
QUERY_LIMIT = 0.08
"""Seconds of computing that one query may take before it is interrupted."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An occurrence as the scheduler knows it: in cycles, so that a tempo change can move it."""

    id: int
    onset: Fraction
    length: Fraction
    sustain: float | None
    nudge: float
    controls: Mapping[str, object]
    target: Target

    def timed(self, layer: str, tempo: Tempo) -> TimedEvent:
        """The same occurrence in seconds."""
        begin = tempo.time_at(self.onset)
        duration = self.sustain
        if duration is None:
            duration = tempo.time_at(self.onset + self.length) - begin
        return TimedEvent(begin + self.nudge, max(0.0, duration), self.controls, layer, self.id)

    def ends_at(self, tempo: Tempo) -> Seconds:
        """When it has rung out."""
        timed = self.timed("", tempo)
        return timed.at + timed.duration


@dataclass(slots=True)
class Place:
    """A playing place: which version plays from which cycle on, and what was sent.

    `good` is the version that answered last, `former` the one that did before it: the way back.
    """

    name: str
    versions: list[tuple[Fraction, Layer | None]]
    planned: Fraction
    seed: int
    good: Layer | None = None
    former: Layer | None = None
    muted: bool = False
    cleaned: Seconds = -math.inf
    sent: dict[int, Planned] = field(default_factory=dict[int, Planned])
    cache: dict[tuple[int, int], list[RawHap]] = field(default_factory=dict[tuple[int, int], "list[RawHap]"])

    def at(self, cycle: Fraction) -> Layer | None:
        """The version that plays at a cycle."""
        playing = None
        for begin, layer in self.versions:
            if begin <= cycle:
                playing = layer
        return playing

    def drop_past(self, cycle: Fraction) -> None:
        """Forget versions that were over before `cycle`."""
        while len(self.versions) > 1 and self.versions[1][0] <= cycle:
            del self.versions[0]

    @property
    def over(self) -> bool:
        """Nothing plays any more and nothing will."""
        return all(layer is None for _, layer in self.versions)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong in one layer while it played.

    Args:
        layer: Its name.
        problem: What and where.
        fallen_back: Whether the layer went back to its last good version.
    """

    layer: str
    problem: Problem
    fallen_back: bool


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
    ) -> None:
        self.clock = clock
        self.sinks = sinks
        self.tempo = tempo
        self.controls = ControlTimeline()
        self.places: dict[str, Place] = {}
        self.solo: frozenset[str] = frozenset()
        self.seed = seed
        self.far = far
        self._default_target = default_target
        self._on_trouble = on_trouble
        self._limit = limit or _unlimited
        self._mark = mark
        self._inbox: deque[Callable[[], None]] = deque()
        self._singles = 0

    # What other threads may call.

    def post(self, work: Callable[[], None]) -> None:
        """Have `work` done at the beginning of the next step, in the scheduler's own thread."""
        self._inbox.append(work)

    # The one beat of it.

    def step(self) -> None:
        """Do what was posted, then send what has come within the horizon of each layer."""
        while self._inbox:
            self._inbox.popleft()()
        now = self.clock.now()
        self.tempo = self.tempo.since(now - 60)
        here = _exact(self.tempo.cycle_at(now))
        for place in list(self.places.values()):
            place.drop_past(here - 2)
            self._extend(place, now)
            if now - place.cleaned >= CLEAN:
                place.cleaned = now
                self._clean(place, here)
            if place.over and not place.sent and place.planned > here + 1:
                del self.places[place.name]
        self.controls.forget_before(here - 4)

    # What changes the music; all of it takes hold at a cycle that lies ahead.

    def next_boundary(self, quantum: Fraction = Fraction(1)) -> Fraction:
        """The first multiple of `quantum` that a change can still reach in time; 0 means at once."""
        soonest = _exact(self.tempo.cycle_at(self.clock.now() + LEAD))
        if quantum <= 0:
            return soonest
        return math.ceil(soonest / quantum) * quantum

    def set_layer(self, name: str, layer: Layer | None, boundary: Fraction) -> None:
        """Let `layer` play at place `name` from `boundary` on; None ends the place there.

        Events of the former version after the boundary are compared with those of the new one by layer,
        whole and value; only what differs is cancelled or sent.
        """
        # What lies behind has been played: a change that comes too late begins now.
        boundary = max(boundary, _exact(self.tempo.cycle_at(self.clock.now())))
        place = self.places.get(name)
        if place is None:
            if layer is None:
                return
            place = Place(name, [(boundary, layer)], boundary, seed_of(self.seed, name))
            self.places[name] = place
        else:
            kept = [(b, v) for b, v in place.versions if b < boundary]
            place.versions = [*kept, (boundary, layer)]
            place.cache.clear()
            self._shorten(place, boundary)
            self._replan(place, boundary)
        self._extend(place, self.clock.now())

    def once(self, layer: Layer) -> None:
        """Play one cycle of a layer as soon as possible, at a place that goes away by itself."""
        begin = self.next_boundary(Fraction(0))
        self._singles += 1
        name = f"once {self._singles}"
        shifted = replace(layer, pattern=layer.pattern.late(begin))
        place = Place(name, [(begin, shifted), (begin + 1, None)], begin, seed_of(self.seed, name))
        self.places[name] = place
        self._extend(place, self.clock.now())

    def set_tempo(self, cps: float, boundary: Fraction | None = None) -> None:
        """Change the tempo without a jump in phase, at a cycle that lies ahead or as soon as possible.

        Everything that was sent for later is moved, and the ends of sounding notes with it.
        """
        now = self.clock.now()
        if boundary is None or self.tempo.time_at(boundary) < now:
            self.tempo = self.tempo.changed(now + LEAD, cps)
        else:
            self.tempo = self.tempo.changed(self.tempo.time_at(boundary), cps, cycle=boundary)
        for place in self.places.values():
            self._send(place, [p for p in place.sent.values() if p.ends_at(self.tempo) > now - 1])

    def restart(self, begin: Seconds) -> None:
        """Let cycle 0 begin at a time, before anything has played."""
        self.tempo = Tempo.steady(self.tempo.cps_at(begin), begin)

    def set_muted(self, name: str, *, muted: bool) -> None:
        """Silence a place without stopping it, or let it be heard again."""
        if name in self.places:
            self.places[name].muted = muted
            self._refresh_all()

    def set_solo(self, names: frozenset[str]) -> None:
        """Let only these places be heard; none: all of them."""
        self.solo = names
        self._refresh_all()

    def set_seed(self, seed: int) -> None:
        """Change the piece's seed: each layer gets its own from it."""
        self.seed = seed
        for place in self.places.values():
            place.seed = seed_of(seed, place.name)
            place.cache.clear()
        self._refresh_all()

    def set_control(self, name: str, value: float) -> None:
        """Turn a knob: it holds from the cycle on up to which live layers have been asked already."""
        here = max((p.planned for p in self.places.values() if self._live(p)), default=Fraction(0))
        now = _exact(self.tempo.cycle_at(self.clock.now()))
        self.controls.set(name, max(now, here), value)

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
        sink.cancel(sorted({i & ~3 for i in held} - ours))

    def resume(self, places: Sequence[Place], tempo: Tempo, controls: ControlTimeline) -> None:
        """Go on where another engine stopped; call `reconcile` for each sink afterwards."""
        self.tempo = tempo
        self.controls = controls
        now = self.clock.now()
        for place in places:
            # Two cycles back, so that notes that sound already are known when the tempo changes.
            place.planned = max(place.versions[0][0], _exact(tempo.cycle_at(now)) - 2)
            self.places[place.name] = place
            self._extend(place, now, send=False)

    # Inside.

    def _live(self, place: Place) -> bool:
        return any(layer is not None and layer.pattern.reads for _, layer in place.versions)

    def _audible(self, place: Place) -> bool:
        return not place.muted and (not self.solo or place.name in self.solo)

    def _horizon(self, place: Place, now: Seconds) -> Fraction:
        if self._live(place):
            until = now + NEAR + max((s.latency for s in self.sinks.values()), default=0.0)
        else:
            # In strides: asking for every few milliseconds of a far future costs much and gains nothing.
            until = math.ceil((now + self.far) / STRIDE) * STRIDE
        return _exact(self.tempo.cycle_at(until))

    def _extend(self, place: Place, now: Seconds, *, send: bool = True) -> None:
        horizon = self._horizon(place, now)
        if horizon <= place.planned:
            return
        fresh = self._plan(place, place.planned, horizon)
        place.planned = horizon
        if not self._audible(place):
            return
        place.sent.update((p.id, p) for p in fresh)
        if send:
            self._send(place, fresh)

    def _shorten(self, place: Place, boundary: Fraction) -> None:
        """Take back what lies beyond the horizon of a place that follows live input from `boundary` on.

        Else a knob, which is stamped where live layers have been asked already, would be heard late.
        """
        end = max(boundary, self._horizon(place, self.clock.now()))
        if self._live(place) and end < place.planned:
            self._cancel(place, [p for p in place.sent.values() if p.onset >= end])
            place.planned = end

    def _replan(self, place: Place, boundary: Fraction) -> None:
        """Plan again from `boundary` to where the place had got to; send and cancel only differences."""
        if boundary >= place.planned:
            return
        wanted = {p.id: p for p in self._plan(place, boundary, place.planned)} if self._audible(place) else {}
        before = {i: p for i, p in place.sent.items() if p.onset >= boundary}
        self._cancel(place, [p for i, p in before.items() if i not in wanted])
        fresh = [p for i, p in wanted.items() if i not in before]
        place.sent.update((p.id, p) for p in fresh)
        self._send(place, fresh)

    def _refresh_all(self) -> None:
        soon = _exact(self.tempo.cycle_at(self.clock.now() + LEAD))
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

    def _clean(self, place: Place, here: Fraction) -> None:
        over = [i for i, p in place.sent.items() if p.onset + p.length < here - 1 and not self._to_come(p)]
        for ident in over:
            del place.sent[ident]
        for key in [k for k in place.cache if k[1] < here - 1]:
            del place.cache[key]

    def _plan(self, place: Place, begin: Fraction, end: Fraction) -> list[Planned]:
        """Every occurrence with its onset in [begin, end), whichever version plays there."""
        out: list[Planned] = []
        bounds = [*(b for b, _ in place.versions[1:] if begin < b < end), end]
        left = begin
        for right in bounds:
            out += self._plan_version(place, left, right)
            left = right
        return out

    def _plan_version(self, place: Place, begin: Fraction, end: Fraction) -> list[Planned]:
        layer = place.at(begin)
        if layer is None or begin >= end:
            return []
        haps = self._ask(place, layer, begin, end)
        if haps is None:
            layer = self._fall_back(place, layer)
            haps = self._ask(place, layer, begin, end) if layer is not None else []
        if haps is None or layer is None:
            place.versions = [(b, None if v is layer else v) for b, v in place.versions]
            return []
        if layer is not place.good:
            place.good, place.former = layer, place.good
        return self._planned(place, layer, haps)

    def _planned(self, place: Place, layer: Layer, haps: Sequence[RawHap]) -> list[Planned]:
        out: list[Planned] = []
        seen: dict[tuple[object, ...], int] = {}
        for hap in haps:
            if hap.begin is None or hap.end is None:
                self._trouble(place, "a continuous signal has no onsets: add .segment(n)", hap, fallen=False)
                continue
            value: object = hap.value
            if not isinstance(value, dict):
                text = f"{value!r} says nothing to an instrument: add .note() or .s()"
                self._trouble(place, text, hap, fallen=False)
                continue
            controls = cast("dict[str, object]", value)
            try:
                one = self._occurrence(place, layer, hap, controls, seen)
            except (SempreError, TypeError, ValueError) as error:
                self._trouble(place, str(error), hap, fallen=False)
            else:
                out.append(one)
        return out

    def _occurrence(
        self,
        place: Place,
        layer: Layer,
        hap: RawHap,
        controls: dict[str, object],
        seen: dict[tuple[object, ...], int],
    ) -> Planned:
        if hap.begin is None or hap.end is None:
            raise ValueError("a hap without a whole has no onset")
        begin, end = to_cycles(hap.begin), to_cycles(hap.end)
        target = layer.target or self._default_target(controls)
        key = (begin, end, repr(sorted(controls.items())), target.key)
        repeat = seen[key] = seen.get(key, -1) + 1
        sustain = controls.get("sustain")
        legato = number("legato", controls.get("legato", 1.0))
        return Planned(
            event_id(place.name, (begin, end), controls, target.key, repeat),
            begin,
            (end - begin) * _exact(max(0.0, legato)),
            None if sustain is None else number("sustain", sustain),
            number("nudge", controls.get("nudge", 0.0)),
            controls,
            target,
        )

    def _ask(self, place: Place, layer: Layer, begin: Fraction, end: Fraction) -> list[RawHap] | None:
        """The haps with onset in a span, or None when the query failed (and was reported)."""
        if layer.pattern.reads:
            haps = self._query(place, layer, begin, end)
            return haps if haps is None else _onsets(haps, begin, end)
        out: list[RawHap] = []
        for cycle in range(math.floor(begin), math.ceil(end)):
            key = (id(layer), cycle)
            haps = place.cache.get(key)
            if haps is None:
                haps = self._query(place, layer, Fraction(cycle), Fraction(cycle + 1))
                if haps is None:
                    return None
                place.cache[key] = haps
            out += _onsets(haps, begin, end)
        return out

    def _query(self, place: Place, layer: Layer, begin: Fraction, end: Fraction) -> list[RawHap] | None:
        self._mark(place.name)
        try:
            with self._limit(QUERY_LIMIT):
                answer = layer.pattern.answer(
                    to_ticks(begin),
                    to_ticks(end),
                    seed=place.seed,
                    cps=self.tempo.cps_at(self.tempo.time_at(begin)),
                    controls=self.controls,
                )
        except Overtime:
            text = f"one query took longer than {QUERY_LIMIT * 1000:.0f} ms and was interrupted"
            self._on_trouble(Trouble(place.name, Problem(text, ()), fallen_back=True))
            return None
        except Exception as error:  # noqa: BLE001 - seam one: a layer's query may raise anything; neighbours play on
            self._on_trouble(Trouble(place.name, problem_of(error), fallen_back=True))
            return None
        finally:
            self._mark("")
        for problem in answer.problems:
            self._on_trouble(Trouble(place.name, problem, fallen_back=False))
        return answer.haps

    def _fall_back(self, place: Place, bad: Layer) -> Layer | None:
        """Put the last good version where the bad one was."""
        good = place.former if place.good is bad else place.good
        place.good, place.former = good, None
        place.versions = [(b, good if v is bad else v) for b, v in place.versions]
        place.cache.clear()
        return good

    def _trouble(self, place: Place, text: str, hap: RawHap, *, fallen: bool) -> None:
        self._on_trouble(Trouble(place.name, Problem(text, hap.where), fallen_back=fallen))


def _unlimited(_seconds: float) -> AbstractContextManager[None]:
    return contextlib.nullcontext()


def problem_of(error: BaseException) -> Problem:
    """An exception as a problem, with the place in the musician's file if it has one."""
    if isinstance(error, PatternError):
        return Problem(error.message, (error.where,) if error.where is not None else ())
    return Problem(f"{type(error).__name__}: {error}", ())


def _onsets(haps: Sequence[RawHap], begin: Fraction, end: Fraction) -> list[RawHap]:
    first, last = to_ticks(begin), to_ticks(end)
    return [h for h in haps if h.begin is None or (h.begin == h.part_begin and first <= h.begin < last)]


def _exact(cycle: float | Fraction) -> Fraction:
    # 2**20 steps a cycle: finer than a sample at any tempo, and small numbers make fast fractions.
    return cycle if isinstance(cycle, Fraction) else Fraction(round(cycle * 1048576), 1048576)
