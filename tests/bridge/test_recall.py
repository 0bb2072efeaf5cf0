"""Folds in a playing layer: they go on through edits, falls, other seeds and other engines."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import Any

# What a lambda of the table takes is a pattern.
# pyright: reportUnknownLambdaType=false, reportUnknownMemberType=false
import pytest

from bridge.clock import ManualClock
from bridge.controls import ControlTimeline
from bridge.layer import Layer, seed_of
from bridge.place import Place
from bridge.recall import Recall, reach
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.targets import midi
from bridge.tempo import Tempo
from bridge.trouble import Trouble
from patterns.core import Flat, Pattern
from patterns.folding import fold
from patterns.memory import Memory
from patterns.registry import namespace
from patterns.state import NO_CONTROLS, Walk
from patterns.ticks import TICKS, Time

N: dict[str, Any] = dict(namespace())
note, mini = N["note"], N["mini"]
CPS = 0.5


class Stage:
    """A scheduler with one layer, and all that it sent."""

    def __init__(self, seed: int = 0, clock: ManualClock | None = None) -> None:
        self.clock = clock or ManualClock()
        self.recorder = Recorder()
        self.troubles: list[Trouble] = []
        self.scheduler = Scheduler(
            self.clock,
            {"midi": self.recorder},
            Tempo.steady(CPS),
            lambda _: midi(),
            on_trouble=self.troubles.append,
            seed=seed,
        )

    def set(self, pattern: Pattern | None, boundary: float | Fraction, memory: Any = None) -> None:
        """Change the layer."""
        layer = None if pattern is None else Layer(pattern, midi())
        self.scheduler.set_layer("a.py:x", layer, Fraction(boundary), memory)

    def run(self, until: float) -> None:
        """Let time pass up to a cycle."""
        while self.clock.now() * CPS < until:
            self.clock.advance(0.1)
            self.scheduler.step()

    def notes(self, begin: float = 0, end: float = 1e9) -> list[Any]:
        """What sounds between two cycles."""
        rows = sorted((e.at * CPS, e.controls["note"]) for e in self.recorder.events())
        return [value for at, value in rows if begin - 1e-9 <= at < end - 1e-9]


def up(by: int, name: str = "n", per_cycle: int = 4) -> Pattern:
    """A climbing line."""
    return note(fold(lambda v: v + by, 0, per_cycle=per_cycle, name=name))


def walk(name: str = "w") -> Pattern:
    """A random line."""
    return note(fold(lambda v, dice: v + dice.choose([-3, -2, -1, 1, 2, 3]), 60, per_cycle=4, name=name))


def walk_of(layer: Layer, cycle: Fraction, memory: Memory) -> Walk:
    """A query."""
    del layer, cycle
    return Walk(CPS, 0, NO_CONTROLS, "hash", 100_000, memory)


def add_up(last: int, value: int) -> int:
    """The next note from the last."""
    return last + value


def summed() -> Pattern:
    """A sum over another pattern."""
    return note(mini("1 2*3").accumulate(add_up, 0, "s"))


SHAPES: dict[str, Any] = {
    "plain": lambda p: p,
    "fast": lambda p: p.fast(2),
    "fast by a pattern": lambda p: p.fast("<1 2>"),
    "late": lambda p: p.late(1 / 4),
    "off": lambda p: p.off(1 / 8, N["add"](note(7))),
    "every": lambda p: p.every(3, N["rev"]),
    "in a rhythm": lambda p: note("0 ~ 0*3").add(p),
    "in long notes": lambda p: note("<0 0@2>/1.5").add(p),
    "by turns": lambda p: N["slowcat"](p, note("99")),
    "in a stream": lambda p: p.seed(4),
    "chunk": lambda p: p.chunk(4, N["fast"](2)),
    "ribbon": lambda p: p.ribbon(2, 3),
}


@pytest.mark.parametrize("quantum", [7, Fraction(29, 4)])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("made", [lambda: up(1), walk, summed])
def test_saving_what_is_the_same_changes_nothing(shape: str, made: Any, quantum: Any) -> None:
    """The same notes as if nothing had been saved, however the fold is bent."""
    still, edited = Stage(), Stage()
    for stage in (still, edited):
        stage.set(SHAPES[shape](made()), 0)
        stage.run(6.1)
    edited.set(SHAPES[shape](made()), quantum)
    for stage in (still, edited):
        stage.run(14)
    assert not edited.troubles
    assert edited.notes(0, 13) == still.notes(0, 13)


def test_a_named_fold_goes_on_and_an_unnamed_one_does_not() -> None:
    """The new step goes on from where the old one was; without a name it is as if it had always been so."""
    for name, expected in (("n", [28, 38, 48, 58]), ("", [280, 290, 300, 310])):
        stage = Stage()
        stage.set(up(1, name), 0)
        stage.run(6.1)
        stage.set(up(10, name), 7)
        stage.run(10)
        assert stage.notes(6, 7) == [24, 25, 26, 27]
        assert stage.notes(7, 8) == expected


def test_another_rhythm_goes_on_with_the_value() -> None:
    """Eight a cycle instead of four, twice as fast, out of a rhythm: the value is that of the boundary."""
    for after in (up(1, per_cycle=8), up(1).fast(2), note("0*8").add(up(1, per_cycle=8))):
        stage = Stage()
        stage.set(up(1), 0)
        stage.run(6.1)
        stage.set(after, 7)
        stage.run(10)
        assert stage.notes(7, 8) == list(range(28, 36))


def test_out_of_a_faster_one() -> None:
    """What ran twice as fast has got twice as far."""
    stage = Stage()
    stage.set(up(1).fast(2), 0)
    stage.run(6.1)
    stage.set(up(1), 7)
    stage.run(10)
    assert stage.notes(7, 9) == list(range(56, 64))


def test_a_counter_goes_on_over_another_pattern() -> None:
    """Also when the change comes in mid-cycle."""
    stage = Stage()
    stage.set(note(mini("a b c d").count("hits")), 0)
    stage.run(6.1)
    stage.set(note(mini("a*8").count("hits")), Fraction(29, 4))
    stage.run(10)
    assert stage.notes(7, 8) == [28, *range(29, 35)]
    assert stage.notes(8, 9) == list(range(35, 43))


def test_two_changes_before_the_first_is_heard() -> None:
    """Only what played counts."""
    stage = Stage()
    stage.set(up(1), 0)
    stage.run(6.1)
    stage.set(up(100), 8)
    stage.set(up(1000), 7)
    stage.set(up(10), 8)
    stage.run(12)
    assert stage.notes(7, 9) == [28, 1028, 2028, 3028, 4028, 4038, 4048, 4058]


def test_what_ended_begins_anew() -> None:
    """A layer that was taken away and comes back is a new one."""
    stage = Stage()
    stage.set(up(1), 0)
    stage.run(6.1)
    stage.set(None, 7)
    stage.run(9.1)
    stage.set(up(10), 10)
    stage.run(12)
    assert stage.notes(10, 11) == [400, 410, 420, 430]


def broken(pattern: Pattern, since: int) -> Pattern:
    """The same until a cycle, from which on it raises."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        if end > since * TICKS:
            raise ZeroDivisionError("no more")
        return pattern.run(begin, end, walk)

    return Pattern(run)


