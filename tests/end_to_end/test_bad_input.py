"""Whatever a musician saves or types: a message that helps, and music that never notices."""

from __future__ import annotations

import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Start

SO_TIMESTAMP = 29  # Linux; Python does not name it

pytestmark = pytest.mark.timeout(60)

STEADY = 'steady = play(note("c3*8"), on=osc({port}))\n'
"""The neighbour: a note each quarter of a second that nothing may disturb."""


class Receiver:
    """A UDP socket that takes down the timetag and the note of each bundle."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMP, 1)
        self._socket.setblocking(False)
        self.arrived: list[float] = []
        self.port = cast("int", self._socket.getsockname()[1])

    def bundles(self) -> list[tuple[float, dict[str, object]]]:
        """What has come: seconds since 1970 and the arguments."""
        found: list[tuple[float, dict[str, object]]] = []
        while True:
            try:
                data, extra, _, _ = self._socket.recvmsg(4096, 64)
            except BlockingIOError:
                return found
            # The kernel's own time of arrival: when this process gets its turn does not count.
            if not data.startswith(b"#bundle"):
                continue  # SuperDirt is greeted before anything is played
            seconds, micros = struct.unpack("@ll", extra[0][2][:16])
            self.arrived.append(seconds + micros / 1e6)
            bundle = OscBundle(data)
            message = bundle.content(0)
            assert isinstance(message, OscMessage)
            flat = cast("list[object]", message.params)
            found.append((bundle.timestamp, dict(zip(cast("list[str]", flat[::2]), flat[1::2], strict=True))))

    def close(self) -> None:
        """Let go of the port."""
        self._socket.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive what a layer sends by OSC."""
    one = Receiver()
    yield one
    one.close()


def check_steady(receiver: Receiver, seconds: float, note: str = "c3") -> None:
    """The neighbour's notes came at their even distances, none missed, none doubled."""
    times = sorted(when for when, said in receiver.bundles() if said["note"] == note)
    gaps = [b - a for a, b in pairwise(times)]
    assert len(times) >= seconds * 4 - 1
    # Timetags are stamped on the wall clock, which is only near the session's: 3 ms is far below a note.
    assert all(abs(gap - 0.25) < 0.003 for gap in gaps), [g for g in gaps if abs(g - 0.25) >= 0.003]


BAD_FILES = {
    "syntax": ("x = play(s('bd'\n", ["piece.py:2:11", "never closed"]),
    "mini-notation": ('x = play(note("c3 [e3 g3"))\n', ["piece.py:2:25"]),
    "name": ('x = play(noote("c3"))\n', ["piece.py:2:10", "note"]),
    "exception": ("a = 1\nb = a / 0\n", ["piece.py:3:5", "ZeroDivisionError"]),
    "exit": ("import sys\nsys.exit(3)\n", ["piece.py:3", "SystemExit"]),
    "note name": ('x = play(note("c3 hx3 e3"))\n', ["piece.py:2:19", "hx3"]),
    "query": ('x = play(note("c3").with_value(lambda v: v / 0))\n', ["piece.py:2:", "unsupported operand"]),
    "no sound": ("x = play(sine)\n", ["piece.py:2", "segment"]),
    "unbound": ('play(note("c3"))\n', ["piece.py:2", "no name"]),
    "endless": ("n = 0\nwhile True:\n    n += 1\n", ["piece.py:", "come to an end"]),
    "death": ("import os\nos._exit(7)\n", ["piece.py", "ends the process"]),
    "crash": ("import ctypes\nctypes.string_at(0)\n", ["piece.py:3", "ends the process"]),
}


def test_bad_saves_are_named_and_change_nothing(receiver: Receiver, start: Start) -> None:
    """One after the other: file, line and column are said, and the first version plays on without a gap."""
    steady = STEADY.format(port=receiver.port)
    session = start(steady, 60)
    session.wait_for("from cycle 0")
    began = time.monotonic()
    for case, (bad, said) in BAD_FILES.items():
        before = session.said()
        session.save(steady + bad)
        session.wait_for("plays on", after=before)
        new = session.said()[len(before) :]
        for part in said:
            assert part in new, f"{case}: {new}"
    check_steady(receiver, time.monotonic() - began)


