"""From `midi_clock` in a saved file to what a machine hears: each beat's tick at the frame of its note."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Listener, Session

pytestmark = [pytest.mark.jack, pytest.mark.timeout(90)]

PIECE = """\
tempo(120)
midi_clock()
a = play(note("60 61 62 63").legato(.3), on=midi())
"""


def test_ticks_and_notes_stay_together_through_a_ramp_and_a_killed_engine(
    listener: Listener, start: Callable[[str, float], Session]
) -> None:
    """One start, no tick lost or doubled, and every 24th at its note, as the tempo rises."""
    session = start(PIECE, 13.2)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(2.5)
    session.save(PIECE.replace("tempo(120)", "tempo(180, over=2)"))
    time.sleep(1.5)
    session.kill("engine")
    said = session.finish()
    assert "engine was replaced" in said
    rows = listener.heard().rows
    begin = next(i for i, (_, text) in enumerate(rows) if text == "fa")
    told = [text for _, text in rows if text in {"fa", "fb", "fc"}]
    assert told == ["fa", "fc"]
    ticks = [frame for frame, text in rows[begin:] if text == "f8"]
    notes = [frame for frame, text in rows if text[0] == "9"]
    assert len(notes) > 26
    beats = ticks[::24][: len(notes)]
    apart = [note - tick for note, tick in zip(notes, beats, strict=False)]
    assert max(map(abs, apart)) <= 1
    gaps = [b - a for a, b in pairwise(ticks)]
    assert max(gaps) <= 1001
    assert min(gaps) >= 665
