"""The whole mixer with a plugin on a JACK server: notes sound at their exact frames, whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.clock import Mapping, SharedClock, create_page, monotonic
from bridge.event import SinkEvent
from bridge.worker import pause
from plugin_host.audio import Audio
from plugin_host.audio_settings import AudioSettings
from plugin_host.drivers.jack_driver import CLIENT
from plugin_host.machine import Machine
from plugin_host.mixer import load_rack
from plugin_host.plugin_link import PluginSetup
from plugin_host.specs import vst3

# The first of these builds the plugin, besides starting a server: 15 s beside a busy process.
pytestmark = [pytest.mark.vst3, pytest.mark.jack, pytest.mark.timeout(60)]

RATE, OFFSET = 48_000, 123_457
CHAIN = vst3("Sempre Probe", gain=0.25, crashnote=90)


class Ear:
    """Records what the mixer plays, by the timeline's frames."""

    def __init__(self) -> None:
        import jack

        self.client = jack.Client("ear")
        self.port = self.client.inports.register("in")
        self.parts: list[tuple[int, Audio]] = []
        self.client.set_process_callback(self._process)
        self.client.activate()

    def publish(self, page: SharedClock) -> None:
        """Let the server's frames be the timeline, as the output process does."""
        now, frame = monotonic(), self.client.frame_time
        page.publish(Mapping(now, (frame + OFFSET) / RATE, 1.0, float(RATE), OFFSET))

    def onsets(self) -> list[int]:
        """The frames at which the probe was struck."""
        found = [at + OFFSET + np.flatnonzero(audio > 0.1) for at, audio in [*self.parts]]
        return np.concatenate(found).tolist()

    def _process(self, frames: int) -> None:
        del frames
        self.parts.append((self.client.last_frame_time, self.port.get_array().copy()))


@pytest.fixture
def ear(jack_server: str) -> Iterator[Ear]:
    """On the server of the tests."""
    del jack_server
    made = Ear()
    yield made
    made.client.deactivate()
    made.client.close()


def struck(ident: int, at: float, note: int = 60) -> SinkEvent:
    """A note of 20 ms."""
    return SinkEvent(ident, at, at + 0.02, 7, f'{{"note": {note}, "velocity": 1}}'.encode(), b"")


def test_notes_sound_at_their_exact_frames(plugins: Path, ear: Ear, tmp_path: Path) -> None:
    """Before its process crashes and after it has come back, and what is lost is what was due between."""
    notices: list[str] = []
    page = create_page(tmp_path / "clock")
    ear.publish(page)
    setup = PluginSetup((plugins,), tmp_path, 3, live=True)
    machine = Machine(AudioSettings(adapts=False), page, notices.append, lambda: load_rack((), setup))
    try:
        assert machine.keeper.driver.name == "jack"
        ear.client.connect(f"{CLIENT}:out_1", ear.port)
        machine.learn({"7": {"chain": CHAIN.to_json()}})
        for _ in range(500):
            if 7 in machine.ready:
                break
            pause(0.01)
        assert machine.ready == (7,), notices
        base = page.now() + 0.3
        first = [base + n * 0.0543211 for n in range(20)]
        crash = base + 1.2
        second = [base + 3.5 + n * 0.0543211 for n in range(20)]
        events = [struck(n, at) for n, at in enumerate([*first, *second])]
        machine.order(lambda: machine.desk.add([*events, struck(99, crash, 90)]))
        pause(5.0)
        expected = [page.frame(at) for at in [*first, *second]]
        heard = ear.onsets()
        status = machine.status()
    finally:
        machine.leave()
        page.close()
    assert any("crashed (SIGSEGV); it is loaded anew" in text for text in notices)
    assert set(heard) <= set(expected)
    assert status["late"] == 0
    # A machine that stands still skips periods or blocks; half of each part at least has come through.
    assert len(set(heard) & set(expected[:20])) > 10
    assert len(set(heard) & set(expected[20:])) > 10
