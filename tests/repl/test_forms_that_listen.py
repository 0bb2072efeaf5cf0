"""A form that follows what was played, held against the notes that went out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bridge.clock import ManualClock
from bridge.layer import Layer
from bridge.scheduler import Scheduler
from bridge.sink import Recorder, Sink
from bridge.tempo import Tempo
from patterns.form.layout import form, section
from patterns.registry import namespace
from repl.sinks import default_target

N: dict[str, Any] = dict(namespace())


def test_it_is_what_a_layer_of_that_seed_really_plays() -> None:
    """As it was sent: the bells that were heard in the two cycles before say how loud the drum is struck."""
    recorder, clock = Recorder(), ManualClock()
    sinks: dict[str, Sink] = {"audio": recorder, "midi": recorder, "osc": recorder}
    scheduler = Scheduler(clock, sinks, Tempo.steady(0.5), default_target, seed=99)
    bells = N["note"]("c5*8").degrade_by(0.5)
    heard = bells.measured("density", 2).div(8)
    song = form(section("a", 4, energy=heard), section("b", 4, energy=0.25), seed=3)
    drum = N["s"]("bd").gain(song.energy)
    scheduler.set_layer("a.py:rain", Layer(bells, seed=3), Fraction(0))
    scheduler.set_layer("a.py:drum", Layer(drum), Fraction(0))
    while clock.now() < 26:
        scheduler.step()
        clock.advance(0.5)
    events = [event for _, event in recorder.held.values()]
    rung = [round(event.at * 4) for event in events if event.layer == "a.py:rain"]  # eighths of a cycle
    struck = {round(event.at / 2): event.controls["gain"] for event in events if event.layer == "a.py:drum"}
    for cycle in (2, 3, 8, 9, 10, 11):
        assert struck[cycle] == sum(8 * (cycle - 2) <= at < 8 * cycle for at in rung) / 16
    assert len({struck[cycle] for cycle in (2, 3, 8, 9, 10, 11)}) > 2
