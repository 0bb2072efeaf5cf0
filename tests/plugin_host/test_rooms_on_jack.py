"""Many channels on a JACK server: each goes to its own port, and a server with two gets a pair of them."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from pedalboard.io import AudioFile

from bridge.clock import Mapping, SharedClock, create_page, monotonic
from bridge.event import SinkEvent
from bridge.worker import pause
from plugin_host.audio import Audio, single
from plugin_host.audio_settings import AudioSettings
from plugin_host.clicks import Clicks
from plugin_host.drivers.jack_driver import CLIENT
from plugin_host.fold_down import pair_of
from plugin_host.layouts import LAYOUTS
from plugin_host.machine import Machine

pytestmark = pytest.mark.jack

RATE, OFFSET = 48_000, 7_777
LEVELS = single(np.arange(1, 13) / 16)
SEVEN = LAYOUTS["7.1.4"]


class StartJack(Protocol):
    """Starts a server of a name, with so many outputs."""

    def __call__(self, name: str, outputs: int = 2) -> subprocess.Popen[bytes]:
        """The server."""
        ...


class Twelve(Clicks):
    """Clicks in twelve channels, in each as loud as its number says."""

    def render(self) -> Audio:
        """The next block: shape (12, block)."""
        return single(LEVELS[:, None] * super().render()[:1])


class Ears:
    """Records what comes out of each port, with the server's frames."""

    def __init__(self, many: int) -> None:
        import jack

        self.client = jack.Client("ears")
        self.ports = [self.client.inports.register(f"in_{number}") for number in range(many)]
        self.parts: list[tuple[int, Audio]] = []
        self.client.set_process_callback(self._process)
        self.client.activate()

    def listen(self) -> None:
        """Connect to the mixer's ports as soon as they are there."""
        last = f"{CLIENT}:out_{len(self.ports)}"
        for _ in range(100):
            if any(port.name == last for port in self.client.get_ports(is_output=True)):
                break
            pause(0.02)
        for number, port in enumerate(self.ports):
            self.client.connect(f"{CLIENT}:out_{number + 1}", port)

    def publish(self, page: SharedClock) -> None:
        """Let the server's frames be the timeline."""
        page.publish(Mapping(monotonic(), (self.client.frame_time + OFFSET) / RATE, 1.0, float(RATE), OFFSET))

    def heard(self) -> tuple[list[int], Audio]:
        """The timeline's frame of each recorded sample, and the samples: shape (ports, frames)."""
        parts = list(self.parts)
        frames = [np.arange(at + OFFSET, at + OFFSET + len(audio[0])) for at, audio in parts]
        return np.concatenate(frames).tolist(), np.concatenate([audio for _, audio in parts], axis=1)

    def close(self) -> None:
        """Leave the server."""
        self.client.deactivate()
        self.client.close()

    def _process(self, frames: int) -> None:
        del frames
        sound = np.stack([port.get_array() for port in self.ports])
        self.parts.append((self.client.last_frame_time, sound))


@pytest.fixture
def page(tmp_path: Path) -> Iterator[SharedClock]:
    """A clock page."""
    clock = create_page(tmp_path / "clock")
    yield clock
    clock.close()


def room(page: SharedClock, notices: list[str]) -> Machine:
    """A machine with twelve channels of clicks."""
    return Machine(
        AudioSettings.read({"layout": "7.1.4", "profile": "normal"}), page, notices.append, lambda: Twelve
    )


def clicks(base: float) -> list[SinkEvent]:
    """Forty of them, between the frames."""
    return [SinkEvent(n, at, at, 0, b"{}", b"") for n in range(40) if (at := base + n * 0.0123457)]


def test_twelve_channels_are_twelve_ports(
    start_jack: StartJack, page: SharedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each click at its frame in all of them, as loud as it is in each; the take has the same."""
    name = f"sempre-room-{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    server = start_jack(name, outputs=14)
    notices: list[str] = []
    ears = Ears(12)
    ears.publish(page)
    machine = room(page, notices)
    try:
        assert machine.keeper.driver.channels == 12
        ears.listen()
        connected = ears.client.get_all_connections(f"{CLIENT}:out_12")
        assert "system:playback_12" in [port.name for port in connected]
        machine.record(tmp_path / "take.wav")
        base = page.now() + 0.3
        events = clicks(base)
        machine.order(lambda: machine.desk.add(events))
        pause(1.1)
        machine.record(None)
        expected = [page.frame(event.at) for event in events]
        frames, sound = ears.heard()
        status = machine.status()
    finally:
        machine.leave()
        ears.close()
        # Not killed: a server that says goodbye leaves its place to others, of which there are eight.
        server.terminate()
        server.wait(10)
    onsets = np.flatnonzero(np.abs(sound).sum(axis=0) > 1e-3)
    assert {frames[n] for n in onsets} <= set(expected)
    assert np.allclose(sound[:, onsets], LEVELS[:, None], atol=1e-6)
    # A machine that stands still skips periods, and says so; otherwise each click was heard.
    assert len(onsets) == len(expected) or status["missing"] or status["skipped"]
    with AudioFile(str(tmp_path / "take.wav")) as file:
        take = file.read(file.frames)
    assert take.shape[0] == 12
    struck = np.flatnonzero(np.abs(take).sum(axis=0) > 1e-3)
    assert len(struck) >= 30
    assert np.allclose(take[:, struck], LEVELS[:, None], atol=1e-6)


@pytest.mark.usefixtures("jack_server")
def test_two_ports_get_a_pair_of_them(page: SharedClock) -> None:
    """It is said once, and the clicks are there, in the shares of the fold-down."""
    notices: list[str] = []
    ears = Ears(2)
    ears.publish(page)
    machine = room(page, notices)
    try:
        assert machine.keeper.driver.channels == 2
        ears.listen()
        base = page.now() + 0.3
        machine.order(lambda: machine.desk.add(clicks(base)))
        pause(1.0)
        _, sound = ears.heard()
    finally:
        machine.leave()
        ears.close()
    assert [line for line in notices if "fewer outputs than the 12 of 7.1.4" in line]
    peaks = np.abs(sound).max(axis=1)
    wanted = LEVELS @ pair_of(SEVEN)
    assert float(peaks.max()) <= 10 ** (-1 / 20)
    assert peaks[0] / peaks[1] == pytest.approx(wanted[0] / wanted[1], rel=0.02)
