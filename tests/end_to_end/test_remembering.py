"""What a piece remembers, in a real session: through a save, and through `kill -9` of the engine."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from bridge.clock import ManualClock
from bridge.midi import encode
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.targets import MidiTarget
from bridge.tempo import Tempo
from repl.loader import load_piece
from repl.session import place_name
from repl.sinks import default_target
from tests.end_to_end.test_whole_way import origin

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Heard, Listener, Start

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

RATE = 48_000
CPS = 0.5

PIECE = """
tempo(bpm=120)
reseed(11)
def step(v, dice):
    return max(40, min(80, v + dice.choose([-2, -1, 1, 2])))
walk = play(note(fold(step, 60, per_cycle=8, name="walk")), on=midi())
plain = play(note(fold(lambda v: 40 + (v * 7 + 3) % 30, 50, per_cycle=4)), on=midi(channel=2))
hits = play(note(mini("0*3 0").count("hits").mod(24).add(50)), on=midi(channel=3))
"""
CHANGED = PIECE.replace("[-2, -1, 1, 2]", "[-7, -5, 5, 7]").replace('"0*3 0"', '"0*5 0*2"')

Row = tuple[int, int]
"""Channel and pitch."""


def undisturbed(editions: list[tuple[str, int]], cycles: int) -> list[tuple[int, int, int]]:
    """What one scheduler plays that never dies: frame from cycle 0, channel, pitch."""
    recorder, clock = Recorder(), ManualClock()
    scheduler = Scheduler(clock, {"midi": recorder}, Tempo.steady(CPS), default_target, seed=11)
    waiting = list(editions)
    while clock.now() < cycles / CPS:
        # A change is made when its boundary is a cycle away, as a session makes it.
        if waiting and clock.now() >= (waiting[0][1] - 1) / CPS:
            source, boundary = waiting.pop(0)
            for name, layer in load_piece(source, "piece.py").layers.items():
                scheduler.set_layer(place_name("piece.py", name), layer, Fraction(boundary))
        scheduler.step()
        clock.advance(0.1)
    rows: list[tuple[int, int, int]] = []
    for target, event in recorder.held.values():
        assert isinstance(target, MidiTarget)
        rows += [(round(m.at * RATE), m.on[0] & 15, m.on[1]) for m in encode(target, event)]
    return sorted(rows)


def check_equal(heard: Heard, wanted: list[tuple[int, int, int]], last: int) -> None:
    """Every note before cycle `last` is there, alone, with its pitch, at its frame (within one).

    But for those near a period that the server left out; they must be few.
    """
    notes = heard.notes()
    begin = origin([(n.begin, n.channel, n.key) for n in notes], wanted)
    end = round(last / CPS * RATE) - 1

    def counts(at: int) -> bool:
        return -2 < at < end and not heard.disturbed(at + begin)

    # By voice: of what begins at one frame on two channels, either may come first.
    got = sorted((n.channel, n.begin - begin, n.key) for n in notes if counts(n.begin - begin))
    want = sorted((channel, at, key) for at, channel, key in wanted if counts(at))
    assert len(want) > sum(row[0] < end for row in wanted) / 2, "the server left out half of it"
    assert [(row[0], row[2]) for row in got] == [(row[0], row[2]) for row in want]
    assert max(abs(a[1] - b[1]) for a, b in zip(got, want, strict=True)) <= 1


def test_a_killed_engine_takes_no_memory_with_it(listener: Listener, start: Start) -> None:
    """`kill -9` some cycles in: walk, fold and counter go on as if nothing had happened."""
    session = start(PIECE, 13.2)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(4.4)
    session.kill("engine")
    assert "engine was replaced" in session.finish()
    check_equal(listener.heard(), undisturbed([(PIECE, 0)], 7), 6)


@pytest.mark.parametrize("wait", [0.0, 3.2])
def test_an_edit_goes_on_from_the_state_also_in_the_next_engine(
    listener: Listener, start: Start, wait: float
) -> None:
    """The state is taken over at the boundary; killed right after it was accepted, or a while later."""
    session = start(PIECE, 15.2)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(2.6)
    before = session.said()
    session.save(CHANGED)
    session.wait_for("from cycle ", before)
    time.sleep(wait)
    session.kill("engine")
    said = session.finish()
    assert "engine was replaced" in said
    boundary = int(said[len(before) :].split("from cycle ")[1].split()[0])
    check_equal(listener.heard(), undisturbed([(PIECE, 0), (CHANGED, boundary)], 8), 7)


def test_a_status_names_the_seeds(start: Start) -> None:
    """That of the piece, and that of each layer, whatever it is made of."""
    session = start('reseed(7)\na = play(s("bd"))\nb = play(s("bd"), seed=3)', 4)
    session.processes()
    session.wait_for("from cycle 0")
    found = session.statuses(0.6)[-1]
    assert found["seed"] == 7
    layers = {row["name"]: row["seed"] for row in json.loads(json.dumps(found["layers"]))}
    assert layers["b"] == 3
    assert layers["a"] not in {0, 7, None}