@pytest.mark.parametrize("since", [8, 12])
def test_a_version_that_breaks_leaves_the_one_before_as_it_was(since: int) -> None:
    """Whether it breaks at once or later, the version before goes on as if it had played all the time."""
    still, edited = Stage(), Stage()
    for stage in (still, edited):
        stage.set(walk(), 0)
        stage.run(7.1)
    edited.set(broken(walk(), since), 8)
    for stage in (still, edited):
        stage.run(18)
    assert [t.fallen_back for t in edited.troubles] == [True]
    assert edited.notes(0, 17) == still.notes(0, 17)


def test_another_seed_goes_on_from_the_value() -> None:
    """Other choices from there on; an unnamed fold is what it would have been with that seed."""
    stage = Stage(seed=1)
    stage.set(walk(), 0)
    stage.run(6.1)
    stage.scheduler.set_seed(2)
    stage.run(12)
    notes = stage.notes(0, 11)
    assert all(abs(a - b) <= 3 for a, b in pairwise(notes))
    assert not stage.troubles
    unnamed, other = Stage(seed=1), Stage(seed=2)
    for one in (unnamed, other):
        one.set(walk(""), 0)
        one.run(6.1)
    unnamed.scheduler.set_seed(2)
    for one in (unnamed, other):
        one.run(12)
    assert unnamed.notes(8, 11) == other.notes(8, 11)


