"""Rendering to a file: on time, the same bytes, no dates."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.effects import read_sound
from plugin_host.errors import HostError
from plugin_host.offline import render, write_wav
from plugin_host.specs import fx, instrument

RATE = 48000

ROUTES = {
    "drums": instrument("drums"),
    "bass": instrument("bass"),
    "keys": instrument("keys") | fx.chorus() | fx.phaser(),
    "pad": instrument("pad") | fx.reverb(),
    "lead": instrument("lead"),
}


def phrase() -> list[TimedEvent]:
    """A bar of everything."""
    events: list[TimedEvent] = []
    for step in range(8):
        at = step / 8
        events.append(TimedEvent(at, 0.1, {"s": ["bd", "hh", "sd", "hh"][step % 4]}, "drums", step))
        for number, layer in enumerate(["bass", "keys", "pad", "lead"]):
            note = 36 + 12 * number + [0, 3, 7, 10][step % 4]
            events.append(TimedEvent(at, 0.2, {"note": note, "room": 0.3}, layer, 100 * number + 10 + step))
    return events


def digest() -> str:
    """Of one second of the phrase."""
    return hashlib.sha256(render(phrase(), ROUTES, 1.0).tobytes()).hexdigest()


def test_the_same_events_give_the_same_bytes() -> None:
    """Twice here, in any order of events, and in another process."""
    first = digest()
    assert digest() == first
    backwards = render(phrase()[::-1], ROUTES, 1.0)
    assert hashlib.sha256(backwards.tobytes()).hexdigest() == first
    here = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {here!r}); import test_offline; print(test_offline.digest())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == first


@pytest.mark.parametrize("at", [0.0, 0.1234, 0.25, 0.40001])
def test_onsets_lie_within_a_millisecond(at: float) -> None:
    """The limiter's look-ahead is taken off."""
    sound = render([TimedEvent(at, 0.1, {"s": "rs", "velocity": 1.0}, "drums", 1)], ROUTES, 0.6)
    level = np.abs(sound).max(axis=0)
    first = int(np.argmax(level > 0.02 * level.max()))
    assert 0 <= first / RATE - at < 0.001


def test_the_length_is_as_asked() -> None:
    """To the frame; events outside are left out."""
    outside = [TimedEvent(at, 1, {"s": "bd"}, "drums", 1) for at in (-1.0, 0.5)]
    sound = render(outside, ROUTES, 0.5)
    assert sound.shape == (2, RATE // 2)
    assert not sound.any()


def test_a_whole_piece_stays_under_the_ceiling() -> None:
    """However much plays at once."""
    loud = [TimedEvent(e.at, e.duration, {**e.controls, "gain": 3}, e.layer, e.id) for e in phrase()]
    sound = render(loud, ROUTES, 1.0)
    at = np.arange(-40, 41) / 4
    wide = np.zeros((2, 4 * sound.shape[1]))
    wide[:, ::4] = sound
    peak = max(np.abs(np.convolve(side, np.sinc(at) * np.kaiser(81, 5.0))).max() for side in wide)
    assert -3 < 20 * np.log10(peak) <= -1


def test_a_layer_without_an_instrument_is_an_error() -> None:
    """With the nearest name."""
    with pytest.raises(HostError, match="did you mean 'drums'"):
        render([TimedEvent(0, 1, {}, "drms", 1)], ROUTES, 0.1)


def test_problems_are_handed_out() -> None:
    """What could not be played is told."""
    problems: list[str] = []
    render([TimedEvent(0, 1, {"s": "zz"}, "drums", 1)], ROUTES, 0.1, problems=problems)
    assert len(problems) == 1


@pytest.mark.parametrize(("bits", "error"), [(24, 1.3e-7), (32, 0.0)])
def test_wav_files_are_read_back(tmp_path: Path, bits: int, error: float) -> None:
    """24 bits to their last, 32-bit floating point exactly; the same bytes each time."""
    sound = np.random.default_rng(3).uniform(-0.99, 0.99, (2, 1001)).astype(np.float32)
    for name in ("a.wav", "b.wav"):
        write_wav(tmp_path / name, sound, 44100, bits)
    back, rate = read_sound(tmp_path / "a.wav")
    assert rate == 44100
    assert np.abs(back - sound).max() <= error
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_other_widths_are_refused(tmp_path: Path) -> None:
    """Those that no program reads everywhere."""
    with pytest.raises(ValueError, match="16, 24 or 32"):
        write_wav(tmp_path / "x.wav", np.zeros((2, 4), dtype=np.float32), 48000, 20)
