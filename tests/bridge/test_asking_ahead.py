"""The next cycle is asked for before it begins, one layer at a step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from bridge.clock import ManualClock
from bridge.event import TimedEvent
from bridge.layer import Layer, Target
from bridge.scheduler import Scheduler
from bridge.targets import midi
from bridge.tempo import Tempo
from patterns.core import Flat, Pattern
from patterns.inputs import knob
from patterns.registry import namespace
from patterns.state import Walk
from patterns.ticks import TICKS, Time

N: dict[str, Any] = dict(namespace())
LAYERS = 6


class Deaf:
    """A sink that only counts."""

    latency = 0.0

    def __init__(self) -> None:
        self.ids: list[int] = []

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Note the events."""
        self.ids += [event.id for event in events]

    def cancel(self, ids: Iterable[int]) -> None:
        """Nothing is to be taken back here."""
        raise AssertionError(ids)

    def panic(self) -> None:
        """Fall silent."""


def counting(asked: list[tuple[int, int]], place: int) -> Pattern:
    """A pattern that notes the cycles that it is asked for."""
    inner = N["note"]("c e g").late(Fraction(place, 16))

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        asked.append((place, int(begin // TICKS)))
        return inner.run(begin, end, walk)

    return Pattern(run, None, None, inner.reads)


def one_target(_controls: Mapping[str, object]) -> Target:
    """Where everything goes."""
    return midi()


def test_the_next_cycle_is_asked_for_one_layer_at_a_step() -> None:
    """No step asks all layers, and none asks for a cycle twice; all sounds."""
    clock, sink = ManualClock(), Deaf()
    scheduler = Scheduler(clock, {"midi": sink}, Tempo.steady(0.5), one_target)
    asked: list[tuple[int, int]] = []
    for place in range(LAYERS):
        scheduler.set_layer(f"layer{place}", Layer(counting(asked, place), midi()), Fraction(0))
    most = 0
    for step in range(1000):
        clock.advance(0.02)
        before = len(asked)
        scheduler.step()
        if step:  # the first one has to catch up
            most = max(most, len(asked) - before)
    assert most == 1
    assert len(asked) == len(set(asked))
    assert {cycle for _, cycle in asked} == set(range(12))
    assert len(sink.ids) == len(set(sink.ids))
    assert len(sink.ids) >= LAYERS * 3 * 11


def test_live_layers_are_not_asked_ahead() -> None:
    """What follows a knob is asked when its time has come."""
    clock, sink = ManualClock(), Deaf()
    scheduler = Scheduler(clock, {"midi": sink}, Tempo.steady(0.5), one_target)
    scheduler.set_layer("live", Layer(N["note"]("c").gain(knob("level")), midi()), Fraction(0))
    for _ in range(300):
        clock.advance(0.02)
        scheduler.step()
    assert len(scheduler.places["live"].cache) == 0
