"""A session that is played from outside by OSC, as a tablet and an editor do it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from bridge.osc_read import Message, read_packet
from bridge.osc_write import write_message

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Session

pytestmark = [pytest.mark.realtime, pytest.mark.timeout(60)]

PATIENCE = 15.0

SETTINGS = """
[midi]
backend = "none"
[audio]
driver = "null"
[osc]
port = {port}
"""

PIECE = """
tempo(bpm=240)
out = osc({port}, "/note")
lead = play(note("c*8").cutoff(knob("cutoff", 200, 3200, curve="log", default=800)), on=out)
"""


class Ear:
    """A UDP socket and all that it has heard."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.02)
        self.port: int = self.socket.getsockname()[1]
        self.messages: list[Message] = []

    def listen(self) -> None:
        """Take what there is."""
        with contextlib.suppress(TimeoutError):
            self.messages += [timed.message for timed in read_packet(self.socket.recv(65536))]

    def until(self, test: Callable[[Message], bool]) -> Message:
        """The first message from now on of which this is true."""
        deadline = time.monotonic() + PATIENCE
        begin = len(self.messages)
        while time.monotonic() < deadline:
            self.listen()
            for message in self.messages[begin:]:
                if test(message):
                    return message
            begin = len(self.messages)
        raise AssertionError(self.messages[-9:])

    def say(self, port: int, where: str, *arguments: object) -> None:
        """Send a message from this socket."""
        self.socket.sendto(write_message(where, arguments), ("127.0.0.1", port))

    def fields(self, message: Message) -> dict[str, Any]:
        """Names and values in turn."""
        names = cast("list[str]", message.arguments[::2])
        return dict(zip(names, message.arguments[1::2], strict=True))


@pytest.fixture
def ears() -> Iterator[Callable[[], Ear]]:
    """Open ears, and close them afterwards."""
    made: list[Ear] = []

    def make() -> Ear:
        made.append(Ear())
        return made[-1]

    yield make
    for ear in made:
        ear.socket.close()


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_a_piece_is_played_from_outside(
    tmp_path: Path, ears: Callable[[], Ear], start: Callable[[str, float], Session]
) -> None:
    """A tablet's finger is heard, also through the death of an engine; an editor evaluates and commands."""
    port, notes, tablet, editor = free_port(), ears(), ears(), ears()
    (tmp_path / "sempre.toml").write_text(SETTINGS.format(port=port))
    session = start(PIECE.format(port=notes.port), 50.0)
    session.processes()

    def cutoff(value: float) -> None:
        notes.until(lambda m: m.address == "/note" and abs(notes.fields(m)["cutoff"] - value) < 0.01)

    cutoff(800)
    # The tablet comes, is told how things are, and moves.
    deadline = time.monotonic() + PATIENCE
    while not tablet.messages and time.monotonic() < deadline:
        tablet.say(port, "/sempre/hello")
        tablet.listen()
    assert tablet.messages[0] == Message("/ctl/cutoff", (0.5,))
    tablet.say(port, "/ctl/cutoff", 1.0)
    cutoff(3200)
    # The engine dies; what is moved meanwhile is heard from the next one.
    first = session.processes()
    os.kill(first["engine"], signal.SIGKILL)
    tablet.say(port, "/ctl/cutoff", 0.0)
    cutoff(200)
    assert session.processes()["surfaces"] == first["surfaces"]
    # An editor evaluates, and the tablet sees what is turned at the prompt.
    editor.say(port, "/sempre/eval", 'turn("cutoff", .5)')
    answer = editor.until(lambda m: m.address == "/sempre/eval/reply")
    assert answer.arguments == (1, "")
    tablet.until(lambda m: m == Message("/ctl/cutoff", (0.5,)))
    cutoff(800)
    editor.say(port, "/sempre/eval", "1 / 0")
    answer = editor.until(lambda m: m.address == "/sempre/eval/reply")
    assert answer.arguments[0] == 0
    assert "ZeroDivisionError" in str(answer.arguments[1])
    # Commands.
    editor.say(port, "/sempre/tempo", 120.0)
    assert editor.until(lambda m: m.address == "/sempre/tempo/reply").arguments == (1, "")
    notes.until(lambda _: True)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        editor.say(port, "/sempre/status")
        if editor.until(lambda m: m.address == "/sempre/status/reply").arguments[1:] == (
            120.0,
            1,
            "lead",
        ):
            break
    editor.say(port, "/sempre/mute", "bass")
    answer = editor.until(lambda m: m.address == "/sempre/mute/reply")
    assert "no layer is called 'bass'" in str(answer.arguments[1])
    editor.say(port, "/sempre/hush")
    assert editor.until(lambda m: m.address == "/sempre/hush/reply").arguments == (1, "")
    time.sleep(0.6)
    notes.listen()
    while notes.messages:
        notes.messages.clear()
        notes.listen()
    time.sleep(0.5)
    notes.listen()
    assert not notes.messages
    editor.say(port, "/sempre/panic")
    editor.until(lambda m: m.address == "/sempre/panic/reply")
    assert "ended (code" not in session.said()


def test_it_comes_back_and_panic_passes_everything(
    tmp_path: Path, ears: Callable[[], Ear], start: Callable[[str, float], Session]
) -> None:
    """A killed process knows from the engine where things are; panic waits for no evaluation."""
    port, notes, tablet, editor = free_port(), ears(), ears(), ears()
    (tmp_path / "sempre.toml").write_text(SETTINGS.format(port=port))
    session = start(PIECE.format(port=notes.port), 50.0)
    session.processes()

    def hello() -> Message:
        tablet.messages.clear()
        deadline = time.monotonic() + PATIENCE
        while not tablet.messages and time.monotonic() < deadline:
            tablet.say(port, "/sempre/hello")
            tablet.listen()
        return tablet.messages[0]

    assert hello() == Message("/ctl/cutoff", (0.5,))
    tablet.say(port, "/ctl/cutoff", 0.25)
    notes.until(lambda m: abs(notes.fields(m)["cutoff"] - 400) < 0.01)
    os.kill(session.processes()["surfaces"], signal.SIGKILL)
    assert hello() == Message("/ctl/cutoff", (0.25,))
    tablet.say(port, "/ctl/cutoff", 0.75)
    notes.until(lambda m: abs(notes.fields(m)["cutoff"] - 1600) < 0.01)
    # The engine's main thread is taken for a while; layers play on, and panic does not wait for it.
    editor.say(port, "/sempre/eval", "import time; time.sleep(20)")
    notes.until(lambda _: True)
    asked = time.monotonic()
    editor.say(port, "/sempre/panic")
    editor.until(lambda m: m == Message("/sempre/panic/reply", (1, "")))
    assert time.monotonic() - asked < 1
    quiet = time.monotonic()
    while time.monotonic() - quiet < 0.6:
        before = len(notes.messages)
        notes.listen()
        if len(notes.messages) > before:
            quiet = time.monotonic()
        assert time.monotonic() - asked < 5
