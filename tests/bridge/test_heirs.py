"""Where a layer changes its instrument the mixer is told when, which follows which, and only then."""

from fractions import Fraction
from typing import Any

import pytest

from bridge.clock import ManualClock
from bridge.event import TimedEvent
from bridge.layer import Layer, route_of
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.targets import midi
from bridge.tempo import Tempo
from patterns.core import Flat, Pattern
from patterns.parameter_names import SUCCEEDS
from patterns.registry import namespace
from patterns.state import Walk
from patterns.ticks import TICKS, Time
from plugin_host.specs import instrument

NAMES: dict[str, Any] = namespace()
note = NAMES["note"]
SOFT, OPEN = instrument("keys", brightness=0.2), instrument("keys", brightness=0.9)
TUNE = note("c3 e3 g3 c4")


class Studio:
    """A scheduler whose mixer keeps what it is told."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.mixer = Recorder()
        sinks = {"audio": self.mixer, "midi": Recorder()}
        self.scheduler = Scheduler(self.clock, sinks, Tempo.steady(1.0), lambda _: SOFT)

    def set(self, layer: Layer | None, boundary: int) -> None:
        """Set the one layer."""
        self.scheduler.set_layer("tune", layer, Fraction(boundary))
        self.scheduler.step()

    def run(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds / 0.05)):
            self.clock.advance(0.05)
            self.scheduler.step()

    def successions(self) -> list[tuple[float, object, str]]:
        """When, which route, and followed by which chain."""
        told: list[tuple[TimedEvent, str]] = [
            (event, target.key) for target, event in self.mixer.held.values() if SUCCEEDS in event.controls
        ]
        return sorted((event.at, event.controls[SUCCEEDS], key) for event, key in told)


def test_a_change_of_instrument_is_told_at_its_boundary() -> None:
    """Once, with the first note of the new one and before it."""
    studio = Studio()
    studio.set(Layer(TUNE, SOFT), 0)
    studio.run(0.5)
    studio.set(Layer(TUNE, OPEN), 2)
    studio.run(6)
    assert studio.successions() == [(2.0, route_of(SOFT.key), OPEN.key)]
    sent = [one for kind, one in studio.mixer.log if kind == "send" and isinstance(one, TimedEvent)]
    at_two = [one.controls for one in sent if one.at == 2.0 and one.id in studio.mixer.held]
    assert [SUCCEEDS in controls for controls in at_two] == [True, False]


@pytest.mark.parametrize("after", [Layer(note("c5"), SOFT), Layer(TUNE, midi()), Layer(TUNE), None])
def test_nothing_is_told_where_nobody_follows(after: Layer | None) -> None:
    """The same instrument, a port, whichever the events choose, or the end of the layer."""
    studio = Studio()
    studio.set(Layer(TUNE, SOFT), 0)
    studio.set(after, 2)
    studio.run(4)
    assert studio.successions() == []


def test_it_moves_with_the_tempo_and_is_taken_back_with_the_change() -> None:
    """As the notes around it."""
    studio = Studio()
    studio.set(Layer(TUNE, SOFT), 0)
    studio.set(Layer(TUNE, OPEN), 2)
    studio.run(1)
    studio.scheduler.set_tempo(0.5, Fraction(1))
    assert studio.successions()[0][0] == pytest.approx(3.0, abs=0.06)
    studio.set(Layer(TUNE, SOFT), 2)
    studio.run(3)
    assert studio.successions() == []


def test_a_muted_layer_changes_its_instrument_too() -> None:
    """What it plays on later is the new one."""
    studio = Studio()
    studio.set(Layer(TUNE, SOFT), 0)
    studio.scheduler.set_muted("tune", muted=True)
    studio.set(Layer(TUNE, OPEN), 2)
    studio.run(3)
    assert len(studio.successions()) == 1


def test_a_version_that_fails_gives_the_instrument_back() -> None:
    """It plays two cycles and fails in the third: the one before it plays on, on its own instrument."""
    studio = Studio()

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        if begin >= 5 * TICKS:
            raise ZeroDivisionError
        return TUNE.run(begin, end, walk)

    bad = Pattern(run)
    studio.set(Layer(TUNE, SOFT), 0)
    studio.set(Layer(bad, OPEN), 3)
    studio.run(7)
    told = studio.successions()
    assert told[0] == (3.0, route_of(SOFT.key), OPEN.key)
    assert [row[1:] for row in told[1:]] == [(route_of(OPEN.key), SOFT.key)]
    assert told[1][0] == 5.0
