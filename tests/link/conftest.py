"""A network of its own for Link, which speaks to everybody it can reach; with peers and sessions in it."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import pytest

from tests.end_to_end.conftest import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SETTINGS = """\
[midi]
backend = "none"
[audio]
driver = "null"
[osc]
port = 0
[journal]
on = false
"""
OPEN = """\
ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo && echo open &&
exec sleep 300
"""


SET = 10e-6
"""Seconds by which two steps of a clock beside another differ that was set between them."""


class Beat(NamedTuple):
    """An OSC bundle as the peer heard it.

    Attributes:
        wall: Its timetag, in seconds of the wall clock.
        phase: The place in Link's cycle at that time, 0 to 4 beats.
        beside: By how many seconds it lies beside a quarter of a beat.
    """

    wall: float
    phase: float
    beside: float


class Peer:
    """A peer that is not Sempre, in a process of its own.

    Args:
        within: What leads into the network.
        bpm: Its first tempo.
        port: Where it hears OSC.
    """

    def __init__(self, within: Sequence[str], bpm: float, port: int) -> None:
        script = Path(__file__).with_name("peer.py")
        self.process = subprocess.Popen(
            [*within, sys.executable, str(script), str(bpm), str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def ask(self, op: str, **fields: object) -> dict[str, object]:
        """Have something done; gives its peers, its tempo, and whether it plays."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"op": op, **fields}) + "\n")
        self.process.stdin.flush()
        return self._read()

    def heard(self) -> list[Beat]:
        """What it heard since the last time."""
        return [Beat(*row) for row in cast("list[list[float]]", self.ask("heard")["heard"])]

    def until(self, test: Callable[[dict[str, object]], bool], seconds: float) -> float:
        """Wait until something is true of it; gives how long that took."""
        begin = time.monotonic()
        while not test(found := self.ask("look")):
            assert time.monotonic() - begin < seconds, found
            time.sleep(0.01)
        return time.monotonic() - begin

    def end(self) -> None:
        """Let it go."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> dict[str, object]:
        assert self.process.stdout is not None
        return cast("dict[str, object]", json.loads(self.process.stdout.readline()))


def clocks_apart() -> float:
    """Seconds by which the clock of Link is beside that by which sessions tell time."""
    looks: list[tuple[float, float]] = []
    for _ in range(20):
        before = time.monotonic()
        raw = time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
        after = time.monotonic()
        looks.append((after - before, raw - (before + after) / 2))
    return min(looks)[1]


def measured(peer: Peer, seconds: float = 2.0) -> list[Beat]:
    """What a peer hears from now on; once more if the system set one of its clocks meanwhile, up to twice.

    A clock that is set goes up to half a millisecond a second wrong, from one moment to the next. What a
    session knows of that is some looks old.
    """
    beats: list[Beat] = []
    for _ in range(3):
        peer.heard()
        points = [clocks_apart()]
        for _ in range(4):
            time.sleep(seconds / 4)
            points.append(clocks_apart())
        steps = [b - a for a, b in pairwise(points)]
        beats = peer.heard()
        if max(steps) - min(steps) < SET:
            return beats
        print(f"a clock was set: {[round(step * 1e6) for step in steps]} us; measured once more")
        time.sleep(4)
    return beats


def beside(beats: Sequence[Beat]) -> float:
    """Seconds that the middle one of these lies beside Link."""
    print("us beside Link:", *(round(beat.beside * 1e6) for beat in beats))
    return statistics.median(abs(beat.beside) for beat in beats)


def locked(session: Session, text: str = "link locked") -> None:
    """Wait until a session says that it has the beat, and as long as its last bend takes."""
    deadline = time.monotonic() + 20
    while not (said := [str(one["followed"]) for one in session.statuses(0.3)])[-1:] or text not in said[-1]:
        assert time.monotonic() < deadline, said
    time.sleep(2.5)


@pytest.fixture
def network() -> Iterator[list[str]]:
    """A network with nothing but its own loopback; gives what a command in it begins with."""
    pytest.importorskip("link", reason="Ableton Link is not installed (pip install 'sempre[link]')")
    for program in ("unshare", "nsenter", "ip"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program} (apt-get install util-linux iproute2)")
    holder = subprocess.Popen(
        ["unshare", "-n", "sh", "-c", OPEN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stderr is not None
    with holder.stdout, holder.stderr:
        opened = holder.stdout.readline() == "open\n"
        if opened:
            yield ["nsenter", "-t", str(holder.pid), "-n", "--"]
        holder.kill()
        holder.wait()
        if not opened:
            pytest.skip(f"no network of our own can be made: {holder.stderr.read().strip()}")


@pytest.fixture
def meet(network: list[str]) -> Iterator[Callable[[float, int], Peer]]:
    """Start peers by tempo and port; they end with the test."""
    peers: list[Peer] = []

    def begin(bpm: float, port: int) -> Peer:
        peers.append(Peer(network, bpm, port))
        return peers[-1]

    yield begin
    for peer in peers:
        peer.end()


@pytest.fixture
def join(
    network: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, float], Session]]:
    """Start sessions in the network; they end with the test."""
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "none-for-this-test")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    sessions: list[Session] = []

    def begin(source: str, seconds: float) -> Session:
        folder = tmp_path / str(len(sessions))  # short: the path of a socket has 107 bytes at most
        folder.mkdir()
        (folder / "sempre.toml").write_text(SETTINGS)
        sessions.append(Session(folder, source, seconds, network))
        return sessions[-1]

    yield begin
    for session in sessions:
        session.process.terminate()
        session.process.wait()
