"""JACK's transport on a real server: followed by the frame, moved by us, and told our bars and beats."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from bridge.clock_out import Course
from bridge.tempo import Tempo, cps_of
from bridge.worker import pause
from tests.jack.conductor import Conductor

if TYPE_CHECKING:
    from tests.bridge.conftest import EngineEnd, StartOutput

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]
RATE = 48_000


@pytest.fixture
def conductor(jack_server: str) -> Iterator[Conductor]:
    """Another program that moves the transport; it stands at 0 again afterwards."""
    assert jack_server
    other = Conductor()
    other.do("stop")
    other.do("locate 0")
    yield other
    other.do("stop")
    other.do("locate 0")
    pause(0.1)
    other.leave()


def wait_clock(engine: EngineEnd, moves: int) -> dict[str, Any]:
    """The first report with so many moves."""
    clock: dict[str, Any] | None = None
    for _ in range(40):
        clock = engine.status()["clock"]
        if clock is not None and clock["moves"] >= moves:
            return dict(clock)
    raise AssertionError(f"never: {clock}")


def test_it_is_followed_to_the_frame(conductor: Conductor, start_output: StartOutput) -> None:
    """Start, a jump while it rolls, stop; when each was, on our timeline, and where."""
    desk = start_output(backend="jack")
    engine = desk.engine(1)
    engine.held()
    assert engine.status()["clock"] is None
    engine.connection.send_json(b"J", {"on": True, "leads": False})
    assert wait_clock(engine, 0)["state"] == "stopped"
    conductor.do("start")
    clock = wait_clock(engine, 1)
    rolling, first, frame = conductor.moved(1)
    assert rolling
    assert (clock["rolling"], clock["state"], clock["tick"]) == (True, "rolling", None)
    # What we say of its beginning, and what the other program saw in that very period.
    assert clock["began"] * RATE - desk.clock.frame_offset - clock["seconds"] * RATE == pytest.approx(
        first - frame, abs=0.6
    )
    conductor.do(f"locate {10 * RATE}")
    clock = wait_clock(engine, 2)
    while clock["seconds"] < 9:  # it may stand for a moment before it is there
        clock = wait_clock(engine, clock["moves"] + 1)
    assert clock["seconds"] >= 10
    conductor.do("stop")
    clock = wait_clock(engine, clock["moves"] + 1)
    assert not clock["rolling"]
    engine.connection.send_json(b"J", {"on": False, "leads": False})
    assert engine.wait_status("clock", None)


def test_bars_and_beats_of_another_are_read(conductor: Conductor, start_output: StartOutput) -> None:
    """Its tempo, and its beat at the frame of the report."""
    conductor.do("lead 132")
    desk = start_output(backend="jack")
    engine = desk.engine(1)
    engine.held()
    engine.connection.send_json(b"J", {"on": True, "leads": False})
    wait_clock(engine, 0)
    conductor.do("start")
    clock = wait_clock(engine, 1)
    while clock["state"] != "locked":
        clock = engine.status()["clock"]
    assert 60 / clock["period"] / 24 == pytest.approx(132, abs=0.001)
    _, first, frame = conductor.moved(1)
    at = clock["at"] * RATE - desk.clock.frame_offset
    # A beat is read in 1,920 parts: of 11 frames here.
    assert clock["tick"] / 24 * 60 / 132 * RATE == pytest.approx(at - first + frame, abs=13)


def test_it_starts_stops_and_goes_where_we_say(conductor: Conductor, start_output: StartOutput) -> None:
    """The other program sees it."""
    desk = start_output(backend="jack")
    engine = desk.engine(1)
    engine.held()
    engine.connection.send_json(b"J", {"on": True, "leads": False})
    wait_clock(engine, 0)
    engine.connection.send_json(b"K", ["locate", 7 * RATE])
    engine.connection.send_json(b"K", ["start", 0])
    rolling, _, frame = conductor.moved(1)
    assert rolling
    assert frame == 7 * RATE
    engine.connection.send_json(b"K", ["stop", 0])
    assert conductor.moved(2)[0] is False


def test_our_tempo_is_told_to_all(conductor: Conductor, start_output: StartOutput) -> None:
    """Bar, beat and tempo of our line at the transport's frames; no more when we let go."""
    desk = start_output(backend="jack")
    engine = desk.engine(1)
    engine.held()
    tempo = Tempo.steady(cps_of(90, 3), desk.now() - 100)
    course = Course(tempo, Fraction(3), begin=Fraction(0))
    engine.connection.send_json(b"T", course.to_json())
    engine.connection.send_json(b"J", {"on": True, "leads": True})
    desk.wait_line("notice", "bars and beats are ours")
    conductor.do("start")
    conductor.moved(1)
    off: list[float] = []
    for _ in range(9):
        pause(0.1)
        before = desk.now()
        _, _, bpm, bar, beat, tick = conductor.query()
        assert bpm == pytest.approx(90)
        cycle = bar - 1 + (beat - 1 + tick / 1920) / 3
        off.append((cycle - tempo.cycle_at(before)) / tempo.segments[0].cps)
    # It was asked a moment after `before`; a period and a half is the least that this can tell.
    assert abs(sorted(off)[4]) < 0.05
    other = start_output(backend="jack", name="Second")
    second = other.engine(1)
    second.held()
    second.connection.send_json(b"J", {"on": True, "leads": True})
    other.wait_line("notice", "another program tells bars and beats")
    engine.connection.send_json(b"J", {"on": True, "leads": False})
    for _ in range(40):
        pause(0.1)
        if conductor.query()[2] == 0.0:
            break
    assert conductor.query()[2] == 0.0
