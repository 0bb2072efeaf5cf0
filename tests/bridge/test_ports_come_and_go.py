"""Ports and servers that vanish and return, and two sessions side by side, on a real JACK server."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from bridge.clock import monotonic
from bridge.event import SinkEvent
from bridge.worker import pause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bridge.conftest import Receiver, StartOutput

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

RATE = 48_000
AGAIN = 1.0
"""Seconds within which what is back must be used again."""


def note(ident: int, at: float, until: float, *, route: int = 1, key: int = 60) -> SinkEvent:
    """A note."""
    return SinkEvent(ident, at, until, route, bytes((0x90, key, 100)), bytes((0x80, key, 0)))


def keys(receiver: Receiver) -> list[str]:
    """The notes that were heard, without what resets a port."""
    return [text for _, text in receiver.midi() if text[0] in "89"]


class Server:
    """A JACK server that may die."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.start()

    def start(self) -> None:
        """Start it, and wait until it takes clients."""
        self.process = subprocess.Popen(
            ["jackd", "-n", self.name, "-S", "--no-realtime", "-d", "dummy", "-r", str(RATE), "-p", "256"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waiting = ["jack_wait", "-s", self.name, "-w", "-t", "8"]
        subprocess.run(waiting, timeout=10, check=True, capture_output=True)

    def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        self.process.wait()

    def sign_off(self) -> None:
        """End it politely, so that it gives up its place among the eight servers of a user."""
        if self.process.poll() is not None:
            self.start()
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of this test's own."""
    name = f"sempre-passing-{os.getpid()}"
    for variable, value in (
        ("JACK_DEFAULT_SERVER", name),
        ("JACK_NO_START_SERVER", "1"),
        ("JACK_NO_AUDIO_RESERVATION", "1"),
    ):
        monkeypatch.setenv(variable, value)
    try:
        made = Server(name)
    except FileNotFoundError:
        pytest.skip("jackd is not installed (apt-get install jackd2)")
    yield made
    made.sign_off()


def test_our_port_is_there_before_anybody_asks(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Before an engine, and engines that come and go do not touch it: who listens stays connected."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("early", "Sempre:out")
    for term in (1, 2, 3):
        engine = desk.engine(term)
        engine.held()
        engine.routes(midi=[{"port": None}])
        now = desk.now()
        engine.send(note(4 * term, now + 0.1, now + 0.2, key=60 + term))
        receiver.wait_midi(lambda r, n=term: len(r) >= 2 * n)
    assert keys(receiver) == ["903d64", "803d00", "903e64", "803e00", "903f64", "803f00"]


def test_two_sessions_have_a_port_each(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """The second gets a name of its own and says it; each is heard at its own port alone."""
    del jack_server
    first, second = start_output(backend="jack"), start_output(backend="jack")
    assert '"Sempre:out"' in str(first.wait_line("ready")["text"])
    assert '"Sempre-01:out"' in str(second.wait_line("ready")["text"])
    ears = listen("ear one", "Sempre:out"), listen("ear two", "Sempre-01:out")
    for number, desk in enumerate((first, second)):
        engine = desk.engine(1)
        engine.held()
        engine.routes(midi=[{"port": None}])
        now = desk.now()
        engine.send(note(4, now + 0.1, now + 0.2, key=60 + number))
    for number, ear in enumerate(ears):
        ear.wait_midi(lambda r: len(r) >= 2)
        pause(0.2)
        assert keys(ear) == [f"90{60 + number:02x}64", f"80{60 + number:02x}00"]


def test_a_name_of_one_s_own(jack_server: str, start_output: StartOutput) -> None:
    """Two sessions that are called differently keep these names."""
    del jack_server
    for name in ("Left", "Right"):
        desk = start_output(backend="jack", name=name)
        assert f'"{name}:out"' in str(desk.wait_line("ready")["text"])


def test_no_other_port_takes_its_place(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Not while it is missing, not when it went; what was due meanwhile is not sent later."""
    del jack_server
    desk = start_output(backend="jack")
    bystander = listen("Bystander")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": "Gizmo"}])
    desk.wait_line("notice", "no MIDI port has 'Gizmo'")
    now = desk.now()
    engine.send(note(4, now + 0.05, now + 0.1))
    pause(0.3)
    gizmo = listen("Gizmo")
    desk.wait_line("notice", "'Gizmo' is Gizmo:in")
    now = desk.now()
    engine.send(note(8, now + 0.05, now + 0.1, key=61))
    gizmo.wait_midi(lambda r: len(r) >= 2)
    gizmo.leave()
    desk.wait_line("notice", "Gizmo:in is gone")
    now = desk.now()
    engine.send(note(12, now + 0.05, now + 0.1, key=62))
    pause(0.4)
    assert keys(gizmo) == ["903d64", "803d00"]
    assert bystander.midi() == []
    assert engine.status()["sounding"] == 0


@pytest.mark.parametrize("backend", ["jack", "rtmidi-jack"])
def test_a_port_that_is_back_is_used_again_within_a_second(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver], backend: str
) -> None:
    """Three times, each time pulled out in the middle of a note; what hung in it is ended first."""
    del jack_server
    desk = start_output(backend=backend)
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": "Plug"}])
    taken: list[float] = []
    for turn in range(3):
        receiver = listen("Plug")
        begun = monotonic()
        desk.wait_line("notice", "'Plug' is Plug:in", count=turn + 1)
        taken.append(monotonic() - begun)
        now = desk.now()
        engine.send(note(100 + turn, now + 0.05, now + 0.6, key=60 + turn))
        receiver.wait_midi(lambda r, on=f"90{60 + turn:02x}64": any(text == on for _, text in r))
        before = [text for _, text in receiver.midi() if text[0] in "be"]
        assert len(before) == (64 if turn else 0)
        receiver.leave()
        desk.wait_line("notice", "Plug:in is gone", count=turn + 1)
    assert max(taken) < AGAIN
    engine.wait_status("sounding", 0)
    assert engine.status()["late"] == 0


def test_a_listener_that_is_killed_is_a_port_that_goes(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """A DAW that crashes takes nobody with it."""
    del jack_server
    desk = start_output(backend="jack")
    witness = listen("witness", "Sempre:out")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": "Daw"}, {"port": None}])
    for turn in range(2):
        daw = listen("Daw")
        desk.wait_line("notice", "'Daw' is Daw:in", count=turn + 1)
        daw.kill()
        desk.wait_line("notice", "Daw:in is gone", count=turn + 1)
    now = desk.now()
    engine.send(note(4, now + 0.1, now + 0.2, route=2))
    witness.wait_midi(lambda r: len(r) >= 2)
    assert keys(witness) == ["903c64", "803c00"]


def test_a_server_that_is_back_is_used_again_within_a_second(
    server: Server, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Also each session has its own name again, whoever comes first, and the status line tells all of it."""
    first, second = start_output(backend="jack"), start_output(backend="jack")
    engines = first.engine(1), second.engine(1)
    for engine in engines:
        engine.held()
        engine.routes(midi=[{"port": "Synth"}, {"port": None}])
    names = ["Sempre", "Sempre-01"]
    for turn in range(1, 3):
        synth = listen("Synth")
        for desk in (first, second):
            desk.wait_line("notice", "'Synth' is Synth:in", count=turn)
        server.kill()
        for engine, desk in zip(engines, (first, second), strict=True):
            desk.wait_line("notice", "JACK is gone", count=turn)
            assert "gone" in str(engine.status()["driver"])
        synth.kill()
        # The first stands still, so that the second comes first.
        os.kill(first.child.process.pid, signal.SIGSTOP)
        server.start()
        begun = monotonic()
        second.wait_line("notice", "JACK is back", count=turn)
        assert monotonic() - begun < AGAIN
        os.kill(first.child.process.pid, signal.SIGCONT)
        first.wait_line("notice", "JACK is back", count=turn)
        for engine, name in zip(engines, names, strict=True):
            assert f'"{name}:out"' in str(engine.status()["driver"])
    synth = listen("Synth")
    begun = monotonic()
    for desk in (first, second):
        desk.wait_line("notice", "'Synth' is Synth:in", count=3)
    assert monotonic() - begun < AGAIN
    for number, (engine, desk) in enumerate(zip(engines, (first, second), strict=True)):
        now = desk.now()
        engine.send(note(400 + number, now + 0.2, now + 0.3, key=70 + number))
    synth.wait_midi(lambda r: len([1 for _, text in r if text[0] == "8"]) >= 2)
    assert sorted(keys(synth)) == ["804600", "804700", "904664", "904764"]
