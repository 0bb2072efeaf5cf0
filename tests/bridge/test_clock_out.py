"""MIDI clock out in virtual time: each tick at its place of the tempo's line, in the standard's order."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock_out import CONTINUE, LEAD, PER_STEP, START, STOP, TICK, ClockOut, Course, Line
from bridge.tempo import Tempo, cps_of
from bridge.transport import Transport

Heard = list[tuple[float, bytes]]
PERIOD = 256 / 48_000


class Wire:
    """A clock on a port, played period by period as JACK does, and what was heard."""

    def __init__(self, course: Course, now: float = 0.0, period: float = PERIOD) -> None:
        self.clocks = ClockOut()
        self.heard: Heard = []
        self.now = now
        self.period = period
        self.say(course)

    def say(self, course: Course) -> None:
        """The engine says how time goes on."""
        course = Course.from_json(course.to_json())
        self.heard += [(self.now, data) for _, data in self.clocks.follow(course, self.now)]

    def run(self, until: float) -> None:
        """Let time pass."""
        while self.now < until:
            end = self.now + self.period
            self.heard += [(at, data) for at, _, data in self.clocks.due(end, self.now)]
            self.now = end

    def ticks(self) -> list[float]:
        """The times of the ticks."""
        return [at for at, data in self.heard if data == TICK]

    def others(self) -> Heard:
        """All else."""
        return [(at, data) for at, data in self.heard if data != TICK]


def course(tempo: Tempo, begin: int | None = 0, until: int | None = None, **line: object) -> Course:
    """A course of our own port."""
    lines = (Line(None, **line),)  # type: ignore[arg-type] # any options of a line
    return Course(
        tempo,
        begin=None if begin is None else Fraction(begin),
        until=None if until is None else Fraction(until),
        lines=lines,
    )


def check(heard: Heard) -> None:
    """Nothing goes back in time, and each start is 1 ms before a tick at least, with nothing in between."""
    assert [at for at, _ in heard] == sorted(at for at, _ in heard)
    for (at, data), (following, tick) in pairwise(heard):
        if data == START or data.endswith(CONTINUE):
            assert tick == TICK
            assert following - at >= 0.00099


def test_it_starts_with_the_music_and_never_drifts() -> None:
    """Tick k is at its own time, also after a quarter of an hour; ticks go on while the music stands."""
    cps = cps_of(132)
    wire = Wire(course(Tempo.steady(cps, 2.0)))
    wire.run(900.0)
    (begun,) = wire.others()
    assert begun == (pytest.approx(2.0 - LEAD), START)
    rolling = [at for at in wire.ticks() if at >= 2.0 - 1e-9]
    assert rolling == pytest.approx([2.0 + k / (96 * cps) for k in range(len(rolling))], abs=1e-9)
    assert len(wire.ticks()) - len(rolling) == 105
    check(wire.heard)


def test_while_the_music_stands_it_can_be_silent() -> None:
    """Then ticks begin with the start and end with the stop."""
    wire = Wire(course(Tempo.steady(0.5, 1.0), until=2, always=False))
    wire.run(8.0)
    assert [data for _, data in wire.others()] == [START, STOP]
    assert len(wire.ticks()) == 192
    assert wire.heard[0][1] == START
    assert wire.heard[-1][1] == STOP
    assert wire.heard[-1][0] == pytest.approx(5.0 - LEAD)


@given(
    st.lists(st.tuples(st.floats(0.05, 3.0), st.floats(0.05, 4.0), st.integers(0, 8)), max_size=5),
    st.sampled_from([0.0007, PERIOD, 1024 / 44_100]),
)
def test_whatever_the_tempo_does_no_tick_is_lost_doubled_or_moved(
    changes: list[tuple[float, float, int]], period: float
) -> None:
    """Changes, ramps and nudges that the engine announces 50 ms ahead, as it does."""
    tempo = Tempo.steady(0.5)
    wire = Wire(course(tempo), now=-0.2, period=period)
    for gap, cps, over in changes:
        wire.run(wire.now + gap)
        when = wire.now + 0.05
        if over == 8:
            tempo = tempo.nudged(when, (cps - 2) / 10)
        elif over:
            tempo = tempo.ramped(when, cps, Fraction(over, 2))
        else:
            tempo = tempo.changed(when, cps)
        wire.say(course(tempo))
    wire.run(wire.now + 2.0)
    rolling = [at for at in wire.ticks() if at >= tempo.time_at(0) - 1e-7]
    assert rolling == pytest.approx([tempo.time_at(Fraction(k, 96)) for k in range(len(rolling))], abs=1e-7)
    assert [data for _, data in wire.others()] == [START]
    check(wire.heard)


def test_after_a_stop_it_tells_the_position_and_continues() -> None:
    """Hush at 5.3 s, a layer again from cycle 6: position in sixteenths, then continue on its first tick."""
    tempo = Tempo.steady(0.5)
    wire = Wire(course(tempo), now=-0.1)
    wire.run(5.3)
    wire.say(course(tempo, None))
    wire.run(7.0)
    wire.say(course(tempo, 6))
    wire.run(14.0)
    assert [data for _, data in wire.others()] == [START, STOP, bytes((0xF2, 96, 0)) + CONTINUE]
    assert wire.others()[1][0] == pytest.approx(5.3, abs=2 * PERIOD)
    assert wire.others()[2][0] == pytest.approx(12.0 - LEAD)
    check(wire.heard)


def test_a_port_that_comes_late_is_told_where_the_music_is() -> None:
    """At the next sixteenth; a position is counted in 14 bits."""
    tempo = Tempo.steady(0.5)
    wire = Wire(course(tempo), now=2 * 1030.01)
    wire.run(2 * 1030.01 + 1)
    (told,) = wire.others()
    assert told[1] == bytes((0xF2, *divmod(97, 128)[::-1])) + CONTINUE
    assert tempo.cycle_at(told[0] + LEAD) == pytest.approx(1030 + 1 / 16)
    wire.clocks.tell_again(None)
    wire.run(wire.now + 1)
    assert len(wire.others()) == 2
    check(wire.heard)


def test_after_a_standstill_nothing_bursts() -> None:
    """What was due meanwhile is left out; it stops, tells the position, and continues in phase."""
    tempo = Tempo.steady(0.5)
    wire = Wire(course(tempo), now=-0.1)
    wire.run(3.0)
    wire.now = 8.0
    wire.run(10.0)
    assert [data[-1:] for _, data in wire.others()] == [START, STOP, CONTINUE]
    after = [at for at in wire.ticks() if at > 3.01]
    assert after[0] >= 8.0
    assert min(b - a for a, b in pairwise(after)) == pytest.approx(1 / 48)
    position = wire.others()[2][1]
    step = position[1] + 128 * position[2]
    first = next(at for at in after if at > wire.others()[2][0])
    assert tempo.cycle_at(first) * 16 == pytest.approx(step)
    check(wire.heard)


def test_a_clock_that_is_no_longer_wanted_stops() -> None:
    """Also by a panic, whatever the engine said before; it starts again when the engine says so."""
    tempo = Tempo.steady(0.5)
    wire = Wire(course(tempo), now=-0.1)
    wire.run(1.0)
    assert wire.clocks.stop() == [(None, STOP)]
    wire.run(2.0)
    assert [data for _, data in wire.others()] == [START]
    assert len(wire.ticks()) == pytest.approx(2.1 * 48, abs=2)
    wire.say(course(tempo, 0))
    wire.run(3.0)
    assert wire.others()[-1][1].endswith(CONTINUE)
    wire.say(Course(tempo))
    assert wire.heard[-1][1] == STOP
    before = len(wire.heard)
    wire.run(4.0)
    assert len(wire.heard) == before
    assert wire.clocks.next_at is None


@pytest.mark.parametrize("beats", [Fraction(3), Fraction(7, 2), Fraction(1, 4)])
def test_a_cycle_may_have_any_number_of_beats(beats: Fraction) -> None:
    """The ticks are those of the beat; a start lies on a sixteenth."""
    tempo = Tempo.steady(0.5)
    wire = Wire(Course(tempo, beats, Fraction(1), lines=(Line(None, early=0.01),)))
    wire.run(6.0)
    ticks = wire.ticks()
    assert [b - a for a, b in pairwise(ticks)] == pytest.approx([1 / float(12 * beats)] * (len(ticks) - 1))
    told = wire.others()[0][0]
    assert (tempo.cycle_at(told + LEAD + 0.01) * float(beats) * 24) % PER_STEP == pytest.approx(0, abs=1e-6)


def followed(heard: Heard) -> list[tuple[float, int | None]]:
    """What a machine that follows makes of it: at each tick the number of it, or None while it stands."""
    out: list[tuple[float, int | None]] = []
    following, rolls = 0, False
    for at, data in heard:
        if data == START:
            following, rolls = 0, True
        elif data == STOP:
            rolls = False
        elif data[:1] == b"\xf2":
            following, rolls = (data[1] | data[2] << 7) * PER_STEP, data[3:] == CONTINUE
        elif data == TICK:
            out.append((at, following if rolls else None))
            following += rolls
    return out


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 60).map(lambda n: Fraction(n, 24)),
            st.sampled_from(["jump", "loop", "stop", "resume"]),
            st.integers(0, 64).map(lambda n: Fraction(n, 16)),
        ),
        max_size=6,
    )
)
def test_who_follows_is_where_the_piece_is(moves: list[tuple[Fraction, str, Fraction]]) -> None:
    """Through jumps, loops and standing still: position and continue come where the piece goes elsewhere."""
    tempo = Tempo.steady(0.5, 0.5)
    line, at = Transport(), Fraction(0)
    wire = Wire(course(tempo))
    for gap, what, place in moves:
        at += gap
        wire.run(tempo.time_at(at) - 0.06)
        if what == "jump":
            line = line.jumped(at, place)
        elif what == "loop":
            line = line.looped(at, (place, place + Fraction(3, 4)))
        else:
            line = line.stopped(at) if what == "stop" else line.resumed(at)
        wire.say(replace(course(tempo), transport=line))
    wire.run(tempo.time_at(at + 3))
    check(wire.heard)
    heard = followed(wire.heard)
    assert [t for t, _ in heard] == pytest.approx(
        [tempo.time_at(Fraction(k, 96)) for k in _range(heard, tempo)]
    )
    silent = 0
    for moment, number in heard:
        cycle = Fraction(round(tempo.cycle_at(moment) * 96), 96)
        if not line.rolls(cycle) or cycle < 0:
            assert number is None
            continue
        if number is None:
            # Until the next sixteenth of the piece nothing can be told.
            silent += 1
            assert silent <= PER_STEP
        else:
            silent = 0
            assert number == line.position(cycle) * 96


def _range(heard: list[tuple[float, int | None]], tempo: Tempo) -> range:
    first = round(tempo.cycle_at(heard[0][0]) * 96)
    return range(first, first + len(heard))
