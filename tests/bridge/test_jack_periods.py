"""What a JACK server does under load: it leaves periods out, and runs a client twice in one."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from bridge import jack_midi, midi_in_jack
from bridge.clock import SharedClock, create_page
from bridge.event import Seconds, SinkEvent
from bridge.jack_midi import JackMidi
from bridge.midi_in_jack import JackIn
from bridge.targets import midi

PERIOD = 256
RATE = 48_000
ON, OFF = bytes([0x90, 60, 100]), bytes([0x80, 60, 0])


class Port:
    """A port of ours: what is in it until it is cleared."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.held: list[tuple[int, bytes]] = []

    def clear_buffer(self) -> None:
        """Begin a period."""
        self.held = []

    def write_midi_event(self, offset: int, data: bytes) -> None:
        """Give it a message."""
        self.held.append((offset, data))

    def incoming_midi_events(self) -> list[tuple[int, bytes]]:
        """What came."""
        return self.held


class Ports(list[Port]):
    """The ports of one kind."""

    def register(self, name: str) -> Port:
        """Make one."""
        self.append(Port(name))
        return self[-1]


class Server:
    """A JACK server that runs its client when it is told, at the frame that it is told."""

    def __init__(self) -> None:
        self.name = "Sempre"
        self.samplerate, self.blocksize = RATE, PERIOD
        self.last_frame_time = self.frame_time = 0
        self.midi_outports, self.midi_inports = Ports(), Ports()
        self.run: Callable[[int], None] = print

    def set_process_callback(self, callback: Callable[[int], None]) -> None:
        """Keep it."""
        self.run = callback

    def set_shutdown_callback(self, _callback: object) -> None:
        """It never ends."""

    def activate(self) -> None:
        """Begin."""

    def cycle(self, frame: int) -> None:
        """One run of the client, in the period that begins at this frame."""
        self.last_frame_time = self.frame_time = frame
        self.run(PERIOD)


class Nobody:
    """Stands for the thread that looks after ports: nothing runs but what a test runs."""

    def __init__(self, *_: object) -> None:
        pass

    def now(self) -> None:
        """Do not look."""


class Ear:
    """Takes what came in."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    def heard(self, port: str, at: Seconds, message: bytes) -> None:
        """Keep it."""
        del port, at
        self.messages.append(message)

    def lost(self, port: str) -> None:
        """No port is lost here."""

    def notice(self, text: str) -> None:
        """Nothing is to be said."""
        raise AssertionError(text)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server in the place of the library."""
    one = Server()

    def client(_name: str, *, no_start_server: bool) -> Server:
        assert no_start_server
        return one

    library = SimpleNamespace(Client=client, JackError=RuntimeError, ROLLING=1)
    monkeypatch.setitem(sys.modules, "jack", library)
    monkeypatch.setattr(jack_midi, "Lookout", Nobody)
    monkeypatch.setattr(midi_in_jack, "Lookout", Nobody)
    return one


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[SharedClock]:
    """The session's clock."""
    page = create_page(tmp_path / "clock")
    yield page
    page.close()


def test_what_was_written_stays_when_a_period_is_run_twice(server: Server, clock: SharedClock) -> None:
    """Whoever listens reads after the second run: the note must still be there, once."""
    out = JackMidi(clock, print)
    out.set_routes({0: midi().to_json()})
    (port,) = server.midi_outports
    server.cycle(0)
    begin = clock.mapping().frame_offset
    at = (begin + PERIOD + 10) / RATE
    out.add([SinkEvent(1, at, at + 300 / RATE, 0, ON, OFF)])
    server.cycle(PERIOD)
    assert port.held == [(10, ON)]
    server.cycle(PERIOD)
    assert port.held == [(10, ON)]
    server.cycle(2 * PERIOD)
    assert port.held == [(310 - PERIOD, OFF)]


def test_what_was_due_in_a_period_that_was_left_out_goes_with_the_next(
    server: Server, clock: SharedClock
) -> None:
    """Some ms late, but whole."""
    out = JackMidi(clock, print)
    out.set_routes({0: midi().to_json()})
    (port,) = server.midi_outports
    server.cycle(0)
    at = (clock.mapping().frame_offset + PERIOD + 10) / RATE
    out.add([SinkEvent(1, at, at + 5 * PERIOD / RATE, 0, ON, OFF)])
    server.cycle(3 * PERIOD)
    assert port.held == [(0, ON)]


def test_what_came_in_is_heard_once_when_a_period_is_run_twice(server: Server, clock: SharedClock) -> None:
    """But what came only the second time is heard, too."""
    ear = Ear()
    JackIn(clock, ear)
    (port,) = server.midi_inports
    port.held = [(3, ON)]
    server.cycle(0)
    port.held = [(3, ON), (9, OFF)]
    server.cycle(0)
    assert ear.messages == [ON, OFF]
    server.cycle(PERIOD)
    assert ear.messages == [ON, OFF, ON, OFF]
