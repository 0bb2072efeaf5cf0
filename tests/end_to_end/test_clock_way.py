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
    heard = listener.heard()
    rows = heard.rows
    begin = next(at for at, text in rows if text == "fa")
    if not heard.disturbed(rows[0][0], rows[-1][0]):
        assert [text for _, text in rows if text in {"fa", "fb", "fc"}] == ["fa", "fc"]
    ticks = [at for at, text in rows if text == "f8" and at >= begin]
    notes = [at for at, text in rows if text[0] == "9"]
    beats = [pair for pair in pairwise(notes) if not heard.disturbed(*pair)]
    assert len(beats) > 20
    for note, following in beats:
        # Within a frame of its tick, and as many of them to the next one as a beat has.
        beat = [tick for tick in ticks if note - 1 <= tick < following - 1]
        assert beat[0] - note <= 1
        assert len(beat) == 24
    gaps = [b - a for a, b in pairwise(ticks) if not heard.disturbed(a, b)]
    assert max(gaps) <= 1001
    assert min(gaps) >= 665
