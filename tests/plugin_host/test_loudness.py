"""Loudness and true peak, held to the signals and the figures that broadcasters publish for meters."""

import cmath
import math

import numpy as np
import pytest

from plugin_host.audio import Audio, single
from plugin_host.loudness import SILENCE, LoudnessMeter, brought_to, loudness_of

RATES = (44100, 48000, 96000)


def tone(hertz: float, seconds: float, decibels: float, rate: int, phase: float = 0.0) -> Audio:
    """A sine, its peak so many dB below full scale, as one channel."""
    at = np.arange(round(seconds * rate)) / rate
    return single(10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * at + np.radians(phase)))


def measured(sound: Audio, rate: int, weights: tuple[float, ...] = (1.0, 1.0), part: int = 5000) -> float:
    """Its loudness, taken in by parts."""
    meter = LoudnessMeter(rate, weights)
    for first in range(0, sound.shape[1], part):
        meter.hear(sound[:, first : first + part])
    return meter.read().lufs


def struck(every: float) -> Audio:
    """Noise, with a high peak every so many seconds."""
    sound = np.random.default_rng(2).standard_normal((2, 5 * 48000)) * 0.05
    sound[:, :: round(every * 48000)] += 0.5
    return single(sound)


def weighting(hertz: float) -> float:
    """What the standard's two filters give a tone, in dB, by their own coefficients."""
    one = cmath.exp(-2j * math.pi * hertz / 48000)
    shelf = (1.53512485958697 - 2.69169618940638 * one + 1.19839281085285 * one**2) / (
        1 - 1.69065929318241 * one + 0.73248077421585 * one**2
    )
    cut = (1 - one) ** 2 / (1 - 1.99004745483398 * one + 0.99007225036621 * one**2)
    return 20 * math.log10(abs(shelf * cut))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([(20, -23)], -23),
        ([(20, -33)], -33),
        ([(10, -36), (60, -23), (10, -36)], -23),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23),
        ([(20, -26), (20.1, -20), (20, -26)], -23),
    ],
)
def test_signals_of_the_broadcasting_union(parts: list[tuple[float, float]], told: float, rate: int) -> None:
    """EBU Tech 3341, cases 1 to 5: 1 kHz on both sides, within 0.1 LU; the gates leave out what is quiet."""
    line = np.concatenate([tone(1000, seconds, level, rate) for seconds, level in parts])
    assert measured(np.stack([line, line]), rate) == pytest.approx(told, abs=0.1)


def test_channels_around_count_more() -> None:
    """EBU Tech 3341, case 6: left and right, centre, the two behind."""
    levels = (-28, -28, -24, -30, -30)
    sound = np.stack([tone(1000, 20, level, 48000) for level in levels])
    assert measured(sound, 48000, (1, 1, 1, 1.41, 1.41)) == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_on_one_side(rate: int) -> None:
    """BS.1770: 997 Hz at full scale on one side is -3.01; the filters bend low and high at each rate."""
    full = tone(997, 5, 0, rate)
    assert measured(np.stack([full, 0 * full]), rate) == pytest.approx(-3.01, abs=0.02)
    for hertz in (25, 40, 100, 2000, 10000):
        sound = tone(hertz, 5, 0, rate)
        told = -0.691 - 3.0103 + weighting(hertz)
        assert measured(np.stack([sound, 0 * sound]), rate) == pytest.approx(told, abs=0.05), hertz


@pytest.mark.parametrize(
    ("share", "phase", "amplitude", "told"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
)
def test_peaks_between_frames(share: int, phase: float, amplitude: float, told: float) -> None:
    """EBU Tech 3341, cases 15 to 19: +0.2, -0.4 dB."""
    rate = 48000
    sound = tone(rate / share, 1, 20 * np.log10(amplitude), rate, phase)
    fade = np.clip(np.minimum(np.arange(rate), np.arange(rate)[::-1]) / 2400, 0, 1)
    found = loudness_of(single(np.stack([sound, sound]) * fade), rate).peak
    assert told - 0.4 <= found <= told + 0.2


def test_how_it_comes_in_does_not_matter() -> None:
    """Parts of any size, also longer than a stretch; the same figures."""
    sound = single(np.random.default_rng(1).standard_normal((2, 100_001)) * 0.1)
    found = {measured(sound, 48000, part=part) for part in (64, 27_009, 90_000, 200_000)}
    assert len(found) == 1


def test_silence_and_what_is_short_have_no_loudness() -> None:
    """And they raise nothing."""
    assert loudness_of(np.zeros((2, 48000), np.float32), 48000) == (SILENCE, -200.0)
    assert loudness_of(np.zeros((2, 0), np.float32), 48000) == (SILENCE, -200.0)
    short = tone(1000, 0.3, -6, 48000)
    assert loudness_of(np.stack([short, short]), 48000).lufs == SILENCE


@pytest.mark.parametrize(("lufs", "ceiling"), [(-14, -1), (-23, -1), (-12, -3)])
def test_a_whole_is_brought_to_a_loudness_under_a_ceiling(lufs: float, ceiling: float) -> None:
    """Also where it has to be limited for that."""
    before = struck(0.5)
    out, found = brought_to(before, 48000, lufs, ceiling)
    assert out.shape == before.shape
    assert found == loudness_of(out, 48000)
    assert found.lufs == pytest.approx(lufs, abs=0.1)
    assert found.peak <= ceiling + 0.05


def test_a_whole_that_cannot_be_so_loud_says_how_loud_it_is() -> None:
    """The ceiling holds all the same."""
    out, found = brought_to(struck(0.02), 48000, -6, -1)
    assert found == loudness_of(out, 48000)
    assert found.lufs < -7
    assert found.peak <= -0.95


def test_only_peaks_or_nothing_at_all() -> None:
    """Without a loudness only the ceiling holds; a silent whole stays silent."""
    loud = np.stack([tone(997, 2, 0, 48000)] * 2)
    out, found = brought_to(loud, 48000, None, -6)
    assert found.peak <= -5.95
    same, _ = brought_to(loud, 48000, None, 1)
    assert np.array_equal(same, loud)
    quiet = np.zeros((2, 48000), np.float32)
    assert not brought_to(quiet, 48000, -14, -1)[0].any()
    assert out.shape == loud.shape
