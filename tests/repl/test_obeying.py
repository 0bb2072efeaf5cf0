"""Doing what another does whose clock is followed, in virtual time: from its messages to our events."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock_ear import ClockEar
from bridge.clock_out import ClockOut, Course, Line
from bridge.tempo import Tempo
from bridge.transport import Transport
from repl.clockwork import Clockwork
from repl.commands import Commands
from repl.errors import LoadError
from repl.loader import load_piece
from repl.obeying import Obeying
from tests.repl.conftest import Desk
from tests.repl.test_music import say

if TYPE_CHECKING:
    from bridge.process_sink import ProcessSink

NUMBERS = "tempo(120)\na = play(note(fold(lambda v: v + 1, 0, per_cycle=4)))"
LATENCY = 0.02
"""Seconds from the other's message to the engine that knows it."""


class Listener:
    """In the place of the output process."""

    def __init__(self, ear: ClockEar) -> None:
        self.ear = ear

    def stand(self, kind: bytes, body: bytes) -> None:
        """Something that holds."""
        if kind == b"F":
            self.ear.listen(json.loads(body))

    def prepare(self, targets: object) -> None:
        """Ports."""


class Other:
    """Another that sends MIDI clock, and we who follow it; time passes for both."""

    def __init__(self, desk: Desk, cps: float = 0.5) -> None:
        self.desk = desk
        self.clocks = ClockOut()
        self.tempo = Tempo.steady(cps, desk.clock.now() - 3)
        self.line = Transport().stopped(Fraction(0))
        self.ear = ClockEar(lambda _: None)
        self.reports: list[tuple[float, dict[str, object] | None]] = []
        self.report: dict[str, object] | None = None
        self.clockwork = Clockwork(
            desk.session,
            desk.scheduler,
            cast("ProcessSink", Listener(self.ear)),
            lambda _: 0.0,
            lambda: self.report,
            desk.music.chase,
            Obeying(desk.scheduler, desk.music.moving, desk.music.nudge),
        )
        self.say()

    @property
    def cycle(self) -> Fraction:
        """The next tick of it, in cycles."""
        now = self.desk.clock.now() + 0.005
        return Fraction(int(self.tempo.cycle_at(now) * 96) + 1, 96)

    def start(self, position: int = 0) -> None:
        """Start, or continue elsewhere."""
        self.line = self.line.resumed(self.cycle, Fraction(position))
        self.say()

    def stop(self) -> None:
        """Stop."""
        self.line = self.line.stopped(self.cycle)
        self.say()

    def say(self) -> None:
        """Tell its clock."""
        course = Course(self.tempo, begin=Fraction(0), lines=(Line(None),), transport=self.line)
        self.clocks.follow(course, self.desk.clock.now())

    def play(self, seconds: float) -> None:
        """Let time pass."""
        until = self.desk.clock.now() + seconds
        while self.desk.clock.now() < until:
            now = self.desk.clock.now()
            moves = self.ear.clock.moves
            for at, _, data in self.clocks.due(now + 0.005, now):
                for message in (data[:3], data[3:]) if data[:1] == b"\xf2" else (data,):
                    self.ear.take(at, message)
            self.ear.sum_up(now)
            if self.ear.clock.moves != moves or not self.reports or now - self.reports[-1][0] > 0.25:
                self.reports.append((now, self.ear.said(now)))
            for told, report in self.reports:
                if told <= now - LATENCY:
                    self.report = report
            self.reports = self.reports[-3:]
            self.clockwork.step()
            self.desk.play(0.005)

    @property
    def apart(self) -> float:
        """Seconds by which our piece is beside the other's, as a whole, not within a cycle."""
        now = self.desk.clock.now()
        theirs = self.line.position(Fraction(self.tempo.cycle_at(now)))
        return (float(theirs) - self.desk.music.cycle) / self.tempo.cps_at(now)


def rolls(desk: Desk) -> bool:
    """Whether our piece goes on."""
    cycle = Fraction(desk.scheduler.tempo.cycle_at(desk.clock.now()))
    return desk.scheduler.transport.rolls(cycle)


