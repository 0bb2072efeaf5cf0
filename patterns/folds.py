"""How a fold is computed: from the nearest state that is known, step by step, to the cycle asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from patterns.combine import explain
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.dice import Dice, dice_key
from patterns.errors import OutOfFuel, PatternError
from patterns.memory import ATOMS, Memory, Track, plain
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle
from patterns.where import Where, raised_at

SPACING = 1024
"""Steps between two checkpoints while a fold catches up: one that is interrupted goes on from there."""
FAULTS = (*BAD_VALUE, RuntimeError)
"""What a step may raise without stopping the music."""
CYCLES = 8
"""Whole cycles that a fold over another pattern keeps: long notes and narrow queries ask for them again."""

Row = tuple[Time, Time, Any, tuple[Where, ...], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What all folds have: how one state becomes the next.

    Args:
        step: The musician's function.
        rolls: Whether it wants dice.
        start: The state before the first step.
        since: The cycle that the first step belongs to.
        name: Under which the state goes on through a change of the piece; empty if it does not.
        show: Makes what sounds of a state.
        where: Of the function.
    """

    step: Callable[..., Any]
    rolls: bool
    start: Any
    since: int
    name: str
    show: Callable[[Any], Any] | None
    where: tuple[Where, ...]

    def track(self, walk: Walk) -> Track:
        """What is known of this fold; notes are kept with the query if nobody else keeps any."""
        memory = walk.memory
        if memory is None:
            memory = walk.memory = Memory()
        found = memory.track(self.key(walk), self)
        if found.fold is None:  # handed over by another process
            found.fold = self
        if found.fold is not self and self.name and not self.same_as(found.fold):
            raise PatternError(self.shared, self.where[0] if self.where else None)
        return found

    def key(self, walk: Walk) -> Hashable:
        """Under which a memory knows this fold."""
        if not self.name:
            return (self, walk.stream, walk.seed)
        return f"{self.name} in stream {walk.stream:g}" if walk.stream else self.name

    def same_as(self, other: Any) -> bool:
        """Whether another fold of this name is this one, built again."""
        return type(self) is type(other) and _print_of(self) == _print_of(other)

    def next(self, state: Any, given: tuple[Any, ...], where: tuple[Where, ...], walk: Walk) -> Any:
        """Take one step; one that fails leaves the state as it is, and is reported."""
        before = state if type(state) in ATOMS else plain(state, walk)
        try:
            after = self.step(before, *given)
            if after is None:
                raise PatternError("the step of a fold returned nothing; does it lack a return?")
            return after if type(after) is float else plain(after)
        except FAULTS as error:
            walk.report(f"{self.title}: {explain(error)}", (*raised_at(error), *where, *self.where))
            return state

    def shown(self, state: Any, where: tuple[Where, ...], walk: Walk) -> list[Any]:
        """What sounds of a state, in a list; none if that cannot be said."""
        value = state if type(state) in ATOMS else plain(state)
        if self.show is None:
            return [value]
        try:
            return [self.show(value)]
        except FAULTS as error:
            walk.report(f"{self.title}, show: {explain(error)}", (*raised_at(error), *where, *self.where))
            return []

    @property
    def title(self) -> str:
        """How messages call it."""
        return f"fold {self.name!r}" if self.name else "this fold"

    @property
    def shared(self) -> str:
        """What to say when another fold of the layer has this name."""
        return (
            f"two folds of one layer are called {self.name!r}, and they would share their state: "
            "give each its own name"
        )

    def too_far(self, begin: Time, end: Time) -> OutOfFuel:
        """What to say when there is too much to compute."""
        first, last = int(begin // TICKS), int(end // TICKS)
        return OutOfFuel(
            f"{self.title} has been computed up to cycle {first} and is asked for cycle {last}: "
            f"more steps than one query may take. Let it begin later, with since={last}, "
            "or ask for the cycles in between first",
            self.where[0] if self.where else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class SlotFold(Steps):
    """A fold with so many values a cycle."""

    per_cycle: int

    @property
    def unit(self) -> tuple[Any, ...]:
        """What a position counts: slots, so many a cycle."""
        return ("slots", self.per_cycle, self.since)

    def pattern(self) -> Pattern:
        """The values, one after the other."""
        return Pattern(self.run, Fraction(self.per_cycle))

    def run(self, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        """The values between two times."""
        count = self.per_cycle
        first = begin * count // TICKS
        last = max(first + 1, int(-(-end * count // TICKS)))
        walk.spend(last - first)
        track = self.track(walk)
        memory = cast("Memory", walk.memory)
        sighted = memory.sights is not None
        if sighted and self.name:
            memory.see(str(self.key(walk)), self, walk.stream, begin, end)
        state = self.start if sighted else self._reach(first, track, walk)
        key = dice_key(walk, self.name) if self.rolls else 0
        zero = self.since * count
        haps: list[Flat] = []
        for index in range(first, last):
            if index > first and index > zero and not sighted:
                state = self.next(state, (Dice(key, index),) if self.rolls else (), (), walk)
            start = _slot(index, count)
            stop = _slot(index + 1, count)
            haps += [
                (start, stop, max(begin, start), min(end, stop), value, self.where)
                for value in self.shown(state, (), walk)
            ]
        if last - 1 > zero and not sighted:
            track.latest = (last - 1, state)
            if (last - 1) // count > first // count:
                track.note(last - 1, state)
        return haps

    def position(self, time: Time) -> int:
        """The first slot that begins at a time or after it."""
        return int(-(-time * self.per_cycle // TICKS))

    def state_at(self, time: Time, walk: Walk) -> Any:
        """The state of that slot."""
        return self._reach(self.position(time), self.track(walk), walk)

    def _reach(self, index: int, track: Track, walk: Walk) -> Any:
        zero = self.since * self.per_cycle
        if index <= zero:
            return self.start
        known = track.before(index)
        position, state = (zero, self.start) if known is None or known[0] < zero else known
        missing = index - cast("int", position)
        if not missing:
            return state
        if missing > walk.fuel:
            if track.pin is not None and index < track.pin[0]:
                return track.pin[1]  # from before a change, by way of a function that looks back
            raise self.too_far(position * TICKS // self.per_cycle, index * TICKS // self.per_cycle)
        walk.spend(missing)
        key = dice_key(walk, self.name) if self.rolls else 0
        # What went wrong in cycles that nobody asks for is not worth a word.
        told, walk.problems = walk.problems, {}
        for step in range(cast("int", position) + 1, index + 1):
            if step == index:
                walk.problems = told
            state = self.next(state, (Dice(key, step),) if self.rolls else (), (), walk)
            if not step % SPACING:
                track.note(step, state)
        track.note(index, state)
        return state


@dataclass(frozen=True, slots=True, eq=False)
class OnsetFold(Steps):
    """A fold over the onsets of another pattern."""

    source: Pattern
    counting: bool = False

    @property
    def unit(self) -> tuple[Any, ...]:
        """What a position is: a time."""
        return ("time", 0, self.since)

    def pattern(self) -> Pattern:
        """The same rhythm with what each onset makes of the state."""
        return Pattern(self.run, self.source.steps, None, self.source.reads)

    def run(self, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        """The results between two times."""
        track = self.track(walk)
        memory = cast("Memory", walk.memory)
        found = self.source.run(begin, end, walk)
        walk.spend(len(found))
        if memory.sights is not None:
            if self.name:
                memory.see(str(self.key(walk)), self, walk.stream, begin, end)
            return [
                (b, e, pb, pe, value, w)
                for b, e, pb, pe, _, w in found
                for value in self.shown(self.start, w, walk)
            ]
        if track.fold is not self:
            self._compare(found, track, begin, end, walk)
        haps: list[Flat] = []
        nth: dict[tuple[Time, Time, Time], int] = {}
        for b, e, pb, pe, v, w in found:
            if b is None:
                walk.report(
                    f"{self.title} goes from onset to onset, and a signal has none: add .segment(n)", w
                )
                continue
            rows = self._cycle(b // TICKS, track, walk)
            again = nth[b, e, pb] = nth.get((b, e, pb), -1) + 1
            alike = [row for row in rows if row[0] == b and row[1] == e]
            same = [row for row in alike if row[3] == w and _equal(row[2], v)]
            if not alike:
                continue
            row = same[min(again, len(same) - 1)] if len(alike) > 1 and same else alike[0]
            haps += [(b, e, pb, pe, value, w) for value in self.shown(row[4], w, walk)]
        return haps

    def position(self, time: Time) -> Time:
        """The time itself."""
        return time

    def state_at(self, time: Time, walk: Walk) -> Any:
        """The state before the first onset at a time or after it."""
        track = self.track(walk)
        cycle = int(time // TICKS)
        state = self._reach(cycle, track, walk)
        return state if time == cycle * TICKS else self._play(cycle, state, time, track, walk)[1]

    def _compare(self, found: list[Flat], track: Track, begin: Time, end: Time, walk: Walk) -> None:
        """Let no other fold of this name go over other events: each would be given the other's state."""
        theirs = cast("OnsetFold", track.fold).source.run(begin, end, walk)
        walk.spend(len(theirs))
        places = [where for *_, wheres in (*found, *theirs) for where in wheres]
        if _same_events(found, theirs, values=not self.counting):
            if found and self not in track.agreed:
                track.agreed = [self, *track.agreed][:CYCLES]
        elif self in track.agreed:  # it plays: from here on it is told, and goes on
            walk.report(self.shared, (*self.where, *places[:1]))
        else:
            raise PatternError(self.shared, next(iter((*self.where, *places)), None))

    def _cycle(self, cycle: int, track: Track, walk: Walk) -> list[Row]:
        """Every onset of a cycle with its result."""
        rows = track.cycles.get(cycle)
        if rows is None:
            state = self._reach(cycle, track, walk)
            rows, state = self._play(cycle, state, (cycle + 1) * TICKS, track, walk)
            track.note((cycle + 1) * TICKS, state)
            track.cycles[cycle] = rows
            while len(track.cycles) > CYCLES:
                del track.cycles[next(iter(track.cycles))]
        return rows

    def _reach(self, cycle: int, track: Track, walk: Walk) -> Any:
        """The state at the beginning of a cycle."""
        if cycle <= self.since:
            return self.start
        zero = self.since * TICKS
        known = track.before(cycle * TICKS)
        position, state = (zero, self.start) if known is None or known[0] < zero else known
        told, walk.problems = walk.problems, {}
        try:
            while position < cycle * TICKS:
                here = int(position // TICKS)
                if walk.fuel <= 0 and track.pin is not None and cycle * TICKS < track.pin[0]:
                    return track.pin[1]
                if walk.fuel <= 0:
                    raise self.too_far(position, cycle * TICKS)
                state = self._play(here, state, (here + 1) * TICKS, track, walk, begin=position)[1]
                position = (here + 1) * TICKS
                if position == cycle * TICKS or not (here + 1) % 64:
                    track.note(position, state)
        except OutOfFuel:
            if cycle * TICKS - position <= TICKS:  # this very cycle is too dense
                raise
            raise self.too_far(position, cycle * TICKS) from None
        finally:
            walk.problems = told
        return state

    def _play(
        self, cycle: int, state: Any, end: Time, track: Track, walk: Walk, *, begin: Time | None = None
    ) -> tuple[list[Row], Any]:
        """The onsets of a cycle up to a time, with their results, and the state after them."""
        first = cycle * TICKS
        found = [hap for hap in self.source.run(first, first + TICKS, walk) if hap[0] == hap[2]]
        found.sort(key=lambda hap: cast("Time", hap[0]))
        walk.spend(len(found) + 1)
        key = dice_key(walk, self.name) if self.rolls else 0
        position = first if begin is None else begin
        pin = track.pin
        held = cycle < self.since
        rows: list[Row] = []
        rank = 0
        for b, e, _, _, v, w in found:
            if b < position or b >= end:
                continue
            if pin is not None and position < pin[0] <= b:
                state = pin[1]
            rank = rank + 1 if rows and rows[-1][0] == b else 0
            position = b
            result = state
            if self.counting:
                state = state if held else state + 1
            elif not held:
                value = v.copy() if type(v) in {dict, list} else v
                given = (value, Dice(key, b, rank)) if self.rolls else (value,)
                result = state = self.next(state, given, w, walk)
            rows.append((b, e, v, w, result))
        if pin is not None and position < pin[0] < end:
            state = pin[1]
        return rows, state


def _slot(index: int, count: int) -> Time:
    begin = index * TICKS
    return begin // count if not begin % count else settle(Fraction(begin, count))


def _same_events(ours: list[Flat], theirs: list[Flat], *, values: bool) -> bool:
    """Whether two sources say the same: when, and what as far as plain values can be compared."""
    pairs = [sorted((h for h in haps if h[0] is not None), key=_begin) for haps in (ours, theirs)]
    return len(pairs[0]) == len(pairs[1]) and all(
        one[:2] == other[:2] and not (values and _differ(one[4], other[4]))
        for one, other in zip(*pairs, strict=True)
    )


def _begin(hap: Flat) -> tuple[Time, Time]:
    return cast("Time", hap[0]), cast("Time", hap[1])


def _differ(one: Any, other: Any) -> bool:
    comparable = type(one) in ATOMS or type(one) in {dict, list, tuple}
    return comparable and not _equal(one, other)


def _equal(one: Any, other: Any) -> bool:
    return one is other or bool(one == other)


def _print_of(fold: Steps) -> tuple[Any, ...]:
    """What two folds must have in common to be one: code, plain values that it closes over, start."""
    step = fold.step
    cells = [cell.cell_contents for cell in getattr(step, "__closure__", None) or ()]
    closed = [value for value in cells if type(value) in ATOMS]
    code = getattr(step, "__code__", None)
    return (
        code or type(step), closed, getattr(step, "__defaults__", None), fold.start, fold.since,
        getattr(fold, "per_cycle", 0), getattr(fold, "counting", False),
    )  # fmt: skip
