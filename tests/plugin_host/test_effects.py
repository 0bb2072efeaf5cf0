"""Effects that run on from block to block are the same as in one go."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin_host.audio import Audio
from plugin_host.effect_table import EFFECTS
from plugin_host.effects import Effects, Filter, WholeBlocks
from plugin_host.specs import Effect, fx

RATE = 48000
NOISE = (0.3 * np.random.default_rng(5).standard_normal((2, 8192))).astype(np.float32)


def made(name: str) -> Effect:
    """The effect with its defaults."""
    effect = getattr(fx, name)()
    assert isinstance(effect, Effect)
    return effect


def streamed(effects: Effects, sizes: list[int]) -> Audio:
    """The noise in blocks of these sizes, over and over."""
    out: list[Audio] = []
    first, turn = 0, 0
    while first < NOISE.shape[1]:
        part = NOISE[:, first : first + sizes[turn % len(sizes)]]
        out.append(effects.process(part))
        assert out[-1].shape == part.shape
        first, turn = first + part.shape[1], turn + 1
    return np.concatenate(out, axis=1)


@pytest.mark.parametrize("name", sorted(EFFECTS.keys() - {"convolution"}))  # which needs a file
def test_streaming_equals_one_go(name: str) -> None:
    """Each effect, in blocks of 256 and in one of 8192."""
    whole = streamed(Effects([made(name)], RATE), [8192])
    parts = streamed(Effects([made(name)], RATE), [256])
    assert np.isfinite(whole).all()
    assert np.allclose(whole, parts, atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.integers(32, 1024))
def test_a_chain_in_blocks_of_any_size_is_the_same(size: int) -> None:
    """Chorus, delay and reverb; a rack's blocks are all of one size."""
    chain = [fx.chorus(), fx.delay(0.05), fx.reverb()]
    assert np.allclose(
        streamed(Effects(chain, RATE), [size]), streamed(Effects(chain, RATE), [8192]), atol=1e-5
    )


@given(st.lists(st.integers(0, 64), max_size=30))
def test_short_blocks_are_queued(sizes: list[int]) -> None:
    """Whatever an effect gives, whole blocks come out; every frame of it, in turn, after the latency."""
    whole = WholeBlocks()
    line = np.tile(np.arange(1, sum(sizes) + 1, dtype=np.float32), (2, 1))
    given_ = np.split(line, np.cumsum(sizes), axis=1)[: len(sizes)]
    heard = [whole.fill(part, 64) for part in given_]
    assert all(block.shape == (2, 64) for block in heard)
    told = np.concatenate([np.zeros((2, 0)), *heard], axis=1)
    sounding = told[0][told[0] > 0]
    assert np.array_equal(sounding, np.arange(1, len(sounding) + 1))
    assert whole.latency == 64 * len(sizes) - sum(sizes) or len(sounding) < sum(sizes)


def test_an_effect_begins_at_its_values() -> None:
    """A filter does not slide to its cutoff: the first block is as the later ones."""
    out = streamed(Effects([fx.ladder(cutoff_hz=200)], RATE), [512])
    power = (out * out).reshape(2, -1, 512).mean(axis=(0, 2))
    assert power[0] < 3 * power[4:].mean()


def test_renewing_forgets() -> None:
    """Nothing of what was before is heard after."""
    effects = Effects([fx.reverb(), fx.delay(0.01)], RATE)
    first = streamed(effects, [256])
    effects.renew()
    assert not effects.process(np.zeros((2, 256), dtype=np.float32)).any()
    effects.renew()
    assert np.allclose(streamed(effects, [256]), first, atol=1e-6)


def test_effects_work_on_another_thread() -> None:
    """They are built by one thread and played by another."""
    effects = Effects([fx.reverb(), fx.ladder()], RATE)
    heard: list[Audio] = []
    thread = threading.Thread(target=lambda: heard.append(streamed(effects, [256])))
    thread.start()
    thread.join()
    assert np.allclose(heard[0], streamed(Effects([fx.reverb(), fx.ladder()], RATE), [256]), atol=1e-6)


@pytest.mark.parametrize(("kind", "kept", "lost"), [("lowpass", 200, 8000), ("highpass", 8000, 200)])
def test_voice_filters_are_clean(kind: str, kept: int, lost: int) -> None:
    """What passes, passes within 2 dB and undistorted; what does not is at least 24 dB down."""
    time = np.arange(RATE) / RATE
    levels: list[float] = []
    for hertz in (kept, lost):
        sine = np.sin(2 * np.pi * hertz * time).astype(np.float32)[None]
        lines = np.abs(np.fft.rfft(Filter(kind, 1200, 0.0, RATE).process(sine)[0])) / (RATE / 2)
        levels.append(20 * np.log10(float(lines[hertz])))
        assert lines[3 * hertz % RATE // 1] < 0.004
    assert abs(levels[0]) < 2
    assert levels[1] < -24


def test_without_pedalboard_instruments_still_sound() -> None:
    """A machine that lacks a library of pedalboard's hears everything dry, and reads what to install."""
    code = """
import sys
sys.modules["pedalboard"] = None
import numpy as np
from plugin_host.rack import Rack
from plugin_host.specs import fx, instrument
rack = Rack(48000, 256)
rack.set_chains({0: instrument("bass") | fx.reverb()})
rack.begin(0, 1, {"note": 40.0, "cutoff": 500}, 0)
peak = max(float(np.abs(rack.render()).max()) for _ in range(50))
assert peak > 0.05, peak
print(rack.problems)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=15)
    assert "pedalboard cannot be loaded" in done.stdout


@pytest.mark.parametrize("name", sorted(one for one in EFFECTS if any(p.unit == "Hz" for p in EFFECTS[one])))
def test_a_frequency_that_the_rate_has_no_room_for(name: str) -> None:
    """At 8000 Hz each filter stands, and moves, at the top of its range: nothing runs away."""
    highest = {one.name: one.high for one in EFFECTS[name] if one.unit == "Hz"}
    still = Effects([getattr(fx, name)(**highest)], 8000)
    moved = Effects([made(name)], 8000)
    for one in EFFECTS[name]:
        if one.unit == "Hz":
            moved.move(0, one, 1.0, 0, 512, smooth=False)
    for effects in (still, moved):
        loudest = np.abs(streamed(effects, [256])).max()
        assert loudest < 8, name
