"""Places on their way to a renderer of others: a session, and a real socket."""

from __future__ import annotations

import socket
import time
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest
from pythonosc.osc_message import OscMessage

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Start

pytestmark = pytest.mark.timeout(60)

PIECE = """tempo(120)
around = play(azim(saw.range(-180, 180)), on=adm_osc(2, "127.0.0.1:{port}"))
steps = play(azim("90 -90").elev(30), on=adm_osc(3, "127.0.0.1:{port}"))
"""


def test_a_renderer_is_told_where_objects_are(start: Start) -> None:
    """A signal as a stream that grows evenly and is no flood; steps as whole places, by turns."""
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind(("127.0.0.1", 0))
    ear.setblocking(False)
    session = start(PIECE.format(port=cast("int", ear.getsockname()[1])), 5)
    turns: list[float] = []
    steps: list[tuple[object, ...]] = []
    begun, deadline = 0.0, time.monotonic() + 15
    while (len(turns) < 300 or len(steps) < 4) and time.monotonic() < deadline:
        try:
            message = OscMessage(ear.recv(2048))
        except BlockingIOError:
            time.sleep(0.001)
            continue
        begun = begun or time.monotonic()
        if message.address == "/adm/obj/2/azim":
            turns.append(cast("float", message.params[0]))
        else:
            assert message.address == "/adm/obj/3/aed"
            steps.append(tuple(cast("list[float]", message.params)))
    seconds = time.monotonic() - begun
    session.finish()
    ear.close()
    assert len(turns) >= 300
    # 96 a second at this tempo; more only if the machine stood still while they were due.
    assert len(turns) / seconds < 130
    ways = sorted((later - sooner) % 360 for sooner, later in pairwise(turns))
    assert ways[len(ways) // 2] == pytest.approx(360 / 192, rel=0.02)
    assert ways[-10] < 10
    assert set(steps) == {(90.0, 30.0, 1.0), (-90.0, 30.0, 1.0)}
    assert all(one != other for one, other in pairwise(steps))
