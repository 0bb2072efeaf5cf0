"""Sempre in a Link session: measured by the timetags of what it plays, against a peer that is not Sempre."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest

from tests.link.conftest import beside, locked, measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Session
    from tests.link.conftest import Peer

    Meet = Callable[[float, int], Peer]
    Join = Callable[[str, float], Session]

pytestmark = [pytest.mark.link, pytest.mark.timeout(90)]

PORT = 57130
AGREED = 50e-6
"""Seconds that two peers may be apart."""

PIECE = f"""\
tempo(120)
follow("link")
a = play(note("c*16"), on=osc({PORT}, "/beat"))
"""


def test_a_session_shares_beat_and_tempo(meet: Meet, join: Join) -> None:
    """It takes the tempo that is, begins with the cycle, and from then on either's tempo is both's."""
    peer = meet(100.0, PORT)
    session = join(PIECE, 60)
    session.wait_for("from cycle 0")
    locked(session, "link locked, 1 peer")
    first = peer.heard()
    assert min(first[0].phase, 4 - first[0].phase) < 0.001
    assert beside(measured(peer)) < AGREED
    assert peer.ask("look") == {"peers": 1, "bpm": 100.0, "playing": False}

    peer.ask("tempo", bpm=133)
    time.sleep(2.5)
    second = measured(peer)
    gaps = sorted(b.wall - a.wall for a, b in pairwise(second))
    assert gaps[len(gaps) // 2] == pytest.approx(60 / 133 / 4, rel=1e-4)
    assert beside(second) < AGREED

    session.save(PIECE.replace("120", "90"))
    peer.until(lambda said: abs(cast("float", said["bpm"]) - 90) < 0.001, 6)
    time.sleep(1.5)
    third = measured(peer)
    assert len(third) > 8
    assert beside(third) < AGREED
    assert "Ableton Link: 1 peer" in session.said()


def test_two_sessions_agree(meet: Meet, join: Join) -> None:
    """Of two sessions the one goes on when its peer is killed, comes back to the beat, and leaves at once."""
    peer = meet(110.0, PORT)
    one = join(PIECE, 60)
    other = join(PIECE.replace("tempo(120)", "tempo(70)"), 60)
    for session in (one, other):
        session.wait_for("from cycle 0")
        locked(session, "2 peers")
    both = sorted(measured(peer))
    assert peer.ask("look")["bpm"] == 110.0
    # Each note comes twice, once from each.
    near = sorted(b.wall - a.wall for a, b in pairwise(both))[: len(both) // 2 - 1]
    assert len(near) > 8
    print(f"us between two sessions, median: {near[len(near) // 2] * 1e6:.1f}")
    assert near[len(near) // 2] < AGREED
    assert beside(both) < AGREED

    one.kill("link")
    one.wait_for("the link process ended")
    assert beside(measured(peer, 1)) < AGREED
    peer.until(lambda said: said["peers"] == 2, 12)
    locked(one, "link locked, 2 peers")
    assert beside(measured(peer, 1)) < AGREED
    assert peer.ask("look")["bpm"] == 110.0

    one.kill("engine")
    one.wait_for("the engine was replaced")
    locked(one, "link locked, 2 peers")
    assert beside(measured(peer, 1)) < AGREED

    other.save(PIECE.replace('follow("link")', "follow(None)"))
    assert peer.until(lambda said: said["peers"] == 1, 3) < 1.5
    one.process.terminate()
    assert peer.until(lambda said: said["peers"] == 0, 3) < 1.5


def test_all_start_and_stop_together(meet: Meet, join: Join) -> None:
    """The others start with our first layer; we stop at once and start with the bar; and they with us."""
    peer = meet(120.0, PORT)
    piece = PIECE.replace('"link"', '"link", start_stop=True')
    session = join(piece, 60)
    assert not peer.ask("look")["playing"]
    peer.until(lambda said: said["playing"] is True, 15)
    time.sleep(4)  # said ahead: the bar begins within 2 s
    assert len(peer.heard()) > 4

    peer.ask("play", on=False)
    time.sleep(0.6)  # what is on its way: a bundle leaves 0.2 s before its time
    peer.heard()
    time.sleep(1.5)
    assert peer.heard() == []
    assert not peer.ask("look")["playing"]

    peer.ask("play", on=True)
    time.sleep(4)
    heard = peer.heard()
    assert min(heard[0].phase, 4 - heard[0].phase) < 0.001
    assert beside(heard) < AGREED
    assert peer.ask("look")["playing"]

    session.save(piece.replace("a = play", "# play"))
    peer.until(lambda said: said["playing"] is False, 6)
    session.save(piece)
    peer.until(lambda said: said["playing"] is True, 6)
