"""What a bad layer may do to the music: nothing but go back to what was good."""

from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest

from bridge.clock import ManualClock
from bridge.errors import BridgeError
from bridge.event import TimedEvent
from bridge.layer import Layer, Target
from bridge.recall import QUERY_LIMIT
from bridge.scheduler import Scheduler
from bridge.sink import Player
from bridge.targets import midi, osc
from bridge.tempo import Tempo
from bridge.trouble import Trouble
from bridge.watchman import Overtime, Watchman
from patterns.core import Flat, Pattern
from patterns.registry import namespace
from patterns.state import Walk
from patterns.ticks import TICKS, Time

NAMES: dict[str, Any] = namespace()
s, note = NAMES["s"], NAMES["note"]

GOOD = Layer(note("c3*4"), midi())


class Night:
    """A scheduler with two layers and a list of what went wrong."""

    def __init__(self, limit: Any = None) -> None:
        self.clock = ManualClock()
        self.player = Player()
        self.troubles: list[Trouble] = []
        self.marks: list[str] = []
        self.scheduler = Scheduler(
            self.clock,
            {"midi": self.player},
            Tempo.steady(0.5),
            lambda _: midi(),
            on_trouble=self.troubles.append,
            limit=limit,
            mark=self.marks.append,
        )
        self.set("neighbour", Layer(s("bd*2"), midi()), 0)

    def set(self, name: str, layer: Layer | None, boundary: int) -> None:
        """Set a layer."""
        self.scheduler.set_layer(name, layer, Fraction(boundary))

    def run(self, until: float) -> None:
        """Let time pass."""
        while self.clock.now() < until:
            self.clock.advance(0.05)
            self.player.play(self.clock.now())
            self.scheduler.step()

    def begins(self, name: str) -> list[float]:
        """When the sounds of a layer began."""
        return [x.begin for x in self.player.sounds if x.event.layer == name]

    def check_neighbour(self) -> None:
        """The other layer plays on as if nothing had happened."""
        got = [b for b in self.begins("neighbour") if b < self.clock.now() - 0.1]
        assert got == [float(i) for i in range(len(got))]
        assert len(got) >= int(self.clock.now() - 0.1)


def raising(error: BaseException, *, since: int = 0) -> Pattern:
    """A pattern that plays four notes a cycle until a cycle in which it raises."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        if begin >= since * TICKS:
            raise error
        return GOOD.pattern.run(begin, end, walk)

    return Pattern(run)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (RecursionError("deep"), "nested too deeply"),
        (MemoryError(), "MemoryError"),
        (KeyError("x"), "KeyError: 'x'"),
    ],
)
def test_a_query_that_raises_leaves_the_last_good_version(error: Exception, text: str) -> None:
    """The old notes go on without a gap; the error is told with the layer's name."""
    night = Night()
    night.set("lead", GOOD, 0)
    night.run(1.0)
    night.set("lead", Layer(raising(error), midi()), 1)
    night.run(7.95)
    assert night.begins("lead") == [i / 2 for i in range(16)]
    assert [(t.layer, t.fallen_back) for t in night.troubles] == [("lead", True)]
    assert text in night.troubles[0].problem.message
    night.check_neighbour()


def test_a_layer_that_breaks_later_goes_back_to_what_was_before_it() -> None:
    """It was good for a while; the version before it was good as well."""
    night = Night()
    night.set("lead", Layer(note("c3*8"), midi()), 0)
    night.run(1.0)
    night.set("lead", Layer(raising(ValueError("cycle three"), since=3), midi()), 1)
    night.run(12.0)
    assert [b for b in night.begins("lead") if b < 2.0] == [i / 4 for i in range(8)]
    assert [b for b in night.begins("lead") if 2.0 <= b < 6.0] == [2 + i / 2 for i in range(8)]
    assert [b for b in night.begins("lead") if 6.0 <= b < 12.0] == [6 + i / 4 for i in range(24)]
    assert len(night.troubles) == 1
    night.check_neighbour()


def test_a_layer_that_never_was_good_is_silent() -> None:
    """And goes; a good one can take its place."""
    night = Night()
    night.set("lead", Layer(raising(ValueError("no")), midi()), 0)
    night.run(3.0)
    assert night.begins("lead") == []
    assert len(night.troubles) == 1
    night.set("lead", GOOD, 2)
    night.run(6.05)
    assert night.begins("lead") == [4.0, 4.5, 5.0, 5.5, 6.0]
    night.check_neighbour()


def test_both_versions_bad_end_in_silence_not_in_a_loop() -> None:
    """The former broke too: the layer ends, the neighbour plays."""
    night = Night()
    night.set("lead", Layer(raising(ValueError("late"), since=3), midi()), 0)
    night.run(1.0)
    night.set("lead", Layer(raising(KeyError("later"), since=4), midi()), 1)
    night.run(14.0)
    assert night.begins("lead") == [i / 2 for i in range(16)]
    assert len(night.troubles) == 2
    assert "lead" not in night.scheduler.places
    night.check_neighbour()


