"""What is heard live is what a render holds: the same notes by a plugin ahead of the mixer, and in a file."""

import json
from pathlib import Path

import numpy as np
import pytest

from bridge.event import SinkEvent, TimedEvent
from bridge.worker import pause
from plugin_host.audio import Audio
from plugin_host.desk import Desk
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.rack import Rack
from plugin_host.specs import Chain, fx, vst3
from plugin_host.stream_time import Place

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]  # the first builds the plugin

RATE, BLOCK, AHEAD = 48_000, 256, 3
SECONDS = 1.1
NOTES = [(0.1 + 0.0837 * number, 48 + number * 5 % 24, 0.07 + 0.01 * (number % 5)) for number in range(10)]
SAWS = vst3("Sempre Saws", release=0.1)
CASES: dict[str, tuple[Chain, dict[str, object]]] = {
    "dry": (SAWS, {}),
    "through effects": (SAWS | fx.lowpass(3000) | fx.chorus(), {}),
    "into echo and room": (SAWS, {"room": 0.4, "delay": 0.3}),
}


class Bare(Rack):
    """A rack without its master."""

    @property
    def latency(self) -> int:
        """None."""
        return 0

    def render(self) -> Audio:
        """The next block."""
        return self.render_open()


def live(saws: Path, chain: Chain, sent: dict[str, object]) -> tuple[Audio, list[str]]:
    """What the device is given, block by block, each when the plugin has had time for the next ones."""
    said: list[str] = []
    rack = Bare(RATE, BLOCK, plugins=PluginSetup((saws,), None, AHEAD, 10.0, live=True))
    desk = Desk(rack, said.append, AHEAD * BLOCK)
    rack.prepare(chain)
    desk.set_chains({1: chain})
    link = rack.plugin(1)
    assert link is not None
    for number, (at, note, long) in enumerate(NOTES):
        controls = json.dumps({"note": note, "velocity": 0.8, **sent}).encode()
        desk.add([SinkEvent(number, at, at + long, 1, controls, b"", 1)])
    out: list[Audio] = []
    missing = 0
    for block in range(int(SECONDS * RATE) // BLOCK):
        if block == 2 * AHEAD:
            missing = link.missing  # of what was wanted before it had begun
        out.append(desk.play(Place(block * BLOCK, RATE)))
        pause(2 * BLOCK / RATE)
    if link.missing > missing:
        said.append(f"{link.missing - missing} blocks were missing")
    rack.close()
    return np.concatenate(out, axis=1), said


@pytest.mark.parametrize("name", CASES)
def test_what_is_heard_live_is_what_is_rendered(saws: Path, name: str) -> None:
    """Frame by frame: no difference within 90 dB of the loudest; nothing is trimmed or moved for that."""
    chain, sent = CASES[name]
    events = [
        TimedEvent(at, long, {"note": note, "velocity": 0.8, **sent}, "a", number)
        for number, (at, note, long) in enumerate(NOTES)
    ]
    setup = PluginSetup((saws,))
    wanted = render(events, {"a": chain}, SECONDS, RATE, master=False, plugins=setup)
    heard, said = live(saws, chain, sent)
    for _ in range(2):  # a machine that stood still may have kept a block from the plugin
        if said:
            heard, said = live(saws, chain, sent)
    assert said == []
    assert np.abs(wanted).max() > 0.05
    difference = np.abs(heard - wanted[:, : heard.shape[1]]).max() / np.abs(wanted).max()
    assert 20 * np.log10(difference + 1e-12) < -90
