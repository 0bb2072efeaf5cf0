"""Threads, processes and the doors between them."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from bridge.clock import monotonic
from bridge.errors import PeerGone
from bridge.worker import Child, Connection, Door, Line, address, connect, pause, realtime, start_thread

KEY = b"a key of the tests"
PATIENCE = 5.0

CHILD = """
import os, sys, threading
from pathlib import Path
from bridge.worker import Parent
over = threading.Event()
def hear(message):
    parent.say({"op": "echo", "of": message})
parent = Parent(hear, over.set, Path(sys.argv[1]))
print("a library prints")
os.write(2, b"and writes\\n")
parent.say({"op": "ready"})
parent.listen()
over.wait()
parent.say({"op": "bye"})
"""


@pytest.fixture
def where(tmp_path: Path) -> str:
    """A door's address."""
    tmp_path.chmod(0o700)
    return address(tmp_path, "door")


@pytest.fixture
def echo(where: str) -> Iterator[Door]:
    """A door behind which everything is said back."""

    def serve(connection: Connection) -> None:
        while True:
            connection.send(*connection.receive())

    door = Door(where, KEY, serve)
    yield door
    door.close()


@pytest.mark.usefixtures("echo")
def test_messages_go_both_ways_unchanged(where: str) -> None:
    """A kind and a body, empty or long."""
    client = connect(where, KEY)
    for body in (b"", b"x", bytes(range(256)) * 1000):
        client.send(b"E", body)
        assert client.receive() == (b"E", body)
    client.send_json(b"J", {"a": [1, None]})
    assert client.receive() == (b"J", b'{"a": [1, null]}')
    client.close()


@pytest.mark.usefixtures("echo")
def test_a_wrong_key_does_not_open(where: str) -> None:
    """It is said at once, without waiting for patience to end; the right key opens."""
    begun = monotonic()
    with pytest.raises(PeerGone, match="key"):
        connect(where, b"wrong", patience=10.0)
    assert monotonic() - begun < 5.0
    connect(where, KEY).close()


@pytest.mark.usefixtures("echo")
def test_closing_wakes_who_waits(where: str) -> None:
    """A thread that waits in `receive` learns that its own end was closed."""
    client = connect(where, KEY)
    woken = threading.Event()

    def wait() -> None:
        try:
            client.receive()
        except PeerGone:
            woken.set()

    start_thread("waiter", wait)
    pause(0.05)
    client.close()
    assert woken.wait(PATIENCE)
    with pytest.raises(PeerGone):
        client.send(b"E")
    with pytest.raises(PeerGone):
        client.receive()
    client.close()


def test_the_other_end_learns_that_we_closed(where: str) -> None:
    """And that a server which returns has closed."""
    gone: SimpleQueue[str] = SimpleQueue()

    def serve(connection: Connection) -> None:
        try:
            kind, _ = connection.receive()
            if kind == b"Q":
                return
            connection.receive()
        except PeerGone as error:
            gone.put(str(error))

    door = Door(where, KEY, serve)
    client = connect(where, KEY)
    client.close()
    assert "gone" in gone.get(timeout=PATIENCE)
    client = connect(where, KEY)
    client.send(b"Q")
    with pytest.raises(PeerGone):
        client.receive()
    door.close()


def test_nobody_at_the_door(where: str) -> None:
    """Patience lets a door appear; without it the error comes at once and says where."""
    with pytest.raises(PeerGone, match="nobody answers at"):
        connect(where, KEY)
    doors: list[Door] = []

    def open_later() -> None:
        pause(0.1)
        doors.append(Door(where, KEY, lambda c: c.send(b"h")))

    start_thread("later", open_later)
    client = connect(where, KEY, patience=PATIENCE)
    assert client.receive() == (b"h", b"")
    client.close()
    doors[0].close()


def test_an_old_socket_file_is_no_obstacle(where: str) -> None:
    """A process that was killed leaves its socket behind."""
    Path(where).write_bytes(b"")
    door = Door(where, KEY, lambda c: c.send(b"h"))
    connect(where, KEY).close()
    door.close()


class Nursery:
    """A child that echoes, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "child.log"
        self.lines: SimpleQueue[Line] = SimpleQueue()
        self.codes: SimpleQueue[int] = SimpleQueue()
        self.child = Child(
            "child",
            [sys.executable, "-c", CHILD, str(self.log)],
            lambda _, line: self.lines.put(line),
            lambda _, code: self.codes.put(code),
            self.log,
        )

    def hear(self) -> Line:
        """Its next line."""
        return self.lines.get(timeout=PATIENCE)


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    """A running child."""
    one = Nursery(tmp_path)
    assert one.hear() == {"op": "ready"}
    yield one
    one.child.leave(2.0)


def test_parent_and_child_speak_in_lines(nursery: Nursery) -> None:
    """What libraries print goes to the log and disturbs nobody; a line that is no JSON is passed over."""
    assert nursery.child.process.stdin is not None
    nursery.child.process.stdin.write(b"no json\n")
    for n in range(100):
        nursery.child.say({"n": n, "text": "ä" * n})
    for n in range(100):
        assert nursery.hear() == {"op": "echo", "of": {"n": n, "text": "ä" * n}}
    nursery.child.leave(PATIENCE)
    assert nursery.hear() == {"op": "bye"}
    assert nursery.codes.get(timeout=PATIENCE) == 0
    assert "a library prints" in nursery.log.read_text()
    assert "and writes" in nursery.log.read_text()
    nursery.child.say({"op": "too late"})


def test_a_killed_child_is_reported_once(nursery: Nursery) -> None:
    """With its code; saying something to it does no harm."""
    nursery.child.kill()
    assert nursery.codes.get(timeout=PATIENCE) < 0
    nursery.child.say({"op": "too late"})
    nursery.child.leave(1.0)
    pause(0.05)
    assert nursery.codes.empty()


def test_real_time_is_asked_for_or_refused() -> None:
    """Never an error; here in a thread, so that the tests themselves stay as they are."""
    answer: SimpleQueue[bool] = SimpleQueue()
    start_thread("fifo", lambda: answer.put(realtime(1)))
    assert answer.get(timeout=PATIENCE) in {True, False}
    start_thread("impossible", lambda: answer.put(realtime(1000)))
    assert answer.get(timeout=PATIENCE) is False
    if hasattr(os, "sched_getscheduler"):
        assert os.sched_getscheduler(0) == os.SCHED_OTHER