def test_it_stops_and_starts_with_the_other(desk: Desk) -> None:
    """From cycle 0 all is heard, at once, and within two seconds at the other's very beat."""
    desk.save(NUMBERS)
    desk.play(3.3)
    other = Other(desk)
    say(desk, 'follow("midi:Drum", transport=True)')
    other.play(3)
    assert rolls(desk)  # what the other does is not known before it does something
    other.start()
    other.play(0.2)
    log = len(desk.recorder.events())
    began = desk.clock.now()
    assert desk.music.cycle == pytest.approx(0.1 - 0.04, abs=0.05)
    other.play(2.5)
    assert abs(other.apart) < 0.001
    other.stop()
    other.play(0.15)
    assert not rolls(desk)
    stood = desk.music.cycle
    other.play(2)
    assert desk.music.cycle == stood
    other.start(8)
    other.play(3)
    assert abs(other.apart) < 0.001
    heard = [
        e.controls["note"] for e in sorted(desk.recorder.events(), key=lambda e: e.at) if e.at > began - 0.2
    ]
    first = heard.index(0)
    assert log
    again = heard.index(32)
    assert heard[first:again] == list(range(again - first))
    assert heard[again : again + 5] == [32, 33, 34, 35, 36]


def test_it_goes_where_the_other_goes_while_it_plays(desk: Desk) -> None:
    """Stop, position and continue before one tick: a locate, or a loop of the other."""
    desk.save(NUMBERS)
    desk.play(1)
    other = Other(desk)
    say(desk, 'follow("midi:Drum", transport=True)')
    other.play(2)
    other.start()
    other.play(3)
    other.line = other.line.looped(other.cycle, (Fraction(0), Fraction(2)))
    other.say()
    other.play(7.5)
    assert abs(other.apart) < 0.001
    assert desk.music.cycle < 2


def test_without_it_the_music_goes_on(desk: Desk) -> None:
    """As it always did."""
    desk.save(NUMBERS)
    desk.play(1)
    other = Other(desk)
    say(desk, 'follow("midi:Drum")')
    other.play(2)
    other.start(5)
    other.play(2)
    other.stop()
    other.play(2)
    assert rolls(desk)
    assert desk.scheduler.transport == Transport()


def test_our_own_clock_lets_it_go_on(desk: Desk) -> None:
    """Whoever is not obeyed any more leaves nothing standing; what was paused by hand stands."""
    desk.save(NUMBERS)
    desk.play(1)
    other = Other(desk)
    say(desk, 'follow("midi:Drum", transport=True)')
    other.play(1)
    other.start()
    other.play(2)
    other.stop()
    other.play(1)
    assert not rolls(desk)
    say(desk, "follow(None)")
    other.play(1)
    assert rolls(desk)
    Commands(desk.music).table()["pause"]()
    say(desk, 'follow("midi:Drum", transport=True)')
    other.play(1)
    say(desk, "follow(None)")
    other.play(1)
    assert not rolls(desk)


SOURCES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                'follow("midi:Drum")',
                "follow(None)",
                "tempo(150)",
                "tempo(100, over=2)",
                "tap",
                "nudge",
                "-nudge",
            ]
        ),
        st.floats(0.1, 4.0),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(sources=SOURCES, cps=st.floats(0.4, 0.7))
def test_switching_lets_nothing_jump(sources: list[tuple[str, float]], cps: float) -> None:
    """Every beat once, in order, and none nearer to the next than the tempos and a tenth of them allow."""
    desk = Desk()
    desk.save(NUMBERS)
    desk.play(1)
    other = Other(desk, cps)
    other.start()
    for what, seconds in sources:
        if what == "tap":
            desk.music.tap()
        elif what.endswith("nudge"):
            desk.music.nudge(-0.1 if what[0] == "-" else 0.1)
        else:
            say(desk, what)
        other.play(seconds)
    events = sorted(desk.recorder.events(), key=lambda e: e.at)
    assert [e.controls["note"] for e in events] == list(range(len(events)))
    gaps = [b.at - a.at for a, b in pairwise(events)]
    fastest, slowest = max(cps, 150 / 240, 0.5) * 1.25, min(cps, 100 / 240) / 1.25
    assert all(0.25 / fastest < gap < 0.25 / slowest for gap in gaps)


@pytest.mark.parametrize("line", ['follow("link", transport=True)', "follow(None, transport=True)"])
def test_only_midi_has_this(line: str) -> None:
    """It is said."""
    with pytest.raises(LoadError, match="transport= goes with"):
        load_piece(line, "a.py")
