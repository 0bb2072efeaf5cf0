"""The shared reverb and echo, and the envelope of ducking, by themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin_host.audio import Audio
from plugin_host.ducking import BACK, DOWN, HOLD, Ducking
from plugin_host.echo import Echo
from plugin_host.reverb import SECONDS, Reverb

RATE = 48000


def played(space: Reverb | Echo, sound: Audio, block: int) -> Audio:
    """Through a reverb or an echo, block by block."""
    out: list[Audio] = []
    for first in range(0, sound.shape[1], block):
        part = sound[:, first : first + block]
        heard = space.process(part)
        out.append(np.zeros_like(part) if heard is None else heard)
    return np.concatenate(out, axis=1)


def click(frames: int) -> Audio:
    """One sample, then nothing."""
    sound = np.zeros((2, frames), dtype=np.float32)
    sound[:, 0] = 1
    return sound


def test_the_reverb_fades_as_long_as_it_says() -> None:
    """60 dB in 2.6 s, measured from 5 to 35 dB down, within 15 %."""
    sound = played(Reverb(RATE), click(3 * RATE), 256)
    left = np.cumsum((sound[0] ** 2)[::-1].astype(np.float64))[::-1]
    level = 10 * np.log10(left / left[0] + 1e-15)
    seconds = 2 * (np.argmax(level < -35) - np.argmax(level < -5)) / RATE
    assert abs(seconds / SECONDS - 1) < 0.15


def test_the_reverb_is_wide() -> None:
    """What is in the middle comes back all around."""
    sound = played(Reverb(RATE), click(RATE), 256)
    assert abs(np.corrcoef(sound[0], sound[1])[0, 1]) < 0.2


@pytest.mark.parametrize("block", [64, 1000, 4096])
def test_the_reverb_is_the_same_in_other_blocks(block: int) -> None:
    """But for the fine grain of its swaying lines."""
    sound = np.random.default_rng(1).standard_normal((2, 24000)).astype(np.float32) * 0.1
    one, other = played(Reverb(RATE), sound, 256), played(Reverb(RATE), sound, block)
    assert np.sqrt(np.mean((one - other) ** 2)) < 0.03 * np.sqrt(np.mean(one**2))


def test_both_fall_silent_in_the_end() -> None:
    """And cost nothing from then on."""
    for space in (Reverb(RATE), Echo(RATE, 256)):
        assert space.process(np.zeros((2, 256), dtype=np.float32)) is None
        played(space, click(6 * RATE), 256)
        assert space.process(np.zeros((2, 256), dtype=np.float32)) is None


def test_echoes_change_sides() -> None:
    """Left, right, left, each softer."""
    echo = Echo(RATE, 256)
    echo.set_tempo(0.5)
    sound = np.abs(played(echo, click(RATE * 2), 256))
    steps = [sound[:, k * 18000 : k * 18000 + 600].max(axis=1) for k in (1, 2, 3)]
    assert steps[0][0] > steps[0][1]
    assert steps[1][1] > steps[1][0]
    assert steps[2][0] > steps[2][1]
    assert steps[0].max() > steps[2].max()


@given(st.lists(st.tuples(st.integers(0, 2000), st.floats(0, 1)), max_size=6))
def test_ducking_never_jumps(strokes: list[tuple[int, float]]) -> None:
    """Between 0 and 1, however the kicks fall, and never faster than from 0 to 1 in 4 ms."""
    ducking = Ducking(RATE)
    blocks: list[Audio] = []
    for first in range(0, 2048, 256):
        for at, depth in strokes:
            if first <= at < first + 256:
                ducking.strike(at - first, depth)
        shape = ducking.render(256)
        blocks.append(np.zeros(256, dtype=np.float32) if shape is None else shape)
    line = np.concatenate(blocks)
    assert line.min() >= 0
    assert line.max() <= 1
    assert np.abs(np.diff(line)).max() <= 1.05 / (DOWN * RATE)


def test_ducking_comes_back() -> None:
    """After a kick it is over in about a quarter of a second."""
    ducking = Ducking(RATE)
    ducking.strike(10, 1.0)
    blocks = [ducking.render(256) for _ in range(int((DOWN + HOLD + BACK) * RATE / 256) + 3)]
    first = blocks[0]
    assert first is not None
    assert first[9] == 0
    assert first[10 + int(DOWN * RATE)] > 0.99
    assert blocks[-1] is None
