"""The spectrum and the loudness of what is played: known tones, and the same as is measured offline."""

import numpy as np
import pytest

from plugin_host.audio import Audio, single
from plugin_host.layouts import LAYOUTS
from plugin_host.live_loudness import LiveLoudness
from plugin_host.loudness import LoudnessMeter
from plugin_host.spectrum import BANDS, Spectrum, edges


def tone(hertz: float, rate: int, seconds: float = 1.0, level: float = 1.0) -> Audio:
    """A tone in both channels."""
    wave = level * np.sin(2 * np.pi * hertz / rate * np.arange(round(seconds * rate)))
    return single(np.stack([wave, wave]))


def fed(spectrum: Spectrum, sound: Audio, size: int = 2400) -> Spectrum:
    """A spectrum that has heard a sound in parts."""
    for first in range(0, sound.shape[1], size):
        spectrum.hear(sound[:, first : first + size])
    return spectrum


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("hertz", [60, 110, 440, 997, 3000, 9000, 15_000])
def test_a_tone_is_in_its_band(rate: int, hertz: float) -> None:
    """All of its strength is around there, to a tenth of a dB, however the parts fall."""
    bands = fed(Spectrum(rate), tone(hertz, rate, 0.5, 0.5), 777).read()
    band = int(np.searchsorted(edges(), hertz)) - 1
    assert abs(int(bands.argmax()) - band) <= (1 if hertz < 500 else 0)
    power = 10 ** (bands / 10)
    assert 10 * np.log10(power.sum()) == pytest.approx(-6.02, abs=0.1)
    away = np.abs(np.arange(BANDS) - band) > 12
    assert bands[away].max() < -50


def test_noise_is_as_strong_as_it_is() -> None:
    """White noise rises 3 dB an octave in bands of equal width to the ear; silence is nothing."""
    noise = single(np.random.default_rng(5).standard_normal((2, 480_000)) * 0.1)
    spectrum, powers = Spectrum(48_000), np.zeros(BANDS)
    for first in range(0, 480_000, 8192):
        spectrum.hear(noise[:, first : first + 8192])
        powers += 10 ** (spectrum.read() / 10)
    bands = 10 * np.log10(powers)
    octaves = np.log2(edges()[45] / edges()[25])
    assert bands[40:50].mean() - bands[20:30].mean() == pytest.approx(3.01 * octaves, abs=0.6)
    assert (Spectrum(48_000).read() <= -200).all()


def test_what_differs_between_channels_does_not_cancel() -> None:
    """And one channel alone is 3 dB below both."""
    both = tone(997, 48_000)
    turned = single(both * np.array([[1], [-1]]))
    alone = single(both * np.array([[1], [0]]))
    levels = [fed(Spectrum(48_000), one).read().max() for one in (both, turned, alone)]
    assert levels[1] == pytest.approx(levels[0], abs=0.01)
    assert levels[0] - levels[2] == pytest.approx(3.01, abs=0.01)


def heard(meter: LiveLoudness, sound: Audio, size: int = 2400) -> LiveLoudness:
    """A meter that has heard a sound in parts."""
    for first in range(0, sound.shape[1], size):
        meter.hear(sound[:, first : first + size])
    return meter


def test_the_tone_of_the_standard() -> None:
    """A tone of 997 Hz at full scale in the left or right is -3.01 LUFS, in both 0."""
    for rate in (44_100, 48_000, 96_000):
        left = single(tone(997, rate) * np.array([[1], [0]]))
        for found in heard(LiveLoudness(rate), left, 511).read()[:3]:
            assert found == pytest.approx(-3.01, abs=0.05)
        assert heard(LiveLoudness(rate), tone(997, rate, level=0.1)).read().short == pytest.approx(
            -20, abs=0.05
        )


@pytest.mark.parametrize("layout", ["stereo", "5.1"])
def test_it_agrees_with_what_is_measured_offline(layout: str) -> None:
    """Music that swells and rests: the whole within 0.1 LU and its true peak, in parts of any size."""
    weights = LAYOUTS[layout].weights
    chance = np.random.default_rng(7)
    swell = np.repeat([0.3, 0.05, 0.0, 0.6, 0.01, 0.2], 48_000)
    sound = single(chance.standard_normal((len(weights), len(swell))) * 0.2 * swell)
    offline = LoudnessMeter(48_000, weights)
    offline.hear(sound)
    live = LiveLoudness(48_000, weights)
    at = 0
    while at < sound.shape[1]:
        size = int(chance.integers(1, 9000))
        live.hear(sound[:, at : at + size])
        at += size
    wanted, found = offline.read(), live.read()
    assert found.integrated == pytest.approx(wanted.lufs, abs=0.1)
    assert found.peak == pytest.approx(wanted.peak, abs=0.1)


def test_the_windows_slide() -> None:
    """0.4 s after a step the momentary loudness has followed, after 3 s the other; the whole counts both."""
    meter = heard(LiveLoudness(48_000), tone(997, 48_000, 5, 0.5))
    heard(meter, tone(997, 48_000, 0.5, 0.05))
    momentary, short, whole, _ = meter.read()
    assert momentary == pytest.approx(-26.02, abs=0.1)
    assert -7.2 < short < -6.5
    assert whole == pytest.approx(-6.02, abs=0.3)
    assert heard(meter, tone(997, 48_000, 2.6, 0.05)).read().short == pytest.approx(-26.02, abs=0.1)


def test_a_peak_between_two_frames_is_seen() -> None:
    """A quarter of the rate, an eighth beside the frames: 3 dB above the highest of them."""
    wave = np.sin(np.pi / 2 * np.arange(48_000) + np.pi / 4)
    found = heard(LiveLoudness(48_000), single(np.stack([wave, wave]))).read()
    assert found.peak == pytest.approx(0.0, abs=0.2)


def test_one_can_begin_anew() -> None:
    """What was before counts no more: a quiet piece after a loud one, and a tenth of a second."""
    meter = heard(LiveLoudness(48_000), tone(997, 48_000, 2))
    heard(meter, tone(997, 48_000, 0.1, 0.1))
    meter.begin()
    assert meter.read().integrated == -200
    heard(meter, tone(997, 48_000, 2, 0.1))
    found = meter.read()
    assert found.integrated == pytest.approx(-20, abs=0.1)
    assert found.peak == pytest.approx(-20, abs=1)
