"""A machine that is put to sleep, or a session that is stopped and let go on, comes back in phase."""

from __future__ import annotations

import os
import signal
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.conftest import LEFT_OUT

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Listener, Start

pytestmark = [pytest.mark.jack, pytest.mark.timeout(120)]

STEP = 12_000
"""Frames between two notes of the piece."""


def test_a_session_that_stood_still_goes_on_in_phase(listener: Listener, start: Start) -> None:
    """Five seconds of SIGSTOP for all of its processes: then each note at its place, alone, with its end."""
    session = start('tempo(120)\na = play(note("c3 d3 e3 f3 g3 a3 b3 c4").legato(.5), on=midi())\n', 16)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(2)
    mine = [session.process.pid, *session.processes().values()]
    for pid in mine:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(5)
    for pid in mine:
        os.kill(pid, signal.SIGCONT)
    session.finish()
    heard = listener.heard()
    notes = heard.notes()
    begins = [note.begin for note in notes]
    gaps = [b - a for a, b in pairwise(begins)]
    pause = gaps.index(max(gaps))
    assert len(begins) - pause > 12, "it did not go on"
    assert min(gaps) >= STEP - LEFT_OUT, f"a burst: {sorted(gaps)[:5]}"
    # The cycle is where it would be: the phase is the same, and so is the scale.
    calm = [note for note in notes if not heard.disturbed(note.begin)]
    assert len(calm) > len(notes) / 2
    assert calm[-1].begin > begins[pause + 1], "none was judged after the pause"
    away = [(note.begin - calm[0].begin + STEP // 2) % STEP - STEP // 2 for note in calm]
    assert max(map(abs, away)) <= 1
    scale = [48, 50, 52, 53, 55, 57, 59, 60]
    first = scale.index(calm[0].key)
    places = [round((note.begin - calm[0].begin) / STEP) for note in notes]
    assert [note.key for note in notes] == [scale[(first + place) % 8] for place in places]
