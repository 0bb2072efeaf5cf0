"""A device that comes back with another rate, and sounds of another rate than the device's."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest

from bridge.clock import SharedClock, create_page
from bridge.event import SinkEvent
from bridge.worker import pause
from plugin_host import machine as machines
from plugin_host.audio import Audio
from plugin_host.audio_settings import AudioSettings
from plugin_host.desk import Desk
from plugin_host.drivers import NullDriver, Pull
from plugin_host.drivers.keeper import Keeper
from plugin_host.effects import read_sound
from plugin_host.machine import Machine
from plugin_host.rack import Rack
from plugin_host.specs import instrument, sampler
from plugin_host.stream_time import Place
from plugin_host.wav import write_wav

BLOCK = 256
SINE = instrument("sine", attack=0.002, release=0.005)
A4 = 69


def note(ident: int, at: float, long: float, pitch: int = A4, route: int = 0) -> SinkEvent:
    """A note."""
    on = json.dumps({"note": pitch, "velocity": 1.0}).encode()
    return SinkEvent(ident, at, at + long, route, on, b"", 1)


def hertz(sound: Audio, rate: int) -> float:
    """The frequency that is loudest."""
    heard = np.abs(np.fft.rfft(sound[0] * np.hanning(sound.shape[1]), 1 << 18))
    return float(heard.argmax()) * rate / (1 << 18)


def play(desk: Desk, begin: float, end: float, rate: int) -> Audio:
    """What is heard from one second to another on a device of that rate."""
    first, last = (round(at * rate) for at in (begin, end))
    blocks = [desk.play(Place(frame, rate)) for frame in range(first, last, BLOCK)]
    return np.concatenate(blocks, axis=1)


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_held_notes_sound_on_at_their_pitch(rate: int) -> None:
    """Gently, not louder than before, and to their end; what comes then begins at its frame."""
    said: list[str] = []
    desk = Desk(Rack(48_000, BLOCK), said.append)
    desk.set_chains({0: SINE})
    desk.add([note(1, 0.0, 0.8), note(2, 0.0, 0.3, A4 + 12), note(3, 1.0, 0.2)])
    before = play(desk, 0.0, 0.4, 48_000)
    desk.replace_rack(Rack(rate, BLOCK))
    assert not play(desk, 0.4, 0.5, rate).any()
    desk.set_chains({0: SINE})
    after = play(desk, 0.5, 1.2, rate)
    assert hertz(after[:, : rate // 4], rate) == pytest.approx(440, abs=2)
    assert np.abs(after).max() <= np.abs(before).max() + 0.01
    assert np.abs(np.diff(after[:, : rate // 4])).max() < np.abs(after).max() * 2 * np.pi * 450 / rate
    silent = after[:, round(0.34 * rate) : round(0.49 * rate)]
    assert np.abs(silent).max() < 1e-3
    onset = np.flatnonzero(np.abs(after[0, round(0.4 * rate) :]) > 1e-3)[0] / rate + 0.9
    assert onset == pytest.approx(1.0, abs=0.005)
    assert said == []


@pytest.mark.parametrize("own", [22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_sound_of_another_rate_is_in_tune(tmp_path: Path, own: int, rate: int) -> None:
    """And as long as it is."""
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(own // 2) / own)
    (tmp_path / "tone").mkdir()
    write_wav(tmp_path / "tone" / "a.wav", wave.astype(np.float32)[None], own)
    desk = Desk(Rack(rate, BLOCK), print)
    desk.set_chains({0: sampler(tmp_path)})
    desk.add([SinkEvent(1, 0.0, 2.0, 0, json.dumps({"s": "tone"}).encode(), b"", 1)])
    sound = play(desk, 0.0, 1.0, rate)
    assert hertz(sound, rate) == pytest.approx(440, abs=1)
    assert np.flatnonzero(np.abs(sound[0]) > 1e-3)[-1] / rate == pytest.approx(0.5, abs=0.03)


class Card(NullDriver):
    """A device that can be unplugged, and remembers what it was given."""

    name = "sounddevice"

    def __init__(self, rate: int) -> None:
        super().__init__(rate, BLOCK)
        self.text = f"audio: Card, {rate} Hz"
        self.heard: list[Audio] = []

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound, and keep it."""

        def kept(position: int, frames: int) -> Audio:
            self.heard.append(pull(position, frames).copy())
            return self.heard[-1]

        super().start(kept)

    @property
    def sound(self) -> Audio:
        """All of it."""
        return np.concatenate(self.heard, axis=1)


