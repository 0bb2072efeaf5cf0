"""The one place that knows pedalboard: our descriptions as its effects, its reader and its encoders."""

from collections.abc import Callable, Sequence
from io import BytesIO, RawIOBase
from pathlib import Path

import numpy as np
import pedalboard
from pedalboard.io import AudioFile, WriteableAudioFile

from plugin_host.audio import Audio
from plugin_host.specs import Effect

__all__ = ["board", "encoded", "encoder", "ladder", "made", "read", "turn"]

_PLUGINS: dict[str, Callable[..., pedalboard.Plugin]] = {
    "bitcrush": pedalboard.Bitcrush,
    "chorus": pedalboard.Chorus,
    "clipping": pedalboard.Clipping,
    "compressor": pedalboard.Compressor,
    "delay": pedalboard.Delay,
    "distortion": pedalboard.Distortion,
    "gain": pedalboard.Gain,
    "gate": pedalboard.NoiseGate,
    "highpass": pedalboard.HighpassFilter,
    "highshelf": pedalboard.HighShelfFilter,
    "ladder": pedalboard.LadderFilter,
    "lowpass": pedalboard.LowpassFilter,
    "lowshelf": pedalboard.LowShelfFilter,
    "peak": pedalboard.PeakFilter,
    "phaser": pedalboard.Phaser,
    "reverb": pedalboard.Reverb,
}

_MODES = {
    "LPF12": pedalboard.LadderFilter.Mode.LPF12,
    "HPF12": pedalboard.LadderFilter.Mode.HPF12,
    "BPF12": pedalboard.LadderFilter.Mode.BPF12,
    "LPF24": pedalboard.LadderFilter.Mode.LPF24,
    "HPF24": pedalboard.LadderFilter.Mode.HPF24,
    "BPF24": pedalboard.LadderFilter.Mode.BPF24,
}


_PITCHES = frozenset({"centre_frequency_hz", "cutoff_frequency_hz", "cutoff_hz"})
_HIGHEST = 0.49
"""Share of the rate at which a filter's frequency ends: from half the rate on JUCE's run away."""


def _bounded(name: str, value: float, rate: int) -> float:
    return min(value, _HIGHEST * rate) if name in _PITCHES else value


def turn(plugin: pedalboard.Plugin, name: str, value: float, rate: int) -> None:
    """Set a parameter, as near to a value as the rate allows."""
    setattr(plugin, name, _bounded(name, value, rate))


def _plugin(effect: Effect, rate: int) -> pedalboard.Plugin:
    values: dict[str, object] = {
        name: value if isinstance(value, str) else _bounded(name, float(value), rate)
        for name, value in effect.values
    }
    if effect.name == "ladder":
        values["mode"] = _MODES[str(values["mode"])]
    return _PLUGINS[effect.name](**values)


def made(effects: Sequence[Effect], rate: int) -> list[pedalboard.Plugin]:
    """Effects as pedalboard's; their parameters are attributes of the same names."""
    return [_plugin(one, rate) for one in effects]


def board(effects: Sequence[pedalboard.Plugin], rate: int) -> pedalboard.Plugin:
    """Effects in a row, ready to run on from block to block."""
    row = pedalboard.Pedalboard(list(effects))
    # Once with reset, so that filters begin at their cutoff instead of sliding towards it.
    row.process(np.zeros((2, 64), dtype=np.float32), rate, 64, reset=True)
    row.reset()
    return row


def ladder(kind: str, cutoff: float, resonance: float, rate: int) -> pedalboard.Plugin:
    """A "lowpass" or "highpass" of 12 dB an octave, for one voice."""
    mode = _MODES["LPF12" if kind == "lowpass" else "HPF12"]
    made = pedalboard.LadderFilter(mode, min(cutoff, 0.45 * rate), min(resonance, 0.95), 1.0)
    made.process(np.zeros((1, 32), dtype=np.float32), rate, 32, reset=True)
    return made


def read(path: Path, most: int | None, frames: int | None) -> tuple[Audio, int]:
    """Read a sound file: samples of shape (channels, frames), and frames a second.

    Args:
        path: Which.
        most: Bytes that it may take in memory.
        frames: How many there are, if the file's head is not to be trusted.

    Raises:
        ValueError: It is no sound file, or too large.
    """
    with AudioFile(str(path)) as file:
        length = file.frames if frames is None else min(frames, file.frames)
        size = 4 * length * file.num_channels
        if most is not None and size > most:
            raise ValueError(f"it takes {size / 1e6:.0f} MB in memory, more than sounds may have")
        sound = file.read(length) if length else np.zeros((1, 0), dtype=np.float32)
        return sound, int(file.samplerate)


def encoded(audio: Audio, rate: int, kind: str, bits: int, quality: str | None) -> bytes:
    """A sound as the whole of a file.

    Args:
        audio: float32, shape (channels, frames).
        rate: Frames a second.
        kind: "flac", "ogg" or "mp3".
        bits: 16 or 24, where that means something.
        quality: As the encoder calls it.

    Raises:
        ValueError: The encoder does not take that rate or quality.
    """
    out = BytesIO()
    with AudioFile(
        out, "w", samplerate=rate, num_channels=len(audio), bit_depth=bits, quality=quality, format=kind
    ) as file:
        file.write(audio)
    return out.getvalue()


def encoder(out: RawIOBase, channels: int, rate: int) -> WriteableAudioFile:
    """What writes a FLAC file of 24 bits as its sound comes.

    Args:
        out: Takes the bytes.
        channels: How many.
        rate: Frames a second.
    """
    return AudioFile(out, "w", samplerate=rate, num_channels=channels, bit_depth=24, format="flac")
