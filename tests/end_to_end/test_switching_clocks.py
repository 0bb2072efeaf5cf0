"""`follow` typed again and again while a piece plays: its listener hears one line of notes, and no seam."""

from __future__ import annotations

import math
import time
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, cast

import pytest

from bridge.clock_out import Course, Line
from bridge.tempo import Tempo, cps_of
from tests.bridge.conftest import Desk
from tests.end_to_end.conftest import Listener
from tests.end_to_end.evenness import (
    FIRST,
    NOTES,
    PIECE,
    RATE,
    SETTINGS,
    Change,
    counted,
    even,
    frame_now,
    until_locked,
)
from tests.end_to_end.test_typing import Prompt
from tests.jack.conductor import Conductor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.end_to_end.conftest import Note, Session

pytestmark = [pytest.mark.jack, pytest.mark.timeout(120)]

CLOCK, TRANSPORT = 127.0, 113.0
"""Beats per minute of the two that are followed; our own are 120."""
APART = 0.1
"""Cycles by which each is beside us when it is followed."""
NEAR = 0.001 * RATE
"""Frames beside the other's beat: we are content with half of that, the other half is the server's."""


@pytest.fixture
def leader(listener: Listener, tmp_path: Path) -> Iterator[Desk]:
    """A second process of ours; the listener hears its port as well, as it begins with our name."""
    del listener
    folder = tmp_path / "lead"
    folder.mkdir()
    desk = Desk(folder, {"backend": "jack", "name": "Sempre lead"})
    desk.wait_line("ready")
    yield desk
    desk.leave()


@pytest.fixture
def conductor(listener: Listener) -> Iterator[Conductor]:
    """Another program, which moves JACK's transport and tells bars and beats."""
    del listener
    one = Conductor()
    one.do("stop")
    one.do("locate 0")
    yield one
    one.do("stop")
    one.do("locate 0")
    one.leave()


def test_who_is_followed_changes_while_the_piece_plays(
    listener: Listener,
    leader: Desk,
    conductor: Conductor,
    start: Callable[[str, float], Session],
    tmp_path: Path,
) -> None:
    """Our own clock, a MIDI clock, JACK's transport, ours again: no note is lost, doubled, early or late."""
    (tmp_path / "sempre.toml").write_text(SETTINGS)
    session = start(PIECE, 60.0)
    session.wait_for("from cycle 0")
    prompt = Prompt(tmp_path / "run" / "sempre" / str(session.processes()["supervisor"]))
    engine = leader.engine(1)
    engine.held()
    time.sleep(1.5)
    here = cast("float", session.statuses(0.5)[-1]["cycle"])
    # So far beside our cycle that two seconds are bent; half a cycle would take ten.
    line = Tempo.steady(cps_of(CLOCK), leader.now() + (APART - here) % 1 / cps_of(120))
    engine.connection.send_json(b"T", Course(line, lines=(Line(None),)).to_json())
    leader.wait_until(line.time_at(0) + 0.2)
    changes: list[Change] = []

    def follow(whom: str, bpm: float, text: str, seconds: float) -> None:
        changes.append(Change(frame_now(leader.clock), bpm))
        assert "rror" not in prompt.type(f"follow({whom})")
        if text:
            until_locked(session, text, seconds)
        else:
            time.sleep(seconds)

    follow('"midi:lead"', CLOCK, "locked", 0.5)
    # Until now it was a tempo; its start says where its cycle begins, too.
    started = Fraction(math.ceil(line.cycle_at(leader.now() + 0.2)))
    course = Course(line, begin=started, lines=(Line(None),))
    engine.connection.send_json(b"T", course.to_json())
    leader.wait_until(line.time_at(started) + 4.0)
    leader.wait_until(line.time_at(math.ceil(line.cycle_at(leader.now())) + APART))
    conductor.do(f"lead {TRANSPORT}")
    conductor.do("start")
    rolled = conductor.moved(1)
    follow('"jack"', TRANSPORT, "locked", 4.5)
    follow("None", TRANSPORT, "", 3.0)
    over = frame_now(leader.clock)
    session.process.terminate()
    session.finish()
    heard = listener.heard()
    rows = heard.rows

    slips = [at for at, text in rows if text == "slip"]
    ticks = [at for at, text in rows if text == "f8"]
    begun = next(at for at, text in rows if text in {"fa", "fb"})
    clock = {"f8", "fa", "fb", "fc", "f2"}
    notes = heard._replace(rows=[row for row in rows if row[1][:2] not in clock]).notes()
    counted(notes)
    marks = [Change(notes[0].begin, 120.0), *changes]
    even([note for note in notes if note.begin < over], marks, slips)

    # Each note lies on the other's beat: on every sixth tick, and where the transport has its sixteenths.
    ticks = [at for at in ticks if begun < at < marks[2].frame]
    clocked = [note for note in notes if note.begin < marks[2].frame][-NOTES // 2 :]
    off = [beside(note, ticks) for note in clocked]
    print(f"beside the ticks: {off}")
    tick = RATE * 60 / CLOCK / 24
    if slips or len(ticks) != round((ticks[-1] - ticks[0]) / tick) + 1:
        # A period that the server missed takes the ticks in it along: who counts them is as many behind.
        off = [one - round(one / tick) * tick for one in off]
    assert abs(median(off)) < NEAR
    cycle = RATE * 60 * 4 / TRANSPORT
    sung = [note for note in notes if note.begin < marks[3].frame][-NOTES // 2 :]
    places = [(note.begin - rolled[1] + rolled[2]) / cycle - (note.key - FIRST) / NOTES for note in sung]
    away = [(place - round(place)) * cycle for place in places]
    print(f"beside the transport: {[round(one) for one in away]}")
    assert abs(median(away)) < NEAR


def beside(note: Note, ticks: list[int]) -> int:
    """Frames from the tick at which a note belongs to the note."""
    own = ticks[(note.key - FIRST) * 96 // NOTES :: 96]
    return note.begin - min(own, key=lambda at: abs(at - note.begin))
