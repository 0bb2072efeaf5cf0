"""The one place that knows pedalboard: our descriptions as its effects, and its reader of sound files."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pedalboard
from pedalboard.io import AudioFile

from plugin_host.audio import Audio
from plugin_host.specs import Effect

__all__ = ["board", "ladder", "read"]

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
    "limiter": pedalboard.Limiter,
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


def _plugin(effect: Effect) -> pedalboard.Plugin:
    values: dict[str, object] = dict(effect.values)
    if effect.name == "ladder":
        values["mode"] = _MODES[str(values["mode"])]
    return _PLUGINS[effect.name](**values)


def board(effects: Sequence[Effect], rate: int) -> pedalboard.Plugin:
    """The effects in a row, ready to run on from block to block."""
    made = pedalboard.Pedalboard([_plugin(one) for one in effects])
    if effects:
        # Once with reset, so that filters begin at their cutoff instead of sliding towards it.
        made.process(np.zeros((2, 64), dtype=np.float32), rate, 64, reset=True)
        made.reset()
    return made


def ladder(kind: str, cutoff: float, resonance: float, rate: int) -> pedalboard.Plugin:
    """A "lowpass" or "highpass" of 12 dB an octave, for one voice."""
    mode = _MODES["LPF12" if kind == "lowpass" else "HPF12"]
    made = pedalboard.LadderFilter(mode, min(cutoff, 0.45 * rate), min(resonance, 0.95), 1.0)
    made.process(np.zeros((1, 32), dtype=np.float32), rate, 32, reset=True)
    return made


def read(path: Path) -> tuple[Audio, int]:
    """Read a sound file: samples of shape (channels, frames), and frames a second."""
    with AudioFile(str(path)) as file:
        return file.read(file.frames), int(file.samplerate)
