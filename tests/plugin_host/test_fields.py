"""Ambisonics and headphones: what sixteen channels know of a direction, and what two ears make of it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin_host.ambisonics import DEGREES, AmbisonicPanner, decoder, harmonics, sphere
from plugin_host.audio import Audio, Wide, single
from plugin_host.binaural import ODD, Binaural, ears
from plugin_host.fold_down import FoldDown, pair_of
from plugin_host.glue import Glue
from plugin_host.layouts import FIELD, LAYOUTS, read_layout
from plugin_host.rack import Rack
from plugin_host.specs import Chain, instrument
from plugin_host.vbap import directions

RATE, BLOCK = 48000, 256
WHERE = sphere(2000)


def played(chain: Chain, layout: str, note: int = 60, blocks: int = 60, **said: float) -> Audio:
    """A note, without the master."""
    rack = Rack(RATE, BLOCK, layout=read_layout(layout))
    rack.set_chains({0: chain})
    rack.begin(0, 1, {"note": note, **said}, 10)
    out = [rack.render_open() for _ in range(blocks)]
    assert not rack.problems
    return np.concatenate(out, axis=1)


def dry(name: str = "sawtooth", **params: float) -> Chain:
    """An instrument without reverb and echo."""
    return instrument(name, room=0, delay=0, **params)


def test_the_channels_are_independent_and_scaled_as_sn3d() -> None:
    """Over the whole sphere none knows of another, and each order has the power that SN3D gives it."""
    basis = harmonics(WHERE)
    assert np.allclose(basis.T @ basis / len(WHERE), np.diag(1 / (2 * DEGREES + 1)), atol=2e-3)


def test_the_channels_have_the_order_of_ambix() -> None:
    """The first four by hand: all of it, to the left, up, to the front."""
    left, front, up = harmonics(directions([90, 0, 0], [0, 0, 90]))
    assert left[:4] == pytest.approx([1, 1, 0, 0])
    assert front[:4] == pytest.approx([1, 0, 0, 1])
    assert up[:4] == pytest.approx([1, 0, 1, 0])
    assert up[[6, 12]] == pytest.approx([1, 1])


def test_a_place_is_written_into_sixteen_channels() -> None:
    """As the formulas say, sample by sample."""
    sound = played(dry(azim=70, elev=20, spread=0), "ambix3")
    wanted = harmonics(directions([70], [20]))[0]
    assert sound.shape[0] == 16
    assert np.allclose(sound, wanted[:, None] * sound[:1], atol=1e-5)
    assert float(np.abs(sound[0]).max()) > 0.01


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 180), st.floats(0, 1))
def test_the_power_stays_for_any_width_and_distance(
    azimuth: float, elevation: float, width: float, near: float
) -> None:
    """What the higher orders lose the lower get."""
    panner = AmbisonicPanner()
    found = panner.gains(directions([azimuth], [elevation]), np.array([width]), np.array([near]))[0]
    assert float((found * found * panner.weights).sum()) == pytest.approx(1, abs=1e-9)


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_a_field_can_be_turned(azimuth: float, elevation: float, by: float) -> None:
    """Each pair of channels of opposite degree turns as a vector does, as often as its degree."""
    one, other = harmonics(directions([azimuth, azimuth + by], [elevation, elevation]))
    for order in range(4):
        middle = order * (order + 1)
        assert other[middle] == pytest.approx(one[middle], abs=1e-9)
        for degree in range(1, order + 1):
            angle = math.radians(by * degree)
            before = complex(one[middle + degree], one[middle - degree])
            after = complex(other[middle + degree], other[middle - degree])
            assert after == pytest.approx(before * complex(math.cos(angle), math.sin(angle)), abs=1e-9)


@pytest.mark.parametrize(("name", "loss", "astray"), [("quad", 0.3, 9), ("7.1", 0.9, 15), ("7.1.4", 2.0, 15)])
def test_a_field_is_decoded_to_where_it_came_from(name: str, loss: float, astray: float) -> None:
    """With nearly the same power from all sides; the middle of that power lies where the sound does."""
    layout = LAYOUTS[name]
    looked = WHERE[WHERE[:, 2] >= 0] if name == "7.1.4" else directions(np.arange(360), np.zeros(360))
    levels = harmonics(looked) @ decoder(layout)
    power = (levels**2).sum(axis=1)
    assert 10 * np.log10(power.max() / power.min()) < loss + 0.5
    stand = directions([one.azimuth for one in layout.speakers], [one.elevation for one in layout.speakers])
    middle = (levels**2) @ stand
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    apart = np.degrees(np.arccos(np.clip((middle * looked).sum(axis=1), -1, 1)))
    assert float(apart.max()) < astray
    lfe = layout.lfe
    assert lfe is None or not levels[:, lfe].any()


def between_the_ears(azimuth: float) -> tuple[float, float]:
    """Microseconds by which the left ear hears it first (300 to 1200 Hz), and dB (1 to 3 kHz)."""
    taps, where = ears(RATE).astype(np.float64), harmonics(directions([azimuth], [0]))[0]
    alike, opposite = where[~ODD] @ taps[~ODD], where[ODD] @ taps[ODD]
    left, right = (np.fft.rfft(one, 4096) for one in (alike + opposite, alike - opposite))
    hertz = np.fft.rfftfreq(4096, 1 / RATE)
    low, mid = (hertz > 300) & (hertz < 1200), (hertz > 1000) & (hertz < 3000)
    phase = np.unwrap(np.angle(left * right.conj())[low])
    late = float((phase * hertz[low]).sum() / (hertz[low] ** 2).sum()) / (2 * math.pi) * 1e6
    level: Wide = 10 * np.log10((np.abs(left[mid]) ** 2).sum() / (np.abs(right[mid]) ** 2).sum())
    return late, float(level)


@pytest.mark.parametrize(
    ("azimuth", "microseconds", "decibels"),
    [(0, 0, 0.0), (30, 318, 7.3), (60, 618, 13.4), (90, 717, 8.0), (120, 624, 12.5), (180, 0, 0.0)],
)
def test_two_ears_hear_what_was_measured(azimuth: float, microseconds: float, decibels: float) -> None:
    """The figures are those of the measured head itself: time within 20 µs, level within 2.5 dB."""
    late, level = between_the_ears(azimuth)
    assert late == pytest.approx(microseconds, abs=20)
    assert level == pytest.approx(decibels, abs=2.5)
    assert between_the_ears(-azimuth) == pytest.approx((-late, -level), abs=1e-6)


@pytest.mark.parametrize(("rate", "block"), [(44100, 100), (48000, 256), (96000, 512)])
def test_blocks_are_filtered_as_the_whole_would_be(rate: int, block: int) -> None:
    """At any rate."""
    sound = np.random.default_rng(2).standard_normal((16, 10 * block)).astype(np.float32)
    each = Binaural(rate, block)
    cut = np.concatenate(
        [each.process(sound[:, at : at + block]) for at in range(0, 10 * block, block)], axis=1
    )
    taps = ears(rate)
    parts = [np.convolve(channel, row)[: 10 * block] for channel, row in zip(sound, taps, strict=True)]
    alike, opposite = (
        sum(part for part, odd in zip(parts, ODD, strict=True) if odd == which) for which in (0, 1)
    )
    assert np.allclose(cut, np.stack([alike + opposite, alike - opposite]), atol=1e-4)


def test_headphones_hear_left_from_the_left() -> None:
    """As loud in all as in a pair of loudspeakers, within 3 dB; the bed as in front."""
    left, right = (played(dry(azim=turn, spread=0), "binaural", 84) for turn in (90, -90))
    assert left.shape[0] == 2
    assert np.allclose(left, right[::-1], atol=1e-4)
    power = (left.astype(np.float64) ** 2).sum(axis=1)
    assert power[0] > 4 * power[1]
    pair = played(dry(), "stereo").astype(np.float64)
    for azimuth in (0, 45, 90):
        heard = played(dry(azim=azimuth, spread=0), "binaural").astype(np.float64)
        assert abs(10 * math.log10((heard**2).sum() / (pair**2).sum())) < 4


def test_a_field_on_two_outputs_is_decoded_for_them() -> None:
    """A sound on the left is left, and what would clip is held."""
    fold = FoldDown(pair_of(FIELD), RATE)
    sound = single(harmonics(directions([60], [0])).T * np.ones(48000)[None] * 2)
    out = np.concatenate([fold.process(sound[:, at : at + 256]) for at in range(0, 48000, 256)], axis=1)
    assert np.abs(out).max() <= 10 ** (-1 / 20)
    assert np.abs(out[0, -100:]).min() > 2 * np.abs(out[1, -100:]).max()


def test_the_glue_of_many_channels_moves_nothing() -> None:
    """All come down by one gain, that of the loudest: half of what is over the threshold, in dB."""
    glue, noise = Glue(RATE), np.random.default_rng(3)
    tone = np.sign(noise.standard_normal((1, 480 * 256)))
    sound = single(tone * np.array([[10 ** (-4 / 20)], [0.1], [0.01]]))
    out = np.concatenate(
        [glue.process(sound[:, at : at + 256]) for at in range(0, sound.shape[1], 256)], axis=1
    )
    gains = out / sound
    assert np.allclose(gains, gains[:1], rtol=1e-5)
    assert 20 * math.log10(float(gains[0, -1])) == pytest.approx(-5, abs=0.05)
    assert float(np.abs(np.diff(gains[0])).max()) < 2e-3
    quiet = single(sound * 0.01)
    glue.renew()
    assert glue.process(quiet[:, :256]) is not None
    assert np.array_equal(glue.process(quiet[:, :256]), quiet[:, :256])


def test_the_loudness_of_a_field_is_that_of_the_sound() -> None:
    """From wherever it comes."""
    from plugin_host.loudness import loudness_of

    tone = np.sin(2 * np.pi * 997 / RATE * np.arange(RATE))
    for azimuth, elevation in ((0, 0), (100, 40)):
        sound = single(harmonics(directions([azimuth], [elevation])).T * tone)
        assert loudness_of(sound, RATE, FIELD).lufs == pytest.approx(-3.0, abs=0.1)
