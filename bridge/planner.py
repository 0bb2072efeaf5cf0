"""What a layer says between two cycles, as occurrences; what is wrong with it is told, never raised."""

from __future__ import annotations

import contextlib
import math
from fractions import Fraction
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeVar, cast

from bridge import stream
from bridge.heirs import handed_over
from bridge.layer import Layer, Target, aimed, event_id, faults
from bridge.place import Place, Planned, exact
from bridge.recall import QUERY_LIMIT, reach
from bridge.transport import PLAIN, Transport
from bridge.trouble import BARE, Fall, Trouble, play_of, problem_of
from bridge.values import held_for, number
from bridge.watchman import Overtime
from patterns.core import Answer, Problem, RawHap
from patterns.errors import SempreError
from patterns.flowing import flowing
from patterns.parameter_names import only_moves
from patterns.ticks import TICKS, to_cycles, to_ticks
from patterns.where import raised_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bridge.transport import Stretch
    from patterns.core import Pattern
    from patterns.memory import Memory
    from patterns.state import Walk

    Aim = Callable[[Mapping[str, object]], Target]
    """Says where what a layer says goes."""

Found = TypeVar("Found")
HALF = Fraction(1, 2)
SILENT = 8
"""Cycles in which notes are looked for whose parameters a stream moves."""


