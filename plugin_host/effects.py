"""Effects that run on from block to block, and sound files.

They are pedalboard's. Where it cannot be loaded (a bare Linux may lack libatomic) instruments sound without
them, and `missing` says what to install.
"""

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from plugin_host.audio import Audio
from plugin_host.specs import Effect

if TYPE_CHECKING:
    from pedalboard import Plugin

_reason = ""
try:
    from plugin_host import pedals
except ImportError as error:
    pedals = None  # type: ignore[assignment] # mypy knows no name that is a module or nothing
    _reason = str(error)

__all__ = ["Effects", "Filter", "WholeBlocks", "missing", "read_sound"]

# JUCE's ladder saturates: a full-scale sine comes out with its third harmonic at -25 dB. At an eighth of
# the level that is 36 dB less, and the filter is as good as linear.
_CLEAN = np.float32(0.125)


def missing() -> str | None:
    """Why there are no effects, and what to do; None if all is well."""
    if pedals is not None:
        return None
    fix = "sudo apt install libatomic1" if "libatomic" in _reason else "pip install pedalboard"
    return f"instruments sound without effects, for pedalboard cannot be loaded ({fix}): {_reason}"


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
        self._board: Plugin | None = pedals.board(effects, rate) if pedals is not None else None

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
        if not self._effects or self._board is None:
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
        if self._board is not None:
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
        self._rate = rate
        self._plugin: Plugin | None = (
            pedals.ladder(kind, cutoff, resonance, rate) if pedals is not None else None
        )

    def process(self, sound: Audio) -> Audio:
        """Filter the next block: shape (channels, frames)."""
        if self._plugin is None:
            return sound
        frames = sound.shape[1]
        return self._plugin.process(sound * _CLEAN, self._rate, frames, reset=False) / _CLEAN


def read_sound(path: Path, most: int | None = None, frames: int | None = None) -> tuple[Audio, int]:
    """Read a sound file (WAV, AIFF, FLAC, OGG, MP3; without pedalboard 16-bit WAV only).

    Args:
        path: Which.
        most: Bytes that it may take in memory.
        frames: How many there are, if the file's head is not to be trusted.

    Returns:
        Its samples, shape (channels, frames), and its frames a second.

    Raises:
        OSError: There is no such file.
        ValueError: It is no sound file that can be read, or too large.
    """
    if pedals is not None:
        return pedals.read(path, most, frames)
    try:
        with wave.open(str(path)) as file:
            if file.getsampwidth() != 2:
                raise ValueError(f"{path.name}: {missing()}")
            size = 4 * file.getnframes() * file.getnchannels()
            if most is not None and size > most:
                raise ValueError(f"it takes {size / 1e6:.0f} MB in memory, more than sounds may have")
            raw = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            sound = raw.reshape(-1, file.getnchannels()).T.astype(np.float32) / np.float32(32768)
            return sound, file.getframerate()
    except (EOFError, wave.Error) as error:
        raise ValueError(f"{path.name}: {missing()}") from error
