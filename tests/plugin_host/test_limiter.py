"""The limiter's law: whatever comes in, nothing above the ceiling comes out, even between the samples."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin_host.audio import Audio
from plugin_host.limiter import CEILING, Limiter


def true_peak(sound: Audio) -> float:
    """The greatest level at four times the rate, in dB, by an interpolator of its own, 20 taps a phase."""
    at = np.arange(-40, 41) / 4
    kernel = np.sinc(at) * np.kaiser(81, 5.0)
    wide = np.zeros((2, 4 * sound.shape[1]))
    wide[:, ::4] = sound
    peaks = [np.max(np.abs(np.convolve(side, kernel))) for side in wide]
    return float(20 * np.log10(max(peaks) + 1e-12))


def limited(sound: Audio, blocks: list[int], rate: int = 48000) -> Audio:
    """Through a limiter in blocks of these sizes, over and over."""
    limiter = Limiter(rate)
    sound = np.concatenate((sound, np.zeros((2, limiter.latency), dtype=np.float32)), axis=1)
    out: list[Audio] = []
    first, turn = 0, 0
    while first < sound.shape[1]:
        size = blocks[turn % len(blocks)]
        out.append(limiter.process(sound[:, first : first + size]))
        first, turn = first + size, turn + 1
    return np.concatenate(out, axis=1)[:, limiter.latency :]


@st.composite
def signals(draw: st.DrawFn) -> Audio:
    """Noise of some colour, clicks, steps and tones, at levels up to 36 dB above full scale."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frames = draw(st.sampled_from([700, 4096]))
    gain = 10 ** (draw(st.floats(-12, 36)) / 20)
    kind = draw(st.sampled_from(["noise", "soft", "clicks", "square", "tone", "bursts"]))
    time = np.arange(frames)
    if kind == "noise":
        sound = random.uniform(-1, 1, (2, frames))
    elif kind == "soft":
        sound = np.cumsum(random.standard_normal((2, frames)), axis=1)
        sound /= np.abs(sound).max()
    elif kind == "clicks":
        sound = np.where(random.random((2, frames)) < 0.01, random.uniform(-1, 1, (2, frames)), 0)
    elif kind == "square":
        period = draw(st.floats(2.2, 300))
        sound = np.sign(np.sin(2 * np.pi * time / period + 0.3))[None].repeat(2, 0)
    elif kind == "tone":
        sound = np.sin(2 * np.pi * time * draw(st.floats(0.0005, 0.42)) + draw(st.floats(0, 6)))[None].repeat(
            2, 0
        )
    else:
        edge = (np.sin(2 * np.pi * time / draw(st.floats(50, 500))) > 0.6).astype(float)
        sound = edge * random.standard_normal((2, frames))
    return (gain * sound).astype(np.float32)


@settings(max_examples=150, deadline=None)
@given(signals(), st.sampled_from([[64], [256], [1024], [37, 512]]))
def test_nothing_passes_the_ceiling(sound: Audio, blocks: list[int]) -> None:
    """True peak, measured at four times the rate, stays at or below -1 dB."""
    edge = np.zeros((2, 256), dtype=np.float32)
    out = limited(np.concatenate((edge, sound, edge), axis=1), blocks)
    assert np.isfinite(out).all()
    assert true_peak(out) <= CEILING


def test_what_is_soft_passes_unchanged() -> None:
    """Bit for bit, only later."""
    sound = (0.25 * np.random.default_rng(1).uniform(-1, 1, (2, 3000))).astype(np.float32)
    assert np.array_equal(limited(sound, [256]), sound)


def test_block_sizes_do_not_matter() -> None:
    """The same sound in other portions."""
    sound = (4 * np.random.default_rng(2).standard_normal((2, 6000))).astype(np.float32)
    assert np.allclose(limited(sound, [6000]), limited(sound, [64, 33]), atol=1e-6)


def test_the_gain_comes_back() -> None:
    """30 dB a second after a peak."""
    sound = np.full((2, 48000), 0.25, dtype=np.float32) * np.sin(np.arange(48000) / 20).astype(np.float32)
    sound[:, 1000:1004] = 2.5
    out = limited(sound, [256])
    assert np.abs(out[:, 1100:1500]).max() < 0.2
    assert np.allclose(out[0, -4000:], sound[0, -4000:], rtol=1e-4)


def test_both_sides_come_down_together() -> None:
    """So that the middle stays in the middle."""
    sound = np.zeros((2, 4000), dtype=np.float32)
    sound[0] = 3 * np.sin(np.arange(4000) / 9)
    sound[1] = 0.3 * np.sin(np.arange(4000) / 9)
    out = limited(sound, [256])
    assert np.allclose(out[1, 200:], out[0, 200:] / 10, atol=1e-5)
