"""A real session, its engine killed in between: what its journal replays is what was heard at the port."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.midi import encode
from bridge.targets import MidiTarget
from repl.archive import found, kept
from repl.cli import main
from repl.journal import rows_of
from repl.journal_settings import state_folder
from repl.journalled import open_journal
from repl.replay import play_script, read_rows, script_of
from tests.end_to_end.test_whole_way import origin

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Listener, Start

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

RATE = 48_000

PIECE = """
tempo(bpm=120)
reseed(11)
def step(v, dice):
    return max(40, min(80, v + dice.choose([-2, -1, 1, 2])))
walk = play(note(fold(step, 60, per_cycle=8, name="walk")), on=midi())
hits = play(note("50? 52*2 <53 55>").every(3, rev), on=midi(channel=2))
"""
CHANGED = PIECE.replace("[-2, -1, 1, 2]", "[-7, -5, 5, 7]").replace("52*2", "52*3")
AGAIN = CHANGED.replace("reseed(11)", "reseed(12)").replace("bpm=120", "bpm=150") + (
    "bell = play(note('70 71? 72'), on=midi(channel=3))\n"
)


Row = tuple[int, int, int]


def replayed(path: Path) -> list[Row]:
    """Frame, channel and pitch of every note that the journal says was played."""
    rows, said = read_rows(path)
    assert said == []
    played = play_script(script_of(rows))
    assert played.troubles == []
    notes: list[Row] = []
    for one in played.events:
        assert isinstance(one.target, MidiTarget)
        notes += [(round(m.at * RATE), m.on[0] & 15, m.on[1]) for m in encode(one.target, one.event)]
    return sorted(notes)


def test_what_was_heard_is_replayed(
    listener: Listener, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Play, change, `kill -9`, change the layers, the seed and the tempo; then play it from the journal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    session = start(PIECE, 14)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(2.3)
    before = session.said()
    session.save(CHANGED)
    session.wait_for("from cycle ", before)
    time.sleep(1.4)
    session.kill("engine")
    session.wait_for("engine was replaced")
    session.processes()
    time.sleep(1.2)
    before = session.said()
    session.save(AGAIN)
    session.wait_for("from cycle ", before)
    session.finish()
    heard = listener.heard()
    notes = heard.notes()
    (path,) = kept(state_folder() / "journal")
    assert path == found("last")
    kinds = [row["kind"] for row in rows_of(path.read_bytes())[0]]
    assert kinds[:2] == ["journal", "engine"]
    assert kinds.count("engine") == 2
    assert kinds[-1] == "over"
    # In order of time for each voice; the first note of the port's is the first of the journal's.
    wanted = replayed(path)
    shift = origin([(note.begin, note.channel, note.key) for note in notes], wanted)
    got = sorted((note.begin - shift, note.channel, note.key) for note in notes)
    # What was sent in the very last moment may come before or after the end.
    end = min(got[-1][0], wanted[-1][0]) - RATE // 10
    got, wanted = (
        [row for row in rows if row[0] < end and not heard.disturbed(row[0] + shift)]
        for rows in (got, wanted)
    )
    assert len(got) > 60
    assert {channel for _, channel, _ in got} == {0, 1, 2}

    def by_voice(rows: list[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: (row[1], row[0], row[2]))

    assert [row[1:] for row in by_voice(got)] == [row[1:] for row in by_voice(wanted)]
    assert max(abs(a[0] - b[0]) for a, b in zip(by_voice(got), by_voice(wanted), strict=True)) <= 1
    # The command line says the same of it, line by line, and so does what a render of it would play.
    assert main(["replay", "last", "--events", str(tmp_path / "events.jsonl")]) == 0
    said = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    events = sorted(
        (event for rows in open_journal(path).played.values() for _, event in rows),
        key=lambda event: (event.at, event.layer, event.id),
    )
    assert [(row["at"], row["layer"], row["value"]) for row in said] == [
        (event.at, event.layer, dict(event.controls)) for event in events
    ]
    assert main(["history", "last", "--grep", "changes"]) == 0