def test_running_out_of_fuel_is_a_fault_of_the_layer() -> None:
    """A number that is far too large stops at a bound, the same on every machine."""
    night = Night()
    night.set("lead", GOOD, 0)
    night.run(1.0)
    night.set("lead", Layer(note("c3").fast(1_000_000), midi()), 1)
    night.run(4.05)
    assert night.begins("lead") == [i / 2 for i in range(9)]
    assert "too dense" in night.troubles[0].problem.message


def test_overtime_is_a_fault_of_the_layer() -> None:
    """What the watchman interrupts is told with its limit."""

    @contextmanager
    def limit(seconds: float) -> Generator[None]:
        assert seconds == QUERY_LIMIT
        yield
        if night.marks[-1] == "lead":
            raise Overtime

    night = Night()
    night = Night(limit)
    night.set("lead", GOOD, 0)
    night.run(3.0)
    assert night.begins("lead") == []
    assert "80 ms" in night.troubles[0].problem.message
    night.check_neighbour()


def test_a_query_that_never_ends_is_ended() -> None:
    """With the real watchman: the loop dies, the neighbour does not."""

    def endless(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        del begin, end, walk
        while True:
            pass

    night = Night(Watchman().limit)
    night.set("lead", GOOD, 0)
    night.run(1.0)
    night.set("lead", Layer(Pattern(endless), midi()), 1)
    night.run(4.05)
    assert night.begins("lead") == [i / 2 for i in range(9)]
    assert len(night.troubles) == 1
    night.check_neighbour()


def test_the_layer_that_is_asked_is_marked() -> None:
    """So that a supervisor can tell which one took the engine down."""
    night = Night()
    night.set("lead", Layer(raising(ValueError("no")), midi()), 0)
    assert night.marks[-2:] == ["lead", ""]
    assert night.marks[::2] == ["neighbour"] * (len(night.marks) // 2 - 1) + ["lead"]


def test_values_that_no_instrument_understands_are_named_and_dropped() -> None:
    """A bare value, a signal, a word for a number: the rest of the pattern sounds."""
    night = Night()
    night.set("bare", Layer(NAMES["mini"]("c3"), midi()), 0)
    night.set("beside", Layer(NAMES["mini"]("c3").gain(0.5), midi()), 0)
    night.set("signal", Layer(NAMES["sine"], midi()), 0)
    night.set("word", Layer(note("c3 e3").legato("1 much"), midi()), 0)
    night.run(1.95)
    texts = {t.layer: t.problem.message for t in night.troubles}
    assert texts["bare"] == texts["beside"] == "'c3' says nothing to an instrument: add .note() or .s()"
    assert ".segment" in texts["signal"]
    assert "much" in texts["word"]
    assert not any(t.fallen_back for t in night.troubles)
    assert night.begins("word") == [0.0]


def test_a_sink_that_raises_does_not_stop_the_others() -> None:
    """Whatever a sink's send raises is told; the other sinks are served."""

    class Broken(Player):
        def send(self, target: Target, events: object, cps: float) -> None:
            raise RuntimeError("no such port")

    clock, player = ManualClock(), Player()
    troubles: list[Trouble] = []
    scheduler = Scheduler(
        clock,
        {"osc": Broken(), "midi": player},
        Tempo.steady(0.5),
        lambda _: midi(),
        on_trouble=troubles.append,
    )
    scheduler.set_layer("bad", Layer(s("bd"), osc(9000)), Fraction(0))
    scheduler.set_layer("good", Layer(s("bd"), midi()), Fraction(0))
    player.play(1.0)
    assert len(player.sounds) == 1
    assert [(t.layer, t.problem.message) for t in troubles] == [("bad", "RuntimeError: no such port")]


def test_a_default_target_that_cannot_be_chosen_is_told() -> None:
    """The event is dropped and named."""

    def choose(_: object) -> Target:
        raise BridgeError("nothing plays this")

    troubles: list[Trouble] = []
    player = Player()
    scheduler = Scheduler(
        ManualClock(), {"midi": player}, Tempo.steady(0.5), choose, on_trouble=troubles.append
    )
    scheduler.set_layer("lead", Layer(note("c3")), Fraction(0))
    assert {t.problem.message for t in troubles} == {"nothing plays this"}


def test_equal_events_at_one_time_are_all_played() -> None:
    """Two of the same are two events, with the same ids in every engine."""
    ids: list[list[int]] = []
    for _ in range(2):
        night = Night()
        night.set("lead", Layer(note("c3,c3"), midi()), 0)
        night.run(1.0)
        events: list[TimedEvent] = [x.event for x in night.player.sounds if x.event.layer == "lead"]
        ids.append([e.id for e in events])
    assert len(set(ids[0])) == 2
    assert ids[0] == ids[1]
