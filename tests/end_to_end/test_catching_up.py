"""An engine that dies while its understudy has hardly begun with what was typed before."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest

from bridge.errors import PeerGone
from bridge.worker import connect
from repl.runtime import door, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Listener, Start

pytestmark = [pytest.mark.jack, pytest.mark.timeout(90)]

RATE = 48_000
PIECE = 'tempo(bpm=120)\nhats = play(note("60*8"), on=midi())\n'
HEAVY = """import time
begun = time.thread_time()
while time.thread_time() < begun + .6:
    pass
total_{n} = {n}"""
STATEMENTS = 10


def evaluated(folder: Path, *texts: str) -> list[str]:
    """What an engine answers to statements."""
    (session,) = (folder / "run" / "sempre").glob("[0-9]*")
    deadline = time.monotonic() + 40
    while True:
        try:
            connection = connect(door(session, "engine"), key_of(session), patience=5)
            break
        except PeerGone:
            assert time.monotonic() < deadline
    answers: list[str] = []
    for number, text in enumerate(texts):
        connection.send_json(b"J", {"op": "eval", "id": number, "text": text})
        while (message := cast("dict[str, object]", json.loads(connection.receive()[1])))["op"] != "result":
            pass
        answers.append(str(message.get("text")))
    connection.close()
    return answers


def test_what_nobody_was_told_stands_in_the_journal(listener: Listener, start: Start, tmp_path: Path) -> None:
    """Two engines die in a row, before an understudy has met the second: what was typed is there.

    The music goes on where it is; it does not begin anew.
    """
    session = start(PIECE, 60)
    session.processes()
    session.wait_for("from cycle 0")
    evaluated(tmp_path, "total = 21", "bass = play(note('36*4'), on=midi(channel=2))")
    time.sleep(1.0)
    session.kill("engine")
    session.wait_for("engine was replaced")
    before = session.said()
    session.kill("engine")
    session.wait_for("engine was replaced", before)
    answers = evaluated(tmp_path, "total * 2")
    assert answers == ["42"]
    time.sleep(2.0)
    session.process.terminate()
    session.process.wait(20)
    heard = listener.heard()
    assert {note.channel for note in heard.notes()[-20:]} == {0, 1}
    notes = [note.begin for note in heard.notes() if note.channel == 0]
    beat = 0.25 * RATE
    steps = [round((b - a) % beat) for a, b in pairwise(notes) if not heard.disturbed(a, b)]
    assert len(steps) > len(notes) / 2
    assert all(min(step, beat - step) < 0.01 * RATE for step in steps)


def test_the_music_does_not_wait_for_what_was_typed(listener: Listener, start: Start, tmp_path: Path) -> None:
    """It goes on without a gap; what was typed follows, in its order, before what is typed next."""
    session = start(PIECE, 90)
    session.processes()
    session.wait_for("from cycle 0")
    evaluated(tmp_path, *(HEAVY.format(n=n) for n in range(STATEMENTS)))
    session.kill("engine")
    session.wait_for("engine was replaced")
    session.processes()
    time.sleep(2.5)  # its understudy is there, and at the first statements
    before = session.said()
    session.kill("engine")
    session.wait_for("engine was replaced", before)
    answers = evaluated(tmp_path, f"total_{STATEMENTS - 1} - total_0")
    assert answers == [str(STATEMENTS - 1)]
    session.process.terminate()
    session.process.wait(20)
    heard = listener.heard()
    notes = [note.begin for note in heard.notes()]
    assert len(notes) > 4 * 8
    late = [b - a for a, b in pairwise(notes) if b - a > 0.3 * RATE and not heard.disturbed(a, b)]
    assert late == []