@pytest.fixture
def clock(tmp_path: Path) -> SharedClock:
    """A clock page."""
    return create_page(tmp_path / "clock")


def soon(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(500):
        if true():
            return
        pause(0.01)
    raise AssertionError("it did not come true")


@pytest.mark.realtime
def test_a_device_that_comes_back_with_another_rate(
    clock: SharedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is said; the held note is heard on it, in tune; a take ends, and what it has stays."""
    first, second = Card(48_000), Card(44_100)
    opened = partial(Keeper, open_first=lambda _: first, open_again=lambda _name, _settings: second)
    monkeypatch.setattr(machines, "Keeper", opened)
    said: list[str] = []
    machine = Machine(AudioSettings(adapts=False), clock, said.append, lambda: Rack)
    machine.record(tmp_path / "take.wav")
    machine.learn({"0": {"chain": SINE.to_json()}})
    soon(lambda: 0 in machine.ready)
    machine.order(lambda: machine.desk.add([note(1, clock.now() + 0.2, 60.0)]))
    soon(lambda: bool(first.heard) and bool(np.abs(first.heard[-1]).max() > 0.1))
    first.lost = True
    soon(lambda: machine.keeper.tend() or bool(second.heard and np.abs(second.heard[-1]).max() > 0.1))
    pause(0.3)
    machine.leave()
    assert said[1:4] == [
        "the audio device is lost (audio: Card, 48000 Hz); time goes on and it is looked for",
        "audio: Card, 44100 Hz",
        "the device has another rate now, 44100: the take ends here",
    ]
    take, rate = read_sound(tmp_path / "take.wav")
    assert rate == 48_000
    assert hertz(take[:, -8000:-2000], rate) == pytest.approx(440, abs=4)
    late = second.sound[:, -12_000:-2000]
    assert hertz(late, 44_100) == pytest.approx(440, abs=4)
    assert np.abs(second.sound).max() <= np.abs(first.sound).max() + 0.05


class Hand(NullDriver):
    """A device that asks when the test does."""

    name = "sounddevice"
    pull: Pull | None = None
    reached = 0

    def start(self, pull: Pull) -> None:
        """Wait for the test."""
        self.pull = pull

    def turn(self, blocks: int) -> None:
        """Ask for so many blocks at once."""
        assert self.pull is not None
        for _ in range(blocks):
            self.pull(self.reached, BLOCK)
            self.reached += BLOCK


@pytest.mark.parametrize("adapts", [True, False])
def test_a_machine_that_was_late_makes_the_sound_earlier(
    clock: SharedClock, monkeypatch: pytest.MonkeyPatch, *, adapts: bool
) -> None:
    """It is said once, and the next device begins with that; where somebody has chosen it stays."""
    first, second = Hand(48_000, BLOCK), Hand(48_000, BLOCK)
    opened = partial(Keeper, open_first=lambda _: first, open_again=lambda _name, _settings: second)
    monkeypatch.setattr(machines, "Keeper", opened)
    said: list[str] = []
    machine = Machine(AudioSettings(adapts=adapts), clock, said.append, lambda: Rack)
    first.turn(1)
    for _ in range(5):  # each is answered before a block is made
        machine.ask(machine.status)
    hold: SimpleQueue[None] = SimpleQueue()
    machine.order(hold.get)
    first.turn(60)  # more than is ready, while no more is made
    hold.put(None)
    machine.tend()
    machine.tend()
    first.lost = True
    soon(lambda: machine.tend() or second.pull is not None)
    assert machine.status()["ahead"] == (4 if adapts else 3) * BLOCK / 48_000
    assert sum("broke off" in one for one in said) == adapts
    machine.leave()