class Planner:
    """Asks layers, and goes back to the last good version of one that fails.

    Args:
        ask: Makes a query of a layer at a cycle: its seed, that cycle, and what its folds remember.
        transport: Says which cycle of the piece is played at a cycle; all others here are those that pass.
        default_target: Chooses where an event goes whose layer names no target.
        on_trouble: Told of each problem, as often as it happens.
        limit: Guards one query, see `bridge.worker.Watchman.limit`.
        mark: Told the layer that is about to be queried, and "" after it.
        rate: Samples a second, about, of a signal that is heard between onsets.
        on_fall: Told of each version that could not be asked, in its turn.

    Attributes:
        falls: What is known to fail, from a journal: it is not asked.
    """

    def __init__(
        self,
        ask: Callable[[Layer, int, Fraction, Memory], Walk],
        default_target: Callable[[Mapping[str, object]], Target],
        on_trouble: Callable[[Trouble], None],
        limit: Callable[[float], AbstractContextManager[None]] | None,
        mark: Callable[[str], None],
        rate: float = stream.RATE,
        on_fall: Callable[[Fall], None] = lambda _: None,
        transport: Callable[[], Transport] = Transport,
    ) -> None:
        self.rate = rate
        self._transport = transport
        self.falls: list[Fall] = []
        self._on_fall = on_fall
        self._walk = ask
        self._default_target = default_target
        self._on_trouble = on_trouble
        self._limit = limit or _unlimited
        self._mark, self._faults = mark, set[tuple[str, str]]()

    def plan(self, place: Place, begin: Fraction, end: Fraction) -> list[Planned]:
        """Every occurrence with its onset in [begin, end), whichever version plays there."""
        out: list[Planned] = []
        bounds = [*(b for b, _ in place.versions if begin < b < end), end]
        cuts = [] if place.loose else self._transport().cuts(begin, end)
        if self.falls or cuts:
            falls = (f.cycle for f in self.falls if f.place == place.name and begin < f.cycle < end)
            bounds = sorted({*bounds, *cuts, *falls})
        left = begin
        for right in bounds:
            former = place.at(left, before=True)
            found = self._plan_version(place, left, right)
            # Asked first: who plays here is only known then.
            out += [*handed_over(place.name, former, place.at(left), left), *found]
            left = right
        return out

    def _plan_version(self, place: Place, begin: Fraction, end: Fraction) -> list[Planned]:
        layer = place.at(begin)
        if layer is None or begin >= end or self._stretch(place, begin).shift is None:
            return []
        out = self._tried(place, layer, begin, end)
        if out is None:
            layer = self._fall_back(place, layer)
            out = self._tried(place, layer, begin, end) if layer is not None else []
        if out is None or layer is None:
            place.versions = [(b, None if v is layer else v) for b, v in place.versions]
            return []
        if layer is not place.good:
            place.good, place.former = layer, place.good
        return out

    def _tried(self, place: Place, layer: Layer, begin: Fraction, end: Fraction) -> list[Planned] | None:
        """The occurrences; None if the layer fails here, or is known to have failed here before."""
        fall = Fall(place.name, place.version(begin)[0], begin)
        if fall in self.falls:
            self.falls.remove(fall)
            return None
        out = self._occurrences(place, layer, begin, end)
        if out is None:
            self._on_fall(fall)
        return out

    def _occurrences(
        self, place: Place, layer: Layer, begin: Fraction, end: Fraction
    ) -> list[Planned] | None:
        """What begins, and what flows; None if the layer failed."""
        haps = self._ask(place, layer, begin, end)
        if haps is None:
            return None
        out = self._planned(place, layer, haps, self._shift(place, begin))
        if layer.pattern.discrete or not place.flowing(layer, begin, end):
            return out
        for left, right in stream.stretches(begin, end):
            # Each stretch is a query of its own: all of a far horizon at once would count as one that hangs.
            aim = self._flows_to(place, layer, left)
            streamed = self._guarded(place, layer, partial(self._streamed, place, layer, left, right, aim))
            if streamed is None:
                return None
            out += streamed
        return out

    def _planned(self, place: Place, layer: Layer, haps: Sequence[RawHap], shift: Fraction) -> list[Planned]:
        out: list[Planned] = []
        seen: dict[tuple[object, ...], int] = {}
        for hap in haps:
            if hap.begin is None or hap.end is None:
                if (text := stream.refusal(hap, self._target_of(layer))) is not None:
                    self._trouble(place, text, hap)
                continue
            value: object = hap.value
            if not isinstance(value, dict):
                self._trouble(place, f"{value!r} {BARE}", hap)
                continue
            controls = cast("dict[str, object]", value)
            if None in controls.values():  # the open end of a last slice: nothing is said of it
                controls = {name: said for name, said in controls.items() if said is not None}
            if "value" in controls:
                self._trouble(place, f"{controls['value']!r} {BARE}", hap)
                continue
            try:
                one = self._occurrence(place, layer, hap, controls, seen, shift)
            except (SempreError, TypeError, ValueError) as error:
                self._trouble(place, str(error), hap)
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
        shift: Fraction,
    ) -> Planned:
        if hap.begin is None or hap.end is None:
            raise ValueError("a hap without a whole has no onset")
        begin, end = to_cycles(hap.begin) - shift, to_cycles(hap.end) - shift
        target = aimed(layer.target, controls, self._default_target)
        key = (begin, end, repr(sorted(controls.items())), target.key)
        repeat = seen[key] = seen.get(key, -1) + 1
        legato = number("legato", controls.get("clip", controls.get("legato", 1.0)))
        self._check(place, layer, target, controls)
        return Planned(
            event_id(place.name, (begin, end), controls, target.key, repeat),
            begin,
            (end - begin) * exact(max(0.0, legato)),
            held_for(controls),
            number("nudge", controls.get("nudge", 0.0)),
            controls,
            target,
            hap.where,
        )

    def _ask(self, place: Place, layer: Layer, begin: Fraction, end: Fraction) -> list[RawHap] | None:
        """The haps with onset in a span, or None when the query failed (and was reported)."""
        stretch = self._stretch(place, begin)
        first, last = begin + (stretch.shift or 0), end + (stretch.shift or 0)
        if layer.pattern.reads:
            haps = self._query(place, layer, begin, (first, last))
            return haps if haps is None else _onsets(haps, first, last)
        return place.cache.onsets(
            place.source(place.version(begin), stretch.begin),
            to_ticks(first),
            to_ticks(last),
            self._whole(place, layer, begin, stretch),
        )

    def _whole(
        self, place: Place, layer: Layer, at: Fraction, stretch: Stretch
    ) -> Callable[[int], list[RawHap] | None]:
        """Asks for whole cycles of the piece, as a version plays them in a stretch."""
        begun, shift = place.version(at)[0], stretch.shift or Fraction(0)
        since = begun if stretch.begin is None else max(begun, stretch.begin)

        def ask(cycle: int) -> list[RawHap] | None:
            first = Fraction(cycle)
            if since == begun:
                # Not from before it began: its folds take over there what the version before had reached.
                first = max(first, begun + shift)
            return self._query(place, layer, max(since, cycle - shift), (first, Fraction(cycle + 1)))

        return ask

    def ask_ahead(self, place: Place) -> bool:
        """Ask for the cycle after the one that is being planned; say whether there was anything to ask.

        From its middle on: a change that comes earlier would have had it asked for in vain.
        """
        stretch = self._stretch(place, place.planned)
        shift = stretch.shift or Fraction(0)
        cycle = math.floor(place.planned + shift) + 1
        at = cycle - shift
        if stretch.end is not None and (stretch.shift is None or stretch.end <= at):
            at, stretch = stretch.end, self._stretch(place, stretch.end)
            cycle = math.floor(at + (stretch.shift or 0))
        layer = place.at(at)
        if layer is None or layer.pattern.reads or place.planned < at - HALF or stretch.shift is None:
            return False
        source = place.source(place.version(at), stretch.begin)
        return place.cache.prepare(source, cycle, self._whole(place, layer, at, stretch))

    def _query(
        self, place: Place, layer: Layer, at: Fraction, asked: tuple[Fraction, Fraction]
    ) -> list[RawHap] | None:
        """The haps from one cycle of the piece to another, as a layer plays them at a cycle that passes."""
        pattern = self._pattern(place, layer, at)

        def work() -> Answer:
            memory = self._memory(place, at)
            walk = self._ask_of(place, layer, at, memory)
            return pattern.walked(to_ticks(asked[0]), to_ticks(asked[1]), walk)

        answer = self._guarded(place, layer, work)
        if answer is None:
            return None
        for problem in answer.problems:
            self._on_trouble(Trouble(place.name, problem, fallen_back=False))
        if any(hap.begin is None for hap in answer.haps):
            place.found_flow(layer, at)
        return answer.haps

    def _guarded(self, place: Place, layer: Layer, work: Callable[[], Found]) -> Found | None:
        """Ask a layer for something, in bounded time; None if it failed, which then was reported."""
        self._mark(place.name)
        try:
            with self._limit(QUERY_LIMIT):
                return work()
        except Overtime as error:
            text = f"one query took longer than {QUERY_LIMIT * 1000:.0f} ms and was interrupted"
            inside = "".join(f" in {where}" for where in raised_at(error))
            self._failed(place, layer, Problem(text + inside))
            return None
        except Exception as error:  # noqa: BLE001 - seam one: a layer's query may raise anything; neighbours play on
            self._failed(place, layer, problem_of(error))
            return None
        finally:
            self._mark("")

    def _target_of(self, layer: Layer) -> Aim:
        return lambda controls: aimed(layer.target, controls, self._default_target)

    def _flows_to(self, place: Place, layer: Layer, at: Fraction) -> Aim:
        """Where a stream of a layer goes: one that only moves parameters goes where its notes go."""
        if layer.target is not None:
            return self._target_of(layer)
        notes = self._notes_go_to(place, layer, at)

        def target_of(controls: Mapping[str, object]) -> Target:
            return aimed(notes if only_moves(controls) else None, controls, self._default_target)

        return target_of

    def _notes_go_to(self, place: Place, layer: Layer, at: Fraction) -> Target | None:
        """Where the first note of a cycle goes, or of the last one before it that has any."""
        first = place.version(at)[0]
        for cycle in range(math.floor(at), math.floor(at) - SILENT, -1):
            begin, end = max(first, Fraction(cycle)), Fraction(cycle + 1)
            for hap in (self._ask(place, layer, begin, end) or ()) if begin < end else ():
                value: object = hap.value
                if hap.begin is not None and isinstance(value, dict):
                    controls = cast("dict[str, object]", value)
                    if not only_moves(controls):
                        return aimed(None, controls, self._default_target)
        return None

    def _streamed(
        self, place: Place, layer: Layer, begin: Fraction, end: Fraction, target_of: Aim
    ) -> list[Planned]:
        """What a layer's signals say between two cycles, where it is worth sending."""
        memory = self._memory(place, begin)
        pattern, stretch = flowing(self._pattern(place, layer, begin)), self._stretch(place, begin)
        shift = to_ticks(stretch.shift or 0)
        grain = stream.grain_of(self._ask_of(place, layer, begin, memory).cps, self.rate)
        apart = TICKS // grain

        @lru_cache(maxsize=4)
        def sample(index: int) -> stream.Sample:
            ticks = index * apart + shift
            walk = self._ask_of(place, layer, Fraction(index, grain), memory)
            return stream.sampled(pattern.walked(ticks, ticks + 1, walk).haps, target_of)

        out: list[Planned] = []
        step, live = Fraction(1, grain), bool(pattern.reads)
        began = place.version(begin)[0]
        if stretch.begin is not None:
            began = max(began, stretch.begin)
        for index in stream.places(begin, end, grain):
            at = Fraction(index, grain)
            # Anew in each cycle, and at the beginning: an instrument may have come to it meanwhile.
            fresh = index % grain == 0 or at - step < began
            try:
                for target, controls, steps in stream.flow(sample, index, fresh=fresh, live=live):
                    ident = event_id(place.name, (at, at + step), controls, target.key, 0)
                    nudge = number("nudge", controls.get("nudge", 0.0))
                    self._check(place, layer, target, controls)
                    out.append(Planned(ident, at, step * steps, None, nudge, controls, target))
            except (SempreError, TypeError, ValueError) as error:
                self._on_trouble(Trouble(place.name, problem_of(error), fallen_back=False))
        return out

    def _check(self, place: Place, layer: Layer, target: Target, controls: Mapping[str, object]) -> None:
        """Tell once of a parameter that is not there, or leaves its range: it is moved as far as it goes."""
        for text in faults(target, controls):
            if (place.name, text) not in self._faults:
                self._faults.add((place.name, text))
                where = play_of(place.name, layer)
                self._on_trouble(Trouble(place.name, Problem(text, where), fallen_back=False))

    def _fall_back(self, place: Place, bad: Layer) -> Layer | None:
        """Put the last good version where the bad one was."""
        place.recall.fell_back(min(b for b, v in place.versions if v is bad))
        good = place.former if place.good is bad else place.good
        place.good, place.former = good, None
        place.versions = [(b, good if v is bad else v) for b, v in place.versions]
        place.cache.clear()
        return good

    def _failed(self, place: Place, layer: Layer, problem: Problem) -> None:
        """Tell what ended a query, with the layer and the line of its `play`."""
        play = play_of(place.name, layer)
        said = f"{problem.message} (layer {place.name.rpartition(':')[2]}"
        said += f", {play[0]})" if play and problem.where else ")"
        found = Problem(said, (*problem.where, *play))
        self._on_trouble(Trouble(place.name, found, fallen_back=True))

    def prepare(self, place: Place, layer: Layer, boundary: Fraction) -> Memory | None:
        """Compute what a layer's folds will be at a cycle, before it plays; None if it cannot be asked."""
        versions = [*(v for v in place.versions if v[0] < boundary), (boundary, layer)]
        ask = partial(self._ask_of, place)
        try:
            memory = place.recall.memory(versions, boundary, ask, self.where(place))
            reach(layer, memory, boundary, ask, self._limit, self.where(place))
        except (Exception, Overtime):  # noqa: BLE001 - seam one again: when it is to play, it is told
            return None
        return memory

    def reach(self, place: Place, cycle: Fraction) -> Memory | None:
        """Compute what the folds at a place are where a jump leads; None if it cannot be asked."""
        layer = place.at(cycle)
        if layer is None:
            return None
        try:
            memory = self._memory(place, cycle)
            reach(layer, memory, cycle, partial(self._ask_of, place), self._limit, self.where(place))
        except (Exception, Overtime):  # noqa: BLE001 - seam one again: when it is to play, it is told
            return None
        return memory

    def take_down(self, place: Place, boundary: Fraction) -> None:
        """Let a place's folds begin anew at a cycle with what they have reached: its seed changes there."""
        try:
            with self._limit(QUERY_LIMIT):
                ask = partial(self._ask_of, place)
                place.recall.take(place.versions, boundary, ask, self.where(place))
        except (Overtime, SempreError):
            place.recall.changed(boundary)

    def _ask_of(self, place: Place, layer: Layer, cycle: Fraction, memory: Memory) -> Walk:
        walk = self._walk(layer, place.seed_for(layer), cycle, memory)
        shift = self._shift(place, cycle) if self._transport().passages else 0
        if shift:
            # Inputs know the cycles that pass.
            ticks = to_ticks(shift)
            walk.frames.append(lambda time: time - ticks)
            walk.shift = ticks
        return walk

    def _memory(self, place: Place, at: Fraction) -> Memory:
        return place.recall.memory(place.versions, at, partial(self._ask_of, place), self.where(place))

    def where(self, place: Place) -> Callable[[Fraction], Fraction]:
        """Which cycle of the piece is played at a place, at a cycle that passes."""
        return (Transport() if place.loose else self._transport()).position

    def _stretch(self, place: Place, at: Fraction) -> Stretch:
        return PLAIN if place.loose else self._transport().stretch(at)

    def _shift(self, place: Place, at: Fraction) -> Fraction:
        return self.where(place)(at) - at

    def _pattern(self, place: Place, layer: Layer, at: Fraction) -> Pattern:
        """What a layer plays: on its way from the version before it only until the transport jumps."""
        begun = self._stretch(place, at).begin
        gone = layer.way is not None and begun is not None and begun > place.version(at)[0]
        return layer.way.after if layer.way is not None and gone else layer.pattern

    def _trouble(self, place: Place, text: str, hap: RawHap) -> None:
        self._on_trouble(Trouble(place.name, Problem(text, hap.where), fallen_back=False))


def _onsets(haps: Sequence[RawHap], begin: Fraction, end: Fraction) -> list[RawHap]:
    first, last = to_ticks(begin), to_ticks(end)
    return [h for h in haps if h.begin is None or (h.begin == h.part_begin and first <= h.begin < last)]


def _unlimited(_seconds: float) -> AbstractContextManager[None]:
    return contextlib.nullcontext()
