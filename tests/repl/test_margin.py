"""Changes that take long are meant for a boundary that they can reach."""

import pytest

from bridge.clock import ManualClock
from repl.margin import EASE, MOST, SPARE, Margin


def change(margin: Margin, clock: ManualClock, took: float) -> float:
    """How much later than now a change may take hold that then takes so long to be planned."""
    ahead = margin.moment() - clock.now()
    clock.advance(took)
    margin.planned()
    return ahead


def test_the_next_change_is_given_the_time_that_the_last_one_took() -> None:
    """And less with each that takes less."""
    clock = ManualClock(100.0)
    margin = Margin(clock)
    taken = [change(margin, clock, took) for took in (0.4, 0.01, 0.01, 0.6, 0.01)]
    assert taken == pytest.approx([SPARE * one for one in (0.0, 0.4, 0.4 * EASE, 0.4 * EASE**2, 0.6)])


def test_it_does_not_grow_without_end() -> None:
    """An engine that was stopped for a minute does not put off what is typed by one."""
    clock = ManualClock()
    margin = Margin(clock)
    change(margin, clock, 60.0)
    assert change(margin, clock, 0.0) == SPARE * MOST
    for _ in range(40):
        change(margin, clock, 0.0)
    assert margin.moment() - clock.now() < 1e-5


def test_what_is_made_ahead_is_made_already() -> None:
    """A change takes hold behind the sound that waits to be heard, however far that reaches by now."""
    clock, ahead = ManualClock(10.0), [0.043]
    margin = Margin(clock, lambda: ahead[0])
    assert change(margin, clock, 0.02) == pytest.approx(0.043)
    ahead[0] = 0.1
    assert change(margin, clock, 0.0) == pytest.approx(0.1 + SPARE * 0.02)