def test_a_hang_in_c_while_loading(receiver: Receiver, start: Start) -> None:
    """Nobody can interrupt it: its process is replaced, the line is named, the next save works."""
    steady = STEADY.format(port=receiver.port)
    session = start(steady, 9)
    session.processes()
    session.wait_for("from cycle 0")
    session.save(steady + "x = 1\ny = sum(range(10**12))\n")
    session.wait_for("given up")
    session.save(steady + 'more = play(note("e3*2"), on=osc(1))\n')
    session.wait_for("steady, more from cycle")
    assert "piece.py:3" in session.finish()
    check_steady(receiver, 9)


def test_a_loop_inside_a_query_is_interrupted(receiver: Receiver, start: Start) -> None:
    """A layer that runs away later goes back to its last good version; its neighbour never notices."""
    steady = STEADY.format(port=receiver.port)
    good = f'other = play(note("e3*8"), on=osc({receiver.port}))\n'
    session = start(steady + good, 9)
    session.processes()
    session.wait_for("from cycle 0")
    trap = (
        "def trap(t):\n"
        "    while 3 < t < 50:\n"
        "        pass\n"
        "    return 52\n"
        f"other = play(note(signal(trap).segment(8)), on=osc({receiver.port}))\n"
    )
    session.save(steady + trap)
    session.wait_for("goes back to the version before")
    text = session.finish()
    assert "interrupted" in text
    assert "engine was replaced" not in text
    check_steady(receiver, 9)


def test_a_hang_in_c_inside_a_query_is_taken_over(receiver: Receiver, start: Start) -> None:
    """The engine is replaced, the layer that took it down goes back, and nothing of it is heard."""
    steady = STEADY.format(port=receiver.port)
    good = f'other = play(note("e3*8"), on=osc({receiver.port}))\n'
    session = start(steady + good, 12)
    session.processes()
    session.wait_for("from cycle 0")
    trap = (
        "def trap(t):\n"
        "    if 4 < t < 50:\n"
        "        sum(range(10**12))\n"
        "    return 52\n"
        f"other = play(note(signal(trap).segment(8)), on=osc({receiver.port}))\n"
    )
    session.save(steady + trap)
    session.wait_for("engine was replaced")
    time.sleep(1)
    text = session.finish()
    assert text.count("engine was replaced") == 1
    check_steady(receiver, 12)


def test_a_file_that_is_not_there_yet(receiver: Receiver, start: Start) -> None:
    """A file that goes away ends its layers; one that comes back plays."""
    steady = STEADY.format(port=receiver.port)
    session = start(steady, 30)
    session.wait_for("from cycle 0")
    time.sleep(0.5)
    session.piece.unlink()
    session.wait_for("the file is gone")
    time.sleep(2)
    session.save(steady)
    session.wait_for("steady from cycle 2")


def test_a_killed_mixer_comes_back_with_its_chain(receiver: Receiver, start: Start) -> None:
    """Its death stops neither OSC nor the engine; it is started again and takes what is to come."""
    steady = STEADY.format(port=receiver.port)
    session = start(steady + 'drums = play(s("bd*8"), on=instrument("drums") | fx.reverb())\n', 9)
    before = session.processes()
    session.wait_for("from cycle 0")
    time.sleep(1)
    os.kill(before["mixer"], signal.SIGKILL)
    session.wait_for("the mixer process ended")
    time.sleep(3)
    after = session.processes()
    assert after["mixer"] != before["mixer"]
    assert after["engine"] == before["engine"]
    assert any(status["sounding"] for status in session.statuses(2))
    session.finish()
    check_steady(receiver, 9)


def test_superdirt_gets_its_bundles_ahead_of_time(receiver: Receiver, start: Start) -> None:
    """Each event is one `/dirt/play` bundle that arrives about 0.2 s before its timetag, with its fields."""
    session = start(f'd = play(s("bd sd:2 ~ hh").gain(.9), on=superdirt(port={receiver.port}))\n', 5)
    leads: list[float] = []
    said: list[dict[str, object]] = []
    deadline = time.monotonic() + 9
    while len(said) < 6 and time.monotonic() < deadline:
        for when, fields in receiver.bundles():
            leads.append(when - receiver.arrived[len(leads)])
            said.append(fields)
        time.sleep(0.001)
    assert len(said) == 6
    assert all(0.15 < lead < 0.21 for lead in leads), leads
    assert [one["s"] for one in said[:3]] == ["bd", "sd", "hh"]
    assert said[1]["n"] == 2
    assert {"_id_", "cps", "cycle", "delta", "orbit", "gain"} <= said[0].keys()
    assert said[0]["cps"] == pytest.approx(0.5)
    session.finish()