@pytest.mark.parametrize("at", [6.1, 7.3, 9.2, 40.6])
@pytest.mark.parametrize("shape", ["plain", "fast", "off", "in a rhythm", "every"])
def test_another_engine_goes_on_with_the_same_values(shape: str, at: float) -> None:
    """From the source and what was written down: after an edit, before and behind its boundary, and later."""
    still, old = Stage(seed=3), Stage(seed=3)
    for stage in (still, old):
        stage.set(SHAPES[shape](up(1)), 0)
        stage.run(6)
        stage.set(SHAPES[shape](walk("n")), 7)
        stage.run(at)
    place = old.scheduler.places["a.py:x"]
    told = json.loads(json.dumps(place.recall.to_json(place.versions, Fraction(at).limit_denominator(64))))
    fresh = Stage(seed=3, clock=old.clock)
    versions: list[tuple[Fraction, Layer | None]] = [(Fraction(0), Layer(SHAPES[shape](up(1)), midi()))]
    versions.append((Fraction(7), Layer(SHAPES[shape](walk("n")), midi())))
    other = Place("a.py:x", versions, Fraction(0), 3, recall=Recall.from_json(told, versions))
    fresh.scheduler.resume([other], old.scheduler.tempo, ControlTimeline())
    fresh.scheduler.reconcile(fresh.recorder, [])
    for stage in (still, fresh):
        stage.run(at + 6)
    assert not fresh.troubles
    assert fresh.notes(at + 0.2, at + 5) == still.notes(at + 0.2, at + 5)


def test_a_state_of_hours_is_not_computed_again() -> None:
    """After 100,000 cycles another engine needs what was written down, and no more."""
    stage = Stage()
    stage.set(up(1, per_cycle=16), 0)
    place = stage.scheduler.places["a.py:x"]
    layer = place.versions[0][1]
    assert layer is not None
    memory = place.recall.memory(place.versions, Fraction(0), walk_of)
    for cycle in range(0, 100_000, 5_000):
        layer.pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
    told = place.recall.to_json(place.versions, Fraction(100_000))
    assert len(json.dumps(told)) < 400
    versions: list[tuple[Fraction, Layer | None]] = [(Fraction(0), Layer(up(1, per_cycle=16), midi()))]
    fresh = Stage(clock=ManualClock(100_000 / CPS))
    other = Place("a.py:x", versions, Fraction(0), 0, recall=Recall.from_json(told, versions))
    fresh.scheduler.resume([other], Tempo.steady(CPS), ControlTimeline())
    fresh.scheduler.reconcile(fresh.recorder, [])
    fresh.run(100_002)
    assert not fresh.troubles
    assert fresh.notes(100_001, 100_002) == list(range(1_600_016, 1_600_032))


def test_what_was_computed_before_is_taken_over() -> None:
    """A rehearsal has done the work: the swap costs no fuel, though the fold has no name."""
    stage = Stage(clock=ManualClock(50_000 / CPS))
    stage.set(note("c"), 50_000)
    layer, memory = Layer(up(1, "", 16), midi()), Memory()

    def ask(_layer: Layer, _cycle: Fraction, memory: Memory) -> Walk:
        return Walk(CPS, seed_of(0, "x"), NO_CONTROLS, "hash", 200_000, memory)

    reach(layer, memory, Fraction(50_001), ask)
    stage.scheduler.set_layer("a.py:x", layer, Fraction(50_001), memory)
    stage.run(50_003)
    assert not stage.troubles
    assert stage.notes(50_002, 50_003)[:1] == [800_032]
