"""From `follow("jack")` in a saved file to what is heard: where the transport is, and not where it stands."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.jack.conductor import Conductor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Listener, Session

pytestmark = [pytest.mark.jack, pytest.mark.timeout(90)]

RATE = 48_000
PIECE = """\
tempo(120)
a = play(note("<60 61 62 63 64 65 66 67> 70 71 72").legato(.3), on=midi())
"""
BEAT = RATE // 2
"""Frames of a beat: the piece has four in a cycle."""


def test_the_piece_is_where_jacks_transport_is(
    listener: Listener, start: Callable[[str, float], Session]
) -> None:
    """It plays as it was until the transport moves; then it starts, stops and jumps with it, to the frame."""
    conductor = Conductor()
    conductor.do("stop")
    conductor.do("locate 0")
    session = start(PIECE, 16.0)
    try:
        session.processes()
        session.wait_for("from cycle 0")
        time.sleep(1.0)
        before = session.said()
        session.save(PIECE + 'follow("jack")\n')
        session.wait_for("from cycle", before)
        time.sleep(1.2)
        conductor.do("start")
        first = conductor.moved(1)
        time.sleep(4.0)
        conductor.do("stop")
        stopped = conductor.moved(2)
        time.sleep(1.2)
        conductor.do(f"locate {4 * 4 * BEAT}")
        conductor.do("start")
        second = conductor.moved(3)
        time.sleep(3.0)
        conductor.do("stop")
        over = conductor.moved(4)
        session.finish()
    finally:
        conductor.do("stop")
        conductor.do("locate 0")
        conductor.leave()
    heard = listener.heard()
    notes = [note for note in heard.notes() if note.begin < over[1] + RATE // 5]
    assert (first[0], stopped[0], second[0], over[0]) == (True, False, True, False)
    assert second[2] == 4 * 4 * BEAT
    # It went on as it was until the transport moved.
    earlier = [note for note in notes if note.begin < first[1]]
    assert len(earlier) >= 4
    for begun, ended, cycle in ((first, stopped, 0), (second, over, 4)):
        part = [note for note in notes if begun[1] <= note.begin < ended[1] + RATE // 5]
        # What was on its way is heard up to a tenth of a second after the transport has moved.
        part = part[next(i for i, note in enumerate(part) if note.key == 60 + cycle) :]
        keys = [60 + cycle + k // 4 if k % 4 == 0 else 69 + k % 4 for k in range(len(part))]
        assert [note.key for note in part] == keys
        assert len(part) >= 5
        off = [note.begin - begun[1] - k * BEAT for k, note in enumerate(part)]
        print(f"beside the transport, in ms: {[round(1000 * one / RATE, 2) for one in off]}")
        # The first comes as soon as it can; after a second and a half all are where they belong.
        assert 0 <= off[0] < 0.2 * RATE
        settled = [one for k, one in enumerate(off) if k >= 4]
        assert abs(median(settled)) < 0.001 * RATE
    silent = [note for note in notes if stopped[1] + RATE // 8 < note.begin < second[1]]
    assert silent == []
    assert max(note.end for note in notes if note.begin < stopped[1]) < stopped[1] + RATE // 8
