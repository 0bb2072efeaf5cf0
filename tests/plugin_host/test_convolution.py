"""Recorded rooms: the sum that a convolution is, without a delay; a file that cannot be had leaves it dry."""

from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.audio import Audio, single
from plugin_host.convolution import LONGEST, Convolution
from plugin_host.offline import render
from plugin_host.rack import Rack
from plugin_host.specs import Chain, fx, instrument
from plugin_host.wav import write_wav
from repl.larder import Larder

RATE = 48000


def noise(frames: int, seed: int = 1) -> Audio:
    """Noise on two sides."""
    return single(np.random.default_rng(seed).standard_normal((2, frames)))


def through(convolution: Convolution, sound: Audio, block: int, mix: float = 1.0) -> Audio:
    """A sound, block by block."""
    parts = [
        convolution.process(sound[:, first : first + block], {"mix": mix})
        for first in range(0, sound.shape[1], block)
    ]
    return np.concatenate(parts, axis=1)


def loaded(response: Audio, block: int) -> Convolution:
    """One with an impulse response."""
    made = Convolution(RATE)
    made.load(response, block)
    return made


@pytest.mark.parametrize("block", [32, 100, 256])
@pytest.mark.parametrize("frames", [1, 255, 256, 257, 3000])
def test_it_is_the_sum(block: int, frames: int) -> None:
    """As numpy's own in double precision has it, for every length, from the first frame on."""
    response, sound = noise(frames), noise(block * 40, 2)
    out = through(loaded(response, block), sound, block)
    level = np.sqrt(np.square(response, dtype=np.float64).sum(axis=1).max())
    wanted = [
        np.convolve(one.astype(np.float64), room)[: sound.shape[1]] / level
        for one, room in zip(sound, response.astype(np.float64), strict=True)
    ]
    assert np.abs(out - np.array(wanted)).max() < 2e-5


def test_it_has_no_delay_and_one_side_is_enough() -> None:
    """A response of one frame is the sound itself; one of one channel is that of both sides."""
    sound = noise(4096)
    assert np.allclose(through(loaded(np.ones((1, 1), np.float32), 256), sound, 256), sound, atol=2e-6)
    late = np.zeros((1, 777), np.float32)
    late[0, -1] = 3
    out = through(loaded(late, 256), sound, 256)
    assert np.allclose(out[:, 776:], sound[:, :-776], atol=2e-6)
    assert not np.abs(out[:, :776]).max() > 2e-6


def test_dry_is_dry_to_the_bit() -> None:
    """With a mix of 0, and before there is a response."""
    sound = noise(2048)
    assert np.array_equal(through(loaded(noise(5000), 256), sound, 256, 0.0), sound)
    assert np.array_equal(through(Convolution(RATE), sound, 256), sound)


def test_the_tail_rings_out_and_then_costs_nothing() -> None:
    """As long as the response; what comes later finds nothing of it."""
    room = loaded(noise(5000), 256)
    through(room, noise(512), 256)
    tail = through(room, np.zeros((2, 256 * 40), np.float32), 256)
    assert np.abs(tail[:, 4000:4400]).max() > 0.01
    assert not tail[:, 256 * 24 :].any()
    room.renew()
    assert not through(room, np.zeros((2, 512), np.float32), 256).any()


def test_a_response_that_is_too_long_is_cut_without_a_click() -> None:
    """It fades at the end."""
    room = loaded(np.ones((1, int((LONGEST + 1) * RATE)), np.float32), 4096)
    click = np.zeros((2, 4096 * 80), np.float32)
    click[:, 0] = 1
    out = through(room, click, 4096)[0]
    end = int(LONGEST * RATE)
    assert np.abs(out[end + 10 :]).max() < 1e-6
    assert np.abs(np.diff(out[10 : end + 100])).max() < 1e-5


def played(chain: Chain, folder: Path) -> tuple[Audio, list[str]]:
    """A rim shot, and what was said."""
    rack = Rack(RATE, 256, [folder])
    rack.set_chains({0: chain})
    rack.begin(0, 1, {"s": "rs"}, 0)
    return np.concatenate([rack.render_open() for _ in range(120)], axis=1), rack.problems


def test_a_file_is_found_among_the_samples_and_goes_with_the_recipe(tmp_path: Path) -> None:
    """At the rack's rate; a render takes it down as it does samples."""
    room = np.zeros((2, 22050), np.float32)
    room[:, [0, 11025]] = 1
    write_wav(tmp_path / "hall.wav", room, 44100)
    kit = instrument("drums", room=0)
    sound, said = played(kit | fx.convolution("hall.wav", 1), tmp_path)
    assert not said
    half = np.abs(sound[:, 12000 - 100 : 12000 + 2000]).max()
    assert half == pytest.approx(np.abs(sound[:, :2000]).max(), rel=0.05)
    larder = Larder()
    chains = {"a": kit | fx.convolution("hall.wav")}
    event = TimedEvent(0.0, 0.1, {"s": "rs"}, "a", 1)
    render([event], chains, 0.5, sample_folders=[tmp_path], sounds=larder.setup())
    assert tmp_path / "hall.wav" in larder.samples


@pytest.mark.parametrize("bad", ["missing", "broken", "empty"])
def test_without_its_file_a_sound_goes_on_dry(tmp_path: Path, bad: str) -> None:
    """Which is said, with the reason."""
    if bad == "broken":
        (tmp_path / "hall.wav").write_bytes(b"RIFF\\x00\\x00\\x00\\x00WAVEjunk")
    elif bad == "empty":
        (tmp_path / "hall.wav").write_bytes(b"")
    kit = instrument("drums", room=0)
    plain, _ = played(kit | fx.gain(0), tmp_path)
    sound, said = played(kit | fx.convolution("hall.wav"), tmp_path)
    assert np.array_equal(sound, plain)
    assert len(said) == 1
    assert said[0].startswith("hall.wav cannot be read: ")
    assert said[0].endswith("; what goes through it stays dry")


def test_it_asks_for_a_file() -> None:
    """By its first parameter."""
    with pytest.raises(TypeError, match="file='': give a name"):
        fx.convolution()
    assert fx.convolution("a.wav", 0.5)["mix"] == 0.5


def test_its_mix_moves_frame_by_frame() -> None:
    """From dry to the room alone without a step."""
    sound = single(np.tile(np.sin(np.arange(4096) * 0.02), (2, 1)))
    room = loaded(np.ones((1, 1), np.float32) * 0.5, 256)
    whole = np.linspace(0, 1, 4096, dtype=np.float32)
    parts = [
        room.process(sound[:, first : first + 256], {"mix": whole[first : first + 256]})
        for first in range(0, 4096, 256)
    ]
    assert np.allclose(np.concatenate(parts, axis=1), sound, atol=1e-5)
