"""The one place that knows pedalboard: effects that run on from block to block, and sound files."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pedalboard
from pedalboard.io import AudioFile

from plugin_host.audio import Audio
from plugin_host.specs import Effect

__all__ = ["Effects", "Filter", "WholeBlocks", "read_sound"]

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

# JUCE's ladder saturates: a full-scale sine comes out with its third harmonic at -25 dB. At an eighth of
# the level that is 36 dB less, and the filter is as good as linear.
_CLEAN = np.float32(0.125)


def _plugin(effect: Effect) -> pedalboard.Plugin:
    values: dict[str, object] = dict(effect.values)
    if effect.name == "ladder":
        values["mode"] = _MODES[str(values["mode"])]
    return _PLUGINS[effect.name](**values)


class WholeBlocks:
    """Makes whole blocks of what an effect gives, which may be less than it took.

    pedalboard's effects and plugins with a latency give short or empty blocks at first. What they give is
    kept in a queue, filled up with silence in front, so that every block comes out whole and nothing is
    lost; from then on the effect is late by `latency` frames. (Its PitchShift is late by 51905 frames at
    48 kHz, more than a second: it is not among our effects.)
    """

    __slots__ = ("_queue", "latency")

    def __init__(self) -> None:
        self.latency = 0
        self._queue: Audio | None = None

    def fill(self, given: Audio, frames: int) -> Audio:
        """Take in what an effect gave and hand out the next block.

        Args:
            given: Shape (2, any number of frames).
            frames: How many are wanted.

        Returns:
            Shape (2, frames).
        """
        if self._queue is None and given.shape[1] == frames:
            return given
        queue = given if self._queue is None else np.concatenate((self._queue, given), axis=1)
        short = frames - queue.shape[1]
        if short > 0:
            self.latency += short
            queue = np.concatenate((np.zeros((2, short), dtype=np.float32), queue), axis=1)
        self._queue = queue[:, frames:]
        return queue[:, :frames]


class Effects:
    """A row of effects that run on from block to block.

    Args:
        effects: What to apply, in order.
        rate: Frames a second.
    """

    def __init__(self, effects: Sequence[Effect], rate: int) -> None:
        self._whole = WholeBlocks()
        self._effects = tuple(effects)
        self._rate = rate
        self._board = pedalboard.Pedalboard([_plugin(one) for one in effects])
        if effects:
            # Once with reset, so that filters begin at their cutoff instead of sliding towards it.
            self._board.process(np.zeros((2, 64), dtype=np.float32), rate, 64, reset=True)
            self._board.reset()

    def __bool__(self) -> bool:
        """Whether there is any effect."""
        return bool(self._effects)

    def process(self, sound: Audio) -> Audio:
        """Apply them to the next block.

        Args:
            sound: Shape (2, frames); as many frames each time, since JUCE starts an effect anew for a
                longer block.

        Returns:
            The same shape.
        """
        if not self._effects:
            return sound
        frames = sound.shape[1]
        out = self._board.process(np.ascontiguousarray(sound), self._rate, frames, reset=False)
        return self._whole.fill(out, frames)

    @property
    def latency(self) -> int:
        """Frames by which they are late."""
        return self._whole.latency

    def renew(self) -> None:
        """Forget everything that still rings."""
        self._board.reset()
        self._whole = WholeBlocks()


class Filter:
    """A low-pass or high-pass filter for one voice, 12 dB an octave.

    Args:
        kind: "lowpass" or "highpass".
        cutoff: In Hz.
        resonance: How much it sings, 0 to 1.
        rate: Frames a second.
    """

    __slots__ = ("_plugin", "_rate")

    def __init__(self, kind: str, cutoff: float, resonance: float, rate: int) -> None:
        mode = _MODES["LPF12" if kind == "lowpass" else "HPF12"]
        self._rate = rate
        limit = 0.45 * rate
        self._plugin = pedalboard.LadderFilter(mode, min(cutoff, limit), min(resonance, 0.95), 1.0)
        self._plugin.process(np.zeros((1, 32), dtype=np.float32), rate, 32, reset=True)

    def process(self, sound: Audio) -> Audio:
        """Filter the next block: shape (channels, frames)."""
        frames = sound.shape[1]
        return self._plugin.process(sound * _CLEAN, self._rate, frames, reset=False) / _CLEAN


def read_sound(path: Path) -> tuple[Audio, int]:
    """Read a sound file (WAV, AIFF, FLAC, OGG, MP3).

    Returns:
        Its samples, shape (channels, frames), and its frames a second.

    Raises:
        OSError: There is no such file.
        ValueError: It is no sound file that can be read.
    """
    with AudioFile(str(path)) as file:
        return file.read(file.frames), int(file.samplerate)
