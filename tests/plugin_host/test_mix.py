"""Three layers as somebody types them are neither dark nor thin, neither soft nor crushed."""

from pathlib import Path

import numpy as np
import pytest

from plugin_host.audio import single
from tests.plugin_host.mix_measured import SLOPE, STATED, THIRDS, THREE, faults, heard, measured

RATE = 48000


def test_three_typed_layers_are_a_mix(tmp_path: Path) -> None:
    """Drums, bass and a pad, eight seconds: each figure within its range."""
    piece = tmp_path / "three.py"
    piece.write_text(THREE.format("pad"), encoding="utf-8")
    found = measured(*heard(piece, 8))
    assert faults(found) == []


def test_what_is_measured() -> None:
    """Noise made with the slope of the source has it, and its energy where the formula says."""
    frames = 10 * RATE
    pitch = np.fft.rfftfreq(frames, 1 / RATE)
    power = SLOPE / 10 / np.log10(2)
    shape = np.where((pitch > 40) & (pitch < 16000), np.maximum(pitch, 1) ** ((power - 1) / 2), 0)
    lines = np.fft.rfft(np.random.default_rng(2).standard_normal(frames)) * shape
    noise = np.fft.irfft(lines, frames)
    found = measured(single(0.05 * noise / noise.std())[None].repeat(2, 0), RATE)
    whole, low = (high**power - 40**power for high in (16000, 120))
    assert found.slope == pytest.approx(SLOPE, abs=0.1)
    assert found.away < 0.3
    assert found.low == pytest.approx(100 * low / whole, abs=1.5)
    assert THIRDS[STATED].min() == pytest.approx(99.2, abs=0.1)
    assert THIRDS[STATED].max() == pytest.approx(4000)


def test_a_dark_prototype_is_found_out() -> None:
    """A kick alone, at -20 LUFS and soft: that is what the ranges are for."""
    time = np.arange(4 * RATE) / RATE
    kick = np.sin(2 * np.pi * 55 * time) * np.exp(-(time % 0.5) * 9)
    told = " ".join(faults(measured(single(0.1 * kick)[None].repeat(2, 0), RATE)))
    assert "low 9" in told
    assert "lufs" in told
